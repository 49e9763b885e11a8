"""What happens around every request: id, trace, log context, metrics, authentication, limits, body size. Pure ASGI."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from http import HTTPStatus

import structlog
from opentelemetry import trace
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from common.contracts.edge import shown_path
from common.errors import GreenlightError, Invalid, RateLimited, Unauthenticated
from common.ids import new_id
from common.observability.logging import get_logger
from common.observability.metrics import HTTP_REQUESTS, HTTP_SECONDS
from common.observability.tracing import span_from
from common.service.auth import Authenticator, ExpiredToken
from common.service.limiter import Limiter
from common.service.problems import answer_for, broke
from common.viewing import viewing

log = get_logger(__name__)
ALWAYS_OPEN = ("/health", "/healthz", "/ready", "/metrics", "/docs", "/openapi.json")
SOCKET_REFUSED = 1008
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WEBSOCKET"})


class RequestContext:
    """Gives each request an id, a span, log context and metrics."""

    def __init__(self, app: ASGIApp, *, service: str, tracer: trace.Tracer) -> None:
        self._app = app
        self._service = service
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = scope["request_id"] = request_id_of(scope)
        method = scope.get("method", "WEBSOCKET")
        # A caller may write any method; what becomes a label comes from a fixed set.
        method = method if method in _METHODS else "OTHER"
        began = time.perf_counter()
        shown = shown_path(scope["path"])
        status = 500
        answered_at = None

        async def answer(message: Message) -> None:
            nonlocal status, answered_at
            if message["type"] == "http.response.start":
                status, answered_at = message["status"], time.perf_counter()
                answered = MutableHeaders(scope=message)
                answered["X-Request-ID"] = request_id
                answered["X-Response-Time-ms"] = f"{(time.perf_counter() - began) * 1000:.1f}"
            elif message["type"] == "websocket.accept":
                status = 101
            await send(message)

        with (
            structlog.contextvars.bound_contextvars(service=self._service, request_id=request_id),
            span_from(
                self._tracer,
                f"{method} {shown}",
                kind=trace.SpanKind.SERVER,
                traceparent=headers.get("traceparent"),
                attributes={"http.request.method": method, "url.path": shown},
            ),
        ):
            try:
                await self._app(scope, receive, answer)
            except Exception as error:
                # Here and not in Starlette, which would answer outside of this context, without the request's id.
                if answered_at is not None or scope["type"] == "websocket":
                    raise
                await broke(error, path=shown)(scope, receive, answer)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                HTTP_REQUESTS.labels(self._service, method, route, str(status)).inc()
                if method != "WEBSOCKET":
                    HTTP_SECONDS.labels(self._service, method, route).observe(time.perf_counter() - began)
                if route not in ALWAYS_OPEN:
                    log.info("http.answered", method=method, route=route, status=status)


class Gatekeeper:
    """Deny by default: without verified credentials only the listed paths are served."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticator: Authenticator,
        limiter: Limiter,
        open_paths: Iterable[str],
        body_limit: int,
        signed_paths: Iterable[str] = (),
        files_at: Mapping[str, int] | None = None,
    ) -> None:
        self._app = app
        self._authenticator = authenticator
        self._limiter = limiter
        self._open = tuple(open_paths)
        self._signed = tuple(signed_paths)
        self._body_limit = body_limit
        self._files_at = files_at or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or scope["path"] in ALWAYS_OPEN:
            await self._app(scope, receive, send)
            return
        if scope["type"] == "http" and is_open(scope["path"], self._signed):
            await self._take_signed(scope, receive, send)
            return
        try:
            limits = await self._admit(scope)
        except GreenlightError as error:
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": SOCKET_REFUSED, "reason": error.code})
            else:
                await answer_for(error)(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                for name, value in limits.items():
                    answered[name] = value
                answered.setdefault("X-Content-Type-Options", "nosniff")
            await send(message)

        if (principal := scope.get("principal")) is None:
            await self._app(scope, self._counted(scope, receive), answer)
            return
        with viewing(principal.viewer):
            await self._app(scope, self._counted(scope, receive), answer)

    async def _take_signed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What is refused, such as a forged signature, counts against the address; what is really signed never does."""
        refused = False

        async def answer(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                if message["status"] >= HTTPStatus.BAD_REQUEST:
                    try:
                        await self._limiter.count(f"ip:{_address(scope)}", known=False)
                    except RateLimited as error:
                        refused = True
                        await answer_for(error)(scope, receive, send)
                MutableHeaders(scope=message).setdefault("X-Content-Type-Options", "nosniff")
            if not refused:
                await send(message)

        await self._app(scope, self._counted(scope, receive), answer)

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """The body as it comes, refused once it is over the limit: a chunked body does not say its length first."""
        taken, limit = 0, self._limit_at(scope)

        async def count() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > limit:
                    # FastAPI makes a plain 400 of everything else that goes wrong while it reads a body.
                    raise HTTPException(413, _too_large(limit))
            return message

        return count

    def _limit_at(self, scope: Scope) -> int:
        return self._files_at.get(scope["path"], self._body_limit)

    async def _admit(self, scope: Scope) -> dict[str, str]:
        headers = Headers(scope=scope)
        length, limit = headers.get("content-length", "0"), self._limit_at(scope)
        if not length.isdigit() or int(length) > limit:
            raise TooLarge(_too_large(limit))
        if is_open(scope["path"], self._open):
            return await self._limiter.count(f"ip:{_address(scope)}", known=False)
        try:
            principal = await self._authenticator.by_headers(headers, method=scope.get("method", "WEBSOCKET"))
        except Unauthenticated as refusal:
            if isinstance(refusal, ExpiredToken):
                scope["expired_principal"] = refusal.principal
            # Wrong credentials count against the address, so guessing keys is limited like anything else.
            await self._limiter.count(f"ip:{_address(scope)}", known=False)
            raise
        scope["principal"] = principal
        structlog.contextvars.bind_contextvars(tenant=principal.tenant, user_id=principal.user_id)
        return await self._limiter.count(f"{principal.tenant}:{principal.user_id}", known=True)


def _too_large(limit: int) -> str:
    return f"The body may have at most {limit} bytes."


def request_id_of(scope: Scope) -> str:
    """The request's own `X-Request-ID` if it is well-formed, else a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else str(new_id())


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("unknown",))[0])


class TooLarge(Invalid):
    """The body is over the limit."""

    status = 413


def is_open(path: str, open_paths: Iterable[str]) -> bool:
    """Whether a path needs no credentials: listed as it is, or below a listed `/folder/`."""
    return any(path == listed or (listed.endswith("/") and path.startswith(listed)) for listed in open_paths)
