"""Closing what nobody decided in time, and counting what is open."""

from __future__ import annotations

import asyncio

from common.clock import Clock
from common.db.work import Work
from common.errors import NotFound
from common.observability.logging import get_logger
from common.observability.metrics import GATES_OPEN

from compliance.airlock import SERVICE, Airlock
from compliance.repository.items import count_open, list_overdue

log = get_logger(__name__)
BATCH = 100


class Timers:
    """The airlock's clock, over all tenants. Any number of replicas may run it."""

    def __init__(self, work: Work, *, airlock: Airlock, clock: Clock, every_seconds: float) -> None:
        self._work = work
        self._airlock = airlock
        self._clock = clock
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Look again and again."""
        while True:
            # A full batch that was closed means there may be more; a full batch that was not must not make us spin.
            if await self.look() < BATCH:
                await asyncio.sleep(self._every_seconds)

    async def look(self) -> int:
        """Close a batch of overdue items and set the gauge. → how many were closed."""
        async with self._work.system() as tx:
            due = await list_overdue(tx, now=self._clock(), limit=BATCH)
        closed = 0
        for tenant, item_id in due:
            try:
                if await self._airlock.expire(tenant, item_id):
                    closed += 1
                    log.info("gate.expired", tenant=tenant, item_id=str(item_id))
            except NotFound:
                log.warning("gate.vanished", tenant=tenant, item_id=str(item_id))
        async with self._work.system() as tx:
            GATES_OPEN.labels(SERVICE).set(await count_open(tx))
        return closed
