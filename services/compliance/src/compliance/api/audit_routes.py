"""The audit trail over HTTP: searching it, recomputing it, and the anchors that prove how far it went."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import orjson
from common.contracts.values import PLATFORM_TENANT, JsonObject
from common.cursors import decode_cursor
from common.errors import Forbidden
from common.service.pages import STORABLE, Cursor, Limit, Page, Word, page_of
from common.service.principal import Principal, Role, current_principal, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from compliance.anchors import Anchor, list_anchors, read_anchor
from compliance.audit import Audit
from compliance.repository.audit import AuditTrail, ChainOrder, Stored, Wanted

audits = requires(Role.COMPLIANCE_OFFICER, Role.OPERATOR)
officers = requires(Role.COMPLIANCE_OFFICER)
ANCHORS_AT_MOST = 5_000


def in_utc(instant: datetime) -> datetime:
    """The instant in UTC, which is also meant where no zone is said."""
    try:
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except OverflowError as error:
        raise ValueError("it lies before the year 1 or after 9999 in UTC") from error


Instant = Annotated[datetime, AfterValidator(in_utc)]


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
    """What recomputing the chain found. Where the place is not exact, it is from `first_bad_seq` to `last_bad_seq`."""

    model_config = ConfigDict(from_attributes=True)

    ok: bool
    entries: int
    first_bad_seq: int | None
    last_bad_seq: int | None
    reason: str | None
    head: str | None
    blanked: int
    gaps: list[GapView]
    anchored_seq: int | None = Field(description="Up to here anchors prove that nothing is missing or changed.")
    anchors: int
    tail: str


class AnchorView(BaseModel):
    """A signed place of the chain; docs/audit.md says how to check it."""

    model_config = ConfigDict(extra="ignore")

    tenant: str = Field(max_length=64)
    seq: int = Field(ge=1)
    hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    at: datetime
    kid: str = Field(max_length=100)
    signature: str = Field(max_length=200)


class KeptAnchors(BaseModel):
    """Anchors that somebody kept outside of the installation."""

    anchors: list[AnchorView] = Field(max_length=ANCHORS_AT_MOST)


class KeysView(BaseModel):
    """The public keys that anchors, archives, exports and evidence are signed with, as a JWK set (RFC 8037)."""

    keys: list[dict[str, str]]


async def wanted_by(
    *,
    actor: Word = None,
    action: Annotated[
        str | None, Query(max_length=200, pattern=STORABLE, description="`gate.` finds all that begin with it.")
    ] = None,
    resource: Word = None,
    run_id: UUID | None = None,
    since: Annotated[Instant | None, Query(alias="from", description="Recorded at that instant or later.")] = None,
    until: Annotated[Instant | None, Query(alias="to", description="Recorded before that instant.")] = None,
    q: Annotated[
        str | None, Query(max_length=200, pattern=STORABLE, description="Words that occur in the entry.")
    ] = None,
) -> Wanted:
    """FastAPI dependency: what is searched for."""
    return Wanted(actor=actor, action=action, resource=resource, run_id=run_id, since=since, until=until, text=q)


Search = Annotated[Wanted, Depends(wanted_by)]
Auditor = Annotated[Principal, Depends(audits)]
Officer = Annotated[Principal, Depends(officers)]


def router(audit: Audit) -> APIRouter:
    """The audit's routes."""
    routes = APIRouter(prefix="/v1/audit", tags=["audit"], dependencies=[Depends(audit.settle)])

    @routes.get("", summary="Entries in order of the chain.", responses=refusals(403))
    async def list_entries(
        principal: Auditor,
        wanted: Search,
        limit: Limit = 50,
        cursor: Cursor = None,
        order: ChainOrder = ChainOrder.OLDEST,
    ) -> Page[AuditView]:
        """From the oldest on, or from the newest back; a cursor goes on in the order it came with."""
        return await page(audit, principal, wanted, limit=limit, cursor=cursor, order=order)

    @routes.get("/verify", summary="Recompute the chain.", responses=refusals(403))
    async def verify_chain(principal: Auditor, tenant: Word = None) -> VerificationView:
        return VerificationView.model_validate(await audit.verify(_whose(principal, tenant)))

    @routes.post("/verify", summary="Recompute the chain, and hold it against kept anchors.", responses=refusals(403))
    async def verify_against(principal: Auditor, body: KeptAnchors, tenant: Word = None) -> VerificationView:
        given = [read_anchor(anchor.model_dump(mode="json")) for anchor in body.anchors]
        return VerificationView.model_validate(await audit.verify(_whose(principal, tenant), given=given))

    @routes.get("/anchors", summary="Signed anchors, the oldest first; keep them elsewhere.", responses=refusals(403))
    async def list_kept(principal: Auditor, limit: Limit = 50, cursor: Cursor = None) -> Page[AnchorView]:
        after = decode_cursor(cursor, int)
        async with audit.work.transaction(principal.tenant) as tx:
            found = await list_anchors(tx, after=after[0] if after else None, limit=limit + 1)
        return page_of(found, limit=limit, view=_anchor_view, key=lambda anchor: (anchor.seq,))

    @routes.post("/anchors", summary="Sign the chain's head now.", responses=refusals(403))
    async def anchor_now(principal: Officer) -> AnchorView | None:
        made = await audit.anchoring.anchor(principal.tenant, actor=principal.user_id)
        return _anchor_view(made) if made else None

    @routes.get("/keys", summary="The public keys that anchors are signed with.")
    async def list_keys(_principal: Principal = Depends(current_principal)) -> KeysView:
        return KeysView(keys=[audit.signer.jwk()])

    return routes


async def page(
    audit: Audit,
    principal: Principal,
    wanted: Wanted,
    *,
    limit: int,
    cursor: str | None,
    order: ChainOrder = ChainOrder.OLDEST,
) -> Page[AuditView]:
    """A page of entries of the caller's tenant."""
    after = decode_cursor(cursor, int)
    async with audit.work.transaction(principal.tenant) as tx:
        found = await AuditTrail(tx).list_page(wanted, after=after[0] if after else None, limit=limit + 1, order=order)
    return page_of(found, limit=limit, view=_view, key=lambda stored: (stored.link.seq,))


def _whose(principal: Principal, tenant: str | None) -> str:
    """Administrators of the installation may have any chain recomputed: that shows nothing of what is in it."""
    if tenant is None or tenant == principal.tenant:
        return principal.tenant
    if principal.tenant != PLATFORM_TENANT or Role.ADMIN not in principal.roles:
        raise Forbidden("Only an administrator of the platform may verify another tenant's chain.")
    return tenant


def _view(stored: Stored) -> AuditView:
    return AuditView(
        seq=stored.link.seq,
        recorded_at=stored.link.recorded_at,
        hash=stored.link.hash.hex(),
        entry_sha256=stored.link.entry_sha256.hex(),
        entry=orjson.loads(stored.body) if stored.body is not None else None,
    )


def _anchor_view(anchor: Anchor) -> AnchorView:
    return AnchorView.model_validate(anchor.view())
