"""The tenant's uploads: all SQL of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from common.contracts.uploads import Brought, LicenceKind, UploadKind
from common.contracts.values import ArtifactRef
from common.db.work import Transaction
from common.errors import NotFound
from sqlalchemy import delete, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert

from producer.errors import UploadedOtherwise, UploadsFull, UploadUnknown
from producer.models import uploads

LISTED = 200


@dataclass(frozen=True)
class Record:
    """One upload, with the terms that were said of it."""

    kind: UploadKind
    ref: ArtifactRef
    duration_ms: int
    width: int
    height: int
    title: str
    licence_kind: LicenceKind
    licence: str
    credit: str | None
    created_at: datetime | None = None

    @property
    def brought(self) -> Brought:
        """As a film uses it."""
        return Brought(ref=self.ref, licence=self.licence, credit=self.credit, duration_ms=self.duration_ms)


async def keep(tx: Transaction, record: Record, *, room: int) -> tuple[Record, bool]:
    """Write it down. → it, and whether it is new: the same bytes on the same terms are there once.

    Raises `UploadedOtherwise` for other terms, `UploadsFull` beyond `room` bytes in all of the tenant's uploads.
    """
    # Two uploads at once must not both find the last of the room.
    await _lock(tx)
    if (there := await _find(tx, record.ref.sha256, record.kind)) is not None:
        if (there.licence_kind, there.licence, there.credit) != (record.licence_kind, record.licence, record.credit):
            said = f"The same file was uploaded before on these terms: {there.licence}"
            raise UploadedOtherwise(said[:500])
        return there, False
    await require_room(tx, record.ref.size, room=room)
    row = {
        "tenant_id": tx.tenant,
        "kind": record.kind,
        "sha256": record.ref.sha256,
        "size": record.ref.size,
        "media_type": record.ref.media_type,
        "duration_ms": record.duration_ms,
        "width": record.width,
        "height": record.height,
        "title": record.title,
        "licence_kind": record.licence_kind,
        "licence": record.licence,
        "credit": record.credit,
    }
    made = await tx.session.execute(insert(uploads).values(row).returning(*uploads.c))
    return _record(made.mappings().one()), True


async def remove(tx: Transaction, sha256: str, kind: UploadKind) -> tuple[Record, bool]:
    """Take it off the list. → it, and whether the tenant's uploads name its bytes no more.

    Raises `NotFound`. Until the end of `tx` nobody uploads the same bytes again.
    """
    await _lock(tx)
    mine = (uploads.c.tenant_id == tx.tenant, uploads.c.sha256 == sha256)
    gone = await tx.session.execute(delete(uploads).where(*mine, uploads.c.kind == kind).returning(*uploads.c))
    row = gone.mappings().first()
    if row is None:
        raise NotFound(f"There is no upload {sha256} of {kind}.")
    others = await tx.session.execute(select(exists().where(*mine)))
    return _record(row), not others.scalar_one()


async def _lock(tx: Transaction) -> None:
    await tx.session.execute(
        text("select pg_advisory_xact_lock(hashtextextended('uploads ' || :t, 0))"), {"t": tx.tenant}
    )


async def require_room(tx: Transaction, size: int, *, room: int) -> None:
    """Return when so many bytes more may be kept. Raises `UploadsFull`."""
    taken = (await tx.session.execute(select(func.coalesce(func.sum(uploads.c.size), 0)))).scalar_one()
    if taken + size > room:
        raise UploadsFull(f"Uploads take {taken} of {room} bytes; there is no room for {size} more.")


async def is_there(tx: Transaction, sha256: str, kind: UploadKind) -> bool:
    """Whether the tenant has these bytes as that."""
    return await _find(tx, sha256, kind) is not None


async def newest(tx: Transaction) -> list[Record]:
    """The tenant's uploads, newest first; at most `LISTED`."""
    order = (uploads.c.created_at.desc(), uploads.c.sha256)
    found = await tx.session.execute(select(uploads).order_by(*order).limit(LISTED))
    return [_record(row) for row in found.mappings()]


async def require(tx: Transaction, sha256: str, kind: UploadKind) -> Record:
    """The upload that a brief names. Raises `UploadUnknown`."""
    found = await _find(tx, sha256, kind)
    if found is None:
        said = f"There is no upload {sha256} of {kind}: it was never brought here, or it was deleted since."
        raise UploadUnknown(f"{said} Upload the same file (POST /v1/uploads).")
    return found


async def _find(tx: Transaction, sha256: str, kind: UploadKind) -> Record | None:
    query = select(uploads).where(uploads.c.sha256 == sha256, uploads.c.kind == kind)
    row = (await tx.session.execute(query)).mappings().first()
    return None if row is None else _record(row)


def _record(row: Any) -> Record:
    return Record(
        kind=UploadKind(row["kind"]),
        ref=ArtifactRef(sha256=row["sha256"], size=row["size"], media_type=row["media_type"]),
        duration_ms=row["duration_ms"],
        width=row["width"],
        height=row["height"],
        title=row["title"],
        licence_kind=LicenceKind(row["licence_kind"]),
        licence=row["licence"],
        credit=row["credit"],
        created_at=row["created_at"],
    )
