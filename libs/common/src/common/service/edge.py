"""The edge as a small ASGI router: one origin, each path handed to the service that owns it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping

import httpx
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from common.contracts.edge import owner_of
from common.service.problems import problem_response

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"}
    | {"upgrade", "host", "content-length"}
)
_HANDSHAKE = frozenset({"sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions"})


class Edge:
    """Routes by `common.contracts.edge`. Targets are apps in this process, or proxies to other processes."""

    def __init__(self, targets: Mapping[str, ASGIApp]) -> None:
        self._targets = targets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _no_lifespan(receive, send)
            return
        if scope["path"] == "/ready":
            await JSONResponse({"status": "ready", "service": "edge"})(scope, receive, send)
            return
        route = owner_of(scope["path"])
        if route and route.service in self._targets and (scope["type"] == "http" or route.websocket):
            await self._targets[route.service](scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not_found"})
        else:
            response = problem_response(404, "not_found", f"Nothing is served at {scope['path']!r}.")
            await response(scope, receive, send)


class Proxy:
    """Forwards requests and sockets to a service in another process, and its answers back as they come."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._client = httpx.AsyncClient(base_url=base_url, timeout=httpx.Timeout(60, connect=2), trust_env=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = self._client.build_request(
            scope["method"],
            httpx.URL(path=scope["path"], query=scope["query_string"]),
            headers=_forwarded(scope),
            content=_body(receive),
        )
        try:
            answer = await self._client.send(request, stream=True)
        except httpx.HTTPError:
            response = problem_response(
                503, "unavailable", "The service that owns this path does not answer.", retry_after_seconds=1
            )
            await response(scope, receive, send)
            return
        try:
            headers = MutableHeaders(raw=[])
            for name, value in answer.headers.multi_items():
                if name.lower() not in _HOP_BY_HOP or name.lower() == "content-length":
                    headers.append(name, value)
            await send({"type": "http.response.start", "status": answer.status_code, "headers": headers.raw})
            async for piece in answer.aiter_raw():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await answer.aclose()

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        url = self._base_url.replace("http", "ws", 1) + scope["path"]
        if query := scope["query_string"].decode():
            url = f"{url}?{query}"
        headers = [(name, value) for name, value in _forwarded(scope) if name not in _HANDSHAKE]
        headers = [(name, value) for name, value in headers if name != "sec-websocket-protocol"]
        protocols = [Subprotocol(name) for name in scope.get("subprotocols", ())]
        try:
            upstream = await connect(url, additional_headers=headers, subprotocols=protocols or None, proxy=None)
        except (OSError, InvalidHandshake):
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "websocket.accept", "subprotocol": upstream.subprotocol})
        down = asyncio.create_task(_downstream(upstream, send))
        up = asyncio.create_task(_upstream(upstream, receive))
        await asyncio.wait({down, up}, return_when=asyncio.FIRST_COMPLETED)
        for task in (down, up):
            task.cancel()
        await asyncio.gather(down, up, return_exceptions=True)
        await upstream.close()


async def _downstream(upstream: ClientConnection, send: Send) -> None:
    try:
        async for message in upstream:
            kind = "text" if isinstance(message, str) else "bytes"
            await send({"type": "websocket.send", kind: message})
    except ConnectionClosed:
        pass
    await send({"type": "websocket.close", "code": upstream.close_code or 1011, "reason": upstream.close_reason or ""})


async def _upstream(upstream: ClientConnection, receive: Receive) -> None:
    while (message := await receive())["type"] == "websocket.receive":
        await upstream.send(message.get("text") or message.get("bytes") or "")


def _forwarded(scope: Scope) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in Headers(scope=scope).items() if name not in _HOP_BY_HOP]
    address = (scope.get("client") or ("unknown",))[0]
    return [*kept, ("x-forwarded-for", address)]


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return
        if message.get("body"):
            yield message["body"]
        if not message.get("more_body"):
            return


async def _no_lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
