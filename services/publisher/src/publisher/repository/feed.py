"""What the local feed holds: the platform's own record, apart from ours of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.contracts.publishing import PostContent
from common.contracts.values import JsonObject
from common.db.work import Transaction
from sqlalchemy import func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from publisher.models import feed_entries


@dataclass(frozen=True)
class FeedEntry:
    """A film on the local feed. `live_at` is None while nobody may see it."""

    id: UUID
    content: PostContent
    live_at: datetime | None

    @property
    def key(self) -> tuple[datetime, UUID]:
        """Where it stands on the feed. Raises `LookupError` while it does not."""
        if self.live_at is None:
            raise LookupError(f"film {self.id} is not on the feed")
        return self.live_at, self.id


class FeedEntries:
    """What the local feed holds: the platform's own record, apart from ours of it."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session
        self._tenant = tx.tenant

    async def stage(self, entry_id: UUID, content: JsonObject) -> None:
        """Take in a film without showing it. One that is shown stays as it is."""
        await self._session.execute(
            insert(feed_entries)
            .values(id=entry_id, tenant_id=self._tenant, content=content)
            .on_conflict_do_update(
                index_elements=["id"],
                set_={"content": content, "staged_at": func.now()},
                where=feed_entries.c.live_at.is_(None),
            )
        )

    async def show(self, entry_id: UUID) -> FeedEntry | None:
        """Show a film from now on; one that is shown keeps its instant. → None when there is no such film."""
        shown = await self._session.execute(
            update(feed_entries)
            .where(feed_entries.c.id == entry_id)
            .values(live_at=func.coalesce(feed_entries.c.live_at, func.now()))
            .returning(feed_entries)
        )
        found = shown.mappings().first()
        return None if found is None else _feed_entry(found)

    async def find(self, entry_id: UUID) -> FeedEntry | None:
        """One film, shown or not."""
        found = (
            (await self._session.execute(select(feed_entries).where(feed_entries.c.id == entry_id))).mappings().first()
        )
        return None if found is None else _feed_entry(found)

    async def list_live(self, *, limit: int, after: tuple[datetime, UUID] | None) -> list[FeedEntry]:
        """The next films that are shown, newest first."""
        statement = select(feed_entries).where(
            feed_entries.c.tenant_id == self._tenant, feed_entries.c.live_at.is_not(None)
        )
        if after is not None:
            statement = statement.where(tuple_(feed_entries.c.live_at, feed_entries.c.id) < after)
        found = await self._session.execute(
            statement.order_by(feed_entries.c.live_at.desc(), feed_entries.c.id.desc()).limit(limit)
        )
        return [_feed_entry(row) for row in found.mappings()]


def _feed_entry(row: Any) -> FeedEntry:
    return FeedEntry(row["id"], PostContent.model_validate(row["content"]), row["live_at"])
