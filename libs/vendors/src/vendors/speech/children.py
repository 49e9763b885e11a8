"""Programs that speak: each text is said by a child process of its own, and none outlives its voice."""

from __future__ import annotations

import asyncio

from common.errors import VendorUnavailable


class Children:
    """So many at once, each with so many seconds. One that dies or hangs costs its own text only."""

    def __init__(self, voice: str, *, timeout_seconds: float, at_once: int) -> None:
        self._voice = voice
        self._timeout_seconds = timeout_seconds
        self._slots = asyncio.Semaphore(at_once)
        self._running: set[asyncio.subprocess.Process] = set()
        self._closed = False

    async def run(self, *command: str, said: bytes) -> bytes:
        """What the program answers to `said`; whatever happens, the child is gone and reaped afterwards.

        Raises `VendorUnavailable` when it fails, takes too long, or the voice is closed.
        """
        async with self._slots:
            self._require_open()
            child = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
            self._running.add(child)
            try:
                self._require_open()  # `close` may have come while the child was being started.
                async with asyncio.timeout(self._timeout_seconds):
                    answer, _ = await child.communicate(said)
            except TimeoutError as error:
                raise VendorUnavailable(f"{self._voice} did not finish within {self._timeout_seconds:g} s.") from error
            finally:
                # Draining the pipes after the kill also closes them, so neither a process nor a descriptor stays.
                _end(child)
                await asyncio.shield(child.communicate())
                self._running.discard(child)
        if child.returncode != 0:
            raise VendorUnavailable(f"{self._voice} ended with status {child.returncode} before it had spoken.")
        return answer

    async def close(self) -> None:
        """End what is being said and refuse the rest; closing twice changes nothing."""
        self._closed = True
        running = tuple(self._running)
        for child in running:
            _end(child)
        await asyncio.gather(*(child.wait() for child in running))

    def _require_open(self) -> None:
        if self._closed:
            raise VendorUnavailable(f"The voice of {self._voice} is closed.")


def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.kill()
