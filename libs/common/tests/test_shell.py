"""The shell around every service: problem documents, request ids, limits, health, metrics, one trace."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import httpx
import pytest
from common.bus.runner import serves
from common.bus.step import Step
from common.contracts.message import CommandBody
from common.errors import Conflict, VendorRefused, VendorUnavailable
from common.observability.tracing import current_traceparent
from common.service.idempotency import answer_once
from common.service.principal import Principal, Role, current_principal, requires
from common.service.serve import BODY_LIMIT, Platform
from embedded.ports import Ports
from embedded.servers.redis import Redis
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, SecretStr
from testkit.listening import eventually
from testkit.people import People, Person
from testkit.plugin import Serving
from testkit.workshop import THINK, Ask, Reply, Rows, Shell

SECRET = "the-password-in-the-traceback"
Caller = Annotated[Principal, Depends(current_principal)]


class Note(BaseModel):
    text: str = Field(max_length=10)


def router(platform: Platform) -> APIRouter:
    routes = APIRouter()

    @routes.get("/v1/broken")
    async def broken(_caller: Caller) -> None:
        raise RuntimeError(SECRET)

    @routes.get("/v1/conflict")
    async def conflict(_caller: Caller) -> None:
        raise Conflict("Somebody was first.", next_action="look again")

    @routes.get("/v1/away")
    async def away(_caller: Caller) -> None:
        raise VendorUnavailable("It is away.", retry_after_ms=7_000)

    @routes.get("/v1/refused")
    async def refused(_caller: Caller) -> None:
        raise VendorRefused("It says no.")

    @routes.get("/v1/reviewers")
    async def reviewers(_caller: Annotated[Principal, Depends(requires(Role.REVIEWER))]) -> None:
        return None

    @routes.post("/v1/notes/{number}")
    async def note(number: int, note: Note, _caller: Caller) -> Note:
        return note

    @routes.get("/v1/text/{size}")
    async def text(size: int, _caller: Caller) -> str:
        return "x" * (size - 2)

    @routes.post("/v1/orders")
    async def order(caller: Caller) -> dict[str, str | None]:
        async with platform.work.transaction(caller.tenant) as tx:
            step = uuid4()
            body = CommandBody(input={"text": "from http"})
            # Ideation may not order; the row is carried to the bus by hand in the test.
            tx.send(THINK.command_subject, body, step=step, run=uuid4(), attempt=1)
        return {"step": str(step), "traceparent": current_traceparent()}

    @routes.get("/open")
    async def anybody() -> str:
        return "come in"

    return routes


@pytest.fixture
async def ann(people: People, tenant: str) -> Person:
    return await people.join(tenant, "creator")


def problem(answer: httpx.Response) -> dict[str, Any]:
    """The problem document, whole."""
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["type"] == f"urn:greenlight:error:{body['error']}"
    assert body["detail"]
    assert body["title"]
    return body


@pytest.mark.feature("M63")
@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/broken", (500, "internal_error")),
        ("GET", "/v1/conflict", (409, "conflict")),
        ("GET", "/v1/away", (503, "vendor_unavailable")),
        ("GET", "/v1/refused", (502, "vendor_refused")),
        ("GET", "/v1/reviewers", (403, "forbidden")),
        ("GET", "/v1/nowhere", (404, "not_found")),
        ("DELETE", "/v1/conflict", (405, "method_not_allowed")),
        ("POST", "/v1/notes/one", (422, "invalid")),
        ("POST", "/v1/notes/1", (422, "invalid")),
    ],
)
async def test_every_error_is_a_problem_document(
    shell: Shell, ann: Person, method: str, path: str, expected: tuple[int, str]
) -> None:
    async with shell(routers=[router]) as client:
        answer = await client.request(method, path, headers=ann.headers | {"X-Request-ID": "abc.1"})
    body = problem(answer)
    assert (answer.status_code, body["error"], body["request_id"]) == (*expected, "abc.1")
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    if expected[0] == 503:
        assert answer.headers["retry-after"] == "7"
    if path == "/v1/conflict" and method == "GET":
        assert body["next_action"] == "look again"


@pytest.mark.feature("M63")
async def test_input_over_its_bounds_is_named(shell: Shell, ann: Person) -> None:
    async with shell(routers=[router]) as client:
        answer = await client.post("/v1/notes/1", json={"text": "x" * 11}, headers=ann.headers)
        assert problem(answer)["fields"][0]["field"] == "body.text"
        answer = await client.post("/v1/notes/1", content=b"{not json", headers=ann.headers)
        assert problem(answer)["error"] == "invalid"


@pytest.mark.feature("M63")
@pytest.mark.parametrize("says_its_length", [True, False], ids=["content-length", "chunked"])
async def test_a_body_over_the_limit_is_not_read(shell: Shell, ann: Person, says_its_length: bool) -> None:
    async def pieces(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 65536):
            yield b"x" * 65536

    too_much = 2 * BODY_LIMIT
    async with shell(routers=[router]) as client:
        content = b"x" * too_much if says_its_length else pieces(too_much)
        answer = await client.post("/v1/notes/1", content=content, headers=ann.headers)
        assert (answer.status_code, problem(answer)["error"]) == (413, "too_large")
        small = await client.post("/v1/notes/1", content=pieces(BODY_LIMIT), headers=ann.headers)
        assert small.status_code == 422
        odd = await client.post("/v1/notes/1", content=b"", headers=ann.headers | {"content-length": "-1"})
        assert odd.status_code == 413


@pytest.mark.feature("M16")
async def test_a_request_id_is_taken_only_if_it_is_well_formed(shell: Shell) -> None:
    async with shell(routers=[router]) as client:
        for good in ("abc", "A-1_2.3", "x" * 128):
            assert (await client.get("/open", headers={"X-Request-ID": good})).headers["x-request-id"] == good
        for bad in ("", "a b", "x" * 129, 'a"b', "<script>"):
            given = (await client.get("/open", headers={"X-Request-ID": bad})).headers["x-request-id"]
            assert re.fullmatch(r"[0-9a-f-]{36}", given)
        stranger = await client.get("/v1/broken")
        assert problem(stranger)["error"] == "unauthenticated"


@pytest.mark.feature("A132")
@pytest.mark.parametrize(("size", "packed"), [(999, False), (1001, True)])
async def test_answers_are_compressed_from_1000_bytes(shell: Shell, ann: Person, size: int, packed: bool) -> None:
    async with shell(routers=[router]) as client:
        answer = await client.get(f"/v1/text/{size}", headers=ann.headers | {"accept-encoding": "gzip"})
    assert len(answer.content) == size
    assert (answer.headers.get("content-encoding") == "gzip") is packed


# Limits


@pytest.mark.feature("M15")
async def test_the_request_after_the_limit_is_refused(shell: Shell, people: People, tenant: str) -> None:
    ann, bob = await people.join(tenant, "creator"), await people.join(tenant, "creator")
    async with shell(routers=[router], rate_limit_per_minute=4) as client:
        answers = [await client.get("/v1/text/9", headers=ann.headers) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
        assert [answer.headers["x-ratelimit-remaining"] for answer in answers[:4]] == ["3", "2", "1", "0"]
        assert problem(answers[4])["error"] == "rate_limited"
        assert 1 <= int(answers[4].headers["retry-after"]) <= 60
        # The key is the person, whatever they come with; another person has a bucket of their own.
        by_key = await client.get("/v1/text/9", headers={"X-API-Key": ann.api_key})
        assert by_key.status_code == 429
        assert (await client.get("/v1/text/9", headers=bob.headers)).status_code == 200


@pytest.mark.feature("M62")
async def test_random_keys_do_not_evade_the_limit(shell: Shell, people: People, tenant: str) -> None:
    ann = await people.join(tenant, "creator")
    async with shell(routers=[router], rate_limit_per_minute=12) as client:
        # A stranger's address of this test alone, so that no other test uses up its bucket.
        transport = httpx.ASGITransport(app=client._transport.app, client=(tenant, 1))  # type: ignore[attr-defined]
        async with httpx.AsyncClient(transport=transport, base_url="http://ideation") as stranger:
            codes = [
                (await stranger.get("/v1/text/9", headers={"X-API-Key": uuid4().hex})).status_code for _ in range(5)
            ]
            assert codes == [401, 401, 401, 429, 429]
            assert (await stranger.get("/open")).status_code == 429
            # Who can prove who they are is not counted by address.
            assert (await stranger.get("/v1/text/9", headers=ann.headers)).status_code == 200


@pytest.fixture
async def own_redis(tmp_path: Path) -> AsyncIterator[Redis]:
    ports = Ports()
    server = Redis(tmp_path, ports=ports, password="secret")
    await server.start()
    yield server
    await server.stop()
    ports.release()


@pytest.mark.feature("F65")
async def test_redis_away_lets_requests_through_and_says_not_ready(shell: Shell, ann: Person, own_redis: Redis) -> None:
    limited = {"redis_url": SecretStr(own_redis.url), "rate_limit_per_minute": 1}
    async with shell(routers=[router], **limited) as client:
        assert (await client.get("/ready")).json()["status"] == "ready"
        await own_redis.stop()
        before = await sample(client, "greenlight_limiter_unavailable_total")
        codes = [(await client.get("/v1/text/9", headers=ann.headers)).status_code for _ in range(3)]
        assert codes == [200, 200, 200]
        assert await sample(client, "greenlight_limiter_unavailable_total") == before + 3

        async def is_ready(status: int) -> bool:
            return (await client.get("/ready")).status_code == status

        await eventually(lambda: is_ready(503), seconds=5)
        alive = await client.get("/health")
        assert (alive.status_code, alive.json()["status"]) == (200, "degraded")
        assert alive.json()["services"]["cache"].startswith("down")
        assert alive.json()["services"]["database"] == "ok"
        await own_redis.start()
        await eventually(lambda: is_ready(200), seconds=5)
        assert (await client.get("/v1/text/9", headers=ann.headers)).status_code == 200
        assert (await client.get("/v1/text/9", headers=ann.headers)).status_code == 429


@pytest.mark.feature("A113")
async def test_health_says_exactly_this(shell: Shell) -> None:
    async with shell() as client:
        body = (await client.get("/health")).json()
    assert set(body) == {"status", "service", "timestamp", "services"}
    assert body["services"] == {"database": "ok", "bus": "ok", "cache": "ok"}
    assert (body["status"], body["service"]) == ("healthy", "ideation")
    assert body["timestamp"].endswith("Z")


# Metrics


async def sample(client: httpx.AsyncClient, name: str) -> float:
    """The value of a metric's first sample."""
    for line in (await client.get("/metrics")).text.splitlines():
        if line.startswith(name) and line[len(name)] in "{ ":
            return float(line.rpartition(" ")[2])
    return 0.0


