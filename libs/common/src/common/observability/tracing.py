"""Spans and their context across HTTP, bus and outbox. Exporting them is configured per service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from common.observability.masking import masked

_propagator = TraceContextTextMapPropagator()


def tracer_for(service: str) -> trace.Tracer:
    """A tracer of a provider of its own: several services may live in one process."""
    return TracerProvider(resource=Resource.create({"service.name": service})).get_tracer("greenlight")


def current_traceparent() -> str | None:
    """The W3C `traceparent` of the span we are in, or None outside of one."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get("traceparent")


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
