"""Marked copies of films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.db.work import Transaction
from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from compliance.guests import PreviewState
from compliance.models import review_previews


@dataclass(frozen=True)
class Preview:
    """How far one copy is. Only one that is ready has bytes."""

    key: str
    state: PreviewState
    lease_until: datetime | None = None
    sha256: str | None = None
    size: int | None = None


class Previews:
    """Those of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = review_previews.c.tenant_id == tx.tenant

    async def find(self, key: str) -> Preview | None:
        """The copy, if somebody has asked for it."""
        row = (
            await self._tx.session.execute(select(review_previews).where(self._mine, review_previews.c.key == key))
        ).first()
        return _preview(row) if row else None

    async def claim(self, key: str, *, source_sha256: str, at: datetime, lease_until: datetime, again: bool) -> bool:
        """Make it ours to make. → False when it is ready, others make it, or it failed and is not wanted `again`."""
        values = {
            "source_sha256": source_sha256,
            "state": PreviewState.MAKING.value,
            "lease_until": lease_until,
            "asked_at": at,
            "sha256": None,
            "size": None,
        }
        state = review_previews.c.state
        free = (state == PreviewState.MAKING.value) & (review_previews.c.lease_until <= at)
        if again:
            free |= state == PreviewState.FAILED.value
        claimed = await self._tx.session.execute(
            insert(review_previews)
            .values(tenant_id=self._tx.tenant, key=key, **values)
            .on_conflict_do_update(index_elements=["tenant_id", "key"], set_=values, where=free)
            .returning(review_previews.c.key)
        )
        return claimed.first() is not None

    async def finish(
        self,
        key: str,
        *,
        lease_until: datetime,
        state: PreviewState,
        sha256: str | None = None,
        size: int | None = None,
    ) -> bool:
        """Say how it went. → False when the lease was lost: somebody else makes it by now."""
        finished = await self._tx.session.execute(
            update(review_previews)
            .where(
                self._mine,
                review_previews.c.key == key,
                review_previews.c.state == PreviewState.MAKING.value,
                review_previews.c.lease_until == lease_until,
            )
            .values(state=state.value, sha256=sha256, size=size)
            .returning(review_previews.c.key)
        )
        return finished.first() is not None

    async def touch(self, key: str, *, at: datetime) -> None:
        """It was asked for."""
        await self._tx.session.execute(
            update(review_previews).where(self._mine, review_previews.c.key == key).values(asked_at=at)
        )

    async def forget(self, key: str) -> None:
        """Its bytes are gone; the next who asks has it made again."""
        await self._tx.session.execute(delete(review_previews).where(self._mine, review_previews.c.key == key))

    async def drop(self, *, asked_before: datetime) -> Sequence[str]:
        """Forget what nobody asked for. → the hashes whose bytes may go: no other copy has the same."""
        dropped = await self._tx.session.execute(
            delete(review_previews)
            .where(self._mine, review_previews.c.asked_at < asked_before)
            .returning(review_previews.c.sha256)
        )
        hashes = {row.sha256 for row in dropped if row.sha256}
        kept = await self._tx.session.execute(
            select(review_previews.c.sha256).where(self._mine, review_previews.c.sha256.in_(hashes))
        )
        return sorted(hashes - {row.sha256 for row in kept})


def _preview(row: Row[Any]) -> Preview:
    return Preview(row.key, PreviewState(row.state), row.lease_until, row.sha256, row.size)
