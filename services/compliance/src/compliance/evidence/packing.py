"""Making a pack: reading what compliance has, putting it beside what the orchestrator sent, and signing the list."""

from __future__ import annotations

import asyncio
import base64
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import orjson
from common.artifacts import Artifacts
from common.clock import Clock, rfc3339
from common.compute import ComputePool
from common.contracts.evidence import EvidenceArtifact, EvidenceOrder, RunRecord
from common.contracts.values import ArtifactType, JsonObject
from common.db.work import Transaction, Work
from common.errors import Invalid, NotFound
from common.service.serve import Platform

from compliance import trail
from compliance.audit import Audit
from compliance.evidence import words
from compliance.evidence.decisions import RunDecisions, read_decisions
from compliance.evidence.provenance import claim_for, manifest_of, sign_film
from compliance.evidence.researched import sources_of
from compliance.evidence.segments import EXPORTED, PutAway, RunTrail, read_trail
from compliance.evidence.zipping import Part, write_pack
from compliance.policies import Policies
from compliance.repository.archives import Archives

ACTOR = "service:compliance"
_CAN_CARRY_C2PA = "video/mp4"


@dataclass(frozen=True)
class _Parts:
    """What goes into the pack, by name; `files` are where bytes of artifacts are, by hash."""

    record: RunRecord
    decisions: RunDecisions
    trail: RunTrail
    files: Mapping[str, Path]
    policy: JsonObject


