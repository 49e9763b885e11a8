"""Schedules: which workflow is started when, by cron in a time zone. What people do to them; `scheduler` fires them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.contracts.values import JsonObject
from common.db.work import Transaction, Work
from common.errors import Conflict, NotFound
from common.ids import new_id
from common.manifest import state_sha256
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, insert, select, tuple_, update

from orchestrator.inputs import check_input
from orchestrator.instants import check_cron, due_after
from orchestrator.library import Library
from orchestrator.models import CatchUp, Overlap, schedule_starts, schedules
from orchestrator.starting import Priority

NAME = r"^\S(.*\S)?$"
SCHEDULES_LIMIT = 1000
"""How many a tenant may have."""


class ScheduleRequest(BaseModel):
    """What to start, and when."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=100, pattern=NAME, examples=["Morning film"])
    cron: str = Field(max_length=100, examples=["30 6 * * MON-FRI"], description="Minute, hour, day, month, weekday.")
    timezone: str = Field(default="UTC", max_length=64, examples=["Europe/Berlin"])
    workflow: str = Field(default="short_video", pattern=r"^[a-z0-9_]{1,64}$")
    input: JsonObject = Field(examples=[{"brief": "How tides work", "target_seconds": 20}])
    priority: Priority = Priority.MEDIUM
    budget_usd: Decimal | None = Field(
        default=None, ge=0, max_digits=12, decimal_places=6, description="The cap of each run."
    )
    catch_up: CatchUp = Field(
        default=CatchUp.LAST,
        description="What is done about instants that passed while the studio was down: nothing, one run for the last"
        " of them, or a run for each (the newest 100).",
    )
    overlap: Overlap = Field(default=Overlap.ALLOW, description="`skip`: not while a run of it is still under way.")
    paused: bool = False


class ScheduleChange(BaseModel):
    """What is to be different; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"cron": "0 7 * * *", "timezone": "Europe/Berlin"}]}
    )

    name: str | None = Field(default=None, min_length=1, max_length=100, pattern=NAME)
    cron: str | None = Field(default=None, max_length=100)
    timezone: str | None = Field(default=None, max_length=64)
    workflow: str | None = Field(default=None, pattern=r"^[a-z0-9_]{1,64}$")
    input: JsonObject | None = None
    priority: Priority | None = None
    budget_usd: Decimal | None = Field(default=None, ge=0, max_digits=12, decimal_places=6)
    catch_up: CatchUp | None = None
    overlap: Overlap | None = None
    paused: bool | None = None


class TooManySchedules(Conflict):
    """The tenant has as many as it may."""


class Schedules:
    """A tenant's schedules. Everything that is done to one is audited."""

    def __init__(self, work: Work, library: Library, *, clock: Clock) -> None:
        self._work = work
        self._library = library
        self._clock = clock

    async def create(self, request: ScheduleRequest, caller: Principal, *, key: str | None) -> Any:
        """The new schedule's row. Raises `Invalid` for a cron, time zone or input that is none, `NotFound` for a
        workflow that is not there. The same key makes one.
        """
        values = self._checked(request)
        now = self._clock()
        schedule_id = new_id()
        row = {"id": schedule_id, "tenant_id": caller.tenant, "created_by": caller.user_id, "created_at": now}
        row |= values | {"updated_at": now, "next_at": _next(values, now)}
        async with self._work.transaction(caller.tenant) as tx:
            if key is not None:
                answer = {"schedule_id": str(schedule_id)}
                route = "POST /v1/schedules"
                stored = await answer_once(
                    tx, principal=caller.user_id, route=route, key=key, request=request, response=answer
                )
                if stored is not None:
                    return await get_schedule(tx, UUID(stored["schedule_id"]))
            there = await tx.session.execute(select(schedules.c.id).limit(SCHEDULES_LIMIT))
            if len(there.all()) == SCHEDULES_LIMIT:
                raise TooManySchedules(f"A tenant may have {SCHEDULES_LIMIT} schedules.")
            await tx.session.execute(insert(schedules).values(row))
            said = {"cron": request.cron, "workflow": request.workflow}
            tx.audit(self._entry("schedule.created", schedule_id, caller, said, after=request))
            return await get_schedule(tx, schedule_id)

    async def change(self, schedule_id: UUID, change: ScheduleChange, caller: Principal) -> Any:
        """The row as it is then. What was due before the change and has not been dealt with is left out.

        Asking for what is so already changes nothing, and forgets no instant.
        """
        given = change.model_dump(exclude_unset=True)
        # Only the cap can be taken away; null for anything else is as good as nothing said.
        asked = {name: value for name, value in given.items() if value is not None or name == "budget_usd"}
        async with self._work.transaction(caller.tenant) as tx:
            row = await get_schedule(tx, schedule_id, lock=True)
            before = request_of(row)
            wanted = ScheduleRequest.model_validate(before.model_copy(update=asked).model_dump())
            values = self._checked(wanted)
            different = {name: value for name, value in values.items() if row[name] != value}
            if not different:
                return row
            now = self._clock()
            if different.keys() & {"cron", "timezone", "paused"}:
                different["next_at"] = _next(values, now)
            await tx.session.execute(
                update(schedules).where(schedules.c.id == schedule_id).values(different | {"updated_at": now})
            )
            said = {"changed": sorted(asked)}
            tx.audit(self._entry("schedule.changed", schedule_id, caller, said, before=before, after=wanted))
            return await get_schedule(tx, schedule_id)

    async def delete(self, schedule_id: UUID, caller: Principal) -> None:
        """Nothing is started by it any more; its runs stay. Raises `NotFound` also when it is gone already."""
        async with self._work.transaction(caller.tenant) as tx:
            before = request_of(await get_schedule(tx, schedule_id, lock=True))
            await tx.session.execute(delete(schedule_starts).where(schedule_starts.c.schedule_id == schedule_id))
            await tx.session.execute(delete(schedules).where(schedules.c.id == schedule_id))
            tx.audit(self._entry("schedule.deleted", schedule_id, caller, {}, before=before))

    def _checked(self, request: ScheduleRequest) -> dict[str, Any]:
        """The columns of what is asked for."""
        check_cron(request.cron, request.timezone)
        check_input(self._library.get(request.workflow), request.input)
        budget = None if request.budget_usd is None else int(request.budget_usd * 1_000_000)
        values = request.model_dump(mode="json", exclude={"budget_usd", "priority"})
        return values | {"priority": request.priority.rank, "budget_usd_micros": budget}

    def _entry(
        self,
        action: str,
        schedule_id: UUID,
        caller: Principal,
        detail: JsonObject,
        *,
        before: ScheduleRequest | None = None,
        after: ScheduleRequest | None = None,
    ) -> AuditEntry:
        return AuditEntry(
            actor=caller.user_id,
            action=action,
            resource=f"schedule:{schedule_id}",
            detail=detail,
            at=self._clock(),
            before_sha256=state_sha256(before.model_dump(mode="json") if before else None),
            after_sha256=state_sha256(after.model_dump(mode="json") if after else None),
        )


