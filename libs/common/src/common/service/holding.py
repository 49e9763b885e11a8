"""Hearing of legal holds, and keeping which runs are held."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Boolean, Column, MetaData, Table, Text, exists, false, or_, select
from sqlalchemy.dialects.postgresql import UUID as UUID_COLUMN
from sqlalchemy.dialects.postgresql import insert

from common.bus.connection import Bus
from common.contracts.holding import HoldChanged
from common.db.work import Transaction, Work
from common.errors import Conflict
from common.service.hearing import hear


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
        await hear(self._work, self._bus, HoldChanged, durable="holds", note=self._note)

    async def _note(self, tx: Transaction, hold: HoldChanged) -> None:
        heard = insert(self._table).values(tenant_id=tx.tenant, **hold.model_dump())
        lifted = or_(self._table.c.lifted, heard.excluded.lifted)
        await tx.session.execute(heard.on_conflict_do_update(index_elements=["hold_id"], set_={"lifted": lifted}))
