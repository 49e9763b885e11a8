"""What people do to runs: decide at their gates, cancel them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx
from common.clock import Clock
from common.contracts.values import TERMINAL_STATUSES, Decision
from common.db.work import Work
from common.errors import Conflict, GreenlightError, NotFound, Unavailable
from common.service.principal import Principal

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.engine.happenings import CancelRequested
from orchestrator.engine.interrupts import interrupts_of
from orchestrator.engine.state import RunState
from orchestrator.repository import get_run
from orchestrator.transitions import Happened, Transitions

_ENVELOPE = frozenset({"type", "title", "status", "request_id"})


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

    async def cancel(self, run_id: UUID, caller: Principal) -> Any:
        """Cancel a run. → its row. A run that is over stays what it is."""
        async with self._work.transaction(caller.tenant) as tx:
            await get_run(tx, run_id)
            now = self._clock()
            happened = Happened(run_id, CancelRequested(at=now, by=caller.user_id))
            aftermath = await self._transitions.apply(tx, [happened])
            if run_id in aftermath.cancelled:
                tx.audit(run_entry("run.cancelled", run_id, actor=caller.user_id, at=now))
            row = await get_run(tx, run_id)
        await self._announcer.tell(aftermath)
        return row

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
