"""`/v1/schedules`: starting workflows by the clock."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from common.clock import Clock
from common.contracts.values import JsonObject, PublicMoney
from common.cursors import decode_cursor
from common.db.work import Work
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, Field

from orchestrator.instants import due_after
from orchestrator.models import CatchUp, Overlap, StartOutcome
from orchestrator.scheduler import Scheduler
from orchestrator.schedules import (
    ScheduleChange,
    ScheduleRequest,
    Schedules,
    get_schedule,
    list_schedules,
    list_starts,
    request_of,
)
from orchestrator.starting import Priority

Caller = Annotated[Principal, Depends(current_principal)]
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
NEXT_SHOWN = 5
STARTS_SHOWN = 20


class ScheduleAnswer(BaseModel):
    """A schedule."""

    id: UUID
    name: str
    cron: str
    timezone: str
    workflow: str
    input: JsonObject
    priority: Priority
    budget_usd: PublicMoney | None
    catch_up: CatchUp
    overlap: Overlap
    paused: bool
    next_at: datetime | None = Field(description="When it starts a run next; null while it is paused.")
    created_by: str
    created_at: datetime
    updated_at: datetime


class StartAnswer(BaseModel):
    """What became of a due instant."""

    due_at: datetime
    outcome: StartOutcome
    run_id: UUID | None
    detail: str | None
    at: datetime


class WholeSchedule(ScheduleAnswer):
    """The same with its next instants and what became of the newest ones."""

    next: list[datetime]
    starts: list[StartAnswer]


class Begun(BaseModel):
    """The run that was started."""

    run_id: UUID


def router(*, work: Work, schedules: Schedules, scheduler: Scheduler, clock: Clock) -> APIRouter:
    """Routes of schedules."""
    routes = APIRouter(tags=["schedules"])
    looking = refusals(404, 422)
    changing = refusals(403, 404, 422)

    @routes.post("/v1/schedules", status_code=201, summary="Make a schedule", responses=refusals(403, 404, 409, 422))
    async def create(request: ScheduleRequest, caller: Creator, key: Key = None) -> ScheduleAnswer:
        return _answer(await schedules.create(request, caller, key=key))

    @routes.get("/v1/schedules", summary="Schedules, the newest first", responses=refusals(422))
    async def index(caller: Caller, limit: Limit = 50, cursor: Cursor = None) -> Page[ScheduleAnswer]:
        after = decode_cursor(cursor, datetime, UUID)
        async with work.transaction(caller.tenant) as tx:
            found = await list_schedules(tx, limit=limit + 1, after=after)
        return page_of(found, limit=limit, view=_answer, key=lambda row: (row["created_at"], row["id"]))

    @routes.get(
        "/v1/schedules/{schedule_id}",
        summary="A schedule, its next instants, and what became of the newest",
        responses=looking,
    )
    async def show(schedule_id: UUID, caller: Caller) -> WholeSchedule:
        async with work.transaction(caller.tenant) as tx:
            row = await get_schedule(tx, schedule_id)
            starts = await list_starts(tx, schedule_id, limit=STARTS_SHOWN)
        told = {"next": _next(row, clock(), NEXT_SHOWN), "starts": [dict(start) for start in starts]}
        return WholeSchedule.model_validate(_answer(row).model_dump() | told)

    @routes.get("/v1/schedules/{schedule_id}/next", summary="When it is due next", responses=looking)
    async def following(
        schedule_id: UUID, caller: Caller, count: Annotated[int, Query(ge=1, le=100)] = NEXT_SHOWN
    ) -> list[datetime]:
        async with work.transaction(caller.tenant) as tx:
            row = await get_schedule(tx, schedule_id)
        return _next(row, clock(), count)

    @routes.patch(
        "/v1/schedules/{schedule_id}", summary="Change a schedule; what is left out stays", responses=changing
    )
    async def change(schedule_id: UUID, request: ScheduleChange, caller: Creator) -> ScheduleAnswer:
        return _answer(await schedules.change(schedule_id, request, caller))

    @routes.post("/v1/schedules/{schedule_id}/pause", summary="Start nothing until it is resumed", responses=changing)
    async def pause(schedule_id: UUID, caller: Creator) -> ScheduleAnswer:
        return _answer(await schedules.change(schedule_id, ScheduleChange(paused=True), caller))

    @routes.post(
        "/v1/schedules/{schedule_id}/resume",
        summary="Go on; what was due meanwhile is not caught up on",
        responses=changing,
    )
    async def resume(schedule_id: UUID, caller: Creator) -> ScheduleAnswer:
        return _answer(await schedules.change(schedule_id, ScheduleChange(paused=False), caller))

    @routes.post(
        "/v1/schedules/{schedule_id}/run", status_code=202, summary="Start a run of it now", responses=changing
    )
    async def run_now(schedule_id: UUID, caller: Creator, key: Key = None) -> Begun:
        return Begun(run_id=await scheduler.run_now(schedule_id, caller, key=key))

    @routes.delete(
        "/v1/schedules/{schedule_id}", status_code=204, summary="Delete a schedule; its runs stay", responses=changing
    )
    async def delete(schedule_id: UUID, caller: Creator) -> None:
        await schedules.delete(schedule_id, caller)

    return routes


def _answer(row: Any) -> ScheduleAnswer:
    budget = row["budget_usd_micros"]
    asked = request_of(row).model_dump(exclude={"budget_usd"})
    own = {name: row[name] for name in ("id", "created_by", "created_at", "updated_at")}
    return ScheduleAnswer(
        **asked,
        **own,
        budget_usd=None if budget is None else Decimal(budget) / 1_000_000,
        next_at=None if row["paused"] else row["next_at"],
    )


def _next(row: Any, now: datetime, count: int) -> list[datetime]:
    """The next instants; none while it is paused."""
    return [] if row["paused"] else due_after(row["cron"], row["timezone"], now, count=count)
