"""The edge as a small ASGI router: one origin, each path handed to the service that owns it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from common.contracts.edge import owner_of
from common.http import LIMITS, trust
from common.service.dashboard import Dashboard
from common.service.middleware import request_id_of
from common.service.problems import problem_response

_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding"}
    | {"upgrade", "host"}
)
_HANDSHAKE = frozenset(
    {"sec-websocket-key", "sec-websocket-version", "sec-websocket-extensions", "sec-websocket-protocol"}
)
_TIMES = httpx.Timeout(60, connect=2)
_SAYABLE = frozenset({1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)})
"""Close codes that may be sent; the others only tell how a connection ended (RFC 6455, section 7.4)."""


class Edge:
    """Routes by `common.contracts.edge`. Targets are apps in this process, or proxies to other processes."""

    def __init__(self, targets: Mapping[str, ASGIApp], *, dashboard: Dashboard | None = None) -> None:
        self._targets = targets
        self._dashboard = dashboard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            proxies = [target for target in self._targets.values() if isinstance(target, Proxy)]
            await _live(receive, send, closes=[proxy.close for proxy in proxies])
            return
        if scope["path"] == "/ready":
            await JSONResponse({"status": "ready", "service": "edge"})(scope, receive, send)
            return
        route = owner_of(scope["path"])
        if route and route.service in self._targets and (scope["type"] == "http" or route.websocket):
            await self._targets[route.service](scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not_found"})
        elif route is None and self._dashboard is not None and self._dashboard.serves(scope):
            await self._dashboard(scope, receive, send)
        else:
            refusal = _refusal(scope, 404, "not_found", f"Nothing is served at {scope['path']!r}.")
            await refusal(scope, receive, send)


class Proxy:
    """Forwards requests and sockets to a service in another process, and its answers back as they come."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._client = httpx.AsyncClient(trust_env=False, verify=trust(), limits=LIMITS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send, closes=[self.close])
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def close(self) -> None:
        """Close the connections that are kept for the next request."""
        await self._client.aclose()

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._client.send(self._forward(scope, receive), stream=True)
        except httpx.HTTPError:
            detail = "The service that owns this path does not answer."
            await _refusal(scope, 503, "unavailable", detail, retry_after_seconds=1)(scope, receive, send)
            return
        try:
            headers = MutableHeaders(raw=[])
            for name, value in answer.headers.multi_items():
                if name.lower() not in _HOP_BY_HOP:
                    headers.append(name, value)
            await send({"type": "http.response.start", "status": answer.status_code, "headers": headers.raw})
            async for piece in answer.aiter_raw():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            await answer.aclose()

    def _forward(self, scope: Scope, receive: Receive) -> httpx.Request:
        headers = Headers(scope=scope)
        bodiless = "content-length" not in headers and "transfer-encoding" not in headers
        # Made by hand: the client would add headers of its own, such as an `accept-encoding` nobody asked for.
        return httpx.Request(
            scope["method"],
            self._url(scope),
            headers=_forwarded(scope),
            content=None if bodiless else _body(receive),
            extensions={"timeout": _TIMES.as_dict()},
        )

    def _url(self, scope: Scope) -> str:
        path: bytes = scope.get("raw_path") or scope["path"].encode()
        query: bytes = scope["query_string"]
        return self._base_url + (path + b"?" + query if query else path).decode("latin-1")

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (await receive())["type"] != "websocket.connect":
            return
        headers = [(name, value) for name, value in _forwarded(scope) if name not in _HANDSHAKE]
        protocols = [Subprotocol(name) for name in scope.get("subprotocols", ())]
        url = self._url(scope).replace("http", "ws", 1)
        try:
            upstream = await connect(url, additional_headers=headers, subprotocols=protocols or None, proxy=None)
        except (OSError, TimeoutError, InvalidHandshake):
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
    code = upstream.close_code if upstream.close_code in _SAYABLE else 1011
    await send({"type": "websocket.close", "code": code, "reason": upstream.close_reason or ""})


async def _upstream(upstream: ClientConnection, receive: Receive) -> None:
    while (message := await receive())["type"] == "websocket.receive":
        text = message.get("text")
        await upstream.send(message.get("bytes") or b"" if text is None else text)
    code = int(message.get("code") or 1000)
    await upstream.close(code if code in _SAYABLE else 1000, message.get("reason") or "")


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


def _refusal(scope: Scope, status: int, code: str, detail: str, **extra: Any) -> JSONResponse:
    """The edge's own answer, which has a request id as those of the services have."""
    request_id = request_id_of(scope)
    with structlog.contextvars.bound_contextvars(request_id=request_id):
        response = problem_response(status, code, detail, **extra)
    response.headers["X-Request-ID"] = request_id
    return response


async def _live(receive: Receive, send: Send, *, closes: Sequence[Callable[[], Awaitable[None]]]) -> None:
    while (message := await receive())["type"] != "lifespan.shutdown":
        await send({"type": f"{message['type']}.complete"})
    for close in closes:
        await close()
    await send({"type": "lifespan.shutdown.complete"})
