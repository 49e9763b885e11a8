"""How full the airlock is. What is open counts whole, and of what was decided the newest: more would grow for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.contracts.gates import ContentType, Priority
from common.db.work import Transaction
from sqlalchemy import ColumnElement, FromClause, func, select, union_all

from compliance.domain import ItemStatus
from compliance.models import airlock_items
from compliance.repository.visibility import is_visible

NEWEST = 1000
"""Items of a tenant, the newest ones, among which those count that are not open."""
_ITEM = airlock_items.c
_OPEN = ItemStatus.OPEN.value


@dataclass(frozen=True)
class Counts:
    """How full the airlock is: all that is open or held, and where the others among the newest 1,000 items stand."""

    by_status: Mapping[str, int]
    open_by_gate: Mapping[str, int]
    overdue: int
    held: int
    oldest_open_at: datetime | None


@dataclass(frozen=True)
class Tally:
    """How many items are alike in these."""

    status: ItemStatus
    priority: Priority
    content_type: ContentType | None
    items: int
    overdue: int


async def count(tx: Transaction, *, now: datetime) -> Counts:
    """Those of the transaction's tenant, as its viewer sees them."""
    counted = _counted(tx.tenant).c
    rows = await tx.session.execute(
        select(
            counted.status,
            counted.gate,
            func.count().label("items"),
            func.count().filter(counted.status == _OPEN, counted.due_at < now).label("overdue"),
            func.min(counted.opened_at).filter(counted.status == _OPEN).label("oldest"),
        ).group_by(counted.status, counted.gate)
    )
    by_status = {status.value: 0 for status in ItemStatus}
    by_gate: dict[str, int] = {}
    overdue = 0
    oldest: datetime | None = None
    for row in rows:
        by_status[row.status] += row.items
        overdue += row.overdue
        if row.oldest:
            by_gate[row.gate] = by_gate.get(row.gate, 0) + row.items
            oldest = min(oldest, row.oldest) if oldest else row.oldest
    held = select(func.count()).where(_ITEM.tenant_id == tx.tenant, is_visible(), _ITEM.held_at.is_not(None))
    return Counts(by_status, by_gate, overdue, (await tx.session.execute(held)).scalar_one(), oldest)


async def tally(tx: Transaction, *, assigned_to: str | None, now: datetime) -> Sequence[Tally]:
    """Those of the transaction's tenant, or of one assignee, by all three in which they are alike."""
    theirs = [_ITEM.assigned_to == assigned_to] if assigned_to is not None else []
    counted = _counted(tx.tenant, *theirs).c
    late = func.count().filter(counted.status == _OPEN, counted.due_at < now)
    alike = counted.status, counted.priority, counted.content_type
    query = select(*alike, func.count().label("items"), late.label("overdue")).group_by(*alike)
    return [
        Tally(
            ItemStatus(row.status),
            Priority(row.priority),
            ContentType(row.content_type) if row.content_type else None,
            row.items,
            row.overdue,
        )
        for row in await tx.session.execute(query)
    ]


def _counted(tenant: str, *wanted: ColumnElement[bool]) -> FromClause:
    """What is open, and what else there is among the newest. Two looks: each has an index that ends it."""
    columns: list[Any] = [_ITEM.status, _ITEM.gate, _ITEM.priority, _ITEM.content_type, _ITEM.opened_at, _ITEM.due_at]
    seen = select(*columns).where(_ITEM.tenant_id == tenant, is_visible(), *wanted)
    newest = seen.order_by(_ITEM.opened_at.desc(), _ITEM.id.desc()).limit(NEWEST).subquery()
    return union_all(seen.where(_ITEM.status == _OPEN), select(*newest.c).where(newest.c.status != _OPEN)).subquery(
        "counted"
    )
