"""Writing to the audit trail: own entries in the transaction of what they tell of, others' as they arrive.

An own entry commits with what it tells of and is chained a moment later, by `chaining.Chaining`: a chain has one end,
and a request that held it until its commit was on the disk would let the tenant's others wait. What excuses a change
of the trail itself is chained in the very transaction that makes the change.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from common.asking import told_by
from common.clock import rfc3339
from common.contracts.audit import AuditEntry
from common.contracts.values import SAFE_INTEGER, JsonObject
from common.db.work import Transaction
from common.manifest import canonical_json
from common.observability.logging import get_logger
from common.observability.masking import masked

from compliance.chain import GENESIS, SALT_BYTES, SEAL_PREFIX, entry_sha256, link
from compliance.repository.audit import AuditTrail, Link, Stored
from compliance.signing import Signer, is_sealed

log = get_logger(__name__)
OWN = "compliance"
UNVERIFIED = "unverified"
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
    keys: Mapping[str, bytes] = field(default_factory=dict)


_sealing = _Sealing()


def seal_with(signer: Signer, *, keys: Mapping[str, bytes]) -> None:
    """Seal what this process appends from now on, behind what one of `keys` sealed. The wiring says it, once."""
    _sealing.signer, _sealing.keys = signer, keys


async def append(tx: Transaction, records: Sequence[Record], *, now: datetime) -> Sequence[Link]:
    """Chain the records behind the tenant's last one. Until the transaction ends nobody else appends for this tenant.

    Take row locks before calling this, never after: that order keeps deadlocks away.
    """
    trail = AuditTrail(tx)
    known = tx.kept.get(_Head)
    last, numbers = (known.link, known.numbers) if known else await trail.begin()
    signer = _signer_behind(last, tenant=tx.tenant)
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
        seal = signer.sign(SEAL_PREFIX + hashed) if signer else None
        stored.append(Stored(Link(seq, digest, prev, hashed, recorded_at, seal), present=True, salt=salt, body=body))
        prev = hashed
    trail.add(stored, numbers=numbers)
    if stored:
        tx.kept[_Head] = _Head(stored[-1].link, numbers)
    return [each.link for each in stored]


def _signer_behind(last: Link | None, *, tenant: str) -> Signer | None:
    """Who seals what is appended behind `last`: nobody, when that is not sealed itself.

    A good seal vouches for everything before it. Whoever rewrote the chain in the database would otherwise only have to
    wait until we seal it for them; so it stays unsealed from there on, and the verifier names the place.
    """
    if last is not None and not is_sealed(last.hash, last.seal, _sealing.keys):
        log.error("audit.broken", tenant=tenant, reason=f"Entry {last.seq} is not sealed by our key.")
        return None
    return _sealing.signer


def note(
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
) -> None:
    """One entry of our own, on record if this commits. Which request it is and where that came from is added to it."""
    entry = AuditEntry(
        actor=actor,
        action=action,
        resource=resource,
        result=result,
        run_id=run_id,
        detail=detail or {},
        at=at,
        before_sha256=before_sha256,
        after_sha256=after_sha256,
    )
    put_aside(tx, [_as_told(entry)])


async def chain(
    tx: Transaction,
    action: str,
    *,
    actor: str,
    resource: str,
    at: datetime,
    detail: JsonObject,
) -> Link:
    """The same, but chained at once, and until this transaction ends nobody else is. → its link.

    For what changes the trail itself, and for who has to be told the hash.
    """
    entry = AuditEntry(actor=actor, action=action, resource=resource, detail=detail, at=at)
    [link_made] = await append(tx, [Record(OWN, _as_told(entry))], now=at)
    tx.note_recorded()
    return link_made


def put_aside(tx: Transaction, entries: Sequence[AuditEntry]) -> None:
    """Own entries, to be chained soon after this commits."""
    AuditTrail(tx).put_aside([_storable_json(entry) for entry in entries])
    tx.note_recorded()


def _storable_json(entry: AuditEntry) -> str:
    return entry.model_copy(update={"detail": _storable(entry.detail)}).model_dump_json()


def _as_told(entry: AuditEntry) -> AuditEntry:
    return told_by(entry.model_copy(update={"detail": masked(entry.detail)}))


async def record_requests(tx: Transaction, entries: Sequence[AuditEntry]) -> None:
    """Entries about requests at our own door."""
    put_aside(tx, entries)


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
    exact = isinstance(value, int) and abs(value) <= SAFE_INTEGER
    if value is None or exact or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value)
