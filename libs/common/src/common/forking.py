"""Programs forked from a process that has imported what they need: its other end is `common.forkserver`."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from common.forkserver import MESSAGE_BYTES, Order


class Process(Protocol):
    """What is asked of a process: asyncio's, or one of the fork server's."""

    pid: int

    @property
    def returncode(self) -> int | None:
        """The exit code once it has ended; negative for a signal."""

    async def wait(self) -> int:
        """The exit code once it has ended."""

    def send_signal(self, signal: int) -> None:
        """Send it a signal. Raises `ProcessLookupError` when it has ended."""

    def kill(self) -> None:
        """SIGKILL. Raises `ProcessLookupError` when it has ended."""


class ForkServerGone(ConnectionError):
    """There is no server to fork anything; start it."""


class Forked:
    """A process of a fork server's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = asyncio.Event()

    async def wait(self) -> int:
        """The exit code once it has ended; negative for a signal."""
        await self._ended.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal. Raises `ProcessLookupError` when it has ended."""
        if self.returncode is not None:
            raise ProcessLookupError(self.pid)
        os.kill(self.pid, number)

    def kill(self) -> None:
        """SIGKILL. Raises `ProcessLookupError` when it has ended."""
        self.send_signal(signal.SIGKILL)

    def ended(self, code: int) -> None:
        """It has ended with this code."""
        self.returncode = code
        self._ended.set()


class ForkServer:
    """The process that programs are forked from. It dies with us, and they die with it.

    It finds itself in `environment`; `flags` are its interpreter's and so its forks'. Start it from the main thread.
    """

    def __init__(
        self, name: str, *, preload: Sequence[str], environment: Mapping[str, str], flags: str = "-P", log: Path | None
    ) -> None:
        self.name = name
        self._command = (sys.executable, flags, "-m", "common.forkserver")
        self._preload = tuple(preload)
        self._environment = dict(environment)
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._control: socket.socket | None = None
        self._sending = asyncio.Lock()
        self._listener: asyncio.Task[None] | None = None
        self._orders = 0
        self._asked: dict[int, asyncio.Future[Forked]] = {}
        self._running: dict[int, Forked] = {}

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None and self.alive() else None

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it unless it runs. It imports while others start; an order waits until it has."""
        if self._process is not None and self._listener is not None:
            if self.alive() and self._control is not None:
                return
            await self._process.wait()
            await asyncio.wait({self._listener})
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        log = None if self._log is None else self._log.open("ab")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *(*self._command, str(theirs.fileno()), str(os.getpid()), *self._preload),
                stdin=subprocess.DEVNULL,
                stdout=log or subprocess.DEVNULL,
                stderr=log or subprocess.DEVNULL,
                env=self._environment,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
        finally:
            theirs.close()
            if log is not None:
                log.close()
        self._control = ours
        self._listener = asyncio.create_task(self._listen(ours), name=self.name)

    async def fork(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        outputs: Sequence[int] = (),
        early: bool = False,
    ) -> Forked:
        """A new process that runs `python …arguments` in a session of its own.

        Raises `ForkServerGone`; `OSError` when this machine has no room for one more; `ValueError` for an environment
        that is too large.

        `arguments` are `-m` and a module, or a file, and the program's own. `outputs` are two descriptors
        for its standard output and error, which stay the caller's to close; without them it has the server's log.
        `early`: do not wait until everything is preloaded.
        """
        if (control := self._control) is None:
            raise ForkServerGone(f"{self.name} is not running")
        self._orders += 1
        order = Order(self._orders, name, tuple(arguments), dict(environment), str(folder), early)
        message = json.dumps(asdict(order)).encode()
        if len(message) > MESSAGE_BYTES:
            raise ValueError(f"The environment of {name} is too large to hand over ({len(message):,} bytes).")
        answer: asyncio.Future[Forked] = asyncio.get_running_loop().create_future()
        self._asked[order.number] = answer
        try:
            async with self._sending:
                await _send(control, message, outputs)
            return await answer
        except (BrokenPipeError, ConnectionResetError) as error:
            if self._listener is not None:
                # The other end is closed, as it will hear in a moment.
                await asyncio.wait({self._listener})
            raise ForkServerGone(f"{self.name} ended") from error
        finally:
            self._asked.pop(order.number, None)

    async def stop(self) -> None:
        """End it, and with it whatever of its programs still runs. Repeating it does nothing."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        if self._listener is not None:
            await asyncio.wait({self._listener})

    async def wait(self) -> int | None:
        """The exit code once it has ended."""
        return None if self._process is None else await self._process.wait()

    async def _listen(self, control: socket.socket) -> None:
        try:
            with control, suppress(ConnectionResetError):
                while message := await asyncio.get_running_loop().sock_recv(control, MESSAGE_BYTES):
                    self._hear(json.loads(message))
        finally:
            self._control = None
            for asked in self._asked.values():
                if not asked.done():
                    asked.set_exception(ForkServerGone(f"{self.name} ended"))
            # The kernel kills them with it; only their ends are not told to us any more.
            while self._running:
                pid, forked = self._running.popitem()
                with suppress(ProcessLookupError):
                    await _gone(pid)
                forked.ended(-signal.SIGKILL)

    def _hear(self, said: dict[str, int]) -> None:
        if "code" in said:
            self._running.pop(said["pid"]).ended(said["code"])
            return
        asked = self._asked.get(said["number"])
        waits = asked is not None and not asked.done()
        if "errno" in said:
            if asked is not None and waits:
                asked.set_exception(OSError(said["errno"], os.strerror(said["errno"])))
            return
        forked = self._running[said["pid"]] = Forked(said["pid"])
        if asked is not None and waits:
            asked.set_result(forked)
        else:
            # Whoever ordered it has given up since; it may also have ended.
            with suppress(ProcessLookupError):
                forked.kill()


async def _send(control: socket.socket, message: bytes, descriptors: Sequence[int]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        try:
            socket.send_fds(control, [message], descriptors)
        except BlockingIOError:
            room: asyncio.Future[None] = loop.create_future()
            loop.add_writer(control, _set, room)
            try:
                await room
            finally:
                loop.remove_writer(control)
        else:
            return


async def _gone(pid: int) -> None:
    """Return when the process has ended, whoever its parent is. Raises `ProcessLookupError` when there is none."""
    loop = asyncio.get_running_loop()
    descriptor = os.pidfd_open(pid)
    ended: asyncio.Future[None] = loop.create_future()
    loop.add_reader(descriptor, _set, ended)
    try:
        await ended
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def can_fork() -> bool:
    """Whether this system has what the fork server needs: Linux with process descriptors."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True
