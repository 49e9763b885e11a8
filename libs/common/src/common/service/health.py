"""Liveness and readiness, from real checks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from common.clock import rfc3339, utc_now
from common.observability.metrics import exposition

Check = Callable[[], Awaitable[None]]
Notice = Callable[[], Awaitable[str | None]]
"""Something an operator should see that is no fault, such as a switch that is on; None when there is nothing."""
_TIMEOUT_SECONDS = 2.0
_CACHED_SECONDS = 1.0


class Health:
    """Asks the dependencies, at most once a second, each with a time-out."""

    def __init__(self, service: str, checks: Mapping[str, Check], *, notices: Mapping[str, Notice]) -> None:
        self.service = service
        self._checks = checks
        self._notices = notices
        self._seen: dict[str, str] = {}
        self._told: dict[str, str] = {}
        self._seen_at = float("-inf")
        self._asking = asyncio.Lock()

    async def dependencies(self) -> dict[str, str]:
        """For each dependency `ok`, or a word on what is wrong."""
        async with self._asking:
            if time.monotonic() - self._seen_at > _CACHED_SECONDS:
                names = list(self._checks)
                states = await asyncio.gather(*(self._state(self._checks[name]) for name in names))
                self._seen = dict(zip(names, states, strict=True))
                self._told = {name: words for name, ask in self._notices.items() if (words := await _words(ask))}
                self._seen_at = time.monotonic()
        return self._seen

    async def look(self) -> None:
        """Ask them for whoever wants to know `unwell`."""
        await self.dependencies()

    def unwell(self) -> dict[str, str]:
        """What did not answer as it should when it was asked last."""
        return {name: state for name, state in self._seen.items() if state != "ok"}

    def notices(self) -> dict[str, str]:
        """What was on that need not be, when the dependencies were asked."""
        return self._told

    async def _state(self, check: Check) -> str:
        try:
            await asyncio.wait_for(check(), _TIMEOUT_SECONDS)
        except TimeoutError:
            return "timeout"
        except Exception as error:
            # Whatever a driver raises, the answer to "is it there" is the same: no.
            return f"down ({type(error).__name__})"
        return "ok"


async def _words(ask: Notice) -> str | None:
    """What cannot be asked is the fault of a dependency, which says so itself."""
    with suppress(Exception):
        return await asyncio.wait_for(ask(), _TIMEOUT_SECONDS)
    return None


def health_router(health: Health) -> APIRouter:
    """`/health` and `/healthz` (alive, dependencies in the body), `/ready` (503 when one is down), `/metrics`."""
    router = APIRouter(tags=["operations"])

    async def document(ok_status: str) -> dict[str, object]:
        dependencies, notices = await health.dependencies(), health.notices()
        well = all(state == "ok" for state in dependencies.values())
        told: dict[str, object] = {"notices": notices} if notices else {}
        return told | {
            "status": ok_status if well else "degraded",
            "service": health.service,
            "timestamp": rfc3339(utc_now()),
            "services": dependencies,
        }

    @router.get("/health", summary="Is the process alive, and what can it reach?")
    @router.get("/healthz", include_in_schema=False)
    async def alive() -> dict[str, object]:
        return await document("healthy")

    @router.get("/ready", summary="Can it work? 503 when a dependency is down.")
    async def ready() -> JSONResponse:
        body = await document("ready")
        return JSONResponse(body, status_code=200 if body["status"] == "ready" else 503)

    @router.get("/metrics", summary="Prometheus text of this service.")
    async def metrics() -> Response:
        return Response(exposition(health.service), media_type=CONTENT_TYPE_LATEST)

    return router
