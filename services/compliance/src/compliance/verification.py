"""Recomputing an audit chain: does everything we stored still say what it said?"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from common.db.work import Work

from compliance.chain import GENESIS, entry_sha256, link
from compliance.repository.audit import AuditTrail, Stored
from compliance.trail import OWN

BATCH = 500
ERASED = "audit.erased"
GAPS_SHOWN = 20
TAIL_NOTE = (
    "Entries cut off the end can be proven missing only up to the last signed anchor, and there is none yet; "
    "what is compared instead is the highest number each source has used."
)


@dataclass(frozen=True)
class Gap:
    """Numbers of a source that no entry carries: suppressed, or still on their way."""

    source: str
    first: int
    last: int


@dataclass(frozen=True)
class Report:
    """What recomputing found. `first_bad_seq` is where the chain stops being trustworthy."""

    ok: bool
    entries: int
    first_bad_seq: int | None = None
    reason: str | None = None
    head: str | None = None
    blanked: int = 0
    gaps: tuple[Gap, ...] = ()
    tail: str = TAIL_NOTE


@dataclass
class _Walk:
    tenant: str
    seq: int = 0
    prev: bytes = GENESIS
    bad: tuple[int, str] | None = None
    blanked: set[int] = field(default_factory=set)
    excused: set[int] = field(default_factory=set)
    numbers: dict[str, set[int]] = field(default_factory=dict)


async def verify(work: Work, tenant: str) -> Report:
    """Recompute the tenant's whole chain. Entries that arrive meanwhile are included or not, never misjudged."""
    async with work.transaction(tenant) as tx:
        # Read before the chain: numbers written later belong to entries that the walk may not see.
        promised = await AuditTrail(tx).list_numbers()
    walk = _Walk(tenant)
    while walk.bad is None:
        async with work.transaction(tenant) as tx:
            batch = await AuditTrail(tx).list_from(walk.seq + 1, limit=BATCH)
            beyond = None if batch else await AuditTrail(tx).find_entry_beyond(walk.seq)
        for stored in batch:
            _step(walk, stored)
            if walk.bad:
                break
        if not batch:
            if beyond is not None:
                walk.bad = (walk.seq + 1, f"Entry {beyond} is there, but its link in the chain is gone.")
            break
    if walk.bad is None:
        walk.bad = _unexcused(walk) or _cut_off(walk, promised.get(OWN, 0))
    return Report(
        ok=walk.bad is None,
        entries=walk.seq,
        first_bad_seq=walk.bad and walk.bad[0],
        reason=walk.bad and walk.bad[1],
        head=walk.prev.hex() if walk.seq else None,
        blanked=len(walk.blanked),
        gaps=_gaps(walk),
    )


def _step(walk: _Walk, stored: Stored) -> None:
    row = stored.link
    if reason := _flaw(walk, stored):
        walk.bad = (min(row.seq, walk.seq + 1), reason)
        return
    walk.seq, walk.prev = row.seq, row.hash
    if stored.body is None:
        walk.blanked.add(row.seq)
        return
    body = json.loads(stored.body)
    if body["source"] == OWN and body["action"] == ERASED:
        walk.excused.update(body["detail"]["seqs"])
    if isinstance(body["source_seq"], int):
        walk.numbers.setdefault(body["source"], set()).add(body["source_seq"])


def _flaw(walk: _Walk, stored: Stored) -> str | None:
    row = stored.link
    if row.seq != walk.seq + 1:
        return f"Entry {walk.seq + 1} is gone from the chain."
    if row.prev != walk.prev:
        return f"Entry {row.seq} does not continue entry {row.seq - 1}."
    expected = link(
        row.prev, tenant=walk.tenant, seq=row.seq, recorded_at=row.recorded_at, entry_sha256=row.entry_sha256
    )
    if row.hash != expected:
        return f"The hash of entry {row.seq} is not that of its link."
    if not stored.present:
        return f"Entry {row.seq} was deleted; erasing one blanks it."
    if stored.salt is None or stored.body is None:
        return None
    unchanged = entry_sha256(stored.salt, stored.body.encode()) == row.entry_sha256
    return None if unchanged else f"Entry {row.seq} was changed after it was chained."


def _unexcused(walk: _Walk) -> tuple[int, str] | None:
    if missing := walk.blanked - walk.excused:
        seq = min(missing)
        return seq, f"Entry {seq} was blanked, and no chained `{ERASED}` entry says so."
    return None


def _cut_off(walk: _Walk, promised: int) -> tuple[int, str] | None:
    """Our own entries are numbered in the transaction that chains them, so not one may be missing."""
    missing = promised - len(walk.numbers.get(OWN, ()))
    if missing > len(walk.blanked):
        return walk.seq + 1, f"{missing} of the {promised} entries that {OWN} made itself are missing."
    return None


def _gaps(walk: _Walk) -> tuple[Gap, ...]:
    gaps: list[Gap] = []
    for source, numbers in sorted(walk.numbers.items()):
        expected = 1
        for number in sorted(numbers):
            if number > expected:
                gaps.append(Gap(source, expected, number - 1))
            expected = number + 1
    return tuple(gaps[:GAPS_SHOWN])
