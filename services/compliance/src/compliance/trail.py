"""Writing to the audit trail: own entries in the transaction of what they tell of, others' as they arrive."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.clock import rfc3339
from common.contracts.audit import AuditEntry
from common.contracts.values import JsonObject
from common.db.work import Transaction
from common.manifest import canonical_json

from compliance.chain import GENESIS, SALT_BYTES, entry_sha256, link
from compliance.repository.audit import AuditTrail, Link, Stored

OWN = "compliance"
UNVERIFIED = "unverified"
_SAFE_INTEGER = 2**53 - 1


@dataclass(frozen=True)
class Record:
    """An entry with who sent it and in which message; our own come in none."""

    source: str
    entry: AuditEntry
    message_id: UUID | None = None


async def append(tx: Transaction, records: Sequence[Record], *, now: datetime) -> None:
    """Chain the records behind the tenant's last one. Until the transaction ends nobody else appends for this tenant.

    Take row locks before calling this, never after: that order keeps deadlocks away.
    """
    trail = AuditTrail(tx)
    await trail.lock()
    last = await trail.find_last()
    numbers = dict(await trail.list_numbers())
    prev = last.hash if last else GENESIS
    # A clock that was set back must not make the chain look reordered.
    recorded_at = max(now, last.recorded_at) if last else now
    stored: list[Stored] = []
    for seq, record in enumerate(records, start=last.seq + 1 if last else 1):
        number = numbers.get(OWN, 0) + 1 if record.source == OWN else record.entry.source_seq
        if number is not None:
            numbers[record.source] = max(number, numbers.get(record.source, 0))
        salt, body = secrets.token_bytes(SALT_BYTES), _body(record, number)
        digest = entry_sha256(salt, body.encode())
        hashed = link(prev, tenant=tx.tenant, seq=seq, recorded_at=recorded_at, entry_sha256=digest)
        stored.append(Stored(Link(seq, digest, prev, hashed, recorded_at), present=True, salt=salt, body=body))
        prev = hashed
    await trail.add(stored)
    await trail.raise_numbers(numbers)


async def note(
    tx: Transaction,
    action: str,
    *,
    actor: str,
    resource: str,
    at: datetime,
    result: str = "ok",
    run_id: UUID | None = None,
    detail: JsonObject | None = None,
) -> None:
    """Append one entry of our own."""
    entry = AuditEntry(
        actor=actor, action=action, resource=resource, result=result, run_id=run_id, detail=detail or {}, at=at
    )
    await append(tx, [Record(OWN, entry)], now=at)


def _body(record: Record, number: int | None) -> str:
    entry = record.entry
    return canonical_json(
        {
            "actor": entry.actor,
            "action": entry.action,
            "resource": entry.resource,
            "result": entry.result,
            "run_id": str(entry.run_id) if entry.run_id else None,
            "detail": _storable(entry.detail),
            "at": rfc3339(entry.at),
            "source": record.source,
            "source_seq": _storable(number),
            "message_id": str(record.message_id) if record.message_id else None,
        }
    ).decode()


def _storable(value: Any) -> Any:
    """The value in a form that RFC 8785 and PostgreSQL both take: an entry is kept, never refused for its detail."""
    if isinstance(value, dict):
        return {_storable(str(name)): _storable(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(member) for member in value]
    if isinstance(value, str):
        return value.replace("\0", "�").encode(errors="replace").decode()
    exact = isinstance(value, int) and abs(value) <= _SAFE_INTEGER
    if value is None or exact or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)
