"""`/v1/airlock`: looking, deciding, holding."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from common.clock import Clock
from common.contracts.gates import ContentType, Priority
from common.cursors import decode_cursor
from common.db.work import Work
from common.service.pages import Cursor, Limit, Page, Word, page_of, written_page
from common.service.principal import Principal, Role, current_principal, governs_platform, requires
from fastapi import APIRouter, Depends, Header, Query, Response

from compliance.airlock import Airlock, Decided
from compliance.api import shapes
from compliance.api.waiting_shapes import WaitingView
from compliance.differences import differences
from compliance.domain import ItemStatus, TenantFlag
from compliance.economics import economics_of
from compliance.release import HOLDERS, Release, Stop
from compliance.repository.history import History
from compliance.repository.items import Items
from compliance.repository.permits import Flag
from compliance.repository.queue import KEY_TYPES, Order, Wanted, key_of, list_page
from compliance.repository.reviews import content_of
from compliance.repository.tallies import count
from compliance.repository.waiting import waits_by_day, waits_by_gate
from compliance.reviewing import Reviewing
from compliance.withdrawing import Withdrawals

LOOKERS = (Role.CREATOR, Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER, Role.OPERATOR, Role.SERVICE)
looks = requires(*LOOKERS)
holds = requires(*HOLDERS)
# Stopping must be easy, so who publishes may; letting go again is for an administrator.
stops = requires(Role.PUBLISHER, Role.ADMIN)
administers = requires(Role.ADMIN)
stops_all = governs_platform(Role.OPERATOR)
lets_all_go_on = governs_platform(Role.ADMIN)


def router(work: Work, *, reviewing: Reviewing, clock: Clock) -> APIRouter:
    """The airlock's routes."""
    routes = APIRouter(prefix="/v1/airlock", tags=["airlock"])
    _add_views(routes, work, clock)
    _add_decisions(routes, reviewing.airlock, reviewing.withdrawals, clock)
    _add_holds(routes, reviewing.release, clock)
    _add_stop_switch(routes, reviewing.release)
    _add_stop_of_all(routes, reviewing.release)
    return routes


