"""Timers that are due become happenings."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from uuid import UUID

from common.clock import Clock
from common.db.work import Work
from sqlalchemy import delete, select

from orchestrator.announcer import Announcer
from orchestrator.engine.happenings import TimerFired
from orchestrator.models import timers
from orchestrator.transitions import Happened, Transitions

_BATCH = 200


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
            async with self._work.transaction(tenant) as tx:
                claimed = await tx.session.execute(
                    delete(timers).where(timers.c.id.in_(ids)).returning(timers.c.run_id, timers.c.timer)
                )
                happened = [Happened(row.run_id, TimerFired.model_validate(row.timer)) for row in claimed]
                aftermath = await self._transitions.apply(tx, happened)
            await self._announcer.tell(aftermath)
        return sum(len(ids) for ids in due.values())
