"""How long to wait before starting again what keeps dying."""

from __future__ import annotations

from dataclasses import dataclass

FIRST_SECONDS = 0.2
LONGEST_SECONDS = 2.0
HEALTHY_SECONDS = 5.0
"""Who served for this long does not fail at its start: when it is killed, each second of pause is an outage."""


@dataclass
class Backoff:
    """Doubles from 0.2 s to 2 s; five healthy seconds make it forget."""

    _next_seconds: float = FIRST_SECONDS

    def after(self, uptime_seconds: float) -> float:
        """The pause, in seconds, for a process that had been ready for this long (0 if it never was)."""
        if uptime_seconds >= HEALTHY_SECONDS:
            self._next_seconds = FIRST_SECONDS
        pause = self._next_seconds
        self._next_seconds = min(pause * 2, LONGEST_SECONDS)
        return pause
