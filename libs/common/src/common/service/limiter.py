"""Rate limits, counted in Redis by verified principal, or by address for strangers."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from common.errors import RateLimited
from common.observability.logging import get_logger
from common.observability.metrics import LIMITER_OPEN

log = get_logger(__name__)
STRANGERS_SHARE = 4


class Limiter:
    """Counts requests over a sliding minute. Redis is a limiter, not the truth: without it requests go through."""

    def __init__(self, redis_url: str, *, service: str, per_minute: int) -> None:
        self._pool = ConnectionPool.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2)
        storage = RedisStorage(
            f"async+{redis_url}",
            implementation="redispy",
            key_prefix=f"greenlight:{service}",
            # The library hands it on as it is, but names only plain values as its options.
            connection_pool=self._pool,  # type: ignore[arg-type]
        )
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._known = RateLimitItemPerMinute(per_minute)
        self._strangers = RateLimitItemPerMinute(max(1, per_minute // STRANGERS_SHARE))
        self._service = service

    async def count(self, who: str, *, known: bool) -> dict[str, str]:
        """Count one request of `who`. → the `X-RateLimit-*` headers. Raises `RateLimited`."""
        item = self._known if known else self._strangers
        try:
            allowed = await self._limiter.hit(item, who)
            window = await self._limiter.get_window_stats(item, who)
        except (RedisError, OSError) as error:
            LIMITER_OPEN.labels(self._service).inc()
            log.warning("limiter.unavailable", error=repr(error))
            return {}
        reset = max(1, math.ceil(window.reset_time - time.time()))
        if not allowed:
            raise RateLimited("Too many requests.", retry_after_seconds=reset, limit=item.amount)
        return {
            "X-RateLimit-Limit": str(item.amount),
            "X-RateLimit-Remaining": str(window.remaining),
            "X-RateLimit-Reset": str(reset),
        }

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.disconnect()
