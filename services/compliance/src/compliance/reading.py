"""Reading the trail as a stream: exports that prove themselves, and the entries of a period for reports."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from common.clock import rfc3339
from common.contracts.values import JsonObject
from common.db.work import Work

from compliance.anchors import list_anchors
from compliance.repository.audit import AuditTrail, Stored, Wanted
from compliance.signing import Signer
from compliance.verification import BLANKING

FORMAT = "greenlight-audit-export/1"
BATCH = 500
COLUMNS = (
    "seq",
    "recorded_at",
    "actor",
    "action",
    "resource",
    "result",
    "run_id",
    "source",
    "request_id",
    "ip",
    "detail",
    "hash",
)
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


async def export_lines(work: Work, tenant: str, wanted: Wanted, *, signer: Signer) -> AsyncIterator[bytes]:
    """NDJSON: a head, every link of the period with the entries that were wanted, and an end that is signed.

    Links of entries that were not wanted are there without them, so that the hashes can be computed throughout.
    """
    head = {
        "format": FORMAT,
        "tenant": tenant,
        "key": signer.jwk(),
        "from": rfc3339(wanted.since) if wanted.since else None,
        "to": rfc3339(wanted.until) if wanted.until else None,
    }
    yield orjson.dumps(head) + b"\n"
    last: Stored | None = None
    entries = 0
    period = Wanted(since=wanted.since, until=wanted.until)
    async for stored in walk(work, tenant, period):
        matches = is_wanted(stored, wanted)
        entries += matches
        last = stored
        yield orjson.dumps(_line(stored, whole=matches)) + b"\n"
    async with work.transaction(tenant) as tx:
        anchors = [anchor.view() for anchor in await list_anchors(tx)]
    end: JsonObject = {
        "end": True,
        "entries": entries,
        "last_seq": last.link.seq if last else None,
        "hash": last.link.hash.hex() if last else None,
        "anchors": anchors,
    }
    signature = signer.sign(orjson.dumps(end, option=orjson.OPT_SORT_KEYS))
    yield orjson.dumps({**end, "kid": signer.kid, "signature": base64.b64encode(signature).decode()}) + b"\n"


async def export_csv(work: Work, tenant: str, wanted: Wanted) -> AsyncIterator[bytes]:
    """The wanted entries as a table, for people; what proves itself is the other form."""
    yield _row(COLUMNS)
    async for stored in walk(work, tenant, wanted):
        entry = orjson.loads(stored.body) if stored.body else {}
        shown = {
            **entry,
            "seq": stored.link.seq,
            "recorded_at": rfc3339(stored.link.recorded_at),
            "detail": orjson.dumps(entry.get("detail", {})).decode() if entry else "",
            "hash": stored.link.hash.hex(),
        }
        yield _row([shown.get(column) for column in COLUMNS])


async def walk(work: Work, tenant: str, wanted: Wanted) -> AsyncIterator[Stored]:
    """Every entry that is wanted, in order of the chain; no transaction is open while the reader is slow."""
    after: int | None = None
    while True:
        async with work.transaction(tenant) as tx:
            found = await AuditTrail(tx).list_page(wanted, after=after, limit=BATCH)
        for stored in found:
            yield stored
        if len(found) < BATCH:
            return
        after = found[-1].link.seq


class Source(StrEnum):
    """Where an entry of a period was found."""

    TRAIL = "trail"
    ARCHIVE = "archive"
    RESIDUE = "residue"
    """It was erased, or its archive was deleted: what was done, how it went and what does not name who is left."""


async def entries_between(
    work: Work, tenant: str, since: datetime, until: datetime, *, archived: AsyncIterator[JsonObject]
) -> AsyncIterator[tuple[JsonObject, Source]]:
    """What was done in a period: the trail's entries, and those that are in `archived`, lines of archives.

    What was blanked and is in no archive any more comes last, as what is kept of it.
    """
    residues: dict[int, JsonObject] = {}
    for action in sorted(BLANKING):
        async for stored in walk(work, tenant, Wanted(action=action)):
            for kept in _kept(orjson.loads(stored.body or "{}")):
                residues[kept["seq"]] = kept
    blanked: dict[int, datetime] = {}
    async for stored in walk(work, tenant, Wanted(since=since, until=until)):
        seq, at = stored.link.seq, stored.link.recorded_at
        if stored.body:
            yield {**orjson.loads(stored.body), "seq": seq, "recorded_at": at}, Source.TRAIL
        else:
            blanked[seq] = at
    async for line in archived:
        if (at_then := blanked.pop(line["seq"], None)) is not None:
            yield {**line["entry"], "seq": line["seq"], "recorded_at": at_then}, Source.ARCHIVE
    for seq, at in blanked.items():
        if seq in residues:
            yield {**residues[seq], "recorded_at": at}, Source.RESIDUE


def is_wanted(stored: Stored, wanted: Wanted) -> bool:
    """The same as the database's answer, for one that was read for another reason."""
    if stored.body is None:
        return wanted == Wanted(since=wanted.since, until=wanted.until)
    entry = orjson.loads(stored.body)
    action_fits = (
        wanted.action is None
        or entry["action"] == wanted.action
        or (wanted.action.endswith(".") and entry["action"].startswith(wanted.action))
    )
    return (
        action_fits
        and (wanted.actor is None or entry["actor"] == wanted.actor)
        and (wanted.resource is None or entry["resource"] == wanted.resource)
        and (wanted.run_id is None or entry["run_id"] == str(wanted.run_id))
        and (wanted.text is None or wanted.text.lower() in stored.body.lower())
    )


def _kept(entry: JsonObject) -> list[JsonObject]:
    found: list[JsonObject] = []
    for kept in entry.get("detail", {}).get("blanked", []):
        found += [kept, *_kept(kept)]
    return found


def _line(stored: Stored, *, whole: bool) -> dict[str, Any]:
    link = stored.link
    line: dict[str, Any] = {
        "seq": link.seq,
        "recorded_at": rfc3339(link.recorded_at),
        "prev": link.prev.hex(),
        "hash": link.hash.hex(),
        "entry_sha256": link.entry_sha256.hex(),
        "seal": link.seal.hex() if link.seal else None,
    }
    if whole:
        line |= {"salt": stored.salt.hex() if stored.salt else None, "body": stored.body}
    return line


def _row(values: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow([_cell(value) for value in values])
    return text.getvalue().encode()


def _cell(value: Any) -> str:
    """A spreadsheet computes what begins like a formula; whoever wrote it must not have it computed."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
