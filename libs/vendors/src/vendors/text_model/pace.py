"""How often a model is asked, and how long one that failed is left alone: known to all processes by Redis.

Redis is a limiter, not the truth: while it is away each process goes by what it saw itself.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from common.errors import GreenlightError, Transient, VendorRateLimited
from common.observability.logging import get_logger
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = get_logger(__name__)
_PREFIX = "greenlight:models"
PATIENCE = 3
"""After this many failures in a row a model is asked last."""
REST_MS = 30_000
_LONGEST_REST_MS = 15 * 60_000


@dataclass(frozen=True)
class Rest:
    """How long a model is left alone. `ordered`: its vendor said so, and asking before is of no use."""

    ms: int
    ordered: bool


class Pace:
    """Limits and rests of all models, each by its address and name."""

    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._rests: dict[str, tuple[float, bool]] = {}
        self._failed: Counter[str] = Counter()

    async def rest_of(self, model: str) -> Rest | None:
        """How long the model is still left alone; None when it may be asked."""
        until, ordered = self._rests.get(model, (0.0, False))
        left = int((until - time.monotonic()) * 1000)
        if self._redis is not None:
            try:
                async with self._redis.pipeline(transaction=False) as asked:
                    asked.get(f"{_PREFIX}:rest:{model}")
                    asked.pttl(f"{_PREFIX}:rest:{model}")
                    said, shared = await asked.execute()
                if said is not None and shared > left:
                    left, ordered = shared, said == b"ordered"
            except (RedisError, OSError) as error:
                log.warning("models.pace_unavailable", error=repr(error))
        return Rest(left, ordered) if left > 0 else None

    async def failed(self, model: str, error: GreenlightError) -> None:
        """Remember a failure. A vendor that says when to come back is taken at its word."""
        self._failed[model] += 1
        wanted = error.retry_after_ms if isinstance(error, Transient) else None
        if wanted:
            await self._rest(model, min(wanted, _LONGEST_REST_MS), ordered=True)
        elif self._failed[model] >= PATIENCE:
            await self._rest(model, REST_MS, ordered=False)

    def went_well(self, model: str) -> None:
        """Forget the failures."""
        self._failed.pop(model, None)
        self._rests.pop(model, None)

    async def count(self, model: str, *, questions: int | None, tokens: int | None) -> None:
        """Count a question. Raises `VendorRateLimited` when this minute's questions or tokens are used up; nothing was
        asked then. What it takes of tokens is `spent` once that is known.
        """
        if questions is not None and await self._add("minute", model, 1) > questions:
            raise _used_up(f"A model is asked {questions} times a minute at most.")
        if tokens is not None and await self._add("tokens", model, 0) >= tokens:
            raise _used_up(f"A model is asked until it has taken {tokens} tokens in a minute.")

    async def spent(self, model: str, tokens: int) -> None:
        """Count what a question and its answer took, which is known only afterwards."""
        await self._add("tokens", model, tokens)

    async def _add(self, what: str, model: str, amount: int) -> int:
        """This minute's count, with `amount` added; nothing while Redis is away."""
        if self._redis is None:
            return 0
        key = f"{_PREFIX}:{what}:{model}:{int(time.time() // 60)}"
        try:
            async with self._redis.pipeline(transaction=True) as told:
                told.incrby(key, amount)
                told.expire(key, 120)
                counted, _ = await told.execute()
        except (RedisError, OSError) as error:
            log.warning("models.pace_unavailable", error=repr(error))
            return 0
        return int(counted)

    async def _rest(self, model: str, ms: int, *, ordered: bool) -> None:
        self._rests[model] = (time.monotonic() + ms / 1000, ordered)
        if self._redis is not None:
            try:
                await self._redis.set(f"{_PREFIX}:rest:{model}", "ordered" if ordered else "ours", px=ms)
            except (RedisError, OSError) as error:
                log.warning("models.pace_unavailable", error=repr(error))


def _used_up(said: str) -> VendorRateLimited:
    return VendorRateLimited(said, retry_after_ms=int((60 - time.time() % 60) * 1000) + 1)
