"""What a library of footage was found to have, for a day: Pixabay wants that remembered, and Pexels recommends it.

It lies in Redis, which may be flushed at any time; then the library is asked again.
"""

from __future__ import annotations

import hashlib

import httpx
from common.observability.logging import get_logger
from pydantic import RootModel, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from vendors.clips.stock import Found, Library

log = get_logger(__name__)
KEPT_SECONDS = 24 * 60 * 60


class _Page(RootModel[list[Found]]):
    """What a search found."""


class Remembering:
    """A library that is asked once a day for the same words and size, at the same address with the same `account`."""

    def __init__(self, library: Library, *, account: str, redis: Redis) -> None:
        self.name = library.name
        self.terms = library.terms
        self._library = library
        self._account = account
        self._redis = redis

    async def search(self, client: httpx.AsyncClient, query: str, *, width: int, height: int) -> list[Found]:
        """What the library has, or had within a day; also where that was nothing. A failure is not kept."""
        asked = "\0".join((self.name, str(client.base_url), self._account, query, f"{width}x{height}"))
        key = f"greenlight:stock:found:{hashlib.sha256(asked.encode()).hexdigest()}"
        if (known := await self._find(key)) is not None:
            return known
        found = await self._library.search(client, query, width=width, height=height)
        try:
            await self._redis.set(key, _Page(found).model_dump_json(), ex=KEPT_SECONDS)
        except (RedisError, OSError) as error:
            log.warning("stock.cache_unavailable", error=repr(error))
        return found

    async def _find(self, key: str) -> list[Found] | None:
        try:
            found = await self._redis.get(key)
        except (RedisError, OSError) as error:
            log.warning("stock.cache_unavailable", error=repr(error))
            return None
        try:
            return _Page.model_validate_json(found).root if found is not None else None
        except ValidationError:
            # Another version wrote it.
            return None
