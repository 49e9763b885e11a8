"""What clients of the agent suite before us ask of its audit service: `/log-event`, `/query-logs` and the like.

Their shapes, our chain: who did it is in the token, and nothing that was logged can be changed.
On this service's own port the paths are as they were; at the edge they are under `/compat/agent-os`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import orjson
from common.contracts.values import JsonObject
from common.cursors import cut, decode_cursor
from common.service.pages import STORABLE, Cursor
from common.service.principal import Principal, current_principal
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from compliance import trail
from compliance.api.audit_routes import Auditor, Instant
from compliance.audit import Audit
from compliance.repository.audit import AuditTrail, Stored, Wanted

PREFIX = "/compat/agent-os"
LOGGED = "logged."
"""Before the name of what a client put on record, so that nobody takes it for what a service of ours did."""
Word = Annotated[str, Field(min_length=1, max_length=180, pattern=r"^[^\x00-\x1f\x7f]+$")]
Limit = Annotated[int, Query(ge=1, le=1000)]


class EventBody(BaseModel):
    """Something that a client wants on record.

    Another `user_id` than the token's, and any `agent_id`, is kept as what was claimed.
    """

    event_type: Word
    action: str = Field(default="", max_length=200)
    resource: str = Field(default="", max_length=180, pattern=r"^[^\x00-\x1f\x7f]*$")
    user_id: str | None = Field(default=None, max_length=200)
    agent_id: str | None = Field(default=None, max_length=200)
    severity: str = Field(default="info", max_length=20)
    details: JsonObject = Field(default_factory=dict)


class LoggedView(BaseModel):
    """What was put on record."""

    success: bool = True
    event_id: int = Field(description="Its number in the chain.")
    hash: str


class LogQuery(BaseModel):
    """What to look for."""

    event_type: str | None = Field(default=None, max_length=200, pattern=STORABLE)
    user_id: str | None = Field(default=None, max_length=200, pattern=STORABLE)
    start_date: Instant | None = None
    end_date: Instant | None = None
    limit: int = Field(default=100, ge=1, le=1000)
    cursor: str | None = Field(default=None, max_length=500, description="`next_cursor` of the page before.")


class LogView(BaseModel):
    """An entry in the shape that clients know."""

    id: int
    event_type: str
    user_id: str
    resource: str
    result: str
    timestamp: datetime
    details: JsonObject
    hash: str


class LogsView(BaseModel):
    """A page of entries, the oldest first."""

    logs: list[LogView]
    total: int = Field(description="How many there are on all pages.")
    next_cursor: str | None = Field(description="For the next page; null when this is the last.")


class StatsView(BaseModel):
    """How much there is."""

    total_events: int
    events_by_type: dict[str, int]


def routers(audit: Audit) -> Sequence[APIRouter]:
    """The routes, at both places."""
    return tuple(_router(audit, prefix=prefix) for prefix in ("", PREFIX))


def _router(audit: Audit, *, prefix: str) -> APIRouter:
    routes = APIRouter(prefix=prefix, tags=["compatible"], dependencies=[Depends(audit.settle)])

    @routes.post("/log-event", status_code=201, summary="Put something on record.")
    async def log_event(body: EventBody, principal: Principal = Depends(current_principal)) -> LoggedView:
        async with audit.work.transaction(principal.tenant) as tx:
            link = await trail.chain(
                tx,
                f"{LOGGED}{body.event_type}",
                actor=principal.user_id,
                resource=body.resource or "logged:event",
                at=audit.clock(),
                detail={
                    "action": body.action,
                    "severity": body.severity,
                    "details": body.details,
                    **_claims(body, principal),
                },
            )
        return LoggedView(event_id=link.seq, hash=link.hash.hex())

    @routes.post("/query-logs", summary="Look for entries.")
    async def query_logs(body: LogQuery, principal: Auditor) -> LogsView:
        named = _actions(body.event_type)
        wanted = Wanted(actor=body.user_id, actions=named, since=body.start_date, until=body.end_date)
        return await _find(audit, principal, wanted, limit=body.limit, cursor=body.cursor)

    @routes.get("/audit-logs", summary="Entries, the oldest first.")
    async def audit_logs(
        *,
        principal: Auditor,
        event_type: Annotated[str | None, Query(max_length=200, pattern=STORABLE)] = None,
        user_id: Annotated[str | None, Query(max_length=200, pattern=STORABLE)] = None,
        run_id: UUID | None = None,
        limit: Limit = 100,
        cursor: Cursor = None,
    ) -> LogsView:
        wanted = Wanted(actor=user_id, actions=_actions(event_type), run_id=run_id)
        return await _find(audit, principal, wanted, limit=limit, cursor=cursor)

    @routes.get("/stats", summary="How many entries of which kind there are.")
    async def stats(principal: Auditor) -> StatsView:
        async with audit.work.transaction(principal.tenant) as tx:
            counted = await AuditTrail(tx).count_actions()
        by_type = {row["action"]: row["entries"] for row in counted}
        return StatsView(total_events=sum(by_type.values()), events_by_type=by_type)

    return routes


def _claims(body: EventBody, principal: Principal) -> JsonObject:
    """Who the client says it was, beside the token that says who sent it."""
    claimed = {"claimed_user_id": body.user_id, "claimed_agent_id": body.agent_id}
    return {name: value for name, value in claimed.items() if value not in {None, principal.user_id}}


def _actions(event_type: str | None) -> tuple[str, ...] | None:
    """What an entry of that type may be called: as its client named it, or as a service of ours did."""
    return None if event_type is None else (event_type, f"{LOGGED}{event_type}")


async def _find(audit: Audit, principal: Principal, wanted: Wanted, *, limit: int, cursor: str | None) -> LogsView:
    after = decode_cursor(cursor, int)
    async with audit.work.transaction(principal.tenant) as tx:
        found = await AuditTrail(tx).list_page(wanted, after=after[0] if after else None, limit=limit + 1)
        total = await AuditTrail(tx).count(wanted)
    kept, following = cut(found, limit=limit, key=lambda stored: (stored.link.seq,))
    logs = [_view(stored) for stored in kept if stored.body is not None]
    return LogsView(logs=logs, total=total, next_cursor=following)


def _view(stored: Stored) -> LogView:
    entry = orjson.loads(stored.body or "{}")
    return LogView(
        id=stored.link.seq,
        event_type=entry["action"],
        user_id=entry["actor"],
        resource=entry["resource"],
        result=entry["result"],
        timestamp=stored.link.recorded_at,
        details=entry["detail"],
        hash=stored.link.hash.hex(),
    )
