"""One process to be struck: named by a descriptor, so that a pid that is given to somebody else is never hit."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Victim:
    """A process of the stack."""

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self._descriptor = descriptor

    def send(self, number: signal.Signals) -> None:
        """Send it a signal. One that has ended is past caring."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, number)

    def is_gone(self) -> bool:
        """Whether it has ended."""
        look = select.poll()
        look.register(self._descriptor, select.POLLIN)
        return bool(look.poll(0))

    async def kill(self) -> float:
        """SIGKILL. → when it was gone, as `time.monotonic()` tells it."""
        self.send(signal.SIGKILL)
        return await self.gone()

    async def gone(self, *, within_seconds: float = 30.0) -> float:
        """When it has ended, as `time.monotonic()` tells it. Raises `TimeoutError` if it has not by then."""
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[float] = loop.create_future()

        def note() -> None:
            if not ended.done():
                ended.set_result(time.monotonic())

        loop.add_reader(self._descriptor, note)
        try:
            async with asyncio.timeout(within_seconds):
                return await ended
        finally:
            loop.remove_reader(self._descriptor)


@contextmanager
def held(pid: int) -> Iterator[Victim]:
    """The process by that pid, for the block. Raises `ProcessLookupError` when there is none."""
    descriptor = os.pidfd_open(pid)
    try:
        yield Victim(pid, descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def stopped(victim: Victim) -> Iterator[None]:
    """SIGSTOP for the block; it goes on afterwards, whatever happened."""
    victim.send(signal.SIGSTOP)
    try:
        yield
    finally:
        victim.send(signal.SIGCONT)
