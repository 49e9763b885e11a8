"""Waiting for what somebody else makes without holding anything: asked about now and then, and given up in the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.bus.step import Pending
from common.clock import Clock, utc_now

_GRACE = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often somebody is asked about an order, and how long after the order at most."""

    poll: timedelta
    lasts: timedelta
    clock: Clock = utc_now

    @property
    def minutes(self) -> float:
        """How long it lasts, for a sentence about its end."""
        return self.lasts.total_seconds() / 60

    @property
    def longest(self) -> timedelta:
        """After that nobody waits any more, whatever became of the step."""
        return self.lasts + _GRACE

    def is_over(self, ordered_at: datetime) -> bool:
        """Whether it has lasted long enough for an order of then."""
        return self.clock() >= ordered_at + self.lasts

    def wait(self, handle: str, *, ordered_at: datetime) -> Pending:
        """What a step says that waits: `handle` wakes it; else it looks in a while, and for the last time at the end.

        The last look is its own, so that it says itself why it took too long; the engine's end comes after.
        """
        again = min(self.clock() + self.poll, ordered_at + self.lasts)
        return Pending(handle=handle, check_after=again, deadline=ordered_at + self.longest)
