"""Chaining what was put aside: the one writer right behind the requests."""

from __future__ import annotations

import asyncio
import hashlib

import orjson
from common.apart import for_each
from common.bus.connection import Bus
from common.bus.wire import spoken_subject
from common.clock import Clock, rfc3339
from common.contracts.audit import AuditEntry
from common.db.work import Work
from common.observability.logging import get_logger
from pydantic import ValidationError

from compliance.repository.audit import AuditTrail, list_pending_tenants
from compliance.trail import OWN, Record, append

log = get_logger(__name__)
ACTOR = "service:compliance"
BATCH = 500
_SHOWN = ("gate.", "hold.", "item.", "kill.", "link.", "note.", "review.", "stand_in.")
"""Entries after which the airlock looks other than before, to somebody who has it open."""
_UNSHOWN = frozenset({"gate.decision_refused", "item.seen"})


class Chaining:
    """Moves pending entries into their tenants' chains, each exactly once, however many processes do it.

    Whoever has the airlock open is told to look again, when entries say that it is other than before.
    """

    def __init__(self, work: Work, bus: Bus, *, clock: Clock, every_seconds: float) -> None:
        self._work = work
        self._bus = bus
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
            records = [Record(OWN, self._read(entry)) for entry in taken]
            if records:
                await append(tx, records, now=self._clock())
        if any(_is_shown(record.entry.action) for record in records):
            await self._tell(tenant)
        return len(taken)

    async def _tell(self, tenant: str) -> None:
        """That something is other, and not what: each page asks for it with the rights of who looks at it."""
        frame = {"v": 1, "type": "airlock.changed", "run_id": None, "seq": None, "after_seq": None, "data": {}}
        subject = spoken_subject("live", tenant=tenant, run=None)
        await self._bus.say(subject, orjson.dumps(frame | {"at": rfc3339(self._clock())}))

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


def _is_shown(action: str) -> bool:
    return action.startswith(_SHOWN) and action not in _UNSHOWN
