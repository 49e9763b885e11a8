"""The edge in front of a service in another process: everything passes as it is, and an absent service is a 503."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from common.contracts.edge import ROUTES
from common.service.edge import Edge, Proxy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from testkit.listening import eventually, listening
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

closed_with: list[int] = []
PIECES = 8


async def echo(request: Request) -> Response:
    body = await request.body()
    headers = [(name, value) for name, value in request.headers.items() if name != "host"]
    answer = JSONResponse(
        {
            "method": request.method, "path": request.url.path, "query": request.url.query,
            "body": body.decode(), "headers": headers,
        },
        status_code=207,
    )  # fmt: skip
    answer.headers["x-more"] = "1"
    answer.set_cookie("a", "1")
    answer.set_cookie("b", "2")
    return answer


class Turns:
    """Sender and receiver of a body take turns: whoever buffers it on the way makes both wait for ever."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(1)

    def seen(self, piece: bytes) -> None:
        for _ in range(piece.count(b";")):
            self._free.release()

    async def pieces(self) -> AsyncIterator[bytes]:
        for number in range(PIECES):
            async with asyncio.timeout(5):
                await self._free.acquire()
            yield f"piece {number};".encode()


turns: list[Turns] = []


async def take(request: Request) -> Response:
    got = b""
    async for piece in request.stream():
        got += piece
        turns[-1].seen(piece)
    return Response(got)


async def give(_request: Request) -> StreamingResponse:
    return StreamingResponse(turns[-1].pieces(), media_type="text/plain")


async def talk(socket: WebSocket) -> None:
    if "ghost" in socket.scope["subprotocols"]:
        await socket.close(1008)
        return
    wanted = socket.scope["subprotocols"]
    await socket.accept(subprotocol="greenlight.v1" if "greenlight.v1" in wanted else None)
    await socket.send_text(f"{socket.headers.get('authorization')} {socket.url.query}")
    try:
        while (message := await socket.receive())["type"] == "websocket.receive":
            if message.get("text") == "bye":
                await socket.close(4008, "fell behind")
                return
            if message.get("bytes") is not None:
                await socket.send_bytes(message["bytes"][::-1])
            else:
                await socket.send_text(message["text"][::-1])
        closed_with.append(message["code"])
    except WebSocketDisconnect as error:
        closed_with.append(error.code)


SERVICE = Starlette(
    routes=[
        Route("/v1/runs/{rest:path}", echo, methods=["GET", "POST", "DELETE"]),
        Route("/v1/artifacts", take, methods=["POST"]),
        Route("/v1/artifacts", give, methods=["GET"]),
        WebSocketRoute("/ws", talk),
    ]
)


@pytest.fixture
async def edge() -> AsyncIterator[str]:
    """The address of an edge whose orchestrator is in another process; nobody serves the others."""
    async with listening(SERVICE) as service:
        targets = {"orchestrator": Proxy(service), "ideation": Proxy("http://127.0.0.1:9")}
        async with listening(Edge(targets)) as url:
            yield url


@pytest.fixture
async def client(edge: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=edge, trust_env=False, timeout=10) as made:
        yield made


async def test_a_request_passes_as_it_is(client: httpx.AsyncClient) -> None:
    request = client.build_request("POST", "/v1/runs/a%2Fb%20c?x=1&x=%C3%A9", content=b"body", headers={"x-own": "7"})
    del request.headers["accept-encoding"]
    answer = await client.send(request)
    seen = answer.json()
    assert (answer.status_code, seen["method"], seen["body"]) == (207, "POST", "body")
    assert (seen["path"], seen["query"]) == ("/v1/runs/a/b c", "x=1&x=%C3%A9")
    headers = dict(seen["headers"])
    assert (headers["x-own"], headers["content-length"], headers["x-forwarded-for"]) == ("7", "4", "127.0.0.1")
    # The edge asks for no compression that the caller cannot read.
    assert "accept-encoding" not in headers
    assert headers["user-agent"] == request.headers["user-agent"]
    assert answer.headers["x-more"] == "1"
    assert answer.headers.get_list("set-cookie") == ["a=1; Path=/; SameSite=lax", "b=2; Path=/; SameSite=lax"]


