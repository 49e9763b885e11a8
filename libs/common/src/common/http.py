"""The one factory for HTTP clients."""

from __future__ import annotations

import ssl
from functools import lru_cache

import httpx

from common.observability.tracing import current_traceparent

SERVICE_SECONDS = 2.0
LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=3.0)
"""httpx's own, but that a connection is given up two seconds before our servers close it, which is after five: a
request that is sent on it at that moment would be lost."""


def client(*, base_url: str = "", timeout_seconds: float = SERVICE_SECONDS) -> httpx.AsyncClient:
    """A client with bounded times that carries our trace. Redirects are not followed."""
    return httpx.AsyncClient(
        base_url=base_url,
        timeout=httpx.Timeout(timeout_seconds, connect=min(timeout_seconds, 2.0)),
        headers={"user-agent": "greenlight/0.1"},
        event_hooks={"request": [_carry_trace]},
        trust_env=False,
        verify=trust(),
        limits=LIMITS,
    )


@lru_cache
def trust() -> ssl.SSLContext:
    """Whose certificates we believe. Reading them takes 20 ms, so the clients of a process share what was read."""
    return httpx.create_ssl_context(trust_env=False)


async def _carry_trace(request: httpx.Request) -> None:
    if (traceparent := current_traceparent()) and "traceparent" not in request.headers:
        request.headers["traceparent"] = traceparent
