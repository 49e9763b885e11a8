"""Chaining what was put aside: the one writer right behind the requests."""

from __future__ import annotations

import asyncio
import hashlib

from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.db.work import Work
from common.observability.logging import get_logger
from pydantic import ValidationError

from compliance.apart import for_each
from compliance.repository.audit import AuditTrail, list_pending_tenants
from compliance.trail import OWN, Record, append

log = get_logger(__name__)
ACTOR = "service:compliance"
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
            await for_each(tenants, self.settle, what="chaining")

    async def settle(self, tenant: str) -> None:
        """Chain everything that the tenant's committed transactions put aside. Who reads the trail calls this first."""
        while await self._chain_some(tenant) == BATCH:
            pass

    async def _chain_some(self, tenant: str) -> int:
        async with self._work.transaction(tenant, in_loop=True) as tx:
            taken = await AuditTrail(tx).take_pending(limit=BATCH)
            if taken:
                records = [Record(OWN, self._read(entry)) for entry in taken]
                await append(tx, records, now=self._clock())
        return len(taken)

    def _read(self, text: str) -> AuditEntry:
        """The entry; of one that somebody has made unreadable meanwhile, an entry that says so."""
        try:
            return AuditEntry.model_validate_json(text)
        except ValidationError:
            digest = hashlib.sha256(text.encode()).hexdigest()
            log.error("audit.unreadable", sha256=digest)
            return AuditEntry(
                actor=ACTOR,
                action="audit.unreadable",
                resource="pending:unknown",
                result="unreadable",
                at=self._clock(),
                before_sha256=digest,
            )
