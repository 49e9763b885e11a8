"""The state of a run: everything `advance` needs to know, and nothing that could be derived from outside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.contracts.values import Downgrade, JsonObject, Problem, RunStatus
from common.ids import derived_id
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.engine.happenings import HeldAbove

HANDLE_LIMIT = 500
"""Characters of what a step waits for. Vendors' calls find it by an index, whose entries PostgreSQL bounds."""


class Phase(StrEnum):
    """Where one step, or one part of a step that has parts, is."""

    IDLE = "idle"
    ORDERED = "ordered"
    RETRYING = "retrying"
    PENDING = "pending"
    OPEN = "open"
    WAITING = "waiting"
    ACTIVE = "active"
    DONE = "done"
    SKIPPED = "skipped"
    TIMED_OUT = "timed_out"
    FAILED = "failed"
    CANCELLED = "cancelled"


WORKING = frozenset({Phase.ORDERED, Phase.RETRYING, Phase.PENDING})
"""Somebody outside does something, or soon will."""
LIVE = WORKING | {Phase.OPEN, Phase.WAITING, Phase.ACTIVE}
"""The step was entered and has not ended."""
ENDED_WELL = frozenset({Phase.DONE, Phase.SKIPPED, Phase.TIMED_OUT})
"""What comes after may begin."""


@dataclass(frozen=True)
class At:
    """One place in a run: a step, and for each `foreach` around it the number of the item."""

    step: str
    index: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """The place as text: `clip`, `clip#3`, `line#3.0`."""
        return f"{self.step}#{'.'.join(map(str, self.index))}" if self.index else self.step

    @staticmethod
    def read(key: str) -> At:
        """The place that a key names."""
        step, _, index = key.partition("#")
        return At(step, tuple(map(int, index.split("."))) if index else ())

    def within(self, outer: At) -> bool:
        """Whether this place has the items of `outer` around it; whose step it is in, the definition knows."""
        return self.index[: len(outer.index)] == outer.index


class StepState(BaseModel):
    """One step of a run. `output` and `decision` keep what they last were until the step has run again."""

    model_config = ConfigDict(extra="forbid")

    phase: Phase = Phase.IDLE
    visit: int = 1
    """How often the run came by; each visit has ids of its own, so that late answers to an older one are known."""
    attempt: int = 0
    """Number of the newest order; answers to older ones are ignored."""
    failures: int = 0
    away_since: datetime | None = None
    """Since when a part of ours that it needs did not answer; None while nothing of the kind stands in its way."""
    since: int = 0
    """The attempt from which the time for all attempts together runs; 0 where there is no such limit."""
    sent_back: int = 0
    """How often a person sent the run back from here, by asking for changes."""
    handle: str | None = None
    """What it waits for: a vendor's job, a signal, an airlock item."""
    open_to: tuple[str, ...] = ()
    """Who may decide at a gate that is open: `user:` and a user id, or `role:` and a role."""
    output: Any = None
    decision: dict[str, Any] | None = None
    problem: Problem | None = None
    cost_usd_micros: int = 0
    """What the answers of this visit say it has cost so far."""
    asked_usd_micros: int = 0
    """What the worker said it needs, of a step whose file says nothing of money."""
    parts: dict[str, Phase] | None = None
    """For a step that has parts: how far each is, by the block's name or the item's number."""
    asked: str | None = None
    """Hash of what the newest order asked for, and how often in a row the same was asked."""
    same: int = 0


class Spent(BaseModel):
    """Money that is gone, in micro-dollars."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cost_usd_micros: int = 0
    unknown_usd_micros: int = 0
    """Of the cost, what calls may have cost at most whose outcome nobody knows."""

    def plus(self, more: Spent) -> Spent:
        """Both together."""
        return Spent(
            cost_usd_micros=self.cost_usd_micros + more.cost_usd_micros,
            unknown_usd_micros=self.unknown_usd_micros + more.unknown_usd_micros,
        )


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
    paused: bool = False
    """Nothing new is handed out; what comes in is still taken."""
    above: HeldAbove | None = None
    """The last that the run above said of being paused itself."""
    current: str | None = None
    steps: dict[str, StepState] = Field(default_factory=dict)
    """What was entered, by `At.key`."""
    signals: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Signals that came before anybody waited for them."""
    overrides: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """A person's edits of what a step is given, by step; used at its next order."""
    downgrades: list[Downgrade] = Field(default_factory=list)
    origins: list[str] = Field(default_factory=list)
    output: Any = None
    """What the workflow says it gives, once it is completed."""
    error: Failure | None = None
    rejection: str | None = None
    cost_usd_micros: int = 0
    """What its own steps and the runs it started have cost so far."""
    unknown_usd_micros: int = 0
    """Of the cost, what calls may have cost at most whose outcome nobody knows."""
    spent_below: dict[str, Spent] = Field(default_factory=dict)
    """Of the cost, what each run that it started has told, by that run's id."""
    seq: int = 0
    """Number of the last entry of the history."""

    @property
    def held(self) -> bool:
        """Whether its orders are kept back, for its own sake or that of the run above."""
        return self.paused or (self.above is not None and self.above.held)

    @property
    def shown(self) -> str:
        """The status people see."""
        return self.shown_status or self.status.value

    def at(self, place: At) -> StepState:
        """The step at a place, also when it was not entered yet. Not for writing."""
        return self.steps.get(place.key) or StepState()

    def compact(self) -> dict[str, Any]:
        """The state as JSON, without what is as it always begins."""
        return self.model_dump(mode="json", exclude_defaults=True)


class RunFacts(BaseModel):
    """What never changes about a run."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    tenant: str
    workflow: str
    input: dict[str, Any]
    created_by: str
    created_at: datetime
    depth: int = 0
    """How many runs are above this one."""


def step_id(run: UUID, place: At, visit: int) -> UUID:
    """The id of one visit of a step: the same whenever it is worked out."""
    return derived_id(run, place.step, visit, *place.index)
