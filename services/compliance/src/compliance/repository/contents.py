"""The contents of a run's items, wherever they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.contracts.erasing import ERASED
from common.contracts.values import JsonObject
from common.db.work import Transaction
from sqlalchemy import Table, select, update

from compliance.models import airlock_decisions, airlock_items, seen_contents

_KEPT: tuple[tuple[Table, str, str], ...] = (
    (airlock_items, "id", "content"),
    (airlock_decisions, "item_id", "edit"),
    (airlock_decisions, "item_id", "content_before"),
    (seen_contents, "item_id", "content"),
)
"""Table, the column that names the item, and the column that holds content or a part of it."""


@dataclass(frozen=True)
class Held:
    """What an item of a run holds, and what was said about it."""

    item_id: UUID
    title: str
    content: JsonObject
    verdict: JsonObject


class Contents:
    """Those of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_of_run(self, run_id: UUID) -> list[Held]:
        """Each item of the run; they are locked, the first opened first."""
        table = airlock_items.c
        query = (
            select(table.id, table.title, table.content, table.verdict)
            .where(table.tenant_id == self._tx.tenant, table.run_id == run_id)
            .order_by(table.opened_at, table.id)
            .with_for_update()
        )
        return [Held(*row) for row in await self._tx.session.execute(query)]

    async def forget_authors(self, run_id: UUID) -> list[str]:
        """Put another word where the run's items name who asked for them. → whom they named."""
        table = airlock_items.c
        named = (table.tenant_id == self._tx.tenant, table.run_id == run_id, table.requested_by != ERASED)
        found = await self._tx.session.execute(select(table.requested_by).where(*named).distinct())
        await self._tx.session.execute(update(airlock_items).where(*named).values(requested_by=ERASED))
        return [row.requested_by for row in found]

    async def describe(self, held: Held) -> None:
        """Keep another title and verdict of an item."""
        mine = (airlock_items.c.tenant_id == self._tx.tenant, airlock_items.c.id == held.item_id)
        await self._tx.session.execute(
            update(airlock_items).where(*mine).values(title=held.title, verdict=held.verdict)
        )

    async def change(self, item_id: UUID, by: Callable[[Any], Any]) -> bool:
        """Put something else where content of the item is kept: now, before an edit, and as it was looked at.

        → whether anything was another then.
        """
        was_another = False
        for table, owner, column in _KEPT:
            mine = (table.c.tenant_id == self._tx.tenant, table.c[owner] == item_id)
            keys = list(table.primary_key.columns)
            found = await self._tx.session.execute(select(*keys, table.c[column].label("held")).where(*mine))
            for row in found.all():
                if row.held is None or (changed := by(row.held)) == row.held:
                    continue
                was_another = True
                this = [key == getattr(row, key.name) for key in keys]
                await self._tx.session.execute(update(table).where(*mine, *this).values({column: changed}))
        return was_another
