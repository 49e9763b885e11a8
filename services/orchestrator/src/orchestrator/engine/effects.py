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


@dataclass(frozen=True)
class Retract:
    """What was ordered for this step is not wanted any more, or is done."""

    step_id: UUID


@dataclass(frozen=True)
class SetTimer:
    """Something has to happen at `due_at`."""

    due_at: datetime
    timer: TimerFired


@dataclass(frozen=True)
class TellCancelled:
    """Workers that are busy with the run should stop."""


Effect = Record | Order | Retract | SetTimer | TellCancelled
