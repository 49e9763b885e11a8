"""Group commit: what many ask for one by one is done for all of them at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
AT_MOST = 200


class Group(Generic[T, R]):
    """Takes turns: all that was asked for while one turn was under way is the next turn. Nobody waits for company.

    `act` gets the items and gives a result for each, in their order. When it raises for several, each is tried alone,
    so that one that cannot be done spoils no other's.
    """

    def __init__(self, act: Callable[[Sequence[T]], Awaitable[Sequence[R]]]) -> None:
        self._act = act
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._turns: asyncio.Task[None] | None = None

    async def ask(self, item: T) -> R:
        """The result for one item. Raises what its turn raised."""
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._turns is None:
            self._turns = asyncio.create_task(self._take_turns())
        return await answer

    async def _take_turns(self) -> None:
        try:
            while self._waiting:
                asked, self._waiting = self._waiting[:AT_MOST], self._waiting[AT_MOST:]
                await self._take(asked)
        finally:
            self._turns = None

    async def _take(self, asked: Sequence[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            results = await self._act([item for item, _ in asked])
        except Exception as error:
            if len(asked) > 1:
                for one in asked:
                    await self._take([one])
            elif not asked[0][1].done():
                asked[0][1].set_exception(error)
            return
        except BaseException:
            for _, answer in asked:
                answer.cancel()
            raise
        for (_, answer), result in zip(asked, results, strict=True):
            # Who does not wait any more was cancelled; what was asked for is done all the same.
            if not answer.done():
                answer.set_result(result)
