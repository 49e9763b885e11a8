"""Spans and their context across HTTP, bus and outbox, and their way out by OTLP where one is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from common.observability.masking import masked

EXPORT_SECONDS = 5.0
"""How long one batch may take on its way, retries included, and how long a service that stops waits for the last."""
_propagator = TraceContextTextMapPropagator()


@cache
def _provider(service: str) -> TracerProvider:
    return TracerProvider(resource=Resource.create({"service.name": service, "service.namespace": "greenlight"}))


def tracer_for(service: str) -> trace.Tracer:
    """The service's tracer. Each service has a provider of its own: several may live in one process."""
    return _provider(service).get_tracer("greenlight")


class MaskedExport(SpanExporter):
    """Spans on their way out with everything personal or secret in their texts made unreadable.

    They are masked where they leave and not where they begin: a process whose spans go nowhere looks through none, and
    one that sends them does so in the exporter's thread.
    """

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Hand masked copies on. → what became of them."""
        return self._exporter.export([_masked_span(span) for span in spans])

    def shutdown(self) -> None:
        """Shut the exporter behind down."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Have the exporter behind send what it holds. → whether it did so within the time, in milliseconds."""
        return self._exporter.force_flush(timeout_millis)


def _masked_span(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=masked(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=masked(span.attributes),
        events=[Event(masked(event.name), masked(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        status=trace.Status(span.status.status_code, masked(span.status.description)),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


class SpanExport:
    """A service's spans on their way to an OTLP endpoint: in batches, from a thread of their own.

    No request and no step waits for it. What the endpoint does not take in time, or what is more than a queue of
    2,048 spans, is dropped, with a line in the log.
    """

    def __init__(self, service: str, *, endpoint: str, headers: Mapping[str, str]) -> None:
        # It brings an HTTP library and protobuf with it; only who sends spans waits for these at start.
        from opentelemetry.exporter.otlp.proto.http import Compression
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(
            endpoint=f"{endpoint.rstrip('/')}/v1/traces",
            headers=dict(headers),
            timeout=EXPORT_SECONDS,
            compression=Compression.Gzip,
        )
        self._batches = BatchSpanProcessor(MaskedExport(exporter))
        _provider(service).add_span_processor(self._batches)

    async def close(self) -> None:
        """Send what is left, for `EXPORT_SECONDS` at most; what ends later goes nowhere."""
        await asyncio.to_thread(self._batches.force_flush, int(EXPORT_SECONDS * 1000))
        await asyncio.to_thread(self._batches.shutdown)


def otlp_headers(written: str) -> dict[str, str]:
    """`name=value` pairs with commas between them, values percent-encoded. Raises `ValueError` for anything else."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in written.split(","))):
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ValueError("name=value, with commas between them")
        found[name.strip().lower()] = unquote(value.strip())
    return found


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the span we are in, or None outside of one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


def traceparent_of_run(run_id: UUID) -> str:
    """The `traceparent` under which all orders of a run go out: the trace's id is the run's.

    So whoever has a run finds its trace, over all processes, restarts and waits, and nothing need be kept for it.
    """
    return f"00-{run_id.hex}-{run_id.hex[16:]}-01"


@contextmanager
def span_from(
    tracer: trace.Tracer, name: str, *, kind: trace.SpanKind, traceparent: str | None, attributes: Mapping[str, Any]
) -> Iterator[trace.Span]:
    """A span that continues the trace in `traceparent`, or begins one."""
    context = _propagator.extract({"traceparent": traceparent}) if traceparent else None
    with tracer.start_as_current_span(
        name,
        context=context,
        kind=kind,
        attributes=attributes,
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except Exception as error:
            # The library would send the traceback, too, which says where our code lies and nothing a reader needs.
            span.add_event("exception", {"exception.type": type(error).__name__, "exception.message": str(error)})
            span.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise
