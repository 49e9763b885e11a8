"""Passwords: Argon2id, computed off the event loop, and guessed at only a few times."""

from __future__ import annotations

import math
import os

from common.compute import ComputePool
from common.errors import RateLimited
from common.observability.logging import get_logger
from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = get_logger(__name__)
WRONG_AT_MOST, WRONG_SECONDS = 10, 900
_ITERATIONS, _LANES, _MEMORY_KIB = 2, 1, 19_456
"""What OWASP advises for Argon2id with little memory."""
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$Z3JlZW5saWdodC1ub2JvZHk$aQ2rCtVlWQk5wXn6uRsFtKLKJ4Vbk1cQqNYH1vJ1j9M"
"""Compared with where there is no password, so that the time taken does not say so."""


def hash_password(password: str) -> str:
    """Its hash in PHC format, another one each time."""
    derived = Argon2id(salt=os.urandom(16), length=32, iterations=_ITERATIONS, lanes=_LANES, memory_cost=_MEMORY_KIB)
    return derived.derive_phc_encoded(password.encode())


def verify_password(password: str, known: str) -> bool:
    """Whether it is the one that was hashed."""
    try:
        Argon2id.verify_phc_encoded(password.encode(), known)
    except InvalidKey:
        return False
    return True


class Passwords:
    """Hashes and compares in the compute pool."""

    def __init__(self, compute: ComputePool, redis: Redis) -> None:
        self._compute = compute
        self._redis = redis

    async def hash(self, password: str) -> str:
        """See `hash_password`."""
        return await self._compute(hash_password, password)

    async def matches(self, password: str, known: str | None, *, account: str) -> bool:
        """Whether it is the account's password. Raises `RateLimited` after ten wrong ones in a quarter of an hour.

        Counted by account, because addresses are cheap; so guessing can close an account's password for others, but
        not its keys and links.
        """
        await self._must_be_allowed(account)
        same = await self._compute(verify_password, password, known or _NOBODYS)
        if same and known is not None:
            return True
        await self._count_wrong(account)
        return False

    async def _must_be_allowed(self, account: str) -> None:
        try:
            wrong, rest = await self._redis.get(_key(account)), await self._redis.ttl(_key(account))
        except (RedisError, OSError) as error:
            log.warning("passwords.not_counted", error=repr(error))
            return
        if wrong is not None and int(wrong) >= WRONG_AT_MOST:
            raise RateLimited("Too many wrong passwords.", retry_after_seconds=max(1, math.ceil(rest)))

    async def _count_wrong(self, account: str) -> None:
        try:
            async with self._redis.pipeline() as counted:
                counted.incr(_key(account))
                counted.expire(_key(account), WRONG_SECONDS)
                await counted.execute()
        except (RedisError, OSError) as error:
            log.warning("passwords.not_counted", error=repr(error))


def _key(account: str) -> str:
    return f"greenlight:wrong-passwords:{account}"
