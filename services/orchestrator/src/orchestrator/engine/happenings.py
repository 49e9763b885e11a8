"""What can happen to a run."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from common.contracts.message import Finished
from common.contracts.values import Decision
from pydantic import BaseModel, ConfigDict, Field


class Happening(BaseModel):
    """One thing that happened, at `at`."""

    model_config = ConfigDict(frozen=True)

    at: datetime


class Started(Happening):
    """Somebody started the run."""

    kind: Literal["started"] = "started"


class Answered(Happening):
    """A worker answered attempt `attempt` of the step visit `step_id`."""

    kind: Literal["answered"] = "answered"
    step_id: UUID
    attempt: int
    finished: Finished


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


class Signalled(Happening):
    """Something came that a pending step may be waiting for."""

    kind: Literal["signalled"] = "signalled"
    handle: str
    payload: dict[str, Any]


class TimerFired(Happening):
    """A pause is over: try `step_id` again, look at it again, or give it up."""

    kind: Literal["timer"] = "timer"
    purpose: Literal["retry", "check", "give_up"]
    step_id: UUID
    attempt: int


class CancelRequested(Happening):
    """Somebody no longer wants the run."""

    kind: Literal["cancel"] = "cancel"
    by: str


AnyHappening = Annotated[
    Started | Answered | Decided | Signalled | TimerFired | CancelRequested, Field(discriminator="kind")
]
