"""What has been kept long enough: put into a signed, compressed file, blanked in the database, and deleted in the end.

The links of the chain stay, so it can be verified for ever. Everything is one transaction and one entry of the chain;
stopped in the middle, nothing has happened, and a repeat finds only what is still due.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from common.apart import for_each
from common.artifacts import Artifacts
from common.clock import Clock, rfc3339
from common.contracts.values import ArtifactRef, JsonObject
from common.db.work import Transaction, Work
from common.ids import new_id
from common.manifest import canonical_json
from common.observability.logging import get_logger

from compliance import trail
from compliance.keeping import Held, RetentionClass, class_of, is_due
from compliance.redaction import redacted
from compliance.repository.anchors import list_tenants
from compliance.repository.archives import Archive, Archives, Discards
from compliance.repository.audit import AuditTrail, Stored
from compliance.repository.holds import Holds
from compliance.signing import Signer

log = get_logger(__name__)
ACTOR = "service:compliance"
MEDIA_TYPE = "application/gzip"
BATCH = 500


@dataclass(frozen=True)
class _Due:
    """Entries of one class that go into one file."""

    kept: RetentionClass
    entries: Sequence[Stored]


class Retention:
    """The job. Any number of replicas may run it."""

    def __init__(
        self,
        work: Work,
        *,
        artifacts: Artifacts,
        signer: Signer,
        clock: Clock,
        classes: Sequence[RetentionClass],
        every_seconds: float,
    ) -> None:
        self._work = work
        self._artifacts = artifacts
        self._signer = signer
        self._clock = clock
        self._classes = classes
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(self._every_seconds)
            await self.look()

    async def look(self) -> None:
        """Archive and delete what is due, of all tenants."""
        async with self._work.system() as tx:
            tenants = await list_tenants(tx)
        for act in (self.discard, self.archive, self.delete):
            await for_each(tenants, act, what=f"retention.{act.__name__}")

    async def archive(self, tenant: str) -> int:
        """Archive what the tenant has that is due. → how many entries."""
        archived, after = 0, 0
        oldest = self._clock() - timedelta(days=min(kept.hot_days for kept in self._classes))
        while True:
            async with self._work.transaction(tenant, in_loop=True) as tx:
                await Holds(tx).lock()
                found = await AuditTrail(tx).list_full(after=after, before=oldest, limit=BATCH)
                for due in self._due(found, await Holds(tx).held()):
                    await self._put_away(tx, due)
                    archived += len(due.entries)
            if len(found) < BATCH:
                return archived
            after = found[-1].link.seq

    async def delete(self, tenant: str) -> int:
        """Delete the archives whose time is over, unless a hold covers something in them. → how many.

        One that cannot be read stays, because nobody knows what a hold covers in it; those behind it go.
        """
        now, deleted = self._clock(), 0
        async with self._work.transaction(tenant, in_loop=True) as tx:
            due = await Archives(tx).list_due(now)
        for archive in due:
            try:
                deleted += await self._delete(tenant, archive, now=now)
            except Exception:
                log.exception("audit.archive_left_behind", tenant=tenant, archive_id=str(archive.id))
        await self.discard(tenant)
        return deleted

    async def _delete(self, tenant: str, archive: Archive, *, now: datetime) -> bool:
        """→ whether it went, and by us."""
        async with self._work.transaction(tenant, in_loop=True) as tx:
            await Holds(tx).lock()
            held = await Holds(tx).held()
            if any(held.covers(line["entry"]) for line in await self._read(tenant, archive)):
                return False
            if not await Archives(tx).mark_deleted(archive.id, at=now):
                return False
            await Discards(tx).add(archive.sha256, at=now)
            detail: JsonObject = {"class": archive.kept, "sha256": archive.sha256, "entries": len(archive.seqs)}
            trail.note(
                tx, "audit.archive_deleted", actor=ACTOR, resource=f"archive:{archive.id}", at=now, detail=detail
            )
        return True

    async def discard(self, tenant: str) -> None:
        """Delete the files that no archive is any more, also those that a process left behind that was stopped.

        After the commit that says so: a row without a file would be a lie, and what is written down is found again.
        """
        async with self._work.transaction(tenant, in_loop=True) as tx:
            files = await Discards(tx).list_all()
        for sha256 in files:
            await self._artifacts.discard(tenant, sha256)
            async with self._work.transaction(tenant, in_loop=True) as tx:
                await Discards(tx).done(sha256)

    async def read_kept(self, tenant: str, *, since: datetime) -> AsyncIterator[dict[str, Any]]:
        """The lines of every archive that was made after `since` and is kept."""
        async with self._work.transaction(tenant) as tx:
            kept = await Archives(tx).list_kept()
        for archive in kept:
            if archive.archived_at >= since:
                for line in await self._read(tenant, archive):
                    yield line

    async def lines(self, tx: Transaction) -> AsyncIterator[dict[str, Any]]:
        """The lines of every archive of the transaction's tenant that is kept."""
        for archive in await Archives(tx).list_kept():
            for line in await self._read(tx.tenant, archive):
                yield line

    async def forget(
        self, tx: Transaction, user_id: str, *, spares: Callable[[JsonObject], bool] = lambda _entry: False
    ) -> None:
        """Write the tenant's archives anew without a person, but for the entries that `spares` says, and chain that.

        Call `discard` once the transaction has committed: until then the old files are there.
        """
        for archive in await Archives(tx).list_kept():
            lines = await self._read(tx.tenant, archive)
            without = [line if spares(line["entry"]) else _forgotten(line, user_id) for line in lines]
            if without == lines:
                continue
            now, file = self._clock(), _pack(without)
            await self._artifacts.put(tx.tenant, file.data, media_type=MEDIA_TYPE)
            signature = self._signer.sign(bytes.fromhex(file.sha256))
            await Archives(tx).replace(archive.id, sha256=file.sha256, size=len(file.data), signature=signature)
            await Discards(tx).add(archive.sha256, at=now)
            detail: JsonObject = {"sha256": file.sha256, "signature": base64.b64encode(signature).decode()}
            resource = f"archive:{archive.id}"
            trail.note(tx, "audit.archive_rewritten", actor=ACTOR, resource=resource, at=now, detail=detail)

    def _due(self, found: Sequence[Stored], held: Held) -> Sequence[_Due]:
        now = self._clock()
        by_class: dict[str, list[Stored]] = {}
        for stored in found:
            entry = orjson.loads(stored.body or "{}")
            kept = class_of(entry.get("action", ""), self._classes)
            if kept and is_due(stored.link.recorded_at, kept, now=now) and not held.covers(entry):
                by_class.setdefault(kept.name, []).append(stored)
        return [_Due(kept, by_class[kept.name]) for kept in self._classes if kept.name in by_class]

    async def _put_away(self, tx: Transaction, due: _Due) -> None:
        now = self._clock()
        file = _pack([_line(stored) for stored in due.entries])
        ref = await self._artifacts.put(tx.tenant, file.data, media_type=MEDIA_TYPE)
        newest = max(stored.link.recorded_at for stored in due.entries)
        archive = Archive(
            id=new_id(),
            kept=due.kept.name,
            seqs=tuple(stored.link.seq for stored in due.entries),
            sha256=ref.sha256,
            size=ref.size,
            kid=self._signer.kid,
            signature=self._signer.sign(bytes.fromhex(ref.sha256)),
            archived_at=now,
            delete_after=newest + timedelta(days=due.kept.archive_days),
            deleted_at=None,
        )
        await Archives(tx).add(archive)
        await AuditTrail(tx).blank(archive.seqs)
        detail: JsonObject = {
            "class": archive.kept,
            "sha256": archive.sha256,
            "size": archive.size,
            "kid": archive.kid,
            "signature": base64.b64encode(archive.signature).decode(),
            "delete_after": rfc3339(archive.delete_after),
            "blanked": [_residue(stored) for stored in due.entries],
        }
        await trail.chain(tx, "audit.archived", actor=ACTOR, resource=f"archive:{archive.id}", at=now, detail=detail)
        log.info("audit.archived", tenant=tx.tenant, entries=len(archive.seqs), archive_id=str(archive.id))

    async def _read(self, tenant: str, archive: Archive) -> list[dict[str, Any]]:
        ref = ArtifactRef(sha256=archive.sha256, size=archive.size, media_type=MEDIA_TYPE)
        text = gzip.decompress(await self._artifacts.get(tenant, ref))
        return [orjson.loads(line) for line in text.splitlines()]


