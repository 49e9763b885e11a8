"""What people do to runs besides deciding: pause, resume, cancel, terminate and retry them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.clock import Clock
from common.contracts.values import TERMINAL_STATUSES, RunStatus
from common.db.work import Work
from common.errors import Conflict
from common.service.principal import Principal

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.engine.happenings import (
    CancelRequested,
    Happening,
    PauseRequested,
    ResumeRequested,
    RetryRequested,
)
from orchestrator.repository import get_run
from orchestrator.transitions import Happened, Transitions


class Action(StrEnum):
    """What people do to runs besides deciding."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    TERMINATE = "terminate"
    RETRY = "retry"


_DONE = {
    Action.PAUSE: "paused",
    Action.RESUME: "resumed",
    Action.CANCEL: "cancelled",
    Action.TERMINATE: "terminated",
    Action.RETRY: "retried",
}


class RunIsOver(Conflict):
    """The run has ended in a way that does not allow this."""


class PausedAbove(Conflict):
    """The run is paused only because the run that started it is."""


class Control:
    """Steers runs of the caller's tenant. Each action is idempotent and audited."""

    def __init__(self, work: Work, transitions: Transitions, announcer: Announcer, *, clock: Clock) -> None:
        self._work = work
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock

    async def steer(self, run_id: UUID, caller: Principal, action: Action) -> tuple[Any, bool]:
        """Pause, resume, cancel, terminate or retry a run. → its row, and whether that changed anything.

        What was asked before changes nothing and is no error. Raises `RunIsOver` where it makes no sense any more,
        and `PausedAbove` when there is nothing to resume but the run above.
        """
        async with self._work.transaction(caller.tenant) as tx:
            await get_run(tx, run_id, to_steer=True)
            now = self._clock()
            aftermath = await self._transitions.apply(tx, [Happened(run_id, _asked(action, caller.user_id, now))])
            row = await get_run(tx, run_id)
            changed = bool(aftermath.entries)
            if not changed and not _is_as_asked(action, RunStatus(row["status"])):
                raise RunIsOver(f"The run is {row['status']}; it cannot be {_DONE[action]}.", status_now=row["status"])
            if action is Action.RESUME and not changed and row["status"] == RunStatus.PAUSED:
                raise PausedAbove("The run that started it is paused; it goes on with that one.", status_now="paused")
            if changed:
                tx.audit(run_entry(f"run.{_DONE[action]}", run_id, actor=caller.user_id, at=now))
        await self._announcer.tell(aftermath)
        return row, changed


def _asked(action: Action, by: str, now: datetime) -> Happening:
    match action:
        case Action.PAUSE:
            return PauseRequested(at=now, by=by)
        case Action.RESUME:
            return ResumeRequested(at=now, by=by)
        case Action.RETRY:
            return RetryRequested(at=now, by=by)
        case Action.CANCEL | Action.TERMINATE:
            return CancelRequested(at=now, by=by, now=action is Action.TERMINATE)


def _is_as_asked(action: Action, status: RunStatus) -> bool:
    """Whether a run that nothing changed about is what was asked for, or has gone on from there."""
    match action:
        case Action.CANCEL | Action.TERMINATE:
            return status in TERMINAL_STATUSES
        case Action.PAUSE:
            return status is RunStatus.PAUSED
        case Action.RESUME | Action.RETRY:
            return status not in TERMINAL_STATUSES
