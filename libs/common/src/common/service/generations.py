"""Which tokens count no more although they have not expired: told by identity through Redis, asked with every request.

A person's tokens are of one generation until what they may do changes; then it is void, and the next one begins. Redis
is no truth: identity tells what is void again every few seconds. While Redis is away a token counts until it expires,
which is a quarter of an hour at most.
"""

from __future__ import annotations

from collections.abc import Iterable

from redis.asyncio import Redis
from redis.exceptions import RedisError

from common.observability.logging import get_logger

log = get_logger(__name__)


class Generations:
    """The generations that are void."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def void(self, generations: Iterable[str], *, seconds: int) -> None:
        """Their tokens count no more, for as long as there may be any. Raises `RedisError`; a repeat is harmless."""
        async with self._redis.pipeline(transaction=False) as told:
            for generation in generations:
                told.set(_key(generation), 1, ex=seconds)
            await told.execute()

    async def is_void(self, generation: str) -> bool:
        """Whether its tokens count no more. When nobody can say, they do."""
        try:
            return bool(await self._redis.exists(_key(generation)))
        except (RedisError, OSError) as error:
            log.warning("generations.unavailable", error=repr(error))
            return False


def _key(generation: str) -> str:
    return f"greenlight:void:{generation}"
