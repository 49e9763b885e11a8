"""The contents of a run's items, wherever they are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.contracts.erasing import ERASED
from common.contracts.values import JsonObject
from common.db.work import Transaction
from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from compliance.models import airlock_decisions, airlock_items, forgotten_runs, seen_contents

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


async def list_tenants_with_forgotten(tx: Transaction) -> list[str]:
    """Tenants of runs that are forgotten and whose items a hold keeps. Needs a system transaction."""
    return list((await tx.session.execute(select(forgotten_runs.c.tenant_id).distinct())).scalars())


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

    async def list_forgotten(self) -> list[UUID]:
        """Forgotten runs whose items a hold keeps, or kept."""
        mine = forgotten_runs.c.tenant_id == self._tx.tenant
        return list((await self._tx.session.execute(select(forgotten_runs.c.run_id).where(mine))).scalars())

    async def note_forgotten(self, run_id: UUID, *, is_left: bool) -> None:
        """Write down that a forgotten run is left to do, or that it is not any more."""
        if is_left:
            this = {"tenant_id": self._tx.tenant, "run_id": run_id}
            await self._tx.session.execute(insert(forgotten_runs).values(this).on_conflict_do_nothing())
        else:
            mine = (forgotten_runs.c.tenant_id == self._tx.tenant, forgotten_runs.c.run_id == run_id)
            await self._tx.session.execute(delete(forgotten_runs).where(*mine))

    async def list_authors(self, run_id: UUID) -> list[str]:
        """Who asked for the run's items."""
        found = await self._tx.session.execute(
            select(airlock_items.c.requested_by).where(*self._named(run_id)).distinct()
        )
        return list(found.scalars())

    async def forget_authors(self, run_id: UUID) -> None:
        """Put another word where the run's items name who asked for them."""
        change = update(airlock_items).where(*self._named(run_id)).values(requested_by=ERASED)
        await self._tx.session.execute(change)

    def _named(self, run_id: UUID) -> tuple[ColumnElement[bool], ...]:
        table = airlock_items.c
        return table.tenant_id == self._tx.tenant, table.run_id == run_id, table.requested_by != ERASED

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
