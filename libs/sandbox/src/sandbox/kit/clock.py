"""The sandbox's time. It runs as fast as it is told, and a test may push it forward."""

from __future__ import annotations

import asyncio
import time


class Clock:
    """Seconds since the epoch, `speed` times as fast as real ones. Everything that moves or expires reads this."""

    def __init__(self, *, speed: float = 1.0) -> None:
        self._speed = speed
        self._began = time.time()
        self._ahead = 0.0
        self._pushed = asyncio.Event()

    def now(self) -> float:
        """The time here."""
        return self._began + (time.time() - self._began) * self._speed + self._ahead

    def advance(self, seconds: float) -> None:
        """Push the time forward; whoever waits for a moment that is past by then goes on."""
        self._ahead += seconds
        self._pushed.set()
        self._pushed = asyncio.Event()

    async def until(self, moment: float) -> None:
        """Return once it is `moment`, by itself or because somebody pushed."""
        while (left := moment - self.now()) > 0:
            try:
                async with asyncio.timeout(left / self._speed):
                    await self._pushed.wait()
            except TimeoutError:
                continue
