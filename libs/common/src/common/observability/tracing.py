"""Spans and their context across HTTP, bus and outbox, and their way out by OTLP where one is configured."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
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
        self._batches = BatchSpanProcessor(exporter)
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
        masked(name),
        context=context,
        kind=kind,
        attributes=masked(attributes),
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield span
        except Exception as error:
            # The library would keep the message and the traceback as they are, with whatever somebody wrote in them.
            span.add_event(
                "exception", {"exception.type": type(error).__name__, "exception.message": masked(str(error))}
            )
            span.set_status(trace.StatusCode.ERROR, type(error).__name__)
            raise
