"""Taking the trail away: exports that prove themselves, reports, and how much there is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from common.contracts.values import JsonObject
from common.errors import Invalid
from common.service.pages import STORABLE
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import AfterValidator, AwareDatetime, BaseModel

from compliance.api.audit_routes import Auditor, Search, in_utc
from compliance.audit import Audit
from compliance.reading import export_csv, export_lines
from compliance.reports import ReportKind, as_csv, report_on
from compliance.repository.audit import AuditTrail

ZonedInstant = Annotated[AwareDatetime, AfterValidator(in_utc)]
Actor = Annotated[str, Path(max_length=200, pattern=STORABLE)]
NDJSON, CSV = "application/x-ndjson", "text/csv; charset=utf-8"


class Form(StrEnum):
    """As what something is taken away."""

    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


class ActivityView(BaseModel):
    """How much of what one person did."""

    actor: str
    entries: int
    first_at: datetime | None
    last_at: datetime | None
    actions: dict[str, int]


def router(audit: Audit) -> APIRouter:
    """The routes of exports and reports."""
    routes = APIRouter(prefix="/v1/audit", tags=["audit"], dependencies=[Depends(audit.settle)])

    @routes.get(
        "/export",
        summary="All entries that are wanted, as one stream.",
        response_class=StreamingResponse,
        responses={200: {"content": {NDJSON: {}, CSV: {}}}, **refusals(403)},
    )
    async def export(
        principal: Auditor, wanted: Search, form: Annotated[Form, Query(alias="format")] = Form.NDJSON
    ) -> StreamingResponse:
        if form is Form.CSV:
            stream: AsyncIterator[bytes] = export_csv(audit.work, principal.tenant, wanted)
        else:
            stream = export_lines(audit.work, principal.tenant, wanted, signer=audit.signer)
        suffix = "csv" if form is Form.CSV else "ndjson"
        headers = {"Content-Disposition": f'attachment; filename="audit.{suffix}"', "Cache-Control": "no-store"}
        return StreamingResponse(stream, media_type=CSV if form is Form.CSV else NDJSON, headers=headers)

    @routes.get(
        "/reports/{kind}",
        summary="A report of a period, computed now.",
        response_class=JSONResponse,
        responses={200: {"content": {"application/json": {}, CSV: {}}}, **refusals(403, 422)},
    )
    async def report(
        kind: ReportKind,
        principal: Auditor,
        since: Annotated[ZonedInstant, Query(alias="from")],
        until: Annotated[ZonedInstant, Query(alias="to")],
        form: Annotated[Form, Query(alias="format")] = Form.JSON,
    ) -> Response:
        if until <= since:
            raise Invalid("`from` and `to` are instants with their zone, and `to` is later.")
        verification = await audit.verify(principal.tenant)
        made: JsonObject = await report_on(
            audit.work,
            principal.tenant,
            kind,
            since=since,
            until=until,
            verification=verification,
            archived=audit.retention.read_kept(principal.tenant, since=since),
        )
        return Response(as_csv(made), media_type=CSV) if form is Form.CSV else JSONResponse(made)

    @routes.get("/activity/{actor}", summary="What one person did, counted by action.", responses=refusals(403))
    async def activity(actor: Actor, principal: Auditor) -> ActivityView:
        async with audit.work.transaction(principal.tenant) as tx:
            counted = await AuditTrail(tx).count_of(actor)
        return ActivityView(
            actor=actor,
            entries=sum(row["entries"] for row in counted),
            first_at=min((row["first_at"] for row in counted), default=None),
            last_at=max((row["last_at"] for row in counted), default=None),
            actions={row["action"]: row["entries"] for row in counted},
        )

    return routes
