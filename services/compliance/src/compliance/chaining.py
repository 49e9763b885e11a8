"""Chaining what was put aside: the one writer right behind the requests."""

from __future__ import annotations

import asyncio

from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.db.work import Work

from compliance.repository.audit import AuditTrail, list_pending_tenants
from compliance.trail import OWN, Record, append

BATCH = 500


class Chaining:
    """Moves pending entries into their tenants' chains, each exactly once, however many processes do it."""

    def __init__(self, work: Work, *, clock: Clock, every_seconds: float) -> None:
        self._work = work
        self._clock = clock
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Chain for ever."""
        while True:
            await asyncio.sleep(self._every_seconds)
            async with self._work.system() as tx:
                tenants = await list_pending_tenants(tx)
            for tenant in tenants:
                await self.settle(tenant)

    async def settle(self, tenant: str) -> None:
        """Chain everything that the tenant's committed transactions put aside. Who reads the trail calls this first."""
        while await self._chain_some(tenant) == BATCH:
            pass

    async def _chain_some(self, tenant: str) -> int:
        async with self._work.transaction(tenant, in_loop=True) as tx:
            taken = await AuditTrail(tx).take_pending(limit=BATCH)
            if taken:
                records = [Record(OWN, AuditEntry.model_validate_json(entry)) for entry in taken]
                await append(tx, records, now=self._clock())
        return len(taken)
