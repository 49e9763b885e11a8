"""What steps asked of models, tools and vendors, for people to read: prompts, answers and costs.

They are shown to whoever sees the run, with secrets hidden, until its author is forgotten.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Table, select, tuple_, update

from common.bus.calls import CallKind, CallState
from common.bus.connection import Bus
from common.contracts.erasing import RunForgotten
from common.contracts.values import PublicMoney
from common.cursors import decode_cursor
from common.db.shares import is_seen
from common.db.work import Transaction, Work
from common.masking import masked
from common.service.hearing import hear
from common.service.holding import HeldRuns
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, current_principal
from common.service.problems import refusals
from common.service.sharing import SharedRuns

ForgetRun = Callable[[Transaction, UUID], Awaitable[None]]
"""Takes away what else a service keeps of a run."""


class CallAnswer(BaseModel):
    """One call of a step."""

    step_id: UUID = Field(description="As `agent.started` names it in the run's history.")
    attempt: int = Field(description="The attempt that made it, or took it over from one before.")
    name: str = Field(description="Who was asked: an adapter and its model, a tool, a vendor.")
    kind: CallKind
    state: CallState
    asked: Any = Field(description="The question as it went out; null where it was forgotten, or not kept.")
    answered: Any = Field(description="The answer; null until there is one.")
    cost_usd: PublicMoney = Field(description="What it cost; while it is under way, what it may cost at most.")
    started_at: datetime
    finished_at: datetime | None


class ToldCalls:
    """The calls of one service: who may read them, and the end of them when a run's author is forgotten."""

    def __init__(
        self, work: Work, bus: Bus, *, shares: Table, holds: Table, forgets_also: ForgetRun | None = None
    ) -> None:
        self._work = work
        self._bus = bus
        self._calls = work.tables.calls
        self._shares = shares
        self._forgets_also = forgets_also
        self._held = HeldRuns(work, bus, table=holds)
        self.loops = (SharedRuns(work, bus, table=shares).run, self._held.run, self._forget)

    def router(self) -> APIRouter:
        """`/v1/calls/<service>`."""
        routes = APIRouter(tags=["calls"])

        @routes.get(
            f"/v1/calls/{self._work.service}",
            summary="What steps of a run asked of models, tools and vendors, in order",
            responses=refusals(401, 422),
        )
        async def index(
            caller: Annotated[Principal, Depends(current_principal)],
            run_id: UUID,
            step_id: Annotated[list[UUID] | None, Query(max_length=100, description="Only of these steps.")] = None,
            limit: Limit = 50,
            cursor: Cursor = None,
        ) -> Page[CallAnswer]:
            after = decode_cursor(cursor, datetime, UUID, str)
            async with self._work.transaction(caller.tenant) as tx:
                found = await self._list(tx, run_id, step_id, limit=limit, after=after)
            return page_of(found, limit=limit, view=_shown, key=lambda row: (row.started_at, row.step_id, row.key))

        return routes

    async def _list(
        self,
        tx: Transaction,
        run_id: UUID,
        steps: list[UUID] | None,
        *,
        limit: int,
        after: tuple[datetime, UUID, str] | None,
    ) -> list[Any]:
        calls = self._calls.c
        place = tuple_(calls.started_at, calls.step_id, calls.key)
        seen = is_seen(calls.private_of, self._shares)
        wanted = select(self._calls).where(calls.tenant_id == tx.tenant, calls.run_id == run_id, seen)
        if steps is not None:
            wanted = wanted.where(calls.step_id.in_(steps))
        if after is not None:
            wanted = wanted.where(place > after)
        found = await tx.session.execute(wanted.order_by(*place).limit(limit + 1))
        return list(found)

    async def _forget(self) -> None:
        """Read the durable `<service>-forgotten` for ever: what was asked and answered goes; what it cost stays."""
        await hear(self._work, self._bus, RunForgotten, durable="forgotten", note=self._note)

    async def _note(self, tx: Transaction, fact: RunForgotten) -> None:
        if await self._held.is_held(tx, fact.run_id):
            return
        calls = self._calls.c
        mine = (calls.tenant_id == tx.tenant, calls.run_id == fact.run_id)
        await tx.session.execute(update(self._calls).where(*mine).values(request=None, result=None))
        if self._forgets_also is not None:
            await self._forgets_also(tx, fact.run_id)


def _shown(row: Any) -> CallAnswer:
    return CallAnswer(
        step_id=row.step_id,
        attempt=row.attempt,
        name=row.name,
        kind=row.kind,
        state=row.state,
        asked=masked(row.request),
        answered=masked(row.result),
        cost_usd=Decimal(row.cost_usd_micros) / 1_000_000,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
