"""Timers that are due become happenings."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from common.clock import Clock
from common.db.work import Work
from common.observability.logging import get_logger
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from orchestrator.announcer import Announcer
from orchestrator.engine.happenings import TimerFired
from orchestrator.models import timers
from orchestrator.transitions import Happened, Transitions

log = get_logger(__name__)
_BATCH = 200
_PUT_OFF = timedelta(minutes=1)
"""When a timer that the engine broke on is looked at again."""


class Timekeeper:
    """Fires timers. Each is claimed by deleting it in the transaction that takes its effect."""

    def __init__(
        self, work: Work, transitions: Transitions, announcer: Announcer, *, clock: Clock, poll_ms: int
    ) -> None:
        self._work = work
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock
        self._poll_seconds = poll_ms / 1000

    async def run(self) -> None:
        """Fire for ever."""
        while True:
            if await self.fire() < _BATCH:
                await asyncio.sleep(self._poll_seconds)

    async def fire(self) -> int:
        """Fire one batch. → how many were due."""
        due: dict[str, list[UUID]] = defaultdict(list)
        async with self._work.system() as tx:
            found = await tx.session.execute(
                select(timers.c.id, timers.c.tenant_id)
                .where(timers.c.due_at <= self._clock())
                .order_by(timers.c.due_at)
                .limit(_BATCH)
            )
            for row in found:
                due[row.tenant_id].append(row.id)
        for tenant, ids in due.items():
            await self._fire(tenant, ids)
        return sum(len(ids) for ids in due.values())

    async def _fire(self, tenant: str, ids: Sequence[UUID]) -> None:
        """Fire a tenant's timers; if that fails, one by one, so that a run in trouble stops no other."""
        try:
            async with self._work.transaction(tenant) as tx:
                claimed = await tx.session.execute(
                    delete(timers).where(timers.c.id.in_(ids)).returning(timers.c.run_id, timers.c.timer)
                )
                happened = [Happened(row.run_id, TimerFired.model_validate(row.timer)) for row in claimed]
                aftermath = await self._transitions.apply(tx, happened)
        except DBAPIError as error:
            log.warning("timers.unrecorded", error=repr(error))
        except Exception as error:
            if len(ids) > 1:
                for one in ids:
                    await self._fire(tenant, [one])
                return
            log.exception("timers.broke", timer=str(ids[0]), error=repr(error))
            await self._put_off(ids[0])
        else:
            await self._announcer.tell(aftermath)

    async def _put_off(self, timer: UUID) -> None:
        async with self._work.system() as tx:
            later = self._clock() + _PUT_OFF
            await tx.session.execute(update(timers).where(timers.c.id == timer).values(due_at=later))
