"""How fast orders are answered: what says how many may lie ahead of the workers who do them."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

_LATELY_SECONDS = 1.0
_AHEAD_SECONDS = 0.25


class Pace:
    """What was answered in the last second, by capability, as far as this process knows.

    An order that lies ahead of the workers can be overtaken by nobody: it costs whoever comes next a moment of waiting.
    A quarter of a second's worth keeps a worker from waiting for a round, and is all that another tenant waits for.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._answered: dict[str, deque[float]] = defaultdict(deque)

    def answered(self, capability: str) -> None:
        """An order of it was answered."""
        now = self._now()
        self._lately(capability, now).append(now)

    def room(self, capability: str, *, slots: int) -> int:
        """How many of its orders may be out: one for each slot, and ahead of them one at least, as many at most."""
        ahead = int(len(self._lately(capability, self._now())) * _AHEAD_SECONDS / _LATELY_SECONDS)
        return slots + max(1, min(slots, ahead)) if slots else 0

    def _lately(self, capability: str, now: float) -> deque[float]:
        answered = self._answered[capability]
        while answered and answered[0] <= now - _LATELY_SECONDS:
            answered.popleft()
        return answered
