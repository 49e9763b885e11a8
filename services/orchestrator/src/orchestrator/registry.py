"""Which services there are: heard by their heartbeats, kept in a table, and every change of theirs kept, too.

A heartbeat is the registration, five silent seconds or a goodbye the end of it. Several orchestrators keep one record.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, LiteralString

import orjson
from common.clock import Clock
from common.contracts.catalogue import SERVICES
from common.contracts.services import Heartbeat, ServiceChanged
from common.db.work import Transaction, Work
from common.observability.logging import get_logger
from common.observability.metrics import SERVICE_HEARD

from orchestrator.dispatcher import GONE_SECONDS, Slots
from orchestrator.models import Presence

log = get_logger(__name__)
_LOOK_SECONDS = 1.0
_KEEP: LiteralString = """
    insert into orchestrator.service_states (service, status, since, last_heard, workers, capabilities, said)
    select service, 'down', %(now)s, case when workers > 0 then %(now)s::timestamptz end, workers, capabilities::jsonb,
        said::jsonb
    from unnest(%(service)s::text[], %(workers)s::int[], %(capabilities)s::text[], %(said)s::text[])
        as n(service, workers, capabilities, said)
    order by service
    on conflict (service) do update set workers = excluded.workers, capabilities = excluded.capabilities,
        said = excluded.said,
        last_heard = coalesce(excluded.last_heard, service_states.last_heard)
"""
_CHANGE: LiteralString = """
    with changed as (
        update orchestrator.service_states s set status = n.status, since = %(now)s
        from unnest(%(service)s::text[], %(status)s::text[]) as n(service, status)
        where s.service = n.service and s.status <> n.status returning s.service, s.status
    )
    insert into orchestrator.service_changes (service, at, status)
    select service, %(now)s, status from changed on conflict do nothing returning service, status
"""
_STATES: LiteralString = "select * from orchestrator.service_states order by service"
_CHANGES: LiteralString = """
    select at, status from orchestrator.service_changes where service = %(service)s order by at desc limit %(limit)s
"""


class Registry:
    """Watches the heartbeats that the dispatcher hears."""

    def __init__(self, work: Work, slots: Slots, *, clock: Clock, platform_tenant: str) -> None:
        self._work = work
        self._slots = slots
        self._clock = clock
        self._platform_tenant = platform_tenant

    async def watch(self) -> None:
        """Write down who is there, for ever. Nobody is called down before there was time to be heard."""
        began = time.monotonic()
        while True:
            await self.look(patient=time.monotonic() - began < GONE_SECONDS)
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self, *, patient: bool = False) -> None:
        """Write down who is there now. `patient`: those that were not heard yet are left as they were."""
        heard = self._slots.by_service()
        rows = [
            {
                "service": service,
                "status": (Presence.UP if service in heard else Presence.DOWN).value,
                "workers": len(heard.get(service, ())),
                "capabilities": orjson.dumps(_sum(heard.get(service, ()))).decode(),
                "said": orjson.dumps(_together(heard.get(service, ()))).decode(),
            }
            for service in sorted({*SERVICES, *heard})
            if service in heard or not patient
        ]
        if not rows:
            return
        columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
        async with self._work.system() as tx:
            _, changed = await tx.run_all(
                [(_KEEP, columns | {"now": self._clock()}), (_CHANGE, columns | {"now": self._clock()})]
            )
            for change in changed:
                fact = ServiceChanged(**change, workers=len(heard.get(change["service"], ())))
                tx.send(fact.subject, fact, tenant=self._platform_tenant)
        for row in rows:
            SERVICE_HEARD.labels("orchestrator", row["service"]).set(row["status"] == Presence.UP)
        for change in changed:
            tell = log.info if change["status"] == Presence.UP else log.warning
            tell("service.up" if change["status"] == Presence.UP else "service.down", watched=change["service"])


async def list_services(tx: Transaction) -> list[dict[str, Any]]:
    """Every service that was ever heard or is expected, by name."""
    return await tx.run(_STATES)


async def list_changes(tx: Transaction, service: str, *, limit: int) -> list[dict[str, Any]]:
    """When a service came and went, newest first."""
    return await tx.run(_CHANGES, {"service": service, "limit": limit})


def _together(workers: Sequence[Heartbeat]) -> dict[str, Any]:
    """What a service's processes say of themselves, as one. They share an outbox: the longest count is its length."""
    since = [worker.unsent_since for worker in workers if worker.unsent_since]
    return {
        "versions": sorted({worker.version for worker in workers if worker.version}),
        "unsent": max((worker.unsent for worker in workers), default=0),
        "unsent_since": min(since, default=None),
        "unwell": {name: word for worker in workers for name, word in worker.unwell.items()},
    }


def _sum(workers: Sequence[Heartbeat]) -> dict[str, int]:
    """The slots of all workers together, by capability."""
    total: dict[str, int] = {}
    for worker in workers:
        for capability, count in worker.slots.items():
            total[capability] = total.get(capability, 0) + count
    return total
