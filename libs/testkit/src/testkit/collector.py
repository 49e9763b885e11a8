"""A little OTLP collector: it takes spans as an OpenTelemetry exporter sends them, and keeps them to be looked at."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from testkit.listening import listening


@dataclass(frozen=True)
class Span:
    """One span as it came in; ids in hexadecimal."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    attributes: dict[str, Any]


@dataclass
class Collector:
    """What came in. `status` is what it answers to whatever comes."""

    url: str = ""
    status: int = 200
    asked: int = 0
    spans: list[Span] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def named(self, part: str) -> list[Span]:
        """The spans with that in their name."""
        return [span for span in self.spans if part in span.name]


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """While it is entered, a collector listens at `url`."""
    collector, app = Collector(), FastAPI()

    @app.post("/v1/traces")
    async def take(request: Request) -> Response:
        collector.asked += 1
        collector.headers.append(dict(request.headers))
        if collector.status == 200:
            body = await request.body()
            plain = gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body
            collector.spans.extend(_spans_in(ExportTraceServiceRequest.FromString(plain)))
        return Response(status_code=collector.status, media_type="application/x-protobuf")

    async with listening(app) as url:
        collector.url = url
        yield collector


def _spans_in(sent: ExportTraceServiceRequest) -> Iterator[Span]:
    for resource in sent.resource_spans:
        service = _read(resource.resource.attributes)["service.name"]
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Span(
                    service,
                    span.name,
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    _read(span.attributes),
                )


def _read(attributes: Any) -> dict[str, Any]:
    return {one.key: getattr(one.value, str(one.value.WhichOneof("value"))) for one in attributes}
