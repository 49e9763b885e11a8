"""Time as an argument, so that tests can hold it still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(instant: datetime) -> str:
    """`2026-11-21T09:30:00.123456Z`: how instants look in JSON."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
