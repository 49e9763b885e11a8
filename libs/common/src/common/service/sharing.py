"""Hearing with whom private runs are shared."""

from __future__ import annotations

from sqlalchemy import Table, case, null, or_
from sqlalchemy.dialects.postgresql import insert

from common.bus.connection import Bus
from common.contracts.sharing import RunShared
from common.db.work import Transaction, Work
from common.service.hearing import hear


class SharedRuns:
    """Shares as a service has heard of them, by `<service>-shares`; its queries ask `common.db.shares.is_seen`."""

    def __init__(self, work: Work, bus: Bus, *, table: Table) -> None:
        self._work = work
        self._bus = bus
        self._table = table

    async def run(self) -> None:
        """Listen for ever."""
        await hear(self._work, self._bus, RunShared, durable="shares", note=self._note)

    async def _note(self, tx: Transaction, fact: RunShared) -> None:
        told = {"id": fact.share_id, "run_id": fact.run_id, "ended": fact.ended}
        heard = insert(self._table).values(tenant_id=tx.tenant, who=None if fact.ended else fact.who, **told)
        ended = or_(self._table.c.ended, heard.excluded.ended)
        kept = {"ended": ended, "who": case((ended, null()), else_=heard.excluded.who)}
        await tx.session.execute(heard.on_conflict_do_update(index_elements=["id"], set_=kept))
