"""The audit tables: a chain that is only ever added to, and the entries it vouches for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.db.work import Transaction
from sqlalchemy import func, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from compliance.models import audit_chain, audit_entries, audit_sources


@dataclass(frozen=True)
class Link:
    """One row of the chain."""

    seq: int
    entry_sha256: bytes
    prev: bytes
    hash: bytes
    recorded_at: datetime


@dataclass(frozen=True)
class Stored:
    """A link and its entry; `body` is None when it was blanked, `present` False when the row is gone."""

    link: Link
    present: bool
    salt: bytes | None
    body: str | None


class AuditTrail:
    """The trail of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._links = audit_chain.c.tenant_id == tx.tenant

    async def lock(self) -> None:
        """Be the only one who appends to this tenant's chain, until the transaction ends."""
        await self._tx.session.execute(
            text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"audit:{self._tx.tenant}"}
        )

    async def find_last(self) -> Link | None:
        """The newest link."""
        query = select(audit_chain).where(self._links).order_by(audit_chain.c.seq.desc()).limit(1)
        row = (await self._tx.session.execute(query)).first()
        return Link(row.seq, row.entry_sha256, row.prev, row.hash, row.recorded_at) if row else None

    async def add(self, stored: Sequence[Stored]) -> None:
        """Append links and entries."""
        tenant = self._tx.tenant
        await self._tx.session.execute(
            insert(audit_chain),
            [
                {
                    "tenant_id": tenant,
                    "seq": each.link.seq,
                    "entry_sha256": each.link.entry_sha256,
                    "prev": each.link.prev,
                    "hash": each.link.hash,
                    "recorded_at": each.link.recorded_at,
                }
                for each in stored
            ],
        )
        await self._tx.session.execute(
            insert(audit_entries),
            [{"tenant_id": tenant, "seq": each.link.seq, "salt": each.salt, "body": each.body} for each in stored],
        )

    async def list_numbers(self) -> Mapping[str, int]:
        """For each source the highest number it has used."""
        query = select(audit_sources.c.source, audit_sources.c.last_number)
        rows = await self._tx.session.execute(query.where(audit_sources.c.tenant_id == self._tx.tenant))
        return {row.source: row.last_number for row in rows}

    async def raise_numbers(self, numbers: Mapping[str, int]) -> None:
        """Remember the highest number of each source; a lower one changes nothing."""
        if not numbers:
            return
        statement = upsert(audit_sources)
        await self._tx.session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "source"],
                set_={"last_number": func.greatest(audit_sources.c.last_number, statement.excluded.last_number)},
            ),
            [
                {"tenant_id": self._tx.tenant, "source": source, "last_number": number}
                for source, number in sorted(numbers.items())
            ],
        )

    async def list_page(
        self, *, run_id: UUID | None, actor: str | None, action: str | None, after: tuple[int] | None, limit: int
    ) -> Sequence[Stored]:
        """Entries in order of the chain."""
        wanted = [
            column == value
            for column, value in (
                (audit_entries.c.run_id, str(run_id) if run_id else None),
                (audit_entries.c.actor, actor),
                (audit_entries.c.action, action),
            )
            if value is not None
        ]
        if after is not None:
            wanted.append(audit_chain.c.seq > after[0])
        return await self._list(*wanted, limit=limit)

    async def list_from(self, seq: int, *, limit: int) -> Sequence[Stored]:
        """Links from `seq` on with their entries, for recomputing."""
        return await self._list(audit_chain.c.seq >= seq, limit=limit)

    async def find_entry_beyond(self, seq: int) -> int | None:
        """The first entry after `seq`: one that has no link when `seq` is the chain's last."""
        query = select(func.min(audit_entries.c.seq)).where(
            audit_entries.c.tenant_id == self._tx.tenant, audit_entries.c.seq > seq
        )
        beyond: int | None = (await self._tx.session.execute(query)).scalar_one()
        return beyond

    async def _list(self, *wanted: object, limit: int) -> Sequence[Stored]:
        joined = audit_chain.outerjoin(
            audit_entries,
            (audit_chain.c.tenant_id == audit_entries.c.tenant_id) & (audit_chain.c.seq == audit_entries.c.seq),
        )
        query = (
            select(audit_chain, audit_entries.c.seq.label("entry_seq"), audit_entries.c.salt, audit_entries.c.body)
            .select_from(joined)
            .where(self._links, *wanted)  # type: ignore[arg-type]  # comparisons of columns, typed by each table
            .order_by(audit_chain.c.seq)
            .limit(limit)
        )
        return [
            Stored(
                link=Link(row.seq, row.entry_sha256, row.prev, row.hash, row.recorded_at),
                present=row.entry_seq is not None,
                salt=row.salt,
                body=row.body,
            )
            for row in await self._tx.session.execute(query)
        ]
