"""The queue of items, in three orders, and the clocks of those that are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from common.contracts.gates import ContentType, Priority
from common.db.connection import Row
from common.db.spoken import Spoken, given, spoken
from common.db.work import Transaction
from common.viewing import Viewer, restricted_viewer
from sqlalchemy import ARRAY, Boolean, Column, ColumnElement, Integer, Text, and_, any_, cast, select, tuple_
from sqlalchemy.dialects.postgresql import array

from compliance.domain import ItemStatus
from compliance.models import airlock_items, note_replies, notes, open_gates
from compliance.places import NoteState
from compliance.repository.items import BODY, HEAD, Item, item_of, review_of
from compliance.repository.visibility import is_visible


class Order(StrEnum):
    """What comes first: what presses and risks most, what is due soonest, or what is oldest."""

    RISK = "risk"
    DUE = "due"
    AGE = "age"


class Clock(StrEnum):
    """What an open gate may be waiting for."""

    TIMEOUT = "timeout"
    REMIND = "remind"
    ESCALATE = "escalate"


@dataclass(frozen=True)
class Wanted:
    """Which items; without a member, any."""

    status: ItemStatus | None = None
    statuses: tuple[ItemStatus, ...] | None = None
    """Any of these."""
    gate: str | None = None
    run_id: UUID | None = None
    content_type: ContentType | None = None
    priority: Priority | None = None
    assigned_to: str | None = None
    claimed_by: str | None = None
    reminded: bool | None = None
    """Whether those who may decide were told that they should."""
    mentions: str | None = None
    """Somebody's user id: an open note on it, or a reply to one, names them."""

    @property
    def values(self) -> dict[str, Any]:
        """What is asked for, by name; lists as the database takes them."""
        said = {name: value for name, value in vars(self).items() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}

    @property
    def asked(self) -> frozenset[str]:
        """The names of what is asked for."""
        return frozenset(self.values)


_COLUMNS = ("status", "gate", "run_id", "content_type", "priority", "assigned_to", "claimed_by")
"""What is asked for by one value of a column."""
_KEYS: dict[Order, tuple[Column[Any], ...]] = {
    Order.RISK: (airlock_items.c.rank, airlock_items.c.opened_at, airlock_items.c.id),
    Order.DUE: (airlock_items.c.due_at, airlock_items.c.id),
    Order.AGE: (airlock_items.c.opened_at, airlock_items.c.id),
}
_CLOCKS = {
    Clock.TIMEOUT: open_gates.c.timeout_at,
    Clock.REMIND: open_gates.c.remind_at,
    Clock.ESCALATE: open_gates.c.escalate_at,
}
KEY_TYPES: dict[Order, tuple[type, ...]] = {
    Order.RISK: (int, datetime, UUID),
    Order.DUE: (datetime, UUID),
    Order.AGE: (datetime, UUID),
}


def key_of(row: Row, order: Order) -> tuple[Any, ...]:
    """Where an item stands in an order: the next page begins behind it."""
    return tuple(row[column.name] for column in _KEYS[order])


async def list_page(
    tx: Transaction, wanted: Wanted, *, order: Order, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Row]:
    """Items of the transaction's tenant, in that order, behind `after`. It is the last thing the transaction does.

    What each is, is under the names of `ItemHead`, and no head is made of it: fifty take longer than all else does.
    """
    query = _page(wanted.asked, order, is_first=after is None, viewer=restricted_viewer())
    begins = {f"after_{place}": part for place, part in enumerate(after or ())}
    asked = query.with_values(**wanted.values, **begins, tenant=tx.tenant, limit=limit)
    rows = await tx.conclude(*asked)
    for row in rows:
        row["review"] = review_of(row["review"])
    return rows


@lru_cache(maxsize=256)
def _page(asked: frozenset[str], order: Order, *, is_first: bool, viewer: Viewer | None) -> Spoken:
    """The query of a page, as the present viewer sees it; its index stands beside the table."""
    keys = _KEYS[order]
    query = select(*HEAD).where(_conditions(asked)).order_by(*keys).limit(given("limit", Integer()))
    if not is_first:
        query = query.where(tuple_(*keys) > tuple_(*(given(f"after_{n}", key.type) for n, key in enumerate(keys))))
    return spoken(query)


async def list_newest(tx: Transaction, wanted: Wanted, *, offset: int, limit: int) -> Sequence[Item]:
    """Items with what they hold, the newest first, without so many of them."""
    newest = airlock_items.c.opened_at.desc(), airlock_items.c.id.desc()
    query = select(*HEAD, *BODY).where(_conditions(wanted.asked)).order_by(*newest).limit(limit).offset(offset)
    rows = await tx.session.execute(query, wanted.values | {"tenant": tx.tenant})
    return [item_of(row) for row in rows.mappings()]


def _conditions(asked: frozenset[str]) -> ColumnElement[bool]:
    """What is asked for under these names, of a tenant that is given with it."""
    items = airlock_items.c
    conditions: list[ColumnElement[bool]] = [items[name] == given(name) for name in _COLUMNS if name in asked]
    if "statuses" in asked:
        conditions.append(items.status == any_(given("statuses", ARRAY(Text))))
    if "reminded" in asked:
        conditions.append(items.reminded_at.is_not(None) == given("reminded", Boolean()))
    if "mentions" in asked:
        conditions.append(_is_named(given("mentions", Text())))
    return and_(items.tenant_id == given("tenant"), is_visible(), *conditions)


def _is_named(user_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether an open note on the item, or a reply to one, names somebody."""
    named_in = cast(array([user_id]), ARRAY(Text))
    said = select(note_replies.c.id).where(
        note_replies.c.note_id == notes.c.id, note_replies.c.mentions.contains(named_in)
    )
    named = notes.c.mentions.contains(named_in) | said.exists()
    here = notes.c.tenant_id == airlock_items.c.tenant_id, notes.c.item_id == airlock_items.c.id
    return select(notes.c.id).where(*here, notes.c.state == NoteState.OPEN.value, named).exists()


async def list_due(tx: Transaction, clock: Clock, *, now: datetime, limit: int) -> Sequence[tuple[str, UUID]]:
    """Tenant and item of open gates of which that clock has run down, of all tenants. For a system transaction."""
    at = _CLOCKS[clock]
    rows = await tx.session.execute(
        select(open_gates.c.tenant_id, open_gates.c.item_id).where(at <= now).order_by(at).limit(limit)
    )
    return [(row.tenant_id, row.item_id) for row in rows]


async def stop_clock(tx: Transaction, item_id: UUID, clock: Clock) -> None:
    """That clock has rung."""
    gone = open_gates.update().where(open_gates.c.item_id == item_id).values({_CLOCKS[clock].name: None})
    await tx.session.execute(gone)
