"""Requests leave entries: those that say nothing themselves are noted, storms are merged, nothing waits or is lost."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import httpx
import orjson
import pytest
from common.clock import utc_now
from common.contracts.audit import AuditEntry
from common.contracts.message import AUDIT_SUBJECT
from common.db.work import Work
from common.service import recording
from common.service.principal import Principal
from common.service.recording import Recorded, Recorder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from testkit.workshop import Rows, WorkOf

TOLD = "select convert_from(body, 'utf8') from ideation.outbox where subject = %s and tenant_id = %s order by seq"


def told(rows: Rows, tenant: str) -> list[AuditEntry]:
    return [AuditEntry.model_validate_json(body) for (body,) in rows(TOLD, AUDIT_SUBJECT, tenant)]


def an_entry(**members: Any) -> AuditEntry:
    values = {"actor": "anna", "action": "request.refused", "resource": "POST /v1/x", "at": utc_now()} | members
    return AuditEntry.model_validate(values)


def client_of(work: Work, recorder: Recorder, tenant: str) -> httpx.AsyncClient:
    """Four routes behind the middleware, asked by anna."""

    async def silent(_request: Request) -> Response:
        return JSONResponse({})

    async def tells(request: Request) -> Response:
        async with work.transaction(tenant) as tx:
            tx.audit(an_entry(action="thing.done", result="ok"))
            if request.query_params.get("fails"):
                raise LookupError
        return JSONResponse({})

    async def refuses(_request: Request) -> Response:
        return JSONResponse({}, status_code=403)

    async def undone(request: Request) -> Response:
        try:
            return await tells(request)
        except LookupError:
            return JSONResponse({}, status_code=409)

    everything = ["GET", "POST"]
    routes = [Route(f"/{act.__name__}", act, methods=everything) for act in (silent, tells, refuses, undone)]
    inner = Recorded(Starlette(routes=routes), recorder=recorder, service="ideation", clock=utc_now)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["principal"] = Principal(tenant, "anna", frozenset(), "")
        scope["request_id"] = scope["path"].strip("/")
        await inner(scope, receive, send)

    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://ideation")


async def test_each_request_leaves_exactly_one_entry(work_of: WorkOf, rows: Rows, tenant: str) -> None:
    work = work_of()
    recorder = Recorder(work, clock=utc_now)
    async with client_of(work, recorder, tenant) as client:
        for path in ("/silent", "/tells", "/refuses", "/undone?fails=1"):
            await client.post(path)
        await client.get("/silent")
        await client.get("/refuses")
    await recorder.close()
    found = [(entry.request_id, entry.action, entry.result) for entry in told(rows, tenant)]
    assert sorted(found) == sorted(
        [
            ("tells", "thing.done", "ok"),
            ("silent", "request.done", "ok"),
            ("refuses", "request.refused", "forbidden"),
            # It said that something was done, and was rolled back: what is on record is the refusal.
            ("undone", "request.refused", "conflict"),
            ("refuses", "request.refused", "forbidden"),
        ]
    )
    assert {entry.ip for entry in told(rows, tenant)} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("sent", "results"),
    [
        ([{"type": "websocket.close", "code": 1008, "reason": "unauthenticated"}], ["unauthenticated"]),
        ([{"type": "websocket.close", "code": 1013, "reason": "unavailable"}], []),
        ([{"type": "websocket.accept"}, {"type": "websocket.close", "code": 4008, "reason": "fell behind"}], []),
    ],
)
async def test_a_socket_that_is_refused_leaves_an_entry(
    work_of: WorkOf, rows: Rows, tenant: str, sent: list[dict[str, Any]], results: list[str]
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        for message in sent:
            await send(message)

    seen: list[Any] = []

    async def send(message: Any) -> None:
        seen.append(message)

    recorder = Recorder(work_of(), clock=utc_now)
    recorded = Recorded(app, recorder=recorder, service="ideation", clock=utc_now)
    principal = Principal(tenant, "anna", frozenset(), "")
    scope = {"type": "websocket", "path": "/ws", "principal": principal, "client": ("10.0.0.1", 1)}
    await recorded(scope, None, send)  # type: ignore[arg-type]
    await recorder.close()
    assert seen == sent
    assert [entry.result for entry in told(rows, tenant)] == results
    assert {(entry.actor, entry.resource, entry.ip) for entry in told(rows, tenant)} <= {
        ("anna", "WEBSOCKET /ws", "10.0.0.1")
    }


async def test_a_storm_is_two_entries_and_its_number(work_of: WorkOf, rows: Rows, tenant: str) -> None:
    recorder = Recorder(work_of(), clock=utc_now)
    for _ in range(1000):
        recorder.note_refusal(tenant, an_entry(result="forbidden"))
    await recorder.write()
    assert len(told(rows, tenant)) == 1
    await recorder.close()
    first, merged = told(rows, tenant)
    assert (first.detail.get("count"), merged.detail["count"]) == (None, 999)


async def test_how_often_is_written_a_minute_after_the_first_at_the_latest(
    work_of: WorkOf, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound that docs/audit.md gives for what a killed process may lose: never the first, and of those like it
    how many there were in the last minute."""
    now = 1000.0
    monkeypatch.setattr(recording, "time", SimpleNamespace(monotonic=lambda: now))
    recorder = Recorder(work_of(), clock=utc_now)
    for _ in range(3):
        recorder.note_refusal(tenant, an_entry(result="forbidden"))
        now += recording.MERGE_SECONDS / 3 - 0.1
        await recorder.write()
    assert [entry.detail.get("count") for entry in told(rows, tenant)] == [None]
    now = 1000.0 + recording.MERGE_SECONDS
    await recorder.write()
    assert [entry.detail.get("count") for entry in told(rows, tenant)] == [None, 2]


async def test_whoever_asks_for_something_else_each_time_fills_nothing(
    work_of: WorkOf, rows: Rows, tenant: str
) -> None:
    recorder = Recorder(work_of(), clock=utc_now)
    for number in range(3 * recording.KINDS_AT_MOST):
        recorder.note_refusal(tenant, an_entry(result="forbidden", resource=f"POST /v1/{number}"))
    await recorder.close()
    entries = told(rows, tenant)
    assert len(entries) <= recording.KINDS_AT_MOST + 2
    counted = sum(entry.detail.get("count", 1) for entry in entries)
    assert counted == 3 * recording.KINDS_AT_MOST


async def test_what_cannot_be_written_now_is_written_later(work_of: WorkOf, rows: Rows, tenant: str) -> None:
    work = work_of()
    away = True

    async def append(tx: Any, entries: Any) -> None:
        if away:
            raise OSError
        await recording.tell(tx, entries)

    recorder = Recorder(work, clock=utc_now, append=append)
    recorder.note(tenant, an_entry(action="request.done"))
    for _ in range(2):
        try:
            await recorder.write()
        except OSError:
            continue
    assert told(rows, tenant) == []
    away = False
    await asyncio.gather(*(recorder.write() for _ in range(5)))
    assert [entry.action for entry in told(rows, tenant)] == ["request.done"]
    assert orjson.loads(orjson.dumps(told(rows, tenant)[0].detail)) == {}
