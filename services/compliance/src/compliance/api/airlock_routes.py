"""`/v1/airlock`: looking, deciding, holding."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from common.clock import Clock
from common.cursors import decode_cursor
from common.db.work import Work
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, Role, current_principal, requires
from fastapi import APIRouter, Depends, Header, Query

from compliance.airlock import Airlock, Decided
from compliance.api import shapes
from compliance.domain import ItemStatus, TenantFlag
from compliance.release import Release, Stop
from compliance.repository.items import Items

looks = requires(Role.CREATOR, Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER, Role.OPERATOR, Role.SERVICE)
holds = requires(Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER, Role.OPERATOR)
# Stopping must be easy, so who publishes may; letting go again is for an administrator.
stops = requires(Role.PUBLISHER, Role.ADMIN)
administers = requires(Role.ADMIN)


def router(work: Work, *, airlock: Airlock, release: Release, clock: Clock) -> APIRouter:
    """The airlock's routes."""
    routes = APIRouter(prefix="/v1/airlock", tags=["airlock"])
    _add_views(routes, work, clock)
    _add_decisions(routes, airlock, clock)
    _add_holds(routes, release, clock)
    _add_stop_switch(routes, release)
    return routes


def _add_views(routes: APIRouter, work: Work, clock: Clock) -> None:
    @routes.get("/items", summary="Items, the oldest first.")
    async def list_items(
        *,
        principal: Principal = Depends(looks),
        status: ItemStatus | None = None,
        gate: str | None = Query(None, max_length=100),
        run_id: UUID | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[shapes.ItemSummary]:
        after = decode_cursor(cursor, datetime, UUID)
        async with work.transaction(principal.tenant) as tx:
            found = await Items(tx).list_page(status=status, gate=gate, run_id=run_id, after=after, limit=limit + 1)
        view = partial(shapes.summary, now=clock())
        return page_of(found, limit=limit, view=view, key=lambda item: (item.opened_at, item.id))

    @routes.get("/stats", summary="How full the airlock is.")
    async def stats(principal: Principal = Depends(looks)) -> shapes.Stats:
        async with work.transaction(principal.tenant) as tx:
            counts = await Items(tx).count(now=clock())
        return shapes.Stats.model_validate(counts, from_attributes=True)

    @routes.get("/items/{item_id}", summary="An item: what is held, what the checks say, what was decided.")
    async def show_item(item_id: UUID, principal: Principal = Depends(looks)) -> shapes.ItemDetail:
        async with work.transaction(principal.tenant) as tx:
            items = Items(tx)
            item = await items.get(item_id)
            decisions, history = await items.list_decisions(item_id), await items.list_events(item_id)
        return shapes.detail(item, decisions=list(decisions), history=list(history), now=clock())


def _add_decisions(routes: APIRouter, airlock: Airlock, clock: Clock) -> None:
    @routes.post("/items/{item_id}/decision", summary="Decide. One answer wins; the other gets 409 with who and what.")
    async def decide(
        item_id: UUID,
        body: shapes.DecisionBody,
        principal: Principal = Depends(current_principal),
        idempotency_key: str | None = Header(None, max_length=200),
    ) -> Decided:
        return await airlock.decide(item_id, body.order(), principal=principal, key=idempotency_key)

    @routes.post("/items/{item_id}/withdraw", summary="Take an item back: its author, or a service.")
    async def withdraw(
        item_id: UUID, body: shapes.WithdrawBody, principal: Principal = Depends(current_principal)
    ) -> shapes.ItemSummary:
        item = await airlock.withdraw(item_id, principal=principal, reason=body.reason)
        return shapes.summary(item, now=clock())


def _add_holds(routes: APIRouter, release: Release, clock: Clock) -> None:
    @routes.post("/items/{item_id}/hold", summary="Keep an item from being released.")
    async def hold(item_id: UUID, body: shapes.ReasonBody, principal: Principal = Depends(holds)) -> shapes.ItemSummary:
        item = await release.hold(item_id, reason=body.reason, principal=principal)
        return shapes.summary(item, now=clock())

    @routes.delete("/items/{item_id}/hold", summary="Let it be released again.")
    async def lift_hold(item_id: UUID, principal: Principal = Depends(holds)) -> shapes.ItemSummary:
        item = await release.lift_hold(item_id, principal=principal)
        return shapes.summary(item, now=clock())


def _add_stop_switch(routes: APIRouter, release: Release) -> None:
    @routes.get(f"/{TenantFlag.KILL}", summary="Are all releases stopped, and which are in flight?")
    async def look_at_switch(principal: Principal = Depends(looks)) -> shapes.StopView:
        return _view(await release.look_at_switch(principal=principal))

    @routes.put(f"/{TenantFlag.KILL}", summary="Stop all releases of the tenant.")
    async def throw_switch(body: shapes.ReasonBody, principal: Principal = Depends(stops)) -> shapes.StopView:
        return _view(await release.throw_switch(reason=body.reason, principal=principal))

    @routes.delete(f"/{TenantFlag.KILL}", summary="Let releases go on.")
    async def release_switch(principal: Principal = Depends(administers)) -> shapes.StopView:
        return _view(await release.release_switch(principal=principal))


def _view(stop: Stop) -> shapes.StopView:
    flag, in_flight = stop.flag, [permit.item_id for permit in stop.in_flight]
    if flag is None:
        return shapes.StopView(stopped=False, by=None, at=None, reason=None, in_flight=in_flight)
    return shapes.StopView(stopped=True, by=flag.set_by, at=flag.set_at, reason=flag.reason, in_flight=in_flight)