class Packing:
    """Packs of all tenants; each call is for one."""

    def __init__(
        self,
        work: Work,
        artifacts: Artifacts,
        *,
        audit: Audit,
        policies: Policies,
        compute: ComputePool,
        clock: Clock,
        folder: Path,
    ) -> None:
        self._work = work
        self._artifacts = artifacts
        self._audit = audit
        self._policies = policies
        self._compute = compute
        self._clock = clock
        self._folder = folder

    @asynccontextmanager
    async def pack(self, tenant: str, order: EvidenceOrder) -> AsyncIterator[Path]:
        """A file that is there as long as the context lasts. Who took it is on record. Raises `Invalid`, `NotFound`."""
        record = await self._record(tenant, order)
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="pack-", dir=self._folder))
        try:
            yield await self._make(tenant, order, record, folder)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _record(self, tenant: str, order: EvidenceOrder) -> RunRecord:
        data = await self._artifacts.get(tenant, order.record)
        # A long history takes longer to read than others should wait for.
        record = await asyncio.to_thread(RunRecord.model_validate_json, data)
        if record.run_id != order.run_id:
            raise Invalid("The record is of another run than the order.")
        return record

    async def _make(self, tenant: str, order: EvidenceOrder, record: RunRecord, folder: Path) -> Path:
        async with self._work.transaction(tenant) as tx:
            # Before the chain is read: whatever is decided meanwhile is in the chain, and not the other way round.
            decisions = await read_decisions(tx, order.run_id)
        record = _with_named(record, decisions, now := self._clock())
        async with self._work.transaction(tenant) as tx:
            trail.note(
                tx,
                EXPORTED,
                actor=order.requested_by,
                resource=f"run:{order.run_id}",
                at=now,
                run_id=order.run_id,
                detail={"full": order.full},
            )
        await self._audit.anchoring.anchor(tenant, actor=ACTOR)
        archived = await self._archived(tenant, record)
        async with self._work.transaction(tenant) as tx:
            run_trail = await read_trail(tx, order.run_id, archived=archived)
            lost = await self._is_beyond_retention(tx, record)
        wanted = [each for each in record.artifacts if order.full or each.ref.sha256 in decisions.decided_on]
        files = await self._fetched(tenant, wanted, folder)
        policy = await self._policy(tenant, decisions)
        parts = _Parts(record, decisions, run_trail, files, policy)
        copy = await self._signed_film(parts, folder)
        target = folder / "pack.zip"
        head: JsonObject = {
            "tenant": tenant,
            "run_id": str(order.run_id),
            "made_at": rfc3339(now),
            "state": "finished" if record.finished else "unfinished",
            "status": record.run["state"],
            "full": order.full,
            "kid": self._audit.signer.kid,
            "beyond_retention": lost,
        }
        await asyncio.to_thread(self._write, target, parts, copy, head)
        return target

    async def _archived(self, tenant: str, record: RunRecord) -> dict[int, PutAway]:
        """The run's entries that are in archives now."""
        lines = self._audit.retention.read_kept(tenant, since=_created(record))
        return {
            line["seq"]: PutAway(line["salt"], line["body"], line["entry"])
            async for line in lines
            if line["entry"].get("run_id") == str(record.run_id) and line["entry"].get("action") != EXPORTED
        }

    async def _is_beyond_retention(self, tx: Transaction, record: RunRecord) -> bool:
        """Whether archives of the run's time were deleted, so that entries of it may be gone for good."""
        return await Archives(tx).is_one_deleted(since=_created(record))

    async def _fetched(self, tenant: str, wanted: Sequence[EvidenceArtifact], folder: Path) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for artifact in wanted:
            try:
                found[artifact.ref.sha256] = await self._artifacts.fetch(tenant, artifact.ref, into=folder)
            except NotFound:
                # Its hash stays in the pack; that the bytes are gone is what is true.
                continue
        return found

    async def _policy(self, tenant: str, decisions: RunDecisions) -> JsonObject:
        active = await self._policies.active(tenant)
        return {
            "named": sorted({item["policy_version"] for item in decisions.items}),
            "in_force_when_packed": {
                "version": active.version,
                "packs": [{"name": pack.name, "version": pack.version, "digest": pack.digest} for pack in active.packs],
            },
        }

    async def _signed_film(self, parts: _Parts, folder: Path) -> dict[str, Part]:
        """A copy of the decided film with its C2PA manifest, and the certificate to check it by, if there is a film."""
        films = [
            artifact
            for artifact in parts.record.artifacts
            if artifact.type == ArtifactType.RENDERED_VIDEO
            and artifact.ref.media_type == _CAN_CARRY_C2PA
            and artifact.ref.sha256 in parts.decisions.decided_on
            and artifact.ref.sha256 in parts.files
        ]
        if not films:
            return {}
        film = films[-1]
        held = [item for item in parts.decisions.items if _names(parts, item, film.ref.sha256)]
        claim = claim_for(self._audit.signer, now=self._clock())
        manifest = manifest_of(
            film,
            parts.record.artifacts,
            run_id=str(parts.record.run_id),
            manifest_sha256=held[-1]["manifest_sha256"] if held else None,
        )
        copy = folder / "film.c2pa.mp4"
        await self._compute(sign_film, parts.files[film.ref.sha256], copy, manifest, claim)
        return {"c2pa/film.mp4": copy, "c2pa/root.pem": claim.root.encode()}

    def _write(self, target: Path, parts: _Parts, copy: Mapping[str, Part], head: JsonObject) -> None:
        write_pack(target, {**self._members(parts, head), **copy}, head=head, sign=self._signature)

    def _members(self, parts: _Parts, head: JsonObject) -> dict[str, Part]:
        record, run_trail = parts.record, parts.trail
        members: dict[str, Part] = {
            "README.txt": _readme(record, head).encode(),
            "keys.json": _document({"keys": [self._audit.signer.jwk(), *_others(self._audit)]}),
            "run/brief.json": _document(record.run["input"]),
            "run/run.json": _document(record.run),
            "run/definition.json": record.definition.encode(),
            "run/prompts.json": _document({**record.prompts, "note": words.OFFLINE}),
            "run/steps.json": _document(list(record.steps)),
            "run/history.ndjson": _lines(record.history),
            "run/costs.json": _document(_costs(record)),
            "run/sources.json": _document(sources_of(record.steps)),
            "run/posts.json": _document(list(record.posts)),
            "artifacts/index.json": _document([_listed(each, parts.files) for each in record.artifacts]),
            "airlock/items.json": _document(list(parts.decisions.items)),
            "policy.json": _document(parts.policy),
            "chain/segments.json": _document(list(run_trail.segments)),
            "chain/links.ndjson": _lines(run_trail.links),
            "chain/anchors.json": _document([anchor.view() for anchor in run_trail.anchors]),
            "chain/erased.json": _document(
                [{"seq": each.seq, "kept": each.kept, "said_by": each.said_by} for each in run_trail.erased]
            ),
        }
        members |= {f"airlock/manifests/{name}.json": data for name, data in parts.decisions.manifests.items()}
        for artifact in record.artifacts:
            if path := _path(artifact, parts.files):
                members[path] = parts.files[artifact.ref.sha256]
        return members

    def _signature(self, data: bytes) -> JsonObject:
        signer = self._audit.signer
        return {
            "kid": signer.kid,
            "public_key": signer.jwk()["x"],
            "signature": base64.b64encode(signer.sign(data)).decode(),
        }


