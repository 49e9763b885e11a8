"""One program we own: spawned with a log, watched, told to stop, and gone when we are."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from common.forking import Process

from embedded.errors import ProcessExited, ProcessNotReady
from embedded.identity import Identity, become

_LOG_LIMIT_BYTES = 16 * 1024 * 1024
_POLL_SECONDS = 0.01
T = TypeVar("T")


class Child:
    """A program and its current process. Spawn it from the main thread only.

    The kernel sends `death_signal` when the thread that spawned the process ends, which is how nothing survives a
    supervisor that was killed; from a worker thread it would come much too early.
    """

    def __init__(
        self,
        name: str,
        *,
        log: Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        death_signal: signal.Signals | None = signal.SIGTERM,
        grace_seconds: float = 10.0,
        identity: Identity = Identity.OURSELVES,
    ) -> None:
        self.name = name
        self._log = log
        self._stop_signal = stop_signal
        self._death_signal = death_signal
        self._grace_seconds = grace_seconds
        self._identity = identity
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.alive() else None

    def alive(self) -> bool:
        """Whether the process runs; it need not be ready."""
        return self._process is not None and self._process.returncode is None

    async def spawn(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        folder: Path,
        stdin: bytes | None = None,
    ) -> None:
        """Start the process in a session of its own, output appended to the log. Does not wait for readiness."""
        with _appending(self._log) as log:
            self._process = process = await asyncio.create_subprocess_exec(
                *become(command, identity=self._identity, death_signal=self._death_signal),
                stdin=asyncio.subprocess.DEVNULL if stdin is None else asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=folder,
                env=dict(environment),
                # A Ctrl-C in the terminal is for the supervisor alone, which then stops things in order.
                start_new_session=True,
            )
        if stdin is not None and process.stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()

    async def fork(self, forked: Callable[[int], Awaitable[Process]]) -> None:
        """Take on the process that `forked` makes; it is given the descriptor of the log."""
        with _appending(self._log) as log:
            self._process = await forked(log.fileno())

    async def wait(self) -> int | None:
        """The exit code once the process has ended (negative for a signal); None if there never was one."""
        return None if self._process is None else await self._process.wait()

    async def until(self, is_ready: Callable[[], Coroutine[Any, Any, bool]], *, timeout_seconds: float) -> None:
        """Return when ready. Raises `ProcessExited` or `ProcessNotReady`, and leaves no process then."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + timeout_seconds
        while self.alive():
            if await self._unless_ended(is_ready()):
                return
            if clock() > deadline:
                await self.stop()
                raise ProcessNotReady(f"{self.name} was not ready after {timeout_seconds:g} s.{self.last_words()}")
            await self._unless_ended(asyncio.sleep(_POLL_SECONDS))
        raise ProcessExited(f"{self.name} ended with {await self.wait()} before it was ready.{self.last_words()}")

    async def _unless_ended(self, question: Coroutine[Any, Any, T]) -> T | None:
        """The answer, or None as soon as the process has ended: somebody else on its port may keep us waiting."""
        asked, ended = asyncio.ensure_future(question), asyncio.ensure_future(self.wait())
        try:
            await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
            return asked.result() if asked.done() and self.alive() else None
        finally:
            asked.cancel()
            ended.cancel()

    async def succeed(self, *, timeout_seconds: float) -> None:
        """Wait for a program that ends by itself. Raises `ProcessExited` unless it ended with 0."""
        try:
            async with asyncio.timeout(timeout_seconds):
                code = await self.wait()
        except TimeoutError:
            await self.stop()
            raise ProcessNotReady(f"{self.name} did not finish in {timeout_seconds:g} s.{self.last_words()}") from None
        if code != 0:
            raise ProcessExited(f"{self.name} ended with {code}.{self.last_words()}")

    async def stop(self) -> None:
        """Ask the process to end, kill it after the grace, and return when it is gone. Repeating it does nothing."""
        if self._process is None or not self.alive():
            return
        with suppress(ProcessLookupError):
            self._process.send_signal(self._stop_signal)
        # Not `asyncio.timeout`: in a task that was cancelled, which is where things are stopped, early releases of
        # Python 3.11 take its own time-out for that cancellation.
        ended = asyncio.ensure_future(self._process.wait())
        await asyncio.wait({ended}, timeout=self._grace_seconds)
        if not ended.done():
            with suppress(ProcessLookupError):
                self._process.kill()
        await ended

    def last_words(self) -> str:
        """The end of the log, ready to be appended to a sentence; empty if there is none."""
        try:
            with self._log.open("rb") as log:
                log.seek(max(0, log.seek(0, os.SEEK_END) - 2000))
                lines = log.read().decode(errors="replace").splitlines()[-12:]
        except OSError:
            return ""
        return f" Last lines of {self._log}:\n" + "\n".join(lines) if lines else ""


def _appending(log: Path) -> BinaryIO:
    """The log, opened for appending; one that grew large is set aside first, and one older log is kept."""
    if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
    return log.open("ab")
