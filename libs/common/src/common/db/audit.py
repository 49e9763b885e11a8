"""Numbering audit entries: each service counts its own for each tenant, so that a suppressed entry shows as a gap."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from psycopg import sql

from common.contracts.audit import AuditEntry

if TYPE_CHECKING:
    from common.db.work import Transaction


async def number_entries(tx: Transaction, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    """The entries with the tenant's next numbers, from 1. A transaction that rolls back leaves no gap.

    Until this transaction ends, others of the tenant that number wait for it: call it last.
    """
    count = len(entries)
    counted = await tx.run(_count(str(tx.tables.audit_counters.schema)), {"tenant": tx.tenant, "count": count})
    first = counted[0]["seq"] - count + 1
    return [entry.model_copy(update={"source_seq": first + place}) for place, entry in enumerate(entries)]


@cache
def _count(schema: str) -> sql.Composed:
    return sql.SQL(
        "insert into {} as c (tenant_id, seq) values (%(tenant)s, %(count)s)"
        " on conflict (tenant_id) do update set seq = c.seq + excluded.seq returning seq"
    ).format(sql.Identifier(schema, "audit_counters"))
