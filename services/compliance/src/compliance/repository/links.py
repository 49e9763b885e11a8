"""Links for people without an account, and the browsers that opened them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.db.work import Transaction
from sqlalchemy import Row, delete, func, insert, select, update

from compliance.errors import LinkGone
from compliance.guests import Grant, Key, Link
from compliance.models import review_links, review_visits

_SHOWN = [column for column in review_links.c if column.name not in {"tenant_id", "secret_sha256"}]


@dataclass(frozen=True)
class Lock:
    """What a key is tried on: whose it is, and the hash of the secret that fits."""

    tenant: str
    link_id: UUID
    secret_sha256: bytes


@dataclass(frozen=True)
class Visit:
    """A browser that opened a link. It counts as a use from `begun_at` on, when it came back with its cookie."""

    id: UUID
    link_id: UUID
    opened_at: datetime
    begun_at: datetime | None


class Links:
    """The links of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = review_links.c.tenant_id == tx.tenant

    async def add(self, link: Link, *, key: Key) -> None:
        """Keep a new link, and of its key the hash."""
        await self._tx.session.execute(
            insert(review_links).values(
                id=link.id,
                tenant_id=self._tx.tenant,
                item_id=link.item_id,
                secret_sha256=key.sha256,
                person=link.person,
                may=sorted(grant.value for grant in link.may),
                created_by=link.created_by,
                created_at=link.created_at,
                expires_at=link.expires_at,
                uses=link.uses,
            )
        )

    async def get(self, link_id: UUID, *, lock: bool = False, keep: bool = False) -> Link:
        """The link; with `lock` nobody else changes it until we are done, with `keep` others may only keep it as well.

        Raises `LinkGone`.
        """
        query = select(*_SHOWN).where(self._mine, review_links.c.id == link_id)
        if lock or keep:
            query = query.with_for_update(read=not lock)
        row = (await self._tx.session.execute(query)).first()
        if row is None:
            raise LinkGone("There is no such link.")
        return _link(row)

    async def list_before(self, item_id: UUID, before: UUID | None, *, limit: int) -> Sequence[Link]:
        """An item's links, the newest first."""
        query = select(*_SHOWN).where(self._mine, review_links.c.item_id == item_id)
        if before is not None:
            query = query.where(review_links.c.id < before)
        rows = await self._tx.session.execute(query.order_by(review_links.c.id.desc()).limit(limit))
        return [_link(row) for row in rows]

    async def count_live(self, item_id: UUID, *, now: datetime) -> int:
        """How many links to the item work."""
        query = select(func.count()).where(
            self._mine,
            review_links.c.item_id == item_id,
            review_links.c.revoked_at.is_(None),
            review_links.c.expires_at > now,
        )
        return (await self._tx.session.execute(query)).scalar_one()

    async def revoke(self, link_id: UUID, *, by: str, at: datetime) -> None:
        """It works no longer, and no browser that opened it does."""
        await self._tx.session.execute(
            update(review_links).where(self._mine, review_links.c.id == link_id).values(revoked_by=by, revoked_at=at)
        )

    async def add_visit(self, visit: Visit, *, key: Key) -> None:
        """Keep a browser that opened a link, and of its cookie the hash."""
        await self._tx.session.execute(
            insert(review_visits).values(
                id=visit.id,
                tenant_id=self._tx.tenant,
                link_id=visit.link_id,
                secret_sha256=key.sha256,
                opened_at=visit.opened_at,
            )
        )

    async def get_visit(self, visit_id: UUID) -> Visit:
        """The visit. Raises `LinkGone`."""
        table = review_visits.c
        query = select(table.id, table.link_id, table.opened_at, table.begun_at)
        query = query.where(table.tenant_id == self._tx.tenant, table.id == visit_id)
        row = (await self._tx.session.execute(query)).first()
        if row is None:
            raise LinkGone("There is no such visit.")
        return Visit(row.id, row.link_id, row.opened_at, row.begun_at)

    async def begin(self, visit: Visit, *, at: datetime) -> None:
        """Count a visit as a use. Its link is locked by this transaction."""
        await self._tx.session.execute(update(review_visits).where(review_visits.c.id == visit.id).values(begun_at=at))
        await self._tx.session.execute(
            update(review_links)
            .where(self._mine, review_links.c.id == visit.link_id)
            .values(used=review_links.c.used + 1, last_used_at=at)
        )

    async def drop_visits(self, link_id: UUID, *, opened_before: datetime) -> None:
        """Forget browsers that opened the link and never came back."""
        await self._tx.session.execute(
            delete(review_visits).where(
                review_visits.c.tenant_id == self._tx.tenant,
                review_visits.c.link_id == link_id,
                review_visits.c.begun_at.is_(None),
                review_visits.c.opened_at < opened_before,
            )
        )

    async def leave(self, visit_id: UUID) -> None:
        """Forget a browser."""
        await self._tx.session.execute(
            delete(review_visits).where(review_visits.c.tenant_id == self._tx.tenant, review_visits.c.id == visit_id)
        )


async def find_link_lock(tx: Transaction, link_id: UUID) -> Lock | None:
    """What a link's key is tried on. For a system transaction: who brings a link says no tenant."""
    table = review_links.c
    row = (await tx.session.execute(select(table.tenant_id, table.secret_sha256).where(table.id == link_id))).first()
    return Lock(row.tenant_id, link_id, bytes(row.secret_sha256)) if row else None


async def find_visit_lock(tx: Transaction, visit_id: UUID) -> Lock | None:
    """What a cookie's key is tried on. For a system transaction."""
    table = review_visits.c
    query = select(table.tenant_id, table.link_id, table.secret_sha256).where(table.id == visit_id)
    row = (await tx.session.execute(query)).first()
    return Lock(row.tenant_id, row.link_id, bytes(row.secret_sha256)) if row else None


def _link(row: Row[Any]) -> Link:
    values = {column.name: getattr(row, column.name) for column in _SHOWN}
    return Link(**values | {"may": frozenset(Grant(grant) for grant in row.may)})
