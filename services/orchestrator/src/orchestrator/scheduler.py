"""The scheduler: starts what is due. Several may be at it; an instant is dealt with once.

Whoever locks a schedule's row deals with all its due instants and moves `next_at` on, in one commit. The run's id is
derived from schedule and instant, so even a second attempt could only start the same run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from common.clock import Clock, rfc3339
from common.contracts.values import TERMINAL_STATUSES
from common.db.work import Transaction, Work
from common.errors import GreenlightError
from common.ids import derived_id
from common.observability.logging import get_logger
from common.observability.metrics import SCHEDULED_STARTS
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from orchestrator.announcer import Announcer
from orchestrator.audit import run_entry
from orchestrator.budgets import cap_run
from orchestrator.engine.happenings import Started
from orchestrator.engine.state import RunFacts
from orchestrator.inputs import check_input
from orchestrator.instants import due_after, due_before
from orchestrator.library import Library
from orchestrator.models import CatchUp, Overlap, StartOutcome, runs, schedule_starts, schedules
from orchestrator.schedules import get_schedule
from orchestrator.transitions import Aftermath, Birth, Happened, Transitions

log = get_logger(__name__)
CATCH_UP_LIMIT = 100
"""How many runs one schedule starts at once for instants that passed; older ones are left out."""
PUT_OFF = timedelta(minutes=1)
"""When a schedule that the scheduler broke on is looked at again."""
ON_TIME = timedelta(minutes=1)
"""How late an instant may be dealt with without counting as missed: a restart takes that long."""
STARTS_KEPT = timedelta(days=90)
_BATCH = 100
_OVER = tuple(status.value for status in TERMINAL_STATUSES)


@dataclass(frozen=True)
class _Due:
    """An instant, and whether it is started."""

    at: datetime
    wanted: bool


class Scheduler:
    """Starts runs for due instants."""

    def __init__(
        self,
        work: Work,
        library: Library,
        transitions: Transitions,
        announcer: Announcer,
        *,
        clock: Clock,
        poll_ms: int,
    ) -> None:
        self._work = work
        self._library = library
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock
        self._poll_seconds = poll_ms / 1000
        self._put_off: dict[UUID, datetime] = {}
        """Schedules that we broke on, and until when they are left alone; what was due stays due."""

    async def run(self) -> None:
        """Fire for ever, at once while there is more, else every poll."""
        while True:
            if not await self.fire():
                await asyncio.sleep(self._poll_seconds)

    async def fire(self) -> int:
        """Deal with what is due now, up to a hundred schedules. → how many schedules were dealt with."""
        now = self._clock()
        self._put_off = {one: until for one, until in self._put_off.items() if until > now}
        async with self._work.system() as tx:
            found = await tx.session.execute(
                select(schedules.c.id, schedules.c.tenant_id)
                .where(~schedules.c.paused, schedules.c.next_at <= now, schedules.c.id.not_in(self._put_off))
                .order_by(schedules.c.next_at)
                .limit(_BATCH)
            )
            due = found.all()
        return sum([await self._fire(row.tenant_id, row.id) for row in due])

    async def run_now(self, schedule_id: UUID, caller: Principal, *, key: str | None) -> UUID:
        """Start one run of the schedule now, beside its instants. → its id; the same key starts one run.

        Raises what stands against it: `NotFound`, `Invalid`.
        """
        now = self._clock()
        async with self._work.transaction(caller.tenant) as tx:
            row = await get_schedule(tx, schedule_id, lock=True)
            run_id = derived_id(schedule_id, caller.user_id, key or rfc3339(now))
            if key is not None:
                route = "POST /v1/schedules/run"
                answer = {"run_id": str(run_id)}
                asked = _RunNow(schedule_id=schedule_id)
                if await answer_once(
                    tx, principal=caller.user_id, route=route, key=key, request=asked, response=answer
                ):
                    return run_id
            aftermath = await self._start(tx, row, run_id, by=caller.user_id)
            await _note(tx, row, now, StartOutcome.STARTED, run_id=run_id, now=now)
        await self._announcer.tell(aftermath)
        return run_id

    async def _fire(self, tenant: str, schedule_id: UUID) -> int:
        """Deal with one schedule; one in trouble stops no other."""
        try:
            async with self._work.transaction(tenant) as tx:
                dealt = await self._deal(tx, schedule_id)
        except (DBAPIError, PoolTimeout) as error:
            log.warning("schedules.unrecorded", schedule=str(schedule_id), error=repr(error))
            return 0
        except Exception as error:
            log.exception("schedules.broke", schedule=str(schedule_id), error=repr(error))
            self._put_off[schedule_id] = self._clock() + PUT_OFF
            return 0
        for outcome, aftermath in dealt:
            SCHEDULED_STARTS.labels("orchestrator", outcome.value).inc()
            await self._announcer.tell(aftermath)
        return 1 if dealt else 0

    async def _deal(self, tx: Transaction, schedule_id: UUID) -> list[tuple[StartOutcome, Aftermath]]:
        """Deal with what is due of a schedule. → nothing when another orchestrator does, or did."""
        now = self._clock()
        mine = (schedules.c.id == schedule_id) & ~schedules.c.paused & (schedules.c.next_at <= now)
        found = await tx.session.execute(select(schedules).where(mine).with_for_update(skip_locked=True))
        row = found.mappings().first()
        if row is None:
            return []
        dealt = [await self._deal_with(tx, row, due, now) for due in due_instants(row, now)]
        following = due_after(row["cron"], row["timezone"], now, count=1)
        next_at = following[0] if following else None
        await tx.session.execute(update(schedules).where(schedules.c.id == schedule_id).values(next_at=next_at))
        old = (schedule_starts.c.schedule_id == schedule_id) & (schedule_starts.c.at < now - STARTS_KEPT)
        await tx.session.execute(delete(schedule_starts).where(old))
        return dealt

    async def _deal_with(self, tx: Transaction, row: Any, due: _Due, now: datetime) -> tuple[StartOutcome, Aftermath]:
        """Start the run of one instant, or note why not."""
        nothing = Aftermath()
        if not due.wanted:
            await _note(tx, row, due.at, StartOutcome.MISSED, now=now)
            return StartOutcome.MISSED, nothing
        if row["overlap"] == Overlap.SKIP and (busy := await _under_way(tx, row["id"])):
            detail = f"Run {busy} was still under way."
            await _note(tx, row, due.at, StartOutcome.SKIPPED, now=now, detail=detail)
            return StartOutcome.SKIPPED, nothing
        run_id = derived_id(row["id"], rfc3339(due.at))
        try:
            aftermath = await self._start(tx, row, run_id, by=f"schedule:{row['id']}")
        except GreenlightError as error:
            log.warning("schedules.refused", schedule=str(row["id"]), code=error.code, detail=error.detail)
            await _note(tx, row, due.at, StartOutcome.REFUSED, now=now, detail=error.detail)
            return StartOutcome.REFUSED, nothing
        await _note(tx, row, due.at, StartOutcome.STARTED, run_id=run_id, now=now)
        return StartOutcome.STARTED, aftermath

    async def _start(self, tx: Transaction, row: Any, run_id: UUID, *, by: str) -> Aftermath:
        definition = self._library.get(row["workflow"])
        now = self._clock()
        facts = RunFacts(
            id=run_id,
            tenant=row["tenant_id"],
            workflow=definition.name,
            input=check_input(definition, row["input"]),
            # Whoever made the schedule is the author of what it starts, and may not decide about it.
            created_by=row["created_by"],
            created_at=now,
        )
        if not await self._transitions.begin(tx, facts, definition, Birth(priority=row["priority"])):
            return Aftermath()
        if row["budget_usd_micros"] is not None:
            await cap_run(tx, run_id, at_most=row["budget_usd_micros"], today=now.date())
        detail = {"workflow": definition.name, "definition": definition.digest, "schedule": str(row["id"])}
        tx.audit(run_entry("run.started", run_id, actor=by, at=now, detail=detail))
        return await self._transitions.apply(tx, [Happened(run_id, Started(at=now))])


class _RunNow(BaseModel):
    schedule_id: UUID


def due_instants(row: Any, now: datetime) -> Sequence[_Due]:
    """The instants of a schedule that are due, the oldest first, and which of them its `catch_up` wants.

    Of a long outage only the newest are looked at.
    """
    found = due_before(row["cron"], row["timezone"], now, since=row["next_at"], count=CATCH_UP_LIMIT)
    match row["catch_up"]:
        case CatchUp.ALL:
            return [_Due(at, wanted=True) for at in found]
        case CatchUp.LAST:
            return [_Due(at, wanted=at == found[-1] or now - at <= ON_TIME) for at in found]
        case _:
            return [_Due(at, wanted=now - at <= ON_TIME) for at in found]


async def _under_way(tx: Transaction, schedule_id: UUID) -> UUID | None:
    """A run of the schedule that has not ended."""
    found = await tx.session.execute(
        select(runs.c.id)
        .join(schedule_starts, schedule_starts.c.run_id == runs.c.id)
        .where(schedule_starts.c.schedule_id == schedule_id, runs.c.status.not_in(_OVER))
        .limit(1)
    )
    return found.scalar_one_or_none()


async def _note(
    tx: Transaction,
    row: Any,
    due_at: datetime,
    outcome: StartOutcome,
    *,
    now: datetime,
    run_id: UUID | None = None,
    detail: str | None = None,
) -> None:
    """Write down what became of an instant; one that was dealt with is not dealt with again."""
    values = {"schedule_id": row["id"], "due_at": due_at, "tenant_id": row["tenant_id"], "at": now}
    values |= {"outcome": outcome.value, "run_id": run_id, "detail": detail}
    await tx.session.execute(insert(schedule_starts).values(values).on_conflict_do_nothing())