@pytest.mark.feature("P71")
@pytest.mark.feature("A110")
async def test_metrics_are_of_this_service_and_explained(shell: Shell, serving: Serving, ann: Person) -> None:
    async with serving("editor") as editor, shell(routers=[router]) as client:
        await editor.get("/health")
        for number in range(3):
            await client.post(f"/v1/notes/{number}", json={"text": "x"}, headers=ann.headers)
        await client.get("/v1/nowhere", headers=ann.headers)
        await client.request("INVENTED", "/open")
        text = (await client.get("/metrics")).text
    assert 'service="editor"' not in text
    families = set(re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE))
    helped = dict(re.findall(r"^# HELP (\S+) (.*)$", text, re.MULTILINE))
    assert families
    assert {family for family in families if not helped.get(family)} == set()
    routes = set(re.findall(r'http_requests_total\{[^}]*route="([^"]*)"', text))
    assert "/v1/notes/{number}" in routes
    assert routes.isdisjoint({"/v1/notes/0", "/v1/nowhere"})
    assert "INVENTED" not in text
    assert re.search(r'http_requests_total\{method="POST",route="/v1/notes/\{number\}".*status="200"\} 3\.0', text)


# One trace


@pytest.mark.feature("P38")
@pytest.mark.feature("P40")
async def test_one_trace_goes_from_http_through_the_outbox_to_the_worker(
    shell: Shell, ann: Person, rows: Rows, tenant: str, orders: Any
) -> None:
    seen: list[str | None] = []

    async def act(input: Ask, step: Step) -> Reply:
        seen.append(current_traceparent())
        return Reply()

    trace = uuid4().hex
    traceparent = f"00-{trace}-{'1' * 16}-01"
    async with shell(routers=[router], serves=[serves(THINK, act)]) as client:
        answer = await client.post("/v1/orders", headers=ann.headers | {"traceparent": traceparent})
        [(message_id, headers, body)] = await eventually(
            lambda: rows(
                "select id, headers, body from ideation.outbox where tenant_id = %s and subject = %s",
                tenant, THINK.command_subject,
            )
        )  # fmt: skip
        assert headers["traceparent"] == answer.json()["traceparent"]
        wire = headers | {"ce-id": str(message_id), "ce-source": "orchestrator", "Nats-Msg-Id": f"{message_id}.9"}
        await orders._bus.publish(THINK.command_subject, bytes(body), headers=wire)
        await eventually(lambda: seen)
        rows("delete from ideation.outbox where id = %s", message_id)
    found = [one.split("-")[1:3] for one in (answer.json()["traceparent"], seen[0] or "")]
    assert [trace_id for trace_id, _ in found] == [trace, trace]
    assert len({"1" * 16, *(span for _, span in found)}) == 3


