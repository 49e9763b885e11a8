"""Leave to tell a platform something. It is short, so that who stops publishing need not wait for long."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from common.contracts.publishing import START_WITHIN_SECONDS

from publisher.errors import LeaveIsOver

T = TypeVar("T")
_ENOUGH_SECONDS = START_WITHIN_SECONDS / 2


class Leave:
    """Asked for when it is needed, counted from before it was asked for, by this process's own clock."""

    def __init__(self, ask: Callable[[], Awaitable[object]], *, now: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._now = now
        self._until = float("-inf")

    async def obtain(self) -> None:
        """Ask, unless enough is left of what was given before. Raises what asking does."""
        began = self._now()
        if began + _ENOUGH_SECONDS > self._until:
            await self._ask()
            self._until = began + START_WITHIN_SECONDS

    async def begin(self, tell: Callable[[], Awaitable[T]]) -> T:
        """What `tell` returns, begun in time. Raises `LeaveIsOver`, and nothing is told, when it is too late."""
        if self._now() > self._until:
            raise LeaveIsOver("Publishing was prepared too slowly to still be allowed; it is asked again.")
        return await tell()
