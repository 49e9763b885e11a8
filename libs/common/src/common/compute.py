"""Python compute off the event loop: one pool of spawned processes a service, started when first needed."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class ComputePool:
    """Runs picklable functions in other processes. A worker that dies breaks the pool once; the call is repeated."""

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or min(4, os.cpu_count() or 1)
        self._pool: ProcessPoolExecutor | None = None
        self._holders = 0

    async def __call__(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`fn(*args)`, computed elsewhere. `fn` must be a pure module-level function: it may run twice."""
        if kwargs:
            raise TypeError("compute takes positional arguments only")
        loop = asyncio.get_running_loop()
        pool = self._ready()
        try:
            return await loop.run_in_executor(pool, fn, *args)
        except BrokenProcessPool:
            # All calls of the broken pool end here; the first of them makes the new one.
            if self._pool is pool:
                self._pool = None
            return await loop.run_in_executor(self._ready(), fn, *args)

    def _ready(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._workers, mp_context=context)
        return self._pool

    @contextmanager
    def held(self) -> Iterator[None]:
        """The workers stay for the block; with the last block they end."""
        self._holders += 1
        try:
            yield
        finally:
            self._holders -= 1
            if not self._holders:
                self.close()

    def close(self) -> None:
        """End the workers; what they were computing is lost."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


@cache
def pool_of(service: str) -> ComputePool:
    """The one pool that a service has in this process, however often its app is made."""
    return ComputePool()
