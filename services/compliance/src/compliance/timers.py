"""The airlock's clock: closing what nobody decided in time, reminding, escalating, and counting what is open."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from common.clock import Clock
from common.db.work import Work
from common.errors import NotFound
from common.observability.logging import get_logger
from common.observability.metrics import GATES_OPEN

from compliance.airlock import SERVICE, Airlock
from compliance.reminding import Reminders
from compliance.repository.items import count_open
from compliance.repository.queue import Clock as GateClock
from compliance.repository.queue import list_due

log = get_logger(__name__)
BATCH = 100
Ring = Callable[[str, UUID], Awaitable[bool]]


class Timers:
    """The clocks of all tenants' items. Any number of replicas may run it."""

    def __init__(
        self, work: Work, *, airlock: Airlock, reminders: Reminders, clock: Clock, every_seconds: float
    ) -> None:
        self._work = work
        self._clock = clock
        self._every_seconds = every_seconds
        # What is over needs no reminder, so that comes first.
        self._rings: dict[GateClock, Ring] = {
            GateClock.TIMEOUT: airlock.expire,
            GateClock.ESCALATE: reminders.escalate,
            GateClock.REMIND: reminders.remind,
        }

    async def run(self) -> None:
        """Look again and again."""
        while True:
            # A full batch that was closed means there may be more; a full batch that was not must not make us spin.
            if await self.look() < BATCH:
                await asyncio.sleep(self._every_seconds)

    async def look(self) -> int:
        """Ring a batch of each clock and set the gauge. → how many rang."""
        rang = 0
        for clock, ring in self._rings.items():
            rang += await self._ring(clock, ring)
        async with self._work.system() as tx:
            GATES_OPEN.labels(SERVICE).set(await count_open(tx))
        return rang

    async def _ring(self, clock: GateClock, ring: Ring) -> int:
        async with self._work.system() as tx:
            due = await list_due(tx, clock, now=self._clock(), limit=BATCH)
        rang = 0
        for tenant, item_id in due:
            try:
                if await ring(tenant, item_id):
                    rang += 1
                    log.info("gate.rang", tenant=tenant, item_id=str(item_id), clock=clock.value)
            except NotFound:
                log.warning("gate.vanished", tenant=tenant, item_id=str(item_id))
        return rang
