"""Forgetting people, keeping what the law wants kept, and what was put into archives."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from common.contracts.values import JsonObject
from common.cursors import decode_cursor
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.problems import refusals
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from compliance.api.audit_routes import Auditor, Officer
from compliance.api.shapes import Prose, Reason
from compliance.audit import Audit
from compliance.keeping import HoldKind
from compliance.repository.archives import Archive, Archives
from compliance.repository.erasures import Erasure
from compliance.repository.holds import Hold


class ErasureBody(BaseModel):
    """Whom to forget, and why."""

    model_config = ConfigDict(extra="forbid")

    user_id: str = Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    reason: Prose = ""


class ErasureView(BaseModel):
    """An order to forget somebody. `answers` and `under_way` are only where one order is asked for."""

    id: UUID
    user_id: str | None = Field(description="Forgotten, too, once nothing under way names them any more.")
    reason: str
    ordered_by: str
    ordered_at: datetime
    blanked: int
    finished_at: datetime | None = Field(description="Since when only items under way name them.")
    answers: dict[str, JsonObject] = Field(default_factory=dict, description="What each service has blanked.")
    under_way: list[UUID] = Field(
        default_factory=list, description="Items that name them until they are over, at most a hundred."
    )


class HoldBody(BaseModel):
    """What to hold, and why. For the tenant no subject is needed."""

    model_config = ConfigDict(extra="forbid")

    kind: HoldKind
    subject: str = Field(default="", max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    reason: Reason

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.kind is not HoldKind.TENANT and not self.subject:
            raise ValueError("say in subject which run or person")
        if self.kind is HoldKind.RUN:
            self.subject = str(UUID(self.subject))
        return self


class HoldView(BaseModel):
    """A legal hold."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    kind: HoldKind
    subject: str
    reason: str
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


class ArchiveView(BaseModel):
    """A file of entries that were blanked here; its signature is over the 32 bytes of its hash."""

    id: UUID
    retention_class: str
    entries: int
    first_seq: int
    last_seq: int
    sha256: str
    size: int
    kid: str
    signature: str
    archived_at: datetime
    delete_after: datetime
    deleted_at: datetime | None


def router(audit: Audit) -> APIRouter:
    """The routes of erasures, holds and archives."""
    routes = APIRouter(prefix="/v1/audit", tags=["audit"])

    @routes.post(
        "/erasures",
        status_code=202,
        summary="Forget a person. The same again is the same order.",
        responses=refusals(403, 409, 422),
    )
    async def order_erasure(principal: Officer, body: ErasureBody) -> ErasureView:
        return _erasure_view(await audit.erasing.order(body.user_id, reason=body.reason, principal=principal))

    @routes.get("/erasures", summary="Orders to forget, the newest first.", responses=refusals(403))
    async def list_erasures(principal: Officer, limit: Limit = 50, cursor: Cursor = None) -> Page[ErasureView]:
        before = decode_cursor(cursor, UUID)
        found = await audit.erasing.list(principal=principal, before=before[0] if before else None, limit=limit + 1)
        return page_of(found, limit=limit, view=_erasure_view, key=lambda order: (order.id,))

    @routes.get("/erasures/{erasure_id}", summary="How far an order is.", responses=refusals(403, 404))
    async def show_erasure(erasure_id: UUID, principal: Officer) -> ErasureView:
        found = await audit.erasing.find(erasure_id, principal=principal)
        return _erasure_view(found.erasure).model_copy(
            update={"answers": found.answers, "under_way": [*found.under_way]}
        )

    @routes.get("/holds", summary="Legal holds, the newest first.", responses=refusals(403))
    async def list_holds(principal: Officer, limit: Limit = 50, cursor: Cursor = None) -> Page[HoldView]:
        before = decode_cursor(cursor, UUID)
        found = await audit.holds.list(principal=principal, before=before[0] if before else None, limit=limit + 1)
        return page_of(found, limit=limit, view=_hold_view, key=lambda hold: (hold.id,))

    @routes.post("/holds", status_code=201, summary="Keep a run, a person or all of it.", responses=refusals(403, 422))
    async def set_hold(principal: Officer, body: HoldBody) -> HoldView:
        return _hold_view(await audit.holds.set(body.kind, body.subject, reason=body.reason, principal=principal))

    @routes.delete("/holds/{hold_id}", summary="Lift a hold. Again changes nothing.", responses=refusals(403, 404))
    async def lift_hold(hold_id: UUID, principal: Officer) -> HoldView:
        return _hold_view(await audit.holds.lift(hold_id, principal=principal))

    @routes.get(
        "/archives",
        summary="Files of entries that are not searched any more, the newest first.",
        responses=refusals(403),
    )
    async def list_archives(principal: Auditor, limit: Limit = 50, cursor: Cursor = None) -> Page[ArchiveView]:
        before = decode_cursor(cursor, UUID)
        async with audit.work.transaction(principal.tenant) as tx:
            found = await Archives(tx).list_newest(before=before[0] if before else None, limit=limit + 1)
        return page_of(found, limit=limit, view=_archive_view, key=lambda archive: (archive.id,))

    return routes


def _erasure_view(erasure: Erasure) -> ErasureView:
    return ErasureView(
        id=erasure.id,
        user_id=erasure.user_id,
        reason=erasure.reason,
        ordered_by=erasure.ordered_by,
        ordered_at=erasure.ordered_at,
        blanked=erasure.blanked,
        finished_at=erasure.finished_at,
    )


def _hold_view(hold: Hold) -> HoldView:
    return HoldView.model_validate(hold)


def _archive_view(archive: Archive) -> ArchiveView:
    return ArchiveView(
        id=archive.id,
        retention_class=archive.kept,
        entries=len(archive.seqs),
        first_seq=min(archive.seqs),
        last_seq=max(archive.seqs),
        sha256=archive.sha256,
        size=archive.size,
        kid=archive.kid,
        signature=archive.signature.hex(),
        archived_at=archive.archived_at,
        delete_after=archive.delete_after,
        deleted_at=archive.deleted_at,
    )
