"""How requests are counted over a minute that slides, on the real Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from common.errors import RateLimited
from common.service.limiter import Limiter
from redis.asyncio import Redis
from testkit.stack import Stack


@pytest.fixture
async def limiter(stack: Stack) -> AsyncIterator[Limiter]:
    made = Limiter(stack.environment("ideation")["GREENLIGHT_REDIS_URL"], service="ideation", per_minute=4)
    yield made
    await made.close()


@pytest.fixture
async def redis(stack: Stack) -> AsyncIterator[Redis]:
    async with Redis.from_url(stack.environment("ideation")["GREENLIGHT_REDIS_URL"]) as connected:
        yield connected


async def test_a_minute_holds_so_many_and_the_next_has_to_wait_for_its_end(limiter: Limiter) -> None:
    who, other = uuid4().hex, uuid4().hex
    told = [await limiter.count(who, known=True) for _ in range(4)]
    assert [one["X-RateLimit-Remaining"] for one in told] == ["3", "2", "1", "0"]
    assert {one["X-RateLimit-Reset"] for one in told} <= {"60", "59", "58"}
    with pytest.raises(RateLimited) as refused:
        await limiter.count(who, known=True)
    assert 50 < refused.value.extra["retry_after_seconds"] <= 60
    # A stranger may ask a fourth as often, and what is another's counts for nobody else.
    assert (await limiter.count(other, known=False))["X-RateLimit-Limit"] == "1"
    with pytest.raises(RateLimited):
        await limiter.count(other, known=False)


async def test_what_was_counted_before_still_counts_by_as_much_of_it_as_was_within_the_minute(
    limiter: Limiter, redis: Redis
) -> None:
    who = uuid4().hex
    key = f"greenlight:ideation:limit:{who}:4"
    # A window of four requests ended twelve seconds ago: three of them were within the last minute.
    await redis.set(key, 4, px=48_000)
    told = await limiter.count(who, known=True)
    assert told["X-RateLimit-Remaining"] == "0"
    assert told["X-RateLimit-Reset"] in {"1", "2", "3"}
    with pytest.raises(RateLimited) as refused:
        await limiter.count(who, known=True)
    assert 0 < refused.value.extra["retry_after_seconds"] <= 3
    assert 40_000 < await redis.pttl(f"{key}:before") <= 48_000
    assert await redis.get(key) == b"1"
