"""Calls of tools and vendors, seen: a span and a time each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from opentelemetry.trace import SpanKind

from common.observability.metrics import TOOL_SECONDS
from common.observability.tracing import span_from, tracer_for


@contextmanager
def seen_call(service: str, name: str, kind: Literal["tool", "vendor"]) -> Iterator[None]:
    """A span `execute_tool <name>` below the one we are in, and `tool_duration_seconds`, however the call ends.

    The words are those of OpenTelemetry's conventions for generative AI, "Execute tool span". What was said is not in
    it.
    """
    about = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": name,
        "gen_ai.tool.type": "function" if kind == "tool" else "extension",
    }
    began = time.perf_counter()
    try:
        with span_from(
            tracer_for(service), f"execute_tool {name}", kind=SpanKind.INTERNAL, traceparent=None, attributes=about
        ):
            yield
    finally:
        TOOL_SECONDS.labels(service, name).observe(time.perf_counter() - began)
