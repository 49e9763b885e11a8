"""The part of the audit chain that a pack carries, computed anew.

    entry_sha256 = SHA-256(salt ‖ body)
    hash         = SHA-256(prev ‖ tenant ‖ seq ‖ recorded_at ‖ entry_sha256)

`tenant` is 4 bytes of length, big-endian, and UTF-8; `seq` 8 bytes; `recorded_at` 8 bytes, signed, in microseconds.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from verify.findings import Findings, Unreadable, read_json
from verify.keys import signed
from verify.texts import digest, micros, named, number, record, records, sequence, text

LINKS = "chain/links.ndjson"
SEGMENTS = "chain/segments.json"
ANCHORS = "chain/anchors.json"
ERASED_FILE = "chain/erased.json"
_SEAL = b"greenlight audit seal v1"


@dataclass(frozen=True)
class Entry:
    """Something that was done, as the chain vouches for it."""

    seq: int
    body: Mapping[str, Any]

    @property
    def detail(self) -> Mapping[str, Any]:
        """What it says besides who did what."""
        found = self.body.get("detail")
        return found if isinstance(found, dict) else {}


@dataclass
class Trail:
    """What the chain says about the run."""

    entries: list[Entry] = field(default_factory=list)
    kept: list[Entry] = field(default_factory=list)
    """What is left of entries that were erased: everything but who."""
    anchored_at: str | None = None
    lost: bool = False
    """Entries may be gone because their time was over."""

    def find(self, action: str, *, resource: str) -> list[Entry]:
        """Entries of this action about this resource, and what is kept of those that were erased."""
        return [
            entry
            for entry in (*self.entries, *self.kept)
            if entry.body.get("action") == action and entry.body.get("resource") == resource
        ]


@dataclass
class _Walk:
    tenant: str
    run_id: str
    keys: Mapping[str, bytes]
    findings: Findings
    trail: Trail
    erased: Mapping[int, Mapping[str, Any]]
    last_at: int = -(2**63)


def check_chain(
    files: Mapping[str, bytes], *, tenant: str, run_id: str, keys: Mapping[str, bytes], findings: Findings
) -> Trail:
    """Recompute every segment, hold it against its signed anchor, and read what it says about the run."""
    trail = Trail()
    try:
        segments = records(read_json(files[SEGMENTS]))
        anchors = records(read_json(files[ANCHORS]))
        erased = {number(each.get("seq")): each for each in records(read_json(files[ERASED_FILE]))}
    except Unreadable as error:
        findings.wrong(SEGMENTS, f"Segments, anchors or erased entries cannot be read. {error}")
        return trail
    walk = _Walk(tenant, run_id, keys, findings, trail, erased)
    lines = _lines(files[LINKS])
    for segment in segments:
        try:
            _check_segment(walk, segment, lines, anchors)
        except Unreadable as error:
            findings.wrong(LINKS, str(error))
            return trail
    if next(lines, None) is not None:
        findings.wrong(LINKS, "It has links that belong to no segment.")
    _say_erased(walk)
    return trail


def _lines(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.splitlines():
        yield record(read_json(line))


def _check_segment(
    walk: _Walk, segment: Mapping[str, Any], lines: Iterator[dict[str, Any]], anchors: Sequence[Mapping[str, Any]]
) -> None:
    first, last, prev = number(segment.get("first")), number(segment.get("last")), digest(segment.get("prev"))
    promised = {number(seq) for seq in sequence(segment.get("entries"))}
    if first == 1 and prev != bytes(32):
        walk.findings.wrong(SEGMENTS, "Entry 1 has a hash before it, where a chain begins.")
    told: set[int] = set()
    for seq in range(first, last + 1):
        line = next(lines, None)
        if line is None:
            walk.findings.wrong(LINKS, f"Entries {seq} to {last} are missing.")
            return
        found = number(line.get("seq"))
        if found != seq:
            walk.findings.wrong(
                LINKS, f"Entry {found} stands where entry {seq} must be: some are missing or reordered."
            )
            return
        prev = _check_link(walk, line, prev)
        if seq in promised and _read_entry(walk, line):
            told.add(seq)
    if missing := sorted(promised - told - walk.erased.keys()):
        walk.findings.wrong(LINKS, f"The text of entry {named(missing)} is missing, and nothing says it was erased.")
    _check_anchor(walk, last, prev, anchors)


def _check_link(walk: _Walk, line: Mapping[str, Any], prev: bytes) -> bytes:
    """→ the hash that the next link has to continue: the one that is written down, so that one flaw is one problem."""
    seq, at, entry = number(line.get("seq")), micros(line.get("recorded_at")), digest(line.get("entry_sha256"))
    written = digest(line.get("hash"))
    name = walk.tenant.encode()
    counted = len(name).to_bytes(4, "big") + name + seq.to_bytes(8, "big") + at.to_bytes(8, "big", signed=True)
    if hashlib.sha256(prev + counted + entry).digest() != written:
        walk.findings.wrong(LINKS, f"Entry {seq} does not continue the chain: its hash is not that of its link.")
    if at < walk.last_at:
        walk.findings.wrong(LINKS, f"Entry {seq} is older than the one before it.")
    walk.last_at = at
    seal = line.get("seal")
    if seal is not None and not _sealed(walk.keys, written, text(seal)):
        walk.findings.wrong(LINKS, f"The seal of entry {seq} is by none of the pack's keys.")
    return written


def _sealed(keys: Mapping[str, bytes], written: bytes, seal: str) -> bool:
    try:
        signature = base64.b64encode(bytes.fromhex(seal)).decode()
    except ValueError:
        return False
    return any(signed(key, data=_SEAL + written, signature=signature) for key in keys.values())


def _read_entry(walk: _Walk, line: Mapping[str, Any]) -> bool:
    """→ whether its text is there."""
    seq, salt, body = number(line.get("seq")), line.get("salt"), line.get("body")
    if body is None:
        return False
    entry = hashlib.sha256(digest(salt) + text(body).encode()).digest()
    if entry != digest(line.get("entry_sha256")):
        walk.findings.wrong(LINKS, f"The text of entry {seq} was changed after it was chained.")
    value = record(read_json(text(body).encode()))
    if value.get("run_id") != walk.run_id:
        walk.findings.wrong(LINKS, f"Entry {seq} is about another run.")
    walk.trail.entries.append(Entry(seq, value))
    return True


def _check_anchor(walk: _Walk, seq: int, written: bytes, anchors: Sequence[Mapping[str, Any]]) -> None:
    anchor = next((each for each in anchors if each.get("seq") == seq), None)
    if anchor is None:
        walk.findings.wrong(ANCHORS, f"There is no signed anchor of entry {seq}, where a segment ends.")
        return
    said = {"v": 1} | {name: anchor.get(name) for name in ("tenant", "seq", "hash", "at")}
    data = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    key = walk.keys.get(str(anchor.get("kid")))
    if key is None or not signed(key, data=data, signature=str(anchor.get("signature"))):
        walk.findings.wrong(ANCHORS, f"The anchor of entry {seq} is not signed by one of the pack's keys.")
    elif anchor.get("tenant") != walk.tenant:
        walk.findings.wrong(ANCHORS, f"The anchor of entry {seq} is another tenant's.")
    elif anchor.get("hash") != written.hex():
        walk.findings.wrong(ANCHORS, f"The anchor of entry {seq} has another hash: the chain was written anew.")
    else:
        walk.trail.anchored_at = str(anchor.get("at"))


def _say_erased(walk: _Walk) -> None:
    for seq, erased in sorted(walk.erased.items()):
        if isinstance(kept := erased.get("kept"), dict):
            walk.trail.kept.append(Entry(seq, kept))
        walk.findings.note(
            f"Entry {seq} was erased, because somebody asked to be forgotten; its place in the chain is whole, and "
            f"entry {erased.get('said_by')} of the same chain says so. What is kept of it: {_kept(erased)}."
        )


def _kept(erased: Mapping[str, Any]) -> str:
    kept = erased.get("kept")
    kept = kept if isinstance(kept, dict) else {}
    return f"{kept.get('action')}, {kept.get('result')}, at {kept.get('at')}"
