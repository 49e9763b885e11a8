"""JSON logs with the context of the request or message they belong to."""

from __future__ import annotations

import logging
import sys
from typing import Any

import orjson
import structlog
from opentelemetry import trace

from common.observability.masking import masked

_MACHINES_OWN = frozenset({"timestamp", "level", "logger", "trace_id", "service", "capability", "tenant"})


def configure_logging(level: str = "INFO") -> None:
    """One JSON object a line on standard error, for our events and for the libraries' records alike."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _add_trace_id,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _mask,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_dumps),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # uvicorn's access log repeats what our middleware says with more context; httpx logs full URLs.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("httpx").setLevel("WARNING")


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose events are dotted names with fields: `log.info("ideas.proposed", count=3)`."""
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger


def _dumps(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()


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
