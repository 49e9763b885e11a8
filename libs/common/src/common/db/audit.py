"""Numbering audit entries: each service counts its own for each tenant, so that a suppressed entry shows as a gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, LiteralString

from common.contracts.audit import AuditEntry
from common.db.connection import of_service

if TYPE_CHECKING:
    from common.db.work import Transaction

_COUNT: LiteralString = (
    "insert into {audit_counters} as c (tenant_id, seq) values (%(tenant)s, %(count)s)"
    " on conflict (tenant_id) do update set seq = c.seq + excluded.seq returning seq"
)


async def number_entries(tx: Transaction, entries: Sequence[AuditEntry]) -> list[AuditEntry]:
    """The entries with the tenant's next numbers, from 1. A transaction that rolls back leaves no gap.

    Until this transaction ends, others of the tenant that number wait for it: call it last.
    """
    count = len(entries)
    counting = of_service(_COUNT, str(tx.tables.audit_counters.schema))
    counted = await tx.run(counting, {"tenant": tx.tenant, "count": count})
    first = counted[0]["seq"] - count + 1
    return [entry.model_copy(update={"source_seq": first + place}) for place, entry in enumerate(entries)]
