"""Writing to the audit trail: own entries in the transaction of what they tell of, others' as they arrive."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from common.asking import told_by
from common.clock import rfc3339, utc_now
from common.contracts.audit import AuditEntry
from common.contracts.values import JsonObject
from common.db.work import Transaction
from common.manifest import canonical_json
from common.observability.masking import masked

from compliance.chain import GENESIS, SALT_BYTES, SEAL_PREFIX, entry_sha256, link
from compliance.repository.audit import AuditTrail, Link, Stored
from compliance.signing import Signer

OWN = "compliance"
UNVERIFIED = "unverified"
_SAFE_INTEGER = 2**53 - 1
_OPTIONAL = ("request_id", "ip", "before_sha256", "after_sha256", "agent", "prompt_sha256")
"""Members that an entry has only where they are known."""


@dataclass(frozen=True)
class Record:
    """An entry with who sent it and in which message; our own come in none."""

    source: str
    entry: AuditEntry
    message_id: UUID | None = None


@dataclass(frozen=True)
class _Head:
    """The chain's end as this transaction has made it; nobody else may append meanwhile."""

    link: Link
    numbers: dict[str, int]


@dataclass
class _Sealing:
    signer: Signer | None = None


_sealing = _Sealing()


def seal_with(signer: Signer) -> None:
    """Seal everything that is appended in this process from now on. The wiring says it, once."""
    _sealing.signer = signer


async def append(tx: Transaction, records: Sequence[Record], *, now: datetime) -> Sequence[Link]:
    """Chain the records behind the tenant's last one. Until the transaction ends nobody else appends for this tenant.

    Take row locks before calling this, never after: that order keeps deadlocks away.
    """
    trail = AuditTrail(tx)
    known = tx.kept.get(_Head)
    last, numbers = (known.link, known.numbers) if known else await trail.begin()
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
    if stored and _sealing.signer is not None:
        # Everything before is in this hash, so one signature vouches for the whole chain up to here.
        head = stored[-1]
        seal = _sealing.signer.sign(SEAL_PREFIX + head.link.hash)
        stored[-1] = replace(head, link=replace(head.link, seal=seal))
    trail.add(stored, numbers=numbers)
    if stored:
        tx.kept[_Head] = _Head(stored[-1].link, numbers)
    if any(record.source == OWN for record in records):
        tx.note_recorded()
    return [each.link for each in stored]


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
    before_sha256: str | None = None,
    after_sha256: str | None = None,
    agent: str | None = None,
    prompt_sha256: str | None = None,
) -> Link:
    """Append one entry of our own. Which request it is and where that came from is added to it. → its link."""
    entry = AuditEntry(
        actor=actor,
        action=action,
        resource=resource,
        result=result,
        run_id=run_id,
        detail=masked(detail or {}),
        at=at,
        before_sha256=before_sha256,
        after_sha256=after_sha256,
        agent=agent,
        prompt_sha256=prompt_sha256,
    )
    [link_made] = await append(tx, [Record(OWN, told_by(entry))], now=at)
    return link_made


async def append_own(tx: Transaction, entries: Sequence[AuditEntry]) -> None:
    """Chain entries about requests at our own door."""
    await append(tx, [Record(OWN, entry) for entry in entries], now=utc_now())


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
            **{name: getattr(entry, name) for name in _OPTIONAL if getattr(entry, name) is not None},
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
