"""What people do to runs: decide at their gates, pause, resume, cancel, terminate and retry them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import httpx
from common.clock import Clock
from common.contracts.values import TERMINAL_STATUSES, Decision, RunStatus
from common.db.work import Work
from common.errors import Conflict, GreenlightError, NotFound, Unavailable
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
from orchestrator.engine.interrupts import interrupts_of
from orchestrator.engine.state import RunState
from orchestrator.repository import get_run
from orchestrator.transitions import Happened, Transitions

_ENVELOPE = frozenset({"type", "title", "status", "request_id"})


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


class NotAtAGate(Conflict):
    """The run does not wait for a decision now."""


class UnknownInterrupt(NotFound):
    """The run waits for something else than what was named."""


class Control:
    """Decisions go through compliance's door, with the caller's own token; compliance alone decides."""

    def __init__(self, work: Work, transitions: Transitions, announcer: Announcer, *, clock: Clock) -> None:
        self._work = work
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock

    async def decide(
        self,
        run_id: UUID,
        caller: Principal,
        decision: Decision,
        body: dict[str, Any],
        *,
        item: UUID | None,
        door: httpx.AsyncClient,
    ) -> dict[str, Any]:
        """Forward a decision. → compliance's answer. Raises `NotAtAGate`, or what compliance says."""
        wanted = item or await self._open_item(run_id, caller.tenant)
        if item is not None:
            await self._check_belongs(run_id, caller.tenant, item)
        try:
            answer = await door.post(
                f"/v1/airlock/items/{wanted}/decision",
                headers={"authorization": f"Bearer {caller.token}"},
                json={"decision": decision.value, **body},
            )
        except httpx.HTTPError as error:
            raise Unavailable("Compliance does not answer, so nothing was decided. Try again.") from error
        if answer.is_error:
            raise Refused(answer)
        decided: dict[str, Any] = answer.json()
        return decided

    async def steer(self, run_id: UUID, caller: Principal, action: Action) -> tuple[Any, bool]:
        """Pause, resume, cancel, terminate or retry a run. → its row, and whether that changed anything.

        What was asked before changes nothing and is no error. Raises `RunIsOver` where it makes no sense any more.
        """
        async with self._work.transaction(caller.tenant) as tx:
            await get_run(tx, run_id)
            now = self._clock()
            aftermath = await self._transitions.apply(tx, [Happened(run_id, _asked(action, caller.user_id, now))])
            row = await get_run(tx, run_id)
            changed = bool(aftermath.entries)
            if not changed and not _is_as_asked(action, RunStatus(row["status"])):
                raise RunIsOver(f"The run is {row['status']}; it cannot be {_DONE[action]}.", status_now=row["status"])
            if changed:
                tx.audit(run_entry(f"run.{_DONE[action]}", run_id, actor=caller.user_id, at=now))
        await self._announcer.tell(aftermath)
        return row, changed

    async def _open_item(self, run_id: UUID, tenant: str) -> UUID:
        async with self._work.transaction(tenant) as tx:
            row = await get_run(tx, run_id)
        state = RunState.model_validate(row["state"])
        for interrupt in interrupts_of(state):
            if interrupt.kind == "hitl":
                return UUID(interrupt.id)
        over = state.status in TERMINAL_STATUSES
        raise NotAtAGate(
            f"The run is {state.shown}{' and over' if over else ''}; there is nothing to decide now.",
            status_now=state.shown,
        )

    async def _check_belongs(self, run_id: UUID, tenant: str, item: UUID) -> None:
        """The named gate must be one of this run; whether it is still open is compliance's to say."""
        async with self._work.transaction(tenant) as tx:
            row = await get_run(tx, run_id)
        state = RunState.model_validate(row["state"])
        items = {part.handle for part in state.steps.values()}
        items |= {str(part.decision["item_id"]) for part in state.steps.values() if part.decision}
        if str(item) not in items:
            raise UnknownInterrupt(f"Run {run_id} has no gate {item}.")


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


class Refused(GreenlightError):
    """Compliance's own refusal, passed on as it is."""

    def __init__(self, answer: httpx.Response) -> None:
        problem = _problem(answer)
        self.status = answer.status_code
        self._code = str(problem.pop("error", "refused"))
        detail = str(problem.pop("detail", "Compliance refused."))
        super().__init__(detail, **{name: problem[name] for name in problem if name not in _ENVELOPE})

    @property
    def code(self) -> str:
        return self._code


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
