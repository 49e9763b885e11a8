"""Decisions at a run's gates: passed to compliance, which alone decides, with the caller's own token."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx
from common.contracts.values import TERMINAL_STATUSES, Decision
from common.db.work import Work
from common.errors import Conflict, GreenlightError, NotFound, Unavailable
from common.service.principal import Principal

from orchestrator.engine.interrupts import gates_on_their_way, interrupts_of, was_at_gate
from orchestrator.engine.state import RunState
from orchestrator.library import Library
from orchestrator.repository import get_run

_ENVELOPE = frozenset({"type", "title", "status", "request_id"})
_AGAIN_SECONDS = 1
"""Opening a gate takes as long as its checks do, mostly far less."""


class NotAtAGate(Conflict):
    """The run does not wait for a decision now."""


class GateNotOpenYet(Conflict):
    """The run has come to the gate, and the airlock is still at the checks; `retry_after_seconds` says when to ask."""


class UnknownInterrupt(NotFound):
    """The run waits for something else than what was named."""


class Decider:
    """Decides gates of the caller's tenant, by run."""

    def __init__(self, work: Work, library: Library, *, door: httpx.AsyncClient) -> None:
        self._work = work
        self._library = library
        self._door = door

    async def decide(
        self, run_id: UUID, caller: Principal, decision: Decision, body: dict[str, Any], *, item: UUID | None
    ) -> dict[str, Any]:
        """Forward a decision about `item`, or the gate the run is at. → compliance's answer.

        The airlock opens a gate a moment before the run hears of it: in that moment a decision counts already. Raises
        `NotAtAGate`, `UnknownInterrupt`, `GateNotOpenYet`, or what compliance says.
        """
        meant, is_open = await self._gate(run_id, caller.tenant, item)
        try:
            answer = await self._door.post(
                f"/v1/airlock/items/{meant}/decision",
                headers={"authorization": f"Bearer {caller.token}"},
                json={"decision": decision.value, **body},
            )
        except httpx.HTTPError as error:
            raise Unavailable("Compliance does not answer, so nothing was decided. Try again.") from error
        if answer.status_code == HTTPStatus.NOT_FOUND and not is_open:
            detail = "The gate is being opened: the airlock is still at its checks. Nothing was decided; try again."
            raise GateNotOpenYet(detail, retry_after_seconds=_AGAIN_SECONDS)
        if answer.is_error:
            raise Refused(answer)
        decided: dict[str, Any] = answer.json()
        return decided

    async def _gate(self, run_id: UUID, tenant: str, item: UUID | None) -> tuple[UUID, bool]:
        """Which airlock item is meant, and whether the run has heard that it was opened."""
        async with self._work.transaction(tenant) as tx:
            row = await get_run(tx, run_id)
            definition = await self._library.definition(tx, row["definition_digest"])
        state = RunState.model_validate(row["state"])
        over = state.status in TERMINAL_STATUSES
        coming = [] if over else [UUID(gate.id) for gate in gates_on_their_way(definition, run_id, state)]
        if item is not None:
            if item not in coming and not was_at_gate(definition, run_id, state, item):
                raise UnknownInterrupt(f"Run {run_id} has no gate {item}.")
            return item, item not in coming
        for interrupt in interrupts_of(state):
            if interrupt.kind == "hitl":
                return UUID(interrupt.id), True
        if coming:
            return coming[0], False
        raise NotAtAGate(
            f"The run is {state.shown}{' and over' if over else ''}; there is nothing to decide now.",
            status_now=state.shown,
        )


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
