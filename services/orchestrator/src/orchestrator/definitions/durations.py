"""Durations as authors write them: `500ms`, `30s`, `5m`, `4h`, `3d`."""

from __future__ import annotations

import re
from datetime import timedelta

LONGEST = timedelta(days=3650)
"""Nothing waits for longer: what is due has to be a date that Python and the database both know."""
_DURATION = re.compile(r"([0-9]{1,18})\s*(ms|s|m|h|d)")
_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def read_duration(written: str) -> timedelta | None:
    """The duration, or None when it is none, or one of more than `LONGEST`."""
    match = _DURATION.fullmatch(written)
    if match is None:
        return None
    ms = int(match[1]) * _UNITS[match[2]]
    return timedelta(milliseconds=ms) if ms <= LONGEST // timedelta(milliseconds=1) else None
