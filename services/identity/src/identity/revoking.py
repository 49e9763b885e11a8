"""Making tokens void before they expire: what a person may do changed, so what was signed before does not count."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from common.clock import Clock
from common.observability.logging import get_logger
from common.service.auth import CLOCK_SKEW_SECONDS
from common.service.generations import Generations
from redis.exceptions import RedisError

from identity.registry import Registry

log = get_logger(__name__)
AGAIN_SECONDS = 5.0
"""How often it is told again: so long a flush of Redis, or a crash right after a change, may keep old tokens good."""


class Revoking:
    """Tells every service which generations of people's tokens count no more."""

    def __init__(self, registry: Registry, generations: Generations, *, lifetime: timedelta, clock: Clock) -> None:
        self._registry = registry
        self._generations = generations
        self._lasts = lifetime + timedelta(seconds=CLOCK_SKEW_SECONDS)
        self._clock = clock

    async def run(self) -> None:
        """Tell it again and again, for ever."""
        while True:
            await self.tell()
            await asyncio.sleep(AGAIN_SECONDS)

    async def tell(self) -> None:
        """Tell all that is void while tokens of it may still be out. Without Redis it is told later."""
        void = await self._registry.list_void(since=self._clock() - self._lasts)
        try:
            await self._generations.void(map(str, void), seconds=int(self._lasts.total_seconds()))
        except (RedisError, OSError) as error:
            log.warning("revoking.not_told", error=repr(error))
