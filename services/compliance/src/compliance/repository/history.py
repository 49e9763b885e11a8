"""What was decided on an item, and what happened to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from common.contracts.values import Decision, JsonObject
from common.db.work import Transaction
from sqlalchemy import Row, Select, select, tuple_

from compliance.models import airlock_decisions, item_events
from compliance.repository.items import DecisionRow, ItemEvent

_MADE = airlock_decisions.c.decided_at, airlock_decisions.c.id


class History:
    """Decisions and events of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    async def list_decisions(self, item_id: UUID, *, round: int | None = None) -> Sequence[DecisionRow]:
        """All decisions on an item, or those of one round, the first first."""
        query = self._decisions(item_id).order_by(*_MADE)
        if round is not None:
            query = query.where(airlock_decisions.c.round == round)
        return [_decision(row) for row in await self._tx.session.execute(query)]

    async def list_newest_decisions(
        self, item_id: UUID, *, before: tuple[datetime, UUID] | None = None, limit: int
    ) -> Sequence[DecisionRow]:
        """Decisions on an item, the newest first, behind `before`."""
        query = self._decisions(item_id).order_by(*(column.desc() for column in _MADE)).limit(limit)
        if before is not None:
            query = query.where(tuple_(*_MADE) < before)
        return [_decision(row) for row in await self._tx.session.execute(query)]

    async def list_contents_before(self, item_id: UUID) -> Sequence[JsonObject]:
        """What the item held before each edit, the first first."""
        table = airlock_decisions.c
        query = select(table.content_before).where(table.tenant_id == self._tx.tenant, table.item_id == item_id)
        rows = await self._tx.session.execute(query.order_by(*_MADE))
        return [row.content_before for row in rows if row.content_before is not None]

    async def list_events(self, item_id: UUID, *, after: int = 0) -> Sequence[ItemEvent]:
        """What happened to an item behind that place, the first first."""
        query = self._events(item_id).where(item_events.c.seq > after).order_by(item_events.c.seq)
        return [ItemEvent(*row) for row in await self._tx.session.execute(query)]

    async def list_newest_events(self, item_id: UUID, *, before: int | None = None, limit: int) -> Sequence[ItemEvent]:
        """What happened to an item before that place, the newest first."""
        query = self._events(item_id).order_by(item_events.c.seq.desc()).limit(limit)
        if before is not None:
            query = query.where(item_events.c.seq < before)
        return [ItemEvent(*row) for row in await self._tx.session.execute(query)]

    def _decisions(self, item_id: UUID) -> Select[*tuple[Any, ...]]:
        table = airlock_decisions.c
        return select(airlock_decisions).where(table.tenant_id == self._tx.tenant, table.item_id == item_id)

    def _events(self, item_id: UUID) -> Select[*tuple[Any, ...]]:
        table = item_events.c
        events = select(table.at, table.actor, table.what, table.note, table.seq)
        return events.where(table.tenant_id == self._tx.tenant, table.item_id == item_id)


def _decision(row: Row[*tuple[Any, ...]]) -> DecisionRow:
    return DecisionRow(
        id=row.id,
        decision=Decision(row.decision),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        comment=row.comment,
        edit=row.edit,
        sha256_before=row.sha256_before,
        manifest_sha256=row.manifest_sha256,
        policy_version=row.policy_version,
        stage=row.stage,
        closes=row.closes,
        round=row.round,
        in_place_of=row.in_place_of,
        accepted_downgrades=tuple(row.accepted_downgrades),
    )
