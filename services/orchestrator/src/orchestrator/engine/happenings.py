"""What can happen to a run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from common.contracts.message import Finished
from common.contracts.rework import Rework
from common.contracts.values import Decision, Problem, RunStatus
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

TimerPurpose = Literal["retry", "return", "check", "wake", "give_up"]
"""`return`: like `retry`, after something that is over as soon as a part of ours is back (see `returns.py`)."""


class Happening(BaseModel):
    """One thing that happened, at `at`."""

    model_config = ConfigDict(frozen=True)

    at: datetime


class Started(Happening):
    """Somebody started the run."""

    kind: Literal["started"] = "started"


class Forked(Happening):
    """The run begins at `step`, with what another run had done before it."""

    kind: Literal["forked"] = "forked"
    by: str
    step: str
    source: UUID


class Answered(Happening):
    """A worker answered attempt `attempt` of the step visit `step_id`."""

    kind: Literal["answered"] = "answered"
    step_id: UUID
    attempt: int
    finished: Finished
    outstanding: bool = True
    """Nobody answered this attempt before."""


class Decided(Happening):
    """A person decided at a gate."""

    kind: Literal["decided"] = "decided"
    item_id: UUID
    decision: Decision
    decided_by: str
    comment: str
    content: dict[str, Any]
    manifest_sha256: str
    policy_version: str
    rework: tuple[Rework, ...] = ()


class Reopened(Happening):
    """What was approved at a gate is so no more: somebody has to decide again."""

    kind: Literal["reopened"] = "reopened"
    item_id: UUID
    cause: str
    actor: str
    changes: list[dict[str, Any]] = Field(default_factory=list)


class Signalled(Happening):
    """Something came that a step may be waiting for."""

    kind: Literal["signalled"] = "signalled"
    handle: str
    payload: dict[str, Any]


class SubrunSpent(Happening):
    """The run that the step visit `step_id` started has cost this much so far; it may be over already."""

    kind: Literal["subrun_spent"] = "subrun_spent"
    step_id: UUID
    run_id: UUID
    cost_usd_micros: int
    unknown_usd_micros: int = 0


class SubrunEnded(Happening):
    """The run that the step visit `step_id` started is over, or could not be started; its cost is all of it so far."""

    kind: Literal["subrun_ended"] = "subrun_ended"
    step_id: UUID
    run_id: UUID
    status: RunStatus
    output: Any = None
    problem: Problem | None = None
    cost_usd_micros: int = 0
    unknown_usd_micros: int = 0


class TimerFired(Happening):
    """A pause is over: try `step_id` again, look at it again, wake it, or give it up."""

    kind: Literal["timer"] = "timer"
    purpose: TimerPurpose
    step_id: UUID
    attempt: int
    """The attempt it is about; below zero: all attempts from that one on."""


class OverBudget(Happening):
    """Attempt `attempt` of the step visit was not handed out: what it may cost is more than a budget has left."""

    kind: Literal["over_budget"] = "over_budget"
    step_id: UUID
    attempt: int
    detail: str


class CancelRequested(Happening):
    """Somebody no longer wants the run. `now`: whoever works on it is stopped without a moment to clean up."""

    kind: Literal["cancel"] = "cancel"
    by: str
    now: bool = False


class PauseRequested(Happening):
    """Nothing new shall be handed out until somebody resumes the run."""

    kind: Literal["pause"] = "pause"
    by: str


class ResumeRequested(Happening):
    """A paused run shall go on."""

    kind: Literal["resume"] = "resume"
    by: str


class HeldAbove(Happening):
    """The run that started this one is paused (`held`), or goes on again."""

    kind: Literal["held_above"] = "held_above"
    by: str
    held: bool
    seq: int
    """How long that run's history was then: what it said later counts."""


class RetryRequested(Happening):
    """What failed shall be tried again."""

    kind: Literal["retry"] = "retry"
    by: str


class Migrated(Happening):
    """The run goes on by another definition."""

    kind: Literal["migrated"] = "migrated"
    by: str
    from_digest: str
    to_digest: str


AnyHappening = Annotated[
    Started
    | Forked
    | Answered
    | Decided
    | Reopened
    | Signalled
    | SubrunSpent
    | SubrunEnded
    | TimerFired
    | OverBudget
    | CancelRequested
    | PauseRequested
    | ResumeRequested
    | HeldAbove
    | RetryRequested
    | Migrated,
    Field(discriminator="kind"),
]
HAPPENING: TypeAdapter[AnyHappening] = TypeAdapter(AnyHappening)
"""Reads and writes happenings that are kept for later."""
