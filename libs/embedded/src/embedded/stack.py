"""`stack.json`: what runs for a data folder, for everybody who wants to attach to it. Holds no secret."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from embedded.files import write_atomically
from embedded.leftovers import is_running


class StackPhase(StrEnum):
    """Where a stack is in its life."""

    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FAILED = "failed"


class ProcessPhase(StrEnum):
    """Where one of its processes is."""

    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class ProcessState(BaseModel):
    """One process of the stack."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    phase: ProcessPhase
    pid: int | None = None
    restarts: int = 0
    last_exit: int | None = None
    """How it last ended: an exit code, or the negative number of a signal."""


class StackState(BaseModel):
    """What `stack.json` holds. It outlives its stack: ask `is_alive` before believing it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: str
    phase: StackPhase
    problem: str | None = None
    """Why it failed, for people."""
    supervisor_pid: int
    supervisor_born: int | None = None
    """Tells the supervisor from a later process with its pid; None where the system does not say."""
    started_at: datetime
    edge_url: str | None = None
    database_url: str | None = None
    nats_url: str | None = None
    redis_url: str | None = None
    services: dict[str, str] = {}
    """Service → its own address."""
    processes: dict[str, ProcessState] = {}


def stack_path(data: Path) -> Path:
    """Where a data folder keeps its state."""
    return data / "stack.json"


def read_stack(data: Path) -> StackState | None:
    """The last state written; None if there is none, or it is from a release we cannot read."""
    try:
        return StackState.model_validate_json(stack_path(data).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def is_alive(state: StackState | None) -> bool:
    """Whether the supervisor that wrote this still runs; a left-over file, or none, says no."""
    return (
        state is not None
        and state.phase not in (StackPhase.STOPPED, StackPhase.FAILED)
        and is_running(state.supervisor_pid, born=state.supervisor_born)
    )


def find_running(data: Path) -> StackState | None:
    """The state of the stack that runs for this data folder; None when none does."""
    state = read_stack(data)
    return state if is_alive(state) else None


def write_stack(data: Path, state: StackState) -> None:
    """Replace the state in one step."""
    write_atomically(stack_path(data), state.model_dump_json(indent=2) + "\n")