async def test_a_request_without_a_body_stays_without_one(client: httpx.AsyncClient) -> None:
    headers = dict((await client.get("/v1/runs/1")).json()["headers"])
    assert not {"transfer-encoding", "content-length"} & set(headers)


async def test_whoever_pretends_to_be_a_proxy_is_not_believed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/runs/1", headers={"x-forwarded-for": "6.6.6.6"})
    values = [value for name, value in answer.json()["headers"] if name == "x-forwarded-for"]
    assert values[-1] == "127.0.0.1"


async def test_bodies_stream_both_ways(client: httpx.AsyncClient) -> None:
    whole = b"".join(f"piece {number};".encode() for number in range(PIECES))
    turns.append(Turns())
    assert (await client.post("/v1/artifacts", content=turns[-1].pieces())).content == whole
    turns.append(Turns())
    got = b""
    async with client.stream("GET", "/v1/artifacts") as answer:
        async for piece in answer.aiter_raw():
            got += piece
            turns[-1].seen(piece)
    assert got == whole


async def test_an_absent_service_is_a_problem_document(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/ideas", json={}, headers={"X-Request-ID": "mine"})
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert (answer.headers["retry-after"], answer.headers["x-request-id"]) == ("1", "mine")
    assert answer.json()["request_id"] == "mine"


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/runsy", "/health", "/metrics", "/v1/nowhere", "/v1/airlock"])
async def test_what_nobody_serves_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_socket_talks_both_ways(edge: str) -> None:
    url = edge.replace("http", "ws") + "/ws?last=3"
    async with connect(url, subprotocols=["other", "greenlight.v1"], additional_headers={"authorization": "me"}) as it:  # type: ignore[list-item]
        assert it.subprotocol == "greenlight.v1"
        assert await it.recv() == "me last=3"
        for said, expected in (("abc", "cba"), (b"\x00\x01", b"\x01\x00"), ("", ""), (b"", b"")):
            await it.send(said)
            assert await it.recv() == expected
        await it.send("bye")
        with pytest.raises(ConnectionClosed):
            await it.recv()
        assert (it.close_code, it.close_reason) == (4008, "fell behind")


async def test_the_service_hears_how_the_client_left(edge: str) -> None:
    closed_with.clear()
    async with connect(edge.replace("http", "ws") + "/ws") as it:
        await it.recv()
        await it.close(4001, "enough")
    assert await eventually(lambda: closed_with) == [4001]


async def test_a_refused_socket_is_refused(edge: str) -> None:
    for path, protocol in (("/ws", "ghost"), ("/v1/runs", "x"), ("/nowhere", "x")):
        with pytest.raises(InvalidStatus):
            await connect(edge.replace("http", "ws") + path, subprotocols=[protocol])  # type: ignore[list-item]


async def test_a_socket_to_an_absent_service_is_refused() -> None:
    async with listening(Edge({"orchestrator": Proxy("http://127.0.0.1:9")})) as url:
        with pytest.raises(InvalidStatus):
            await connect(url.replace("http", "ws") + "/ws")


async def test_apps_of_this_process_are_called_directly() -> None:
    transport = httpx.ASGITransport(app=Edge({"orchestrator": SERVICE}))
    async with httpx.AsyncClient(transport=transport, base_url="http://edge") as client:
        assert (await client.get("/v1/runs/1")).status_code == 207
        assert (await client.get("/ready")).json()["status"] == "ready"


def test_no_prefix_has_two_owners() -> None:
    prefixes = [route.prefix for route in ROUTES]
    assert len(prefixes) == len(set(prefixes))
