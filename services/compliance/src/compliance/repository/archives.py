"""Archives of audit entries: which entries are in which file, and until when it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.db.work import Transaction
from sqlalchemy import Row, delete, exists, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.models import audit_archives, audit_discards


@dataclass(frozen=True)
class Archive:
    """One file. `kept` is the retention class of its entries, `seqs` are their numbers."""

    id: UUID
    kept: str
    seqs: tuple[int, ...]
    sha256: str
    size: int
    kid: str
    signature: bytes
    archived_at: datetime
    delete_after: datetime
    deleted_at: datetime | None


class Archives:
    """Those of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = audit_archives.c.tenant_id == tx.tenant

    async def add(self, archive: Archive) -> None:
        """Write down a file."""
        row = {
            "id": archive.id,
            "tenant_id": self._tx.tenant,
            "class": archive.kept,
            "seqs": list(archive.seqs),
            "sha256": archive.sha256,
            "size": archive.size,
            "kid": archive.kid,
            "signature": archive.signature,
            "archived_at": archive.archived_at,
            "delete_after": archive.delete_after,
        }
        await self._tx.session.execute(insert(audit_archives).values(row))

    async def replace(self, archive_id: UUID, *, sha256: str, size: int, signature: bytes) -> None:
        """It is another file now, with the same entries."""
        values = {"sha256": sha256, "size": size, "signature": signature}
        await self._tx.session.execute(
            update(audit_archives).where(self._mine, audit_archives.c.id == archive_id).values(values)
        )

    async def list_due(self, now: datetime) -> Sequence[Archive]:
        """Those whose time is over."""
        return await self._list(audit_archives.c.deleted_at.is_(None), audit_archives.c.delete_after <= now)

    async def list_kept(self) -> Sequence[Archive]:
        """Those that were not deleted."""
        return await self._list(audit_archives.c.deleted_at.is_(None))

    async def list_newest(self, *, before: UUID | None, limit: int) -> Sequence[Archive]:
        """Those there ever were, the newest first."""
        query = select(audit_archives).where(self._mine).order_by(audit_archives.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_archives.c.id < before)
        return [_archive(row) for row in await self._tx.session.execute(query)]

    async def is_one_deleted(self, *, since: datetime) -> bool:
        """Whether one that was made since then is deleted by now."""
        made = exists().where(self._mine, audit_archives.c.archived_at >= since)
        query = select(made.where(audit_archives.c.deleted_at.is_not(None)))
        return bool((await self._tx.session.execute(query)).scalar_one())

    async def mark_deleted(self, archive_id: UUID, *, at: datetime) -> bool:
        """→ False when somebody else was first."""
        changed = await self._tx.session.execute(
            update(audit_archives)
            .where(self._mine, audit_archives.c.id == archive_id, audit_archives.c.deleted_at.is_(None))
            .values(deleted_at=at)
            .returning(audit_archives.c.id)
        )
        return changed.first() is not None

    async def _list(self, *wanted: Any) -> Sequence[Archive]:
        query = select(audit_archives).where(self._mine, *wanted).order_by(audit_archives.c.id)
        return [_archive(row) for row in await self._tx.session.execute(query)]


def _archive(row: Row[*tuple[Any, ...]]) -> Archive:
    return Archive(
        row.id,
        row._mapping["class"],
        tuple(row.seqs),
        row.sha256,
        row.size,
        row.kid,
        bytes(row.signature),
        row.archived_at,
        row.delete_after,
        row.deleted_at,
    )


class Discards:
    """Files of the transaction's tenant that have to go, by hash."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = audit_discards.c.tenant_id == tx.tenant

    async def add(self, sha256: str, *, at: datetime) -> None:
        """Write down that a file has to go."""
        row = upsert(audit_discards).values(tenant_id=self._tx.tenant, sha256=sha256, asked_at=at)
        await self._tx.session.execute(row.on_conflict_do_nothing())

    async def list_all(self) -> Sequence[str]:
        """Those that have to go and may be there still, the first asked for first."""
        query = select(audit_discards.c.sha256).where(self._mine).order_by(audit_discards.c.asked_at)
        return (await self._tx.session.scalars(query)).all()

    async def done(self, sha256: str) -> None:
        """It is gone."""
        await self._tx.session.execute(delete(audit_discards).where(self._mine, audit_discards.c.sha256 == sha256))