# Idempotency keys


class Booking(BaseModel):
    seat: int


async def test_a_key_is_claimed_once_and_answers_the_same(work_of: Any, rows: Rows, tenant: str) -> None:
    work = work_of()

    async def book(seat: int, answer: str, *, principal: str = "ann", route: str = "POST /v1/seats") -> Any:
        async with work.transaction(tenant) as tx:
            return await answer_once(
                tx, principal=principal, route=route, key="k", request=Booking(seat=seat), response={"id": answer}
            )

    at_once = await asyncio.gather(*(book(1, f"answer {number}") for number in range(5)))
    [winner] = [number for number, stored in enumerate(at_once) if stored is None]
    assert [stored for stored in at_once if stored] == [{"id": f"answer {winner}"}] * 4
    with pytest.raises(Exception, match="another body"):
        await book(2, "other")
    assert await book(2, "somebody else's", principal="bob") is None
    assert await book(2, "elsewhere", route="POST /v1/halls") is None
    rows("update ideation.idempotency_keys set created_at = now() - interval '25 hours' where tenant_id = %s", tenant)
    assert await book(2, "tomorrow") is None


async def test_a_key_whose_work_failed_is_free_again(work_of: Callable[..., Any], tenant: str) -> None:
    work = work_of()

    async def book(*, fails: bool) -> Any:
        async with work.transaction(tenant) as tx:
            stored = await answer_once(
                tx, principal="ann", route="POST /v1/seats", key="k", request=Booking(seat=1), response={}
            )
            if fails:
                raise LookupError
            return stored

    with pytest.raises(LookupError):
        await book(fails=True)
    assert await book(fails=False) is None
