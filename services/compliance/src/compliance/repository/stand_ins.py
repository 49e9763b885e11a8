"""Who decides in whose place, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.db.work import Transaction
from sqlalchemy import Row, delete, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.models import stand_ins


@dataclass(frozen=True)
class StandIn:
    """`stand_in` decides in the place of `user_id` before `until`."""

    user_id: str
    stand_in: str
    until: datetime
    set_by: str
    set_at: datetime


class StandInRows:
    """Those of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = stand_ins.c.tenant_id == tx.tenant

    async def put(self, row: StandIn) -> None:
        """Write it down, in place of the one before."""
        values = {name: getattr(row, name) for name in ("stand_in", "until", "set_by", "set_at")}
        add = upsert(stand_ins).values(tenant_id=self._tx.tenant, user_id=row.user_id, **values)
        keys = [stand_ins.c.tenant_id, stand_ins.c.user_id]
        await self._tx.session.execute(add.on_conflict_do_update(index_elements=keys, set_=values))

    async def find(self, user_id: str) -> StandIn | None:
        """Who was appointed last for somebody, also when their time is over."""
        row = (
            await self._tx.session.execute(select(stand_ins).where(self._mine, stand_ins.c.user_id == user_id))
        ).first()
        return _stand_in(row) if row else None

    async def remove(self, user_id: str) -> None:
        """Nobody decides in their place any more."""
        await self._tx.session.execute(delete(stand_ins).where(self._mine, stand_ins.c.user_id == user_id))

    async def list_in_force(self, *, now: datetime, limit: int) -> Sequence[StandIn]:
        """Those whose time is not over, the soonest over first."""
        query = select(stand_ins).where(self._mine, stand_ins.c.until > now)
        rows = await self._tx.session.execute(query.order_by(stand_ins.c.until, stand_ins.c.user_id).limit(limit))
        return [_stand_in(row) for row in rows]

    async def list_places(
        self, stand_in: str, *, among: Sequence[str], not_set_by: str, now: datetime
    ) -> Sequence[str]:
        """In whose places somebody decides now, of these people and in their order.

        Where one person said it for another, that was not `not_set_by`.
        """
        table = stand_ins.c
        chosen = or_(table.set_by == table.user_id, table.set_by != not_set_by)
        query = select(table.user_id).where(
            self._mine, table.stand_in == stand_in, table.user_id.in_(among), table.until > now, chosen
        )
        found = set((await self._tx.session.execute(query)).scalars())
        return [name for name in dict.fromkeys(among) if name in found]

    async def list_for(self, people: Sequence[str], *, now: datetime) -> Sequence[str]:
        """Who decides now in the places of these people, in their order."""
        query = select(stand_ins.c.user_id, stand_ins.c.stand_in).where(
            self._mine, stand_ins.c.user_id.in_(people), stand_ins.c.until > now
        )
        found = {row.user_id: row.stand_in for row in await self._tx.session.execute(query)}
        return [found[name] for name in dict.fromkeys(people) if name in found]


def _stand_in(row: Row[*tuple[Any, ...]]) -> StandIn:
    return StandIn(row.user_id, row.stand_in, row.until, row.set_by, row.set_at)
