"""The part of the tenant's audit chain that is about one run, with what is needed to compute it anew.

The run's own entries are there as they were chained, salt and body; the links between them and up to the next signed
anchor are there without what they are about, because that is other people's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from common.clock import rfc3339
from common.contracts.values import JsonObject
from common.db.work import Transaction

from compliance.anchors import Anchor, list_anchors
from compliance.repository.audit import AuditTrail, Link, Stored, Wanted

BATCH = 1000
EXPORTED = "evidence.exported"
"""Who took a pack of the run is on record, and is no part of what the run did."""
_ERASING = "audit.erased"
_ARCHIVING = "audit.archived"


@dataclass(frozen=True)
class Erased:
    """An entry of the run that was blanked: what is kept of it, and which entry says so."""

    seq: int
    kept: JsonObject
    said_by: int


@dataclass(frozen=True)
class PutAway:
    """An entry of the run that is in an archive now. Without a body it was erased there, and `kept` is what is left."""

    salt: str
    body: str | None
    kept: JsonObject


@dataclass(frozen=True)
class RunTrail:
    """What the chain has about a run, each segment ending where an anchor is."""

    segments: Sequence[JsonObject]
    links: Sequence[JsonObject]
    anchors: Sequence[Anchor]
    erased: Sequence[Erased]


async def read_trail(tx: Transaction, run_id: UUID, *, archived: Mapping[int, PutAway]) -> RunTrail:
    """Everything up to the anchor behind the run's last entry. What came after the last anchor is left for later.

    `archived` are those of its entries that were put away, by number.
    """
    trail = AuditTrail(tx)
    entries = await _entries_of(trail, run_id)
    erased = [*await _erased_of(trail, run_id), *await _erased_in_archives(trail, archived)]
    own = {*entries, *archived, *(each.seq for each in erased)}
    anchors = await list_anchors(tx)
    segments: list[JsonObject] = []
    links: list[JsonObject] = []
    used: list[Anchor] = []
    for anchor, seqs in _by_anchor(sorted(own), anchors):
        found = await _links(trail, seqs[0], anchor.seq)
        segments.append({"first": seqs[0], "last": anchor.seq, "prev": found[0].prev.hex(), "entries": seqs})
        links += [_bare(link) | (_text(link.seq, entries, archived) if link.seq in own else {}) for link in found]
        used.append(anchor)
    return RunTrail(segments, links, used, erased)


async def _entries_of(trail: AuditTrail, run_id: UUID) -> dict[int, Stored]:
    found: dict[int, Stored] = {}
    after: int | None = None
    while True:
        page: Sequence[Stored] = await trail.list_page(Wanted(run_id=run_id), after=after, limit=BATCH)
        found |= {each.link.seq: each for each in page if orjson.loads(each.body or "{}").get("action") != EXPORTED}
        if len(page) < BATCH:
            return found
        after = page[-1].link.seq


async def _erased_of(trail: AuditTrail, run_id: UUID) -> list[Erased]:
    """A blanked entry does not say any more whose it was; what is kept of it does, in the entry that blanked it."""
    found: dict[int, Erased] = {}
    for stored in await trail.list_by_action(_ERASING):
        for kept in _kept(orjson.loads(stored.body or "{}")):
            if kept.get("run_id") == str(run_id) and kept.get("action") != EXPORTED:
                found[kept["seq"]] = Erased(kept["seq"], kept, stored.link.seq)
    return [found[seq] for seq in sorted(found)]


def _kept(entry: JsonObject) -> Iterator[JsonObject]:
    """What an entry says of those it blanked. One of them may have said so of others, before it was blanked itself."""
    for kept in entry.get("detail", {}).get("blanked", []):
        yield kept
        yield from _kept(kept)


async def _erased_in_archives(trail: AuditTrail, archived: Mapping[int, PutAway]) -> list[Erased]:
    gone = {seq for seq, entry in archived.items() if entry.body is None}
    if not gone:
        return []
    said_by = {
        kept["seq"]: stored.link.seq
        for stored in await trail.list_by_action(_ARCHIVING)
        for kept in orjson.loads(stored.body or "{}").get("detail", {}).get("blanked", [])
    }
    return [Erased(seq, archived[seq].kept, said_by[seq]) for seq in sorted(gone & said_by.keys())]


def _by_anchor(seqs: Sequence[int], anchors: Sequence[Anchor]) -> list[tuple[Anchor, list[int]]]:
    """The entries under the first anchor that vouches for each."""
    grouped: list[tuple[Anchor, list[int]]] = []
    waiting = list(seqs)
    for anchor in anchors:
        covered = [seq for seq in waiting if seq <= anchor.seq]
        if covered:
            grouped.append((anchor, covered))
            waiting = waiting[len(covered) :]
    return grouped


async def _links(trail: AuditTrail, first: int, last: int) -> list[Link]:
    found: list[Link] = []
    while first <= last and (page := await trail.list_links(first, last=last, limit=BATCH)):
        found += page
        first = page[-1].seq + 1
    return found


def _bare(link: Link) -> JsonObject:
    return {
        "seq": link.seq,
        "recorded_at": rfc3339(link.recorded_at),
        "entry_sha256": link.entry_sha256.hex(),
        "hash": link.hash.hex(),
        **({"seal": link.seal.hex()} if link.seal else {}),
    }


def _text(seq: int, entries: Mapping[int, Stored], archived: Mapping[int, PutAway]) -> JsonObject:
    """Salt and body of an entry of the run, from wherever they are; nulls where they were erased."""
    if stored := entries.get(seq):
        return {"salt": stored.salt.hex() if stored.salt else None, "body": stored.body}
    if put_away := archived.get(seq):
        return {"salt": put_away.salt or None, "body": put_away.body}
    return {"salt": None, "body": None}
