"""`/v1/audit`: who did what, and whether the record of it is whole."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from common.contracts.values import JsonObject
from common.cursors import decode_cursor
from common.db.work import Work
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, Role, requires
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from compliance.repository.audit import AuditTrail, Stored
from compliance.verification import verify

audits = requires(Role.COMPLIANCE_OFFICER, Role.OPERATOR)


class AuditView(BaseModel):
    """An entry as it was chained. `entry` is null when it was blanked."""

    seq: int
    recorded_at: datetime
    hash: str
    entry_sha256: str
    entry: JsonObject | None


class GapView(BaseModel):
    """Numbers of a source that no entry carries."""

    model_config = ConfigDict(from_attributes=True)

    source: str
    first: int
    last: int


class VerificationView(BaseModel):
    """What recomputing the chain found."""

    model_config = ConfigDict(from_attributes=True)

    ok: bool
    entries: int
    first_bad_seq: int | None
    reason: str | None
    head: str | None
    blanked: int
    gaps: list[GapView]
    tail: str


def router(work: Work) -> APIRouter:
    """The audit's routes."""
    routes = APIRouter(prefix="/v1/audit", tags=["audit"])

    @routes.get("", summary="Entries in order of the chain, the oldest first.")
    async def list_entries(
        *,
        principal: Principal = Depends(audits),
        run_id: UUID | None = None,
        actor: str | None = Query(None, max_length=200),
        action: str | None = Query(None, max_length=200),
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[AuditView]:
        after = decode_cursor(cursor, int)
        async with work.transaction(principal.tenant) as tx:
            found = await AuditTrail(tx).list_page(
                run_id=run_id, actor=actor, action=action, after=after, limit=limit + 1
            )
        return page_of(found, limit=limit, view=_view, key=lambda stored: (stored.link.seq,))

    @routes.get("/verify", summary="Recompute the chain.")
    async def verify_chain(principal: Principal = Depends(audits)) -> VerificationView:
        return VerificationView.model_validate(await verify(work, principal.tenant))

    return routes


def _view(stored: Stored) -> AuditView:
    return AuditView(
        seq=stored.link.seq,
        recorded_at=stored.link.recorded_at,
        hash=stored.link.hash.hex(),
        entry_sha256=stored.link.entry_sha256.hex(),
        entry=json.loads(stored.body) if stored.body is not None else None,
    )
