"""Durations as authors write them: `500ms`, `30s`, `5m`, `4h`, `3d`."""

from __future__ import annotations

import re
from datetime import timedelta

_DURATION = re.compile(r"^(\d+)\s*(ms|s|m|h|d)$")
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def read_duration(written: str) -> timedelta | None:
    """The duration, or None when it is none."""
    match = _DURATION.match(written)
    return timedelta(milliseconds=int(match[1]) * _UNITS[match[2]]) if match else None
