"""The state of a run: everything `advance` needs to know, and nothing that could be derived from outside."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.contracts.values import Downgrade, JsonObject, Problem, RunStatus
from common.ids import derived_id
from pydantic import BaseModel, ConfigDict, Field


class Phase(StrEnum):
    """Where one step, or one child of it, is."""

    IDLE = "idle"
    ORDERED = "ordered"
    RETRYING = "retrying"
    PENDING = "pending"
    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Attempted(BaseModel):
    """Something that is ordered from a worker: a step, or one child of it."""

    model_config = ConfigDict(extra="forbid")

    phase: Phase = Phase.IDLE
    attempt: int = 0
    """Number of the newest order; answers to older ones are ignored."""
    failures: int = 0
    handle: str | None = None
    output: Any = None
    problem: Problem | None = None


class StepState(Attempted):
    """One step of a run. `output` and `decision` keep what they last were until the step has run again."""

    visit: int = 1
    decision: dict[str, Any] | None = None
    children: list[Attempted] | None = None


class Failure(BaseModel):
    """Why a run failed, in the words a person needs."""

    stage: str
    code: str
    detail: str
    kept: list[str] = Field(default_factory=list)
    """Steps whose results are kept."""
    cost_usd_micros: int = 0
    next_action: str
    extra: JsonObject = Field(default_factory=dict)
    """What else the refusal says, such as the `rules` that forbid a brief."""


class RunState(BaseModel):
    """A run, as its history left it."""

    model_config = ConfigDict(extra="forbid")

    status: RunStatus = RunStatus.PENDING
    shown_status: str | None = None
    """The name a step gives to the status while it waits, such as `awaiting_publish_approval`."""
    current: str | None = None
    steps: dict[str, StepState] = Field(default_factory=dict)
    signals: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Signals that came before anybody waited for them."""
    downgrades: list[Downgrade] = Field(default_factory=list)
    origins: list[str] = Field(default_factory=list)
    error: Failure | None = None
    rejection: str | None = None
    cost_usd_micros: int = 0
    seq: int = 0
    """Number of the last entry of the history."""

    @property
    def shown(self) -> str:
        """The status people see."""
        return self.shown_status or self.status.value


class RunFacts(BaseModel):
    """What never changes about a run."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    tenant: str
    workflow: str
    input: dict[str, Any]
    created_by: str
    created_at: datetime


def step_id(run: UUID, step: str, visit: int, child: int | None = None) -> UUID:
    """The id of one visit of a step, or of a child of it: the same whenever it is worked out."""
    return derived_id(run, step, visit) if child is None else derived_id(run, step, visit, child)
