"""Starting a run: its input is checked against the workflow's declaration, and the same key starts it once."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.clock import Clock
from common.db.work import Work
from common.ids import new_id
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.budgets import cap_run
from orchestrator.engine.happenings import Started
from orchestrator.engine.state import RunFacts
from orchestrator.inputs import check_input
from orchestrator.library import Library
from orchestrator.transitions import Birth, Happened, Transitions


class Priority(StrEnum):
    """How urgent a run is, among those of its tenant."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """From 0."""
        return list(Priority).index(self)


class StartRequest(BaseModel):
    """What to run, and on what."""

    model_config = ConfigDict(extra="forbid")

    workflow: str = Field(default="short_video", pattern=r"^[a-z0-9_]{1,64}$", examples=["short_video"])
    input: dict[str, Any] = Field(examples=[{"brief": "How tides work", "target_seconds": 20}])
    priority: Priority = Priority.MEDIUM
    budget_usd: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=6, description="Its own cap.")
    session_id: UUID | None = Field(default=None, description="A conversation this run belongs to.")


class Starter:
    """Starts runs."""

    def __init__(
        self, work: Work, library: Library, transitions: Transitions, announcer: Announcer, *, clock: Clock
    ) -> None:
        self._work = work
        self._library = library
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock

    async def start(self, request: StartRequest, principal: Principal, *, key: str | None) -> UUID:
        """The id of the run. The same `Idempotency-Key` starts one run, however often and at once it comes.

        Raises `NotFound` for an unknown workflow and `Invalid` for an input that does not fit it.
        """
        definition = self._library.get(request.workflow)
        values = check_input(definition, request.input)
        run_id = new_id()
        now = self._clock()
        facts = RunFacts(
            id=run_id,
            tenant=principal.tenant,
            workflow=definition.name,
            input=values,
            created_by=principal.user_id,
            created_at=now,
        )
        async with self._work.transaction(principal.tenant) as tx:
            if key is not None:
                answer = {"run_id": str(run_id)}
                route = "POST /v1/runs"
                stored = await answer_once(
                    tx, principal=principal.user_id, route=route, key=key, request=request, response=answer
                )
                if stored is not None:
                    return UUID(stored["run_id"])
            birth = Birth(priority=request.priority.rank, session=request.session_id)
            await self._transitions.begin(tx, facts, definition, birth)
            if request.budget_usd is not None:
                await cap_run(tx, run_id, at_most=int(request.budget_usd * 1_000_000), today=now.date())
            aftermath = await self._transitions.apply(tx, [Happened(run_id, Started(at=now))])
            started = {"workflow": definition.name, "definition": definition.digest}
            tx.audit(run_entry("run.started", run_id, actor=principal.user_id, at=now, detail=started))
        await self._announcer.tell(aftermath)
        return run_id
