"""The door for outside systems that call back: whatever they say is verified, kept, and becomes a signal at most once.

A service mounts it with `deliveries_table` in its models and `WebhookDoor` and `webhook_routes` in its wiring, and says
with a query what is waited for. A webhook is a hint: an adapter asks the vendor before it believes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from sqlalchemy import (
    Column,
    ColumnElement,
    CursorResult,
    FromClause,
    Index,
    MetaData,
    Table,
    Text,
    delete,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from common.bus.dead import NOBODY
from common.clock import Clock
from common.contracts.message import SIGNAL_SUBJECT, Signal
from common.db.table import Instant
from common.db.work import Transaction, Work
from common.errors import Invalid, NotFound
from common.ids import derived_id
from common.observability.logging import get_logger
from common.observability.metrics import WEBHOOKS
from common.service.problems import refusals
from common.service.signatures import WebhookVendor, delivery_of, verify

log = get_logger(__name__)
BODY_LIMIT = 48 * 1024
"""Bytes of a delivery: with its handle it has to fit into a message."""
KEPT = "30 days"
_BATCH = 200
_AT_MOST_SECONDS = 5.0
_PRUNE_SECONDS = 3600.0
VENDOR_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,40}$"


class DeliveryTooLarge(Invalid):
    """What an outside system sent fits in no message."""

    status = 413


class Received(BaseModel):
    """What a delivery is answered. A repeat is answered the same."""

    status: Literal["accepted", "ignored"]


def deliveries_table(metadata: MetaData) -> Table:
    """Declare `webhook_deliveries` on a service's metadata; its migration makes it, open to the system role."""
    deliveries = Table(
        "webhook_deliveries",
        metadata,
        Column("vendor", Text, primary_key=True),
        Column("delivery_id", Text, primary_key=True),
        Column("tenant_id", Text, nullable=False, comment="Whose vendor it is; `unknown` when all tenants share it."),
        Column("handle", Text, comment="Null when the delivery names nothing that could be waited for."),
        Column("payload", JSONB, nullable=False),
        Column("answered", Text, nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("signalled_at", Instant),
    )
    Index(
        "ix_webhook_deliveries_kept",
        deliveries.c.tenant_id,
        deliveries.c.handle,
        postgresql_where=deliveries.c.signalled_at.is_(None) & deliveries.c.handle.is_not(None),
    )
    return deliveries


class WebhookDoor:
    """Takes deliveries and matches them to what is waited for, whichever comes first.

    `waiting` has `handle`, `tenant_id` and `run_id` of whoever waits now. A vendor that belongs to one tenant is
    matched with that tenant's rights; for one that all share, `waiting` has to be open to the system role.
    """

    def __init__(
        self,
        work: Work,
        deliveries: Table,
        waiting: FromClause,
        vendors: Mapping[str, WebhookVendor],
        *,
        clock: Clock,
        poll_ms: int,
    ) -> None:
        self._work = work
        self._deliveries = deliveries
        self._waiting = waiting
        self._vendors = vendors
        self._clock = clock
        self._poll_seconds = poll_ms / 1000

    async def take(self, name: str, headers: Mapping[str, str], body: bytes, *, run_id: UUID | None = None) -> Received:
        """Keep a delivery and signal whoever waits for it, in one commit. → what to answer.

        Where it says for which run it is, and another one waits for it, nobody is signalled.
        Raises `NotFound` for an unknown vendor, `BadSignature` for what the vendor did not sign, `Invalid` for what
        is no JSON object.
        """
        vendor = self._vendors.get(name)
        if vendor is None:
            raise NotFound(f"There is no webhook of {name!r}.")
        verify(vendor, headers, body, now=self._clock())
        if len(body) > BODY_LIMIT:
            raise DeliveryTooLarge(f"A delivery may have at most {BODY_LIMIT} bytes.")
        delivery = delivery_of(name, vendor, headers, body)
        row = {
            "vendor": name,
            "delivery_id": delivery.id,
            "tenant_id": vendor.tenant or NOBODY,
            "handle": delivery.handle,
            "payload": delivery.payload,
        }
        async with self._open(vendor.tenant) as tx:
            if run_id is not None and await self._is_for_another(tx, delivery.handle, run_id):
                row["handle"] = None
            received = await self._keep(tx, row)
        WEBHOOKS.labels(self._work.service, name, received.status).inc()
        return received

    async def _is_for_another(self, tx: Transaction, handle: str | None, run_id: UUID) -> bool:
        waiting = self._waiting.alias("waiting")
        found = await tx.session.execute(select(waiting.c.run_id).where(waiting.c.handle == handle))
        runs = set(found.scalars())
        return bool(runs) and run_id not in runs

    async def _keep(self, tx: Transaction, row: Mapping[str, Any]) -> Received:
        table = self._deliveries
        made = await tx.session.execute(
            insert(table)
            .values({**row, "answered": "ignored", "received_at": self._clock()})
            .on_conflict_do_nothing()
            .returning(table.c.vendor)
        )
        mine = (table.c.vendor == row["vendor"]) & (table.c.delivery_id == row["delivery_id"])
        if made.first() is not None and await self._signal(tx, mine):
            await tx.session.execute(update(table).where(mine).values(answered="accepted"))
        answered = await tx.session.execute(select(table.c.answered).where(mine))
        return Received(status=answered.scalar_one())

    async def run(self) -> None:
        """For ever: signal what came before anybody waited for it, once somebody does; forget what is old."""
        time = asyncio.get_running_loop().time
        pruned_at = float("-inf")
        while True:
            began = time()
            await self.match()
            took = time() - began
            if began - pruned_at > _PRUNE_SECONDS:
                pruned_at = began
                await self._prune()
            # However much is kept that nobody waits for, looking takes no more than a twentieth of the time; but a look
            # that a busy machine made slow must not keep a run waiting for long.
            await asyncio.sleep(min(max(self._poll_seconds, 19 * took), _AT_MOST_SECONDS))

    async def match(self) -> int:
        """Signal kept deliveries that somebody waits for by now. → how many."""
        table = self._deliveries
        matched = 0
        for tenant in {vendor.tenant for vendor in self._vendors.values()}:
            async with self._open(tenant) as tx:
                matched += await self._signal(tx, table.c.tenant_id == (tenant or NOBODY))
        return matched

    def _open(self, tenant: str | None) -> AbstractAsyncContextManager[Transaction]:
        return self._work.transaction(tenant) if tenant else self._work.system()

    async def _signal(self, tx: Transaction, which: ColumnElement[bool]) -> int:
        """Signal those of the kept deliveries that are waited for. → how many."""
        table, waiting = self._deliveries, self._waiting.alias("waiting")
        shared = or_(table.c.tenant_id == NOBODY, table.c.tenant_id == waiting.c.tenant_id)
        found = await tx.session.execute(
            select(table, waiting.c.tenant_id.label("waiter"), waiting.c.run_id)
            .join(waiting, (waiting.c.handle == table.c.handle) & shared)
            .where(which, table.c.signalled_at.is_(None), table.c.handle.is_not(None))
            .order_by(table.c.received_at)
            .limit(_BATCH)
            .with_for_update(of=table, skip_locked=True)
        )
        signalled: set[tuple[str, str]] = set()
        for row in found:
            message_id = derived_id("webhook", row.vendor, row.delivery_id, row.run_id)
            signal = Signal(handle=row.handle, payload=row.payload)
            tx.send(SIGNAL_SUBJECT, signal, message_id=message_id, tenant=row.waiter, run=row.run_id)
            signalled.add((row.vendor, row.delivery_id))
        if signalled:
            these = tuple_(table.c.vendor, table.c.delivery_id).in_(signalled)
            await tx.session.execute(update(table).where(these).values(signalled_at=self._clock()))
        return len(signalled)

    async def _prune(self) -> None:
        old = self._deliveries.c.received_at < func.now() - text(f"interval '{KEPT}'")
        async with self._work.system() as tx:
            gone = await tx.session.execute(delete(self._deliveries).where(old))
        if isinstance(gone, CursorResult) and gone.rowcount:
            log.info("webhooks.pruned", deliveries=gone.rowcount)


def webhook_routes(door: WebhookDoor) -> APIRouter:
    """`POST /v1/webhooks/{vendor}`, open to everybody: the signature says who it is."""
    routes = APIRouter(tags=["webhooks"])

    @routes.post(
        "/v1/webhooks/{vendor}",
        summary="An outside system calls back",
        responses=refusals(401, 404, 413, 422, 429),
    )
    async def take(
        request: Request,
        vendor: Annotated[str, Path(pattern=VENDOR_PATTERN)],
        # It comes back in an address that we gave away, and is nothing that a caller has to know of.
        run_id: Annotated[UUID | None, Query(include_in_schema=False)] = None,
    ) -> Received:
        return await door.take(vendor, request.headers, await request.body(), run_id=run_id)

    return routes
