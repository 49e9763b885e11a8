"""`/v1/uploads`: music, footage, pictures and logos that people bring along, with the terms they may be used on."""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Self

from common.artifacts import Artifacts
from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.contracts.uploads import UPLOAD_MEGABYTES, LicenceKind, UploadKind
from common.contracts.values import Sha256
from common.db.work import Work
from common.errors import Invalid, NotFound
from common.service.pages import STORABLE
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from producer.errors import UploadInUse
from producer.uploads import records
from producer.uploads.measuring import measure
from producer.uploads.uses import Users

PATH = "/v1/uploads"
Creator = Annotated[Principal, Depends(requires(Role.CREATOR))]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself. What it is, is found out by decoding it.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Terms(BaseModel):
    """What is said of an upload."""

    model_config = ConfigDict(extra="forbid")

    kind: UploadKind
    title: str = Field(
        min_length=1, max_length=120, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$", description="What it is called."
    )
    licence: LicenceKind
    licence_text: str = Field(
        default="",
        max_length=300,
        pattern=STORABLE,
        description="Under which licence; for `cc_by` which of them, such as CC BY 4.0.",
    )
    author: str = Field(default="", max_length=120, pattern=STORABLE, description="Who made it; `cc_by` needs it.")
    source: str = Field(
        default="",
        max_length=300,
        pattern=r"^(https?://[^\s\x00]+)?$",
        description="Where it is from; `cc_by` needs it.",
    )

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        needed = {
            LicenceKind.OWN: (),
            LicenceKind.LICENSED: ("licence_text",),
            LicenceKind.CC_BY: ("licence_text", "author", "source"),
        }[self.licence]
        if missing := [name for name in needed if not getattr(self, name).strip()]:
            raise ValueError(f"{self.licence.value} needs {', '.join(missing)}")
        return self

    @property
    def sentence(self) -> str:
        """The licence, in a sentence."""
        match self.licence:
            case LicenceKind.OWN:
                return "The uploader's own work."
            case LicenceKind.LICENSED:
                return f"Used under licence: {self.licence_text.strip()}"
            case LicenceKind.CC_BY:
                return f"{self.licence_text.strip()}; its author is named."

    @property
    def credit(self) -> str | None:
        """Who has to be named, as it is said in a post."""
        if self.licence is not LicenceKind.CC_BY:
            return None
        what = self.kind.value.capitalize()
        by = f"{self.author.strip()} ({self.licence_text.strip()})"
        return f"{what}: {self.title.strip()} by {by}, {self.source.strip()}"


class Upload(BaseModel):
    """An upload. A brief names it by its hash."""

    sha256: Sha256
    kind: UploadKind
    title: str
    size: int
    media_type: str
    duration_ms: int
    width: int
    height: int
    licence_kind: LicenceKind
    licence: str
    credit: str | None = Field(description="Who is named in the posts of films that use it.")
    created_at: datetime | None


def router(*, work: Work, artifacts: Artifacts, users: Users, scratch: Path, room: int, clock: Clock) -> APIRouter:
    """Routes of uploads."""
    routes = APIRouter(tags=["uploads"])

    @routes.post(
        PATH,
        status_code=201,
        summary=f"Bring music, footage or a logo along, at most {UPLOAD_MEGABYTES} MB",
        responses={200: {"model": Upload, "description": "It was there already."}, **refusals(403, 409, 413, 422)},
        openapi_extra=_BODY,
    )
    async def upload(request: Request, response: Response, terms: Annotated[Terms, Query()], caller: Creator) -> Upload:
        with tempfile.TemporaryDirectory(dir=scratch, prefix="upload-") as folder:
            path = Path(folder) / "upload"
            await _receive(request, path)
            found = await measure(path, terms.kind)
            sha256 = await asyncio.to_thread(_hash, path)
            async with work.transaction(caller.tenant) as tx:
                # Before it is stored: what was refused must not fill the store either.
                if not await records.is_there(tx, sha256, terms.kind):
                    await records.require_room(tx, path.stat().st_size, room=room)
            ref = await artifacts.put_file(caller.tenant, path, media_type=found.media_type)
            record = records.Record(
                kind=terms.kind,
                ref=ref,
                duration_ms=found.duration_ms,
                width=found.width,
                height=found.height,
                title=terms.title.strip(),
                licence_kind=terms.licence,
                licence=terms.sentence,
                credit=terms.credit,
            )
            async with work.transaction(caller.tenant) as tx:
                kept, is_new = await records.keep(tx, record, room=room)
                if is_new:
                    tx.audit(_entry("upload.kept", kept, caller, at=clock()))
                    # Who deleted the same upload just now may have taken the bytes since they were stored.
                    await artifacts.put_file(caller.tenant, path, media_type=found.media_type)
        response.status_code = 201 if is_new else 200
        return _shown(kept)

    @routes.get(PATH, summary="What was brought along, newest first")
    async def listed(caller: Creator) -> list[Upload]:
        async with work.transaction(caller.tenant) as tx:
            return [_shown(record) for record in await records.newest(tx)]

    @routes.delete(
        PATH + "/{kind}/{sha256}",
        status_code=204,
        summary="Delete an upload that nothing uses; its bytes go, unless a run has made something of them",
        responses=refusals(403, 404, 409, 503),
    )
    async def forget(kind: UploadKind, sha256: Sha256, caller: Creator) -> None:
        async with work.transaction(caller.tenant) as tx:
            if not await records.is_there(tx, sha256, kind):
                raise NotFound(f"There is no upload {sha256} of {kind}.")
        uses = await users.of(caller.tenant, sha256)
        if uses.by:
            raise UploadInUse(f"It is used by {', '.join(uses.by)}.", used_by=list(uses.by))
        async with work.transaction(caller.tenant) as tx:
            gone, is_last = await records.remove(tx, sha256, kind)
            tx.audit(_entry("upload.deleted", gone, caller, at=clock()))
            if is_last and not uses.is_kept:
                await artifacts.discard(caller.tenant, sha256)

    return routes


def _entry(action: str, record: records.Record, caller: Principal, *, at: datetime) -> AuditEntry:
    """What the tenant says about rights goes on record together with the file it is about."""
    return AuditEntry(
        actor=caller.user_id,
        action=action,
        resource=f"upload:{record.ref.sha256}",
        after_sha256=record.ref.sha256,
        detail={"kind": str(record.kind), "licence_kind": str(record.licence_kind)},
        at=at,
    )


async def _receive(request: Request, path: Path) -> None:
    """Write the body down as it comes. How much it may be is bounded at the door."""
    size = 0
    with path.open("wb") as file:
        async for piece in request.stream():
            size += len(piece)
            await asyncio.to_thread(file.write, piece)
    if size == 0:
        raise Invalid("There is no file in the request.")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _shown(record: records.Record) -> Upload:
    return Upload(
        sha256=record.ref.sha256,
        kind=record.kind,
        title=record.title,
        size=record.ref.size,
        media_type=record.ref.media_type,
        duration_ms=record.duration_ms,
        width=record.width,
        height=record.height,
        licence_kind=record.licence_kind,
        licence=record.licence,
        credit=record.credit,
        created_at=record.created_at,
    )
