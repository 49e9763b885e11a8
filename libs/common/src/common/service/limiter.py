"""Rate limits, counted in Redis by verified principal, or by address for strangers."""

from __future__ import annotations

import math

from redis.asyncio import Redis
from redis.exceptions import RedisError

from common.errors import RateLimited
from common.observability.logging import get_logger
from common.observability.metrics import LIMITER_OPEN

log = get_logger(__name__)
STRANGERS_SHARE = 4
WINDOW_MS = 60_000
# One window begins with the first request, and the next when it is over. What was counted in the one before still
# counts, by as much of it as lies within the last minute. All of it is one question, because each costs every request.
_COUNT = """
local before_key, key = KEYS[1], KEYS[2]
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local left = redis.call('pttl', key)
if left > 0 and left < window then
    redis.call('rename', key, before_key)
    left = left + window
    redis.call('set', key, 0, 'px', left)
end
local before = tonumber(redis.call('get', before_key)) or 0
local before_left = math.max(0, redis.call('pttl', before_key))
local count = tonumber(redis.call('get', key)) or 0
local counted = math.floor(before * before_left / window) + count
if counted >= limit then
    return {0, 0, before, before_left, left - window}
end
if left > 0 then
    redis.call('incr', key)
else
    left = 2 * window
    redis.call('set', key, 1, 'px', left)
end
return {1, limit - counted - 1, before, before_left, left - window}
"""


class Limiter:
    """Counts requests over a sliding minute. Redis is a limiter, not the truth: without it requests go through."""

    def __init__(self, redis_url: str, *, service: str, per_minute: int) -> None:
        self._redis = Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2)
        self._count = self._redis.register_script(_COUNT)
        self._per_minute = per_minute
        self._service = service

    async def count(self, who: str, *, known: bool) -> dict[str, str]:
        """Count one request of `who`. → the `X-RateLimit-*` headers. Raises `RateLimited`."""
        limit = self._per_minute if known else max(1, self._per_minute // STRANGERS_SHARE)
        key = f"greenlight:{self._service}:limit:{who}:{limit}"
        try:
            allowed, remaining, *windows = await self._count(keys=[f"{key}:before", key], args=[limit, WINDOW_MS])
        except (RedisError, OSError) as error:
            LIMITER_OPEN.labels(self._service).inc()
            log.warning("limiter.unavailable", error=repr(error))
            return {}
        reset = _reset_seconds(*windows)
        if not allowed:
            raise RateLimited("Too many requests.", retry_after_seconds=reset, limit=limit)
        return {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(remaining),
            "X-RateLimit-Reset": str(reset),
        }

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()


def _reset_seconds(before: int, before_left: int, left: int) -> int:
    """When there is room for one more: a request of the window before is forgotten, or this window ends.

    `before` is how many were counted in the window before; what is left of the windows is in milliseconds, and not
    positive where there is none.
    """
    ends = [left] if left > 0 else []
    if before:
        ends.append(int(before_left % (WINDOW_MS / before)))
    return max(1, math.ceil(min(ends, default=0) / 1000))
