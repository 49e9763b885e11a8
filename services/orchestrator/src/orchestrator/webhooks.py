"""Signals from outside: for a run by somebody who may, or from a configured vendor to whichever run waits for it."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from common.clock import Clock
from common.contracts.values import TERMINAL_STATUSES, RunStatus
from common.db.work import Work
from common.errors import Conflict
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import FromClause, select

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.control import RunIsOver
from orchestrator.engine.draft import SIGNALS_LIMIT
from orchestrator.engine.happenings import Signalled
from orchestrator.models import awaited, runs
from orchestrator.repository import get_run
from orchestrator.transitions import Happened, Transitions

_OVER = tuple(status.value for status in TERMINAL_STATUSES if status is not RunStatus.FAILED)
"""A failed run can be tried again, and keeps what comes until then."""


class TooManySignals(Conflict):
    """The run keeps as many signals as it can, and this one was not kept."""


class SignalRequest(BaseModel):
    """What the waiting step is to be given."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"payload": {"signed_by": "the legal department"}}]}
    )

    payload: dict[str, Any] = Field(default_factory=dict)


class SignalAnswer(BaseModel):
    """`taken`: a step waited for it. `kept`: it is there for a step that will. `known`: one was kept already."""

    status: Literal["taken", "kept", "known"]


class Signals:
    """Signals for runs of the caller's tenant."""

    def __init__(self, work: Work, transitions: Transitions, announcer: Announcer, *, clock: Clock) -> None:
        self._work = work
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock

    async def send(
        self, run_id: UUID, name: str, request: SignalRequest, caller: Principal, *, key: str | None
    ) -> SignalAnswer:
        """Signal a run. The same key signals once. Raises `RunIsOver` for a run that has ended, `TooManySignals`
        for one that keeps so many that this would be lost, or `NotFound`.
        """
        now = self._clock()
        async with self._work.transaction(caller.tenant) as tx:
            before = await get_run(tx, run_id, to_steer=True)
            if key is not None:
                route = f"POST /v1/runs/{run_id}/signals/{name}"
                stored = await answer_once(
                    tx, principal=caller.user_id, route=route, key=key, request=request, response={"status": "known"}
                )
                if stored is not None:
                    return SignalAnswer.model_validate(stored)
            if before["status"] in _OVER:
                raise RunIsOver(f"The run is {before['status']}; nothing waits any more.", status_now=before["status"])
            signalled = Signalled(at=now, handle=name, payload=request.payload)
            aftermath = await self._transitions.apply(tx, [Happened(run_id, signalled)])
            if any(entry.type == "signal.dropped" for entry in aftermath.entries):
                raise TooManySignals(f"The run keeps {SIGNALS_LIMIT} signals that no step has waited for; end it.")
            after = await get_run(tx, run_id)
            status: Literal["taken", "kept", "known"] = "known"
            if aftermath.entries:
                status = "taken"
            elif after["state"] != before["state"]:
                status = "kept"
            if status != "known":
                detail = {"signal": name, "status": status}
                tx.audit(run_entry("run.signalled", run_id, actor=caller.user_id, at=now, detail=detail))
        await self._announcer.tell(aftermath)
        return SignalAnswer(status=status)


def waiting_runs() -> FromClause:
    """Which runs that are not over for good came to a `wait` for which signal: `handle`, `tenant_id`, `run_id`."""
    return (
        select(awaited.c.handle, awaited.c.tenant_id, awaited.c.run_id)
        .join(runs, runs.c.id == awaited.c.run_id)
        .where(runs.c.status.not_in(_OVER))
        .subquery("waiting_runs")
    )
