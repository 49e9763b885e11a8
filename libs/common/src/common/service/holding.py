"""Hearing of legal holds, and keeping which runs are held."""

from __future__ import annotations

from contextlib import aclosing
from uuid import UUID

from nats.aio.msg import Msg
from pydantic import ValidationError
from sqlalchemy import Boolean, Column, MetaData, Table, Text, exists, false, or_, select
from sqlalchemy.dialects.postgresql import UUID as UUID_COLUMN
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from common.bus.connection import Bus
from common.bus.dead import bury
from common.bus.streams import DURABLES
from common.bus.wire import read_header
from common.contracts.holding import HoldChanged
from common.db.work import Transaction, Work
from common.errors import Conflict, Invalid
from common.observability.logging import get_logger

log = get_logger(__name__)
_RETRY_SECONDS = 1


class OnLegalHold(Conflict):
    """A legal hold keeps it from being deleted."""


def holds_table(metadata: MetaData) -> Table:
    """Which holds a service has heard of. One that was lifted stays, so that hearing it late does not set it again."""
    return Table(
        "legal_holds",
        metadata,
        Column("hold_id", UUID_COLUMN, primary_key=True),
        Column("tenant_id", Text, nullable=False, index=True),
        Column("run_id", UUID_COLUMN, comment="None: everything of the tenant."),
        Column("lifted", Boolean, nullable=False),
    )


class HeldRuns:
    """Legal holds as a service has heard of them, by `<service>-holds`. A message may come twice, or late."""

    def __init__(self, work: Work, bus: Bus, *, table: Table) -> None:
        self._work = work
        self._bus = bus
        self._table = table

    async def is_held(self, tx: Transaction, run_id: UUID) -> bool:
        """Whether nothing of the run may be deleted."""
        held = self._table.c
        covers = or_(held.run_id.is_(None), held.run_id == run_id)
        found = select(exists().where(held.tenant_id == tx.tenant, covers, held.lifted == false()))
        return bool((await tx.session.execute(found)).scalar_one())

    async def run(self) -> None:
        """Listen for ever."""
        durable = DURABLES[f"{self._work.service}-holds"]
        async with aclosing(self._bus.deliveries(durable, batch=_ten)) as batches:
            async for messages in batches:
                for message in messages:
                    await self._take(message)

    async def _take(self, message: Msg) -> None:
        try:
            header = read_header(message.headers)
            hold = HoldChanged.model_validate_json(message.data)
        except (Invalid, ValidationError) as error:
            await bury(self._work, message, reason=str(error))
            return
        try:
            async with self._work.transaction(header.tenant, in_loop=True) as tx:
                await self._note(tx, hold)
        except (SQLAlchemyError, OSError) as error:
            log.warning("hold.not_noted", hold_id=str(hold.hold_id), error=repr(error))
            await message.nak(delay=_RETRY_SECONDS)
        else:
            await message.ack()

    async def _note(self, tx: Transaction, hold: HoldChanged) -> None:
        heard = insert(self._table).values(tenant_id=tx.tenant, **hold.model_dump())
        lifted = or_(self._table.c.lifted, heard.excluded.lifted)
        await tx.session.execute(heard.on_conflict_do_update(index_elements=["hold_id"], set_={"lifted": lifted}))


async def _ten() -> int:
    return 10