@dataclass(frozen=True)
class _File:
    data: bytes
    sha256: str


def _pack(lines: Sequence[Mapping[str, Any]]) -> _File:
    # Without the time in its head the same entries are the same file.
    data = gzip.compress(b"".join(canonical_json(dict(line)) + b"\n" for line in lines), mtime=0)
    return _File(data, hashlib.sha256(data).hexdigest())


def _line(stored: Stored) -> dict[str, Any]:
    """A line of an archive: the link, and the entry byte for byte as it was chained."""
    row = stored.link
    return {
        "seq": row.seq,
        "recorded_at": rfc3339(row.recorded_at),
        "prev": row.prev.hex(),
        "hash": row.hash.hex(),
        "entry_sha256": row.entry_sha256.hex(),
        "salt": (stored.salt or b"").hex(),
        "body": stored.body,
        "entry": orjson.loads(stored.body or "{}"),
    }


def _forgotten(line: dict[str, Any], user_id: str) -> dict[str, Any]:
    kept = redacted(line["entry"], user_id)
    return line if kept is None else {**line, "salt": "", "body": None, "entry": kept}


def _residue(stored: Stored) -> dict[str, Any]:
    """What verification needs of an entry that is elsewhere now: its number, and whatever it excused itself."""
    entry = orjson.loads(stored.body or "{}")
    return {
        "seq": stored.link.seq,
        "source": entry["source"],
        "source_seq": entry["source_seq"],
        "action": entry["action"],
        "result": entry["result"],
        "at": entry["at"],
    }
