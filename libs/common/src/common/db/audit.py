"""Numbering audit entries: each service counts its own for each tenant, so that a suppressed entry shows as a gap."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from common.contracts.audit import AuditEntry


async def number_entries(
    session: AsyncSession, entries: Sequence[AuditEntry], *, tenant: str, counters: Table
) -> list[AuditEntry]:
    """The entries with the tenant's next numbers, from 1. A transaction that rolls back leaves no gap.

    Until this transaction ends, others of the tenant that number wait for it: call it last.
    """
    count = len(entries)
    counted = await session.execute(
        insert(counters)
        .values(tenant_id=tenant, seq=count)
        .on_conflict_do_update(index_elements=["tenant_id"], set_={"seq": counters.c.seq + count})
        .returning(counters.c.seq)
    )
    first = counted.scalar_one() - count + 1
    return [entry.model_copy(update={"source_seq": first + place}) for place, entry in enumerate(entries)]