def _add_views(routes: APIRouter, work: Work, clock: Clock) -> None:
    @routes.get(
        "/items",
        summary="Items in one of three orders: what presses and risks most, is due, or is oldest.",
        response_model=Page[shapes.ItemSummary],
    )
    async def list_items(
        *,
        principal: Principal = Depends(looks),
        status: ItemStatus | None = None,
        gate: Word = None,
        run_id: UUID | None = None,
        content_type: ContentType | None = None,
        priority: Priority | None = None,
        assigned_to: Word = None,
        claimed_by: Word = None,
        mentions_me: bool = Query(False, description="Only where an open note, or a reply to one, names you."),
        reminded: bool | None = Query(None, description="Whether those who may decide were told that they should."),
        order: Order = Order.AGE,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Response:
        after = decode_cursor(cursor, *KEY_TYPES[order])
        wanted = Wanted(
            status=status,
            gate=gate,
            run_id=run_id,
            content_type=content_type,
            priority=priority,
            assigned_to=assigned_to,
            claimed_by=claimed_by,
            reminded=reminded,
            mentions=principal.user_id if mentions_me else None,
        )
        async with work.transaction(principal.tenant) as tx:
            found = await list_page(tx, wanted, order=order, after=after, limit=limit + 1)
        view = partial(shapes.listed, now=clock())
        return written_page(found, limit=limit, view=view, key=partial(key_of, order=order))

    @routes.get("/stats", summary="How full the airlock is.")
    async def stats(principal: Principal = Depends(looks)) -> shapes.Stats:
        async with work.transaction(principal.tenant) as tx:
            counts = await count(tx, now=clock())
        return shapes.Stats.model_validate(counts, from_attributes=True)

    @routes.get("/waiting", summary="How long gates waited for people that were decided in the last days.")
    async def waiting(
        principal: Principal = Depends(looks),
        days: int = Query(30, ge=1, le=92, description="So many days until now, today among them (UTC)."),
    ) -> WaitingView:
        now = clock()
        since = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
        async with work.transaction(principal.tenant) as tx:
            gates, by_day = await waits_by_gate(tx, since=since), await waits_by_day(tx, since=since)
        return WaitingView.model_validate({"since": since, "gates": gates, "days": by_day}, from_attributes=True)

    @routes.get("/items/{item_id}", summary="An item: what is held, what the checks say, what was decided.")
    async def show_item(item_id: UUID, principal: Principal = Depends(looks)) -> shapes.ItemDetail:
        async with work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            decisions = await History(tx).list_newest_decisions(item_id, limit=shapes.SHOWN + 1)
            history = await History(tx).list_newest_events(item_id, limit=shapes.SHOWN + 1)
            before = await content_of(tx, item.supersedes) if item.supersedes else None
            economics = await economics_of(tx, item)
        changes = differences(before, item.content) if before is not None else []
        return shapes.detail(
            item, decisions=decisions, history=history, changes=changes, economics=economics, now=clock()
        )

    @routes.get("/items/{item_id}/decisions", summary="What was decided on an item, the newest first.")
    async def list_decisions(
        item_id: UUID, principal: Principal = Depends(looks), limit: Limit = 50, cursor: Cursor = None
    ) -> Page[shapes.DecisionView]:
        before = decode_cursor(cursor, datetime, UUID)
        async with work.transaction(principal.tenant) as tx:
            await Items(tx).get(item_id)
            found = await History(tx).list_newest_decisions(item_id, before=before, limit=limit + 1)
        return page_of(found, limit=limit, view=shapes.DecisionView.model_validate, key=shapes.key_of_decision)

    @routes.get("/items/{item_id}/history", summary="What happened to an item, the newest first.")
    async def list_history(
        item_id: UUID, principal: Principal = Depends(looks), limit: Limit = 50, cursor: Cursor = None
    ) -> Page[shapes.EventView]:
        before = decode_cursor(cursor, int)
        async with work.transaction(principal.tenant) as tx:
            await Items(tx).get(item_id)
            found = await History(tx).list_newest_events(item_id, before=before[0] if before else None, limit=limit + 1)
        return page_of(found, limit=limit, view=shapes.EventView.model_validate, key=shapes.key_of_event)


def _add_decisions(routes: APIRouter, airlock: Airlock, withdrawals: Withdrawals, clock: Clock) -> None:
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
        item = await withdrawals.withdraw(item_id, principal=principal, reason=body.reason)
        return shapes.summary(item, now=clock())


def _add_holds(routes: APIRouter, release: Release, clock: Clock) -> None:
    @routes.post("/items/{item_id}/hold", summary="Keep an item from being released.")
    async def hold(item_id: UUID, body: shapes.ReasonBody, principal: Principal = Depends(looks)) -> shapes.ItemSummary:
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


def _add_stop_of_all(routes: APIRouter, release: Release) -> None:
    switch = TenantFlag.KILL_ALL

    @routes.get("/kill-all", summary="Are all releases of the installation stopped, and which are in flight?")
    async def look_at_switch_of_all(principal: Principal = Depends(stops_all)) -> shapes.StopAllView:
        return _view_of_all(await release.look_at_switch(principal=principal, switch=switch))

    @routes.put("/kill-all", summary="Stop all releases of all tenants. When it answers, none begins any more.")
    async def throw_switch_of_all(
        body: shapes.ReasonBody, principal: Principal = Depends(stops_all)
    ) -> shapes.StopAllView:
        return _view_of_all(await release.throw_switch(reason=body.reason, principal=principal, switch=switch))

    @routes.delete("/kill-all", summary="Let all releases go on that their tenants have not stopped.")
    async def release_switch_of_all(principal: Principal = Depends(lets_all_go_on)) -> shapes.StopAllView:
        return _view_of_all(await release.release_switch(principal=principal, switch=switch))


def _view(stop: Stop) -> shapes.StopView:
    everywhere = stop.flag is not None and stop.flag.everywhere
    in_flight = [release.item_id for release in stop.in_flight]
    return shapes.StopView(**_thrown(stop.flag), everywhere=everywhere, in_flight=in_flight)


def _view_of_all(stop: Stop) -> shapes.StopAllView:
    in_flight = [shapes.InFlightView.model_validate(release) for release in stop.in_flight]
    return shapes.StopAllView(**_thrown(stop.flag), in_flight=in_flight)


def _thrown(flag: Flag | None) -> dict[str, Any]:
    if flag is None:
        return {"stopped": False, "by": None, "at": None, "reason": None}
    return {"stopped": True, "by": flag.set_by, "at": flag.set_at, "reason": flag.reason}
