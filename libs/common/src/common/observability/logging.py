"""JSON logs with the context of the request or message they belong to."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from functools import partial
from typing import Any, TextIO

import orjson
import structlog
from opentelemetry import trace
from structlog.typing import FilteringBoundLogger

from common.observability.masking import masked

_MACHINES_OWN = frozenset({"timestamp", "level", "logger", "trace_id", "service", "capability", "tenant"})


def configure_logging(level: str = "INFO") -> None:
    """One JSON object a line on standard error, for our events and for the libraries' records alike.

    Ours are written as they are: by way of the standard library a line would take twice the time, and there is one for
    each request and each step.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_trace_id,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    as_json = structlog.processors.JSONRenderer(serializer=_dumps)
    structlog.configure(
        processors=[*shared, as_json],
        logger_factory=partial(_Lines, sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, as_json],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # uvicorn's access log repeats what our middleware says with more context; httpx logs full URLs.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("httpx").setLevel("WARNING")


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger whose events are dotted names with fields: `log.info("ideas.proposed", count=3)`."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


class _Lines:
    """Where a logger's finished lines go."""

    def __init__(self, stream: TextIO, name: str = "") -> None:
        self.name = name
        self._stream = stream

    def write(self, line: str) -> None:
        """Write it, in one piece: a thread may be writing, too. A disk that is full stops nobody who has to say so."""
        with suppress(OSError, ValueError):
            self._stream.write(f"{line}\n")

    debug = info = warning = error = critical = write


def _dumps(event: Any, **_: Any) -> str:
    try:
        return orjson.dumps(event, default=str).decode()
    except orjson.JSONEncodeError:
        # Halves of characters, and numbers of more than 64 bits.
        return json.dumps(event, default=str)


def _mask(_logger: Any, _method: str, event: Any) -> Any:
    for name, value in event.items():
        # What starts with an underscore is structlog's own, and these are written by machines for machines.
        if not name.startswith("_") and name not in _MACHINES_OWN:
            event[name] = masked(value)
    return event


def _add_trace_id(_logger: Any, _method: str, event: Any) -> Any:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
    return event
