"""A path that holds a secret is written down without it: in spans, logs and audit entries."""

from __future__ import annotations

import httpx
import pytest
from common.contracts.edge import SECRET_PATHS, owner_of, shown_path
from common.service.middleware import RequestContext
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

SECRET = "glr_" + "s3cret" * 10


@pytest.mark.parametrize("prefix", SECRET_PATHS)
def test_every_secret_path_is_somebodys_and_is_shown_without_its_end(prefix: str) -> None:
    assert owner_of(prefix) is not None
    assert shown_path(f"{prefix}{SECRET}") == shown_path(f"{prefix}{SECRET}/more") == f"{prefix}***"
    assert shown_path("/v1/runs/1") == "/v1/runs/1"


@pytest.mark.parametrize("breaks", [False, True])
async def test_a_request_with_a_secret_leaves_none_behind(breaks: bool) -> None:
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(kept))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if breaks:
            raise RuntimeError("a mistake of ours")
        await PlainTextResponse("here")(scope, receive, send)

    context = RequestContext(app, service="test", tracer=provider.get_tracer("test"))
    transport = httpx.ASGITransport(app=context)
    with capture_logs() as logs:
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.get(f"{SECRET_PATHS[0]}{SECRET}")
    assert answer.status_code == (500 if breaks else 200)
    assert logs or not breaks
    assert SECRET not in str(logs) + answer.text
    (span,) = kept.get_finished_spans()
    assert SECRET not in span.to_json()
    assert f"{SECRET_PATHS[0]}***" in span.to_json()
