"""Starting a run: its input is checked against the workflow's declaration, and the same key starts it once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from common.clock import Clock
from common.db.group import Group
from common.db.work import Transaction, Work
from common.ids import new_id
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.budgets import cap_run
from orchestrator.definitions.model import Definition
from orchestrator.engine.happenings import Started
from orchestrator.engine.state import RunFacts
from orchestrator.inputs import check_input
from orchestrator.library import Library
from orchestrator.models import ShareLevel
from orchestrator.sharing import share
from orchestrator.transitions import Aftermath, Birth, Happened, Transitions


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


class Visibility(StrEnum):
    """Who sees a run: everybody of its tenant, or those it is shared with, officers and admins."""

    TENANT = "tenant"
    PRIVATE = "private"


class StartRequest(BaseModel):
    """What to run, and on what."""

    model_config = ConfigDict(extra="forbid")

    workflow: str = Field(default="short_video", pattern=r"^[a-z0-9_]{1,64}$", examples=["short_video"])
    input: dict[str, Any] = Field(examples=[{"brief": "How tides work", "target_seconds": 20}])
    priority: Priority = Priority.MEDIUM
    budget_usd: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=6, description="Its own cap.")
    session_id: UUID | None = Field(default=None, description="A conversation this run belongs to.")
    visibility: Visibility = Visibility.TENANT


@dataclass(frozen=True)
class _Start:
    """Somebody wants a run."""

    request: StartRequest
    facts: RunFacts
    definition: Definition
    birth: Birth
    key: str | None


class Starter:
    """Starts runs. Those that are asked for at once begin together."""

    def __init__(
        self, work: Work, library: Library, transitions: Transitions, announcer: Announcer, *, clock: Clock
    ) -> None:
        self._work = work
        self._library = library
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock
        self._starts: Group[_Start, UUID] = Group(self._start_all)

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
        private_of = run_id if request.visibility is Visibility.PRIVATE else None
        birth = Birth(priority=request.priority.rank, session=request.session_id, private_of=private_of)
        return await self._starts.ask(_Start(request, facts, definition, birth, key))

    async def _start_all(self, starts: Sequence[_Start]) -> list[UUID]:
        """Start all that was asked for meanwhile: a tenant's in one transaction. → the id each caller gets."""
        ids: dict[int, UUID] = {}
        by_tenant: dict[str, list[tuple[int, _Start]]] = defaultdict(list)
        for place, start in enumerate(starts):
            by_tenant[start.facts.tenant].append((place, start))
        for tenant, asked in by_tenant.items():
            async with self._work.transaction(tenant) as tx:
                new = []
                for place, start in asked:
                    ids[place] = await _claim_key(tx, start)
                    if ids[place] == start.facts.id:
                        new.append(start)
                aftermath = await self._begin(tx, new)
            await self._announcer.tell(aftermath)
        return [ids[place] for place in range(len(starts))]

    async def _begin(self, tx: Transaction, starts: Sequence[_Start]) -> Aftermath:
        if not starts:
            return Aftermath()
        await self._transitions.begin_all(tx, [(one.facts, one.definition, one.birth) for one in starts])
        for one in starts:
            facts, budget = one.facts, one.request.budget_usd
            if budget is not None:
                await cap_run(tx, facts.id, at_most=int(budget * 1_000_000), today=facts.created_at.date())
            if one.birth.private_of is not None:
                owner = f"user:{facts.created_by}"
                await share(tx, facts.id, owner, ShareLevel.OWNER, by=facts.created_by, at=facts.created_at)
            started = {"workflow": facts.workflow, "definition": one.definition.digest}
            tx.audit(run_entry("run.started", facts.id, actor=facts.created_by, at=facts.created_at, detail=started))
        happened = [Happened(one.facts.id, Started(at=one.facts.created_at)) for one in starts]
        return await self._transitions.apply(tx, happened, unread=True)


async def _claim_key(tx: Transaction, start: _Start) -> UUID:
    """The id of the run that this start, or the first with the same key, makes."""
    if start.key is None:
        return start.facts.id
    answer = {"run_id": str(start.facts.id)}
    stored = await answer_once(
        tx,
        principal=start.facts.created_by,
        route="POST /v1/runs",
        key=start.key,
        request=start.request,
        response=answer,
    )
    return start.facts.id if stored is None else UUID(stored["run_id"])