def packing_of(platform: Platform, *, audit: Audit, policies: Policies) -> Packing:
    """Packing on the platform's servers."""
    return Packing(
        platform.work,
        platform.artifacts,
        audit=audit,
        policies=policies,
        compute=platform.compute,
        clock=platform.clock,
        folder=platform.scratch.path,
    )


def _with_named(record: RunRecord, decisions: RunDecisions, now: datetime) -> RunRecord:
    """The record with what was decided on and another run made, such as the one this was forked from."""
    known = {artifact.ref.sha256 for artifact in record.artifacts}
    others = [
        EvidenceArtifact(
            ref=ref,
            type="unknown",
            name=sha256,
            step="",
            made_by="not by this run",
            origin="unknown",
            licence=None,
            retention_class="run",
            announced_at=now,
        )
        for sha256, ref in sorted(decisions.decided_on.items())
        if sha256 not in known
    ]
    return record.model_copy(update={"artifacts": (*record.artifacts, *others)})


def _created(record: RunRecord) -> datetime:
    return datetime.fromisoformat(record.run["created_at"])


def _names(parts: _Parts, item: JsonObject, sha256: str) -> bool:
    manifest = parts.decisions.manifests.get(item["manifest_sha256"], b"")
    return sha256.encode() in manifest


def _others(audit: Audit) -> list[JsonObject]:
    """Keys that signed before the one that signs now."""
    return [
        {"crv": "Ed25519", "kty": "OKP", "x": base64.urlsafe_b64encode(key).rstrip(b"=").decode(), "kid": kid}
        for kid, key in sorted(audit.keys.items())
        if kid != audit.signer.kid
    ]


def _readme(record: RunRecord, head: JsonObject) -> str:
    status = record.run["status"]
    state = (words.FINISHED if record.finished else words.UNFINISHED).format(status=status)
    return words.README.format(state=state, **{name: head[name] for name in ("run_id", "tenant", "made_at", "kid")})


def _costs(record: RunRecord) -> JsonObject:
    steps = [{"step": each["step"], "cost_usd_micros": each["cost_usd_micros"]} for each in record.steps]
    return {"total_usd": record.run["cost_usd"], "unknown_usd": record.run["unknown_usd"], "steps": steps}


def _listed(artifact: EvidenceArtifact, files: Mapping[str, Path]) -> JsonObject:
    view = artifact.model_dump(mode="json", exclude={"ref"})
    return {**artifact.ref.model_dump(mode="json"), **view, "path": _path(artifact, files)}


def _path(artifact: EvidenceArtifact, files: Mapping[str, Path]) -> str | None:
    if artifact.ref.sha256 not in files:
        return None
    # The name is for people and comes from a worker; only its ending is taken, and only if it is plain.
    ending = PurePosixPath(artifact.name).suffix
    plain = ending if ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= 8 else ""
    return f"artifacts/{artifact.ref.sha256}{plain}"


def _document(value: Any) -> bytes:
    # For people to read, too. What was hashed elsewhere (manifests, entries, the definition) is not written anew.
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


def _lines(values: Sequence[JsonObject]) -> bytes:
    return b"".join(orjson.dumps(value, option=orjson.OPT_SORT_KEYS) + b"\n" for value in values)
