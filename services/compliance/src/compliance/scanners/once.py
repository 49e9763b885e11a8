"""What is being done already is waited for, and not done twice."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Work by its key, as long as it is under way."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Task[T]] = {}

    async def __call__(self, key: Hashable, work: Coroutine[None, None, T]) -> T:
        """What the work gives; one that is under way for the same `key` is waited for instead."""
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(work)
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        else:
            work.close()
        # Who gives up waiting does not take the work from others.
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End what is under way; what it found is lost, and nothing waits for it."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
