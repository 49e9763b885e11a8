"""Timers that are due become happenings."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from common.clock import Clock
from common.db.work import Work
from common.observability.logging import get_logger
from sqlalchemy import delete, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from orchestrator.announcer import Announcer
from orchestrator.engine.happenings import HAPPENING
from orchestrator.models import timers
from orchestrator.transitions import Happened, Transitions

log = get_logger(__name__)
_BATCH = 200
_PUT_OFF = timedelta(minutes=1)
"""When a timer that the engine broke on is looked at again."""


class Timekeeper:
    """Fires timers. Each is claimed by deleting it in the transaction that takes its effect; several may be at it."""

    def __init__(
        self, work: Work, transitions: Transitions, announcer: Announcer, *, clock: Clock, poll_ms: int
    ) -> None:
        self._work = work
        self._transitions = transitions
        self._announcer = announcer
        self._clock = clock
        self._poll_seconds = poll_ms / 1000

    async def run(self) -> None:
        """Fire for ever, at once when something was left for now, else every poll."""
        while True:
            if not await self.fire():
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._poll_seconds):
                        await self._announcer.due.wait()
            self._announcer.due.clear()

    async def fire(self) -> int:
        """Fire one batch. → how many were fired."""
        due: dict[str, list[UUID]] = defaultdict(list)
        async with self._work.system() as tx:
            found = await tx.session.execute(
                select(timers.c.id, timers.c.tenant_id)
                .where(timers.c.due_at <= self._clock())
                .order_by(timers.c.due_at)
                .limit(_BATCH)
                .with_for_update(skip_locked=True)
            )
            for row in found:
                due[row.tenant_id].append(row.id)
        return sum([await self._fire(tenant, ids) for tenant, ids in due.items()])

    async def _fire(self, tenant: str, ids: Sequence[UUID]) -> int:
        """Fire a tenant's timers; if that fails, one by one, so that a run in trouble stops no other."""
        try:
            async with self._work.transaction(tenant, in_loop=True) as tx:
                free = select(timers.c.id).where(timers.c.id.in_(ids)).with_for_update(skip_locked=True)
                claimed = await tx.session.execute(
                    delete(timers)
                    .where(timers.c.id.in_(free))
                    .returning(timers.c.run_id, timers.c.happening, timers.c.due_at)
                )
                rows = sorted(claimed.all(), key=lambda row: row.due_at)
                happened = [Happened(row.run_id, HAPPENING.validate_python(row.happening)) for row in rows]
                aftermath = await self._transitions.apply(tx, happened, unread=True)
        except (OperationalError, InterfaceError, PoolTimeout, OSError) as error:
            # The database is away. What it refuses to store is the timer's own trouble.
            log.warning("timers.unrecorded", error=repr(error))
            return 0
        except Exception as error:
            if len(ids) > 1:
                return sum([await self._fire(tenant, [one]) for one in ids])
            log.exception("timers.broke", timer=str(ids[0]), error=repr(error))
            await self._put_off(ids[0])
            return 0
        await self._announcer.tell(aftermath)
        return len(rows)

    async def _put_off(self, timer: UUID) -> None:
        async with self._work.system() as tx:
            later = self._clock() + _PUT_OFF
            await tx.session.execute(update(timers).where(timers.c.id == timer).values(due_at=later))
