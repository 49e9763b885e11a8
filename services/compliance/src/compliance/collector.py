"""Collecting what other services tell the audit trail: in batches, each message stored once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

from common.bus.connection import Bus
from common.bus.dead import bury
from common.bus.inbox import claim
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.contracts.catalogue import SERVICES
from common.contracts.message import Header
from common.db.work import Work
from common.errors import Invalid
from common.observability.logging import get_logger
from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from compliance.trail import OWN, UNVERIFIED, Record, append

log = get_logger(__name__)
_RETRY_SECONDS = 1


@dataclass(frozen=True)
class _Delivery:
    message: Msg
    header: Header
    entry: AuditEntry


class Collector:
    """Reads the durable `compliance-audit`."""

    def __init__(self, work: Work, bus: Bus, *, clock: Clock, batch: int) -> None:
        self._work = work
        self._bus = bus
        self._clock = clock
        self._batch = batch

    async def run(self) -> None:
        """Collect for ever."""
        async with aclosing(self._bus.deliveries(DURABLES["compliance-audit"], batch=self._wanted)) as batches:
            async for messages in batches:
                await self._store(messages)

    async def _wanted(self) -> int:
        return self._batch

    async def _store(self, messages: Sequence[Msg]) -> None:
        by_tenant: dict[str, list[_Delivery]] = defaultdict(list)
        for message in messages:
            try:
                delivery = _read(message)
            except (Invalid, ValidationError) as error:
                await bury(self._work, message, reason=str(error))
            else:
                by_tenant[delivery.header.tenant].append(delivery)
        for tenant, deliveries in by_tenant.items():
            try:
                await self._append(tenant, deliveries)
            except (SQLAlchemyError, OSError) as error:
                # Nothing was stored, so nothing happened: they come again.
                log.warning("audit.unrecorded", entries=len(deliveries), error=repr(error))
                for delivery in deliveries:
                    await delivery.message.nak(delay=_RETRY_SECONDS)
            else:
                for delivery in deliveries:
                    await delivery.message.ack()

    async def _append(self, tenant: str, deliveries: Sequence[_Delivery]) -> None:
        async with self._work.transaction(tenant) as tx:
            fresh = await claim(tx, (delivery.header.id for delivery in deliveries))
            records = {
                delivery.header.id: Record(_source(delivery.header), delivery.entry, delivery.header.id)
                for delivery in deliveries
                if delivery.header.id in fresh
            }
            if records:
                await append(tx, list(records.values()), now=self._clock())


def _source(header: Header) -> str:
    """Who sent it, as far as that can be believed: our own entries never come by message."""
    return header.source if header.source in SERVICES and header.source != OWN else UNVERIFIED


def _read(message: Msg) -> _Delivery:
    header = read_header(message.headers)
    return _Delivery(message, header, AuditEntry.model_validate_json(message.data))