def request_of(row: Any) -> ScheduleRequest:
    """A row as somebody would ask for it."""
    budget = row["budget_usd_micros"]
    said = {name: row[name] for name in ScheduleRequest.model_fields if name not in {"priority", "budget_usd"}}
    priority = list(Priority)[row["priority"]]
    return ScheduleRequest(
        **said, priority=priority, budget_usd=None if budget is None else Decimal(budget) / 1_000_000
    )


def _next(values: dict[str, Any], now: datetime) -> datetime | None:
    found = due_after(values["cron"], values["timezone"], now, count=1)
    return found[0] if found else None


async def get_schedule(tx: Transaction, schedule_id: UUID, *, lock: bool = False) -> Any:
    """The schedule's row. Raises `NotFound`, also for another tenant's."""
    query = select(schedules).where(schedules.c.id == schedule_id)
    row = (await tx.session.execute(query.with_for_update() if lock else query)).mappings().first()
    if row is None:
        raise NotFound(f"There is no schedule {schedule_id}.")
    return row


async def list_schedules(tx: Transaction, *, limit: int, after: tuple[datetime, UUID] | None) -> Sequence[Any]:
    """The next schedules, the newest first."""
    query = select(schedules).order_by(schedules.c.created_at.desc(), schedules.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(tuple_(schedules.c.created_at, schedules.c.id) < after)
    return (await tx.session.execute(query)).mappings().all()


async def list_starts(tx: Transaction, schedule_id: UUID, *, limit: int) -> Sequence[Any]:
    """What became of the newest due instants."""
    found = await tx.session.execute(
        select(schedule_starts)
        .where(schedule_starts.c.schedule_id == schedule_id)
        .order_by(schedule_starts.c.due_at.desc())
        .limit(limit)
    )
    return found.mappings().all()
