"""What follows from a happening. The transition that took it writes all of it in one commit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.contracts.message import AgentSpec

from orchestrator.engine.happenings import TimerFired


@dataclass(frozen=True)
class Record:
    """An entry for the history; it gets the next `seq`."""

    type: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Order:
    """A worker has to do something: it waits its turn in the backlog."""

    step_id: UUID
    step: str
    capability: str
    attempt: int
    input: dict[str, Any]
    agent: AgentSpec | None
    estimate_usd_micros: int = 0
    """What it may cost at most; that much is set aside before it is handed out."""


@dataclass(frozen=True)
class Retract:
    """What was ordered for this step is not wanted any more, whether a worker has it already or not."""

    step_id: UUID


@dataclass(frozen=True)
class SetTimer:
    """Something has to happen at `due_at`."""

    due_at: datetime
    timer: TimerFired


@dataclass(frozen=True)
class StartRun:
    """Another run has to begin; its end comes back as `SubrunEnded` to the step visit, whose id it takes."""

    id: UUID
    workflow: str
    input: dict[str, Any]


@dataclass(frozen=True)
class EndRun:
    """A run that was started from here is not wanted any more; `now`: whoever works on it does not clean up first."""

    id: UUID
    by: str
    now: bool = False


@dataclass(frozen=True)
class HoldRun:
    """A run that was started from here keeps its orders back (`held`), or lets them out, as this one does."""

    id: UUID
    by: str
    held: bool


@dataclass(frozen=True)
class Hold:
    """The run's orders are kept back (`held`), or may go out again."""

    held: bool


@dataclass(frozen=True)
class TellCancelled:
    """Workers that are busy with the run, or with these `steps` of it, should stop; `now`: without cleaning up."""

    steps: tuple[UUID, ...] = ()
    now: bool = False


@dataclass(frozen=True)
class WithdrawGate:
    """The run does not wait for this airlock item any more, or takes back what was approved there."""

    item_id: UUID
    reason: str
    by: str


Effect = Record | Order | Retract | SetTimer | StartRun | EndRun | HoldRun | Hold | TellCancelled | WithdrawGate
