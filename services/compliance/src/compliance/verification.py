"""Recomputing an audit chain: does everything we stored still say what it said?

The hashes show what was changed without computing them anew. Who does compute them anew cannot make the seals, which
are signed with a key that the database does not hold; who cuts the end off is found out by an anchor kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from common.db.connection import Row
from common.db.work import Work

from compliance.anchors import Anchor, list_anchors
from compliance.chain import GENESIS, entry_sha256, link
from compliance.numbering import Gap, Numbers
from compliance.repository.audit import AuditTrail
from compliance.signing import is_sealed
from compliance.trail import OWN, UNVERIFIED

BATCH = 500
BLANKING = frozenset({"audit.erased", "audit.archived"})
"""Own entries whose detail says, member `blanked`, which bodies are gone and what is kept of each."""


@dataclass(frozen=True)
class Report:
    """What recomputing found. `first_bad_seq` is where the chain stops being trustworthy.

    Where it cannot be known exactly, it lies between `first_bad_seq` and `last_bad_seq`.
    """

    ok: bool
    entries: int
    first_bad_seq: int | None = None
    last_bad_seq: int | None = None
    reason: str | None = None
    head: str | None = None
    blanked: int = 0
    gaps: tuple[Gap, ...] = ()
    anchored_seq: int | None = None
    anchors: int = 0
    tail: str = ""


@dataclass(frozen=True)
class _Flaw:
    first: int
    reason: str
    last: int | None = None


@dataclass
class _Walk:
    tenant: str
    seq: int = 0
    prev: bytes = GENESIS
    seal: bytes | None = None
    hashes: dict[int, bytes] = field(default_factory=dict)
    """At the places that anchors speak of."""
    blanked: set[int] = field(default_factory=set)
    excused: set[int] = field(default_factory=set)
    numbers: Numbers = field(default_factory=Numbers)


async def verify(work: Work, tenant: str, *, keys: Mapping[str, bytes], given: Sequence[Anchor] = ()) -> Report:
    """Recompute the tenant's whole chain, and hold it against our anchors and those that somebody kept (`given`).

    Entries that arrive meanwhile are included or not, never misjudged.
    """
    async with work.transaction(tenant) as tx:
        # Read before the chain: numbers written later belong to entries that the walk may not see.
        promised = await AuditTrail(tx).list_numbers()
        anchors = [*await list_anchors(tx), *given]
    walk = _Walk(tenant, hashes={anchor.seq: b"" for anchor in anchors})
    flaw = await _recompute(work, walk)
    if flaw is None:
        async with work.transaction(tenant) as tx:
            used = await AuditTrail(tx).list_numbers()
        flaw = _unexcused(walk) or _not_used(walk, used)
    if flaw is None and walk.seq and not is_sealed(walk.prev, walk.seal, keys):
        flaw = await _find_unsealed(work, walk, keys)
    proven, against = _held_against(walk, anchors, keys)
    flaw = flaw or against or _cut_off(walk, promised.get(OWN, 0))
    return Report(
        ok=flaw is None,
        entries=walk.seq,
        first_bad_seq=flaw.first if flaw else None,
        last_bad_seq=(flaw.last or flaw.first) if flaw else None,
        reason=flaw.reason if flaw else None,
        head=walk.prev.hex() if walk.seq else None,
        blanked=len(walk.blanked),
        gaps=walk.numbers.gaps(),
        anchored_seq=proven,
        anchors=len(anchors),
        tail=_tail(proven, walk.seq),
    )


async def flaw_since(work: Work, tenant: str, anchor: Anchor | None, *, keys: Mapping[str, bytes]) -> str | None:
    """What is wrong with the chain behind an anchor, in a sentence; None when nothing is."""
    walk = _Walk(tenant, seq=anchor.seq, prev=bytes.fromhex(anchor.hash)) if anchor else _Walk(tenant)
    flaw = await _recompute(work, walk)
    if flaw is None and anchor is not None and walk.seq == anchor.seq:
        async with work.transaction(tenant) as tx:
            last = await AuditTrail(tx).find_last()
        if last is None or last.seq < anchor.seq:
            return f"Entries up to {anchor.seq} were there, as an anchor says, and are gone."
    if flaw is None and walk.seq and not is_sealed(walk.prev, walk.seal, keys):
        flaw = await _find_unsealed(work, walk, keys)
    return flaw.reason if flaw else None


async def _recompute(work: Work, walk: _Walk) -> _Flaw | None:
    while True:
        async with work.transaction(walk.tenant) as tx:
            batch = await AuditTrail(tx).list_from(walk.seq + 1, limit=BATCH)
            beyond = None if batch else await AuditTrail(tx).find_entry_beyond(walk.seq)
        for row in batch:
            if flaw := _step(walk, row):
                return flaw
        if not batch:
            if beyond is not None:
                return _Flaw(walk.seq + 1, f"Entry {beyond} is there, but its link in the chain is gone.")
            return None


def _step(walk: _Walk, row: Row) -> _Flaw | None:
    seq: int = row["seq"]
    if reason := _reason(walk, row):
        return _Flaw(min(seq, walk.seq + 1), reason)
    walk.seq, walk.prev, walk.seal = seq, row["hash"], row["seal"]
    if seq in walk.hashes:
        walk.hashes[seq] = row["hash"]
    if row["body"] is None:
        walk.blanked.add(seq)
        return None
    body = orjson.loads(row["body"])
    source, number = body["source"], body["source_seq"]
    # Anybody who may speak at all may claim any number as somebody unknown; that must not break the chain.
    if isinstance(number, int) and not walk.numbers.add(source, number) and source != UNVERIFIED:
        return _Flaw(seq, f"Entry {seq} repeats number {number} of {source}, which another entry carries.")
    _excuse(walk, body)
    return None


def _excuse(walk: _Walk, body: dict[str, Any]) -> None:
    """Take note of what an entry says about blanked ones. One of them may itself have said so about others."""
    if body["source"] != OWN or body["action"] not in BLANKING:
        return
    for kept in body["detail"]["blanked"]:
        walk.excused.add(kept["seq"])
        if isinstance(kept["source_seq"], int):
            walk.numbers.add(kept["source"], kept["source_seq"])
        _excuse(walk, kept)


def _reason(walk: _Walk, row: Row) -> str | None:
    seq = row["seq"]
    if seq != walk.seq + 1:
        return f"Entry {walk.seq + 1} is gone from the chain."
    if row["prev"] != walk.prev:
        return f"Entry {seq} does not continue entry {seq - 1}."
    digest = row["entry_sha256"]
    if row["hash"] != link(walk.prev, tenant=walk.tenant, seq=seq, recorded_at=row["recorded_at"], entry_sha256=digest):
        return f"The hash of entry {seq} is not that of its link."
    if row["entry_seq"] is None:
        return f"Entry {seq} was deleted; erasing one blanks it."
    if row["salt"] is None or row["body"] is None:
        return None
    unchanged = entry_sha256(row["salt"], row["body"].encode()) == digest
    return None if unchanged else f"Entry {seq} was changed after it was chained."


async def _find_unsealed(work: Work, walk: _Walk, keys: Mapping[str, bytes]) -> _Flaw:
    """The hashes fit and the head's seal does not: from some entry on the chain was written by somebody else.

    A good seal vouches for all before it, so the first bad one is found by halving.
    """
    good, bad = 0, walk.seq
    while bad - good > 1:
        middle = (good + bad) // 2
        async with work.transaction(walk.tenant) as tx:
            sealed = await AuditTrail(tx).find_sealed(middle)
        if sealed is None or sealed.seq >= bad:
            bad = middle
        elif is_sealed(sealed.hash, sealed.seal, keys):
            good = sealed.seq
        else:
            bad = middle
    return _Flaw(
        good + 1, f"From entry {good + 1} on the chain was written anew: its seals are not ours.", max(good + 1, bad)
    )


def _held_against(walk: _Walk, anchors: Sequence[Anchor], keys: Mapping[str, bytes]) -> tuple[int | None, _Flaw | None]:
    """Up to which entry anchors prove that the chain is as it was, and what they prove that it is not."""
    proven = 0
    known = dict(keys)
    for anchor in sorted(anchors, key=lambda each: each.seq):
        if anchor.tenant != walk.tenant:
            return proven or None, _Flaw(anchor.seq, f"The anchor of entry {anchor.seq} is another tenant's.")
        if not anchor.is_genuine(known):
            return proven or None, _Flaw(anchor.seq, f"The anchor of entry {anchor.seq} is not signed by our key.")
        if anchor.seq > walk.seq:
            reason = f"Entries {walk.seq + 1} to {anchor.seq} were cut off: an anchor proves that they were there."
            return proven or None, _Flaw(walk.seq + 1, reason, anchor.seq)
        if walk.hashes[anchor.seq].hex() != anchor.hash:
            reason = (
                f"The chain was written anew somewhere between entries {proven + 1} and {anchor.seq}: "
                f"an anchor has another hash for entry {anchor.seq}."
            )
            return proven or None, _Flaw(proven + 1, reason, anchor.seq)
        proven = anchor.seq
    return proven or None, None


def _unexcused(walk: _Walk) -> _Flaw | None:
    if missing := walk.blanked - walk.excused:
        seq = min(missing)
        return _Flaw(seq, f"Entry {seq} was blanked, and no chained entry says so.")
    return None


def _not_used(walk: _Walk, used: Mapping[str, int]) -> _Flaw | None:
    """The counters are raised together with the chain, so no entry may carry a number that is above."""
    for source, highest in walk.numbers.highest().items():
        if highest > used.get(source, 0):
            return _Flaw(walk.seq, f"An entry carries number {highest} of {source}, which its counter never reached.")
    return None


def _cut_off(walk: _Walk, promised: int) -> _Flaw | None:
    """Our own entries are numbered in the transaction that chains them, so not one may be missing."""
    missing = promised - walk.numbers.count(OWN)
    if missing > 0:
        reason = f"{missing} of the {promised} entries that {OWN} made itself are missing."
        return _Flaw(walk.seq + 1, reason)
    return None


def _tail(proven: int | None, entries: int) -> str:
    if proven is None:
        known = "there is no anchor yet"
    elif proven >= entries - 1:
        known = f"the newest one is of entry {proven}, so nothing up to there is missing"
    else:
        known = f"the newest one is of entry {proven}; of what came after it, entries cut off the end would not show"
    return (
        "Entries cut off the end can be proven missing only up to the last signed anchor: " + known + ". "
        "Anchors kept in the same database can be deleted with them; hold it against anchors kept elsewhere "
        "(`greenlight audit verify --anchors FILE`)."
    )
