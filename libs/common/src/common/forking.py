"""The supervisor's end of the fork server: orders programs from it and hears how they end."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from embedded.child import Child
from embedded.errors import ProcessExited, StackFailed
from embedded.files import private_folder
from embedded.forkserver import MESSAGE_BYTES, Order
from embedded.leftovers import OWNER_VARIABLE, end_all, owner_tag
from embedded.settings import inherited_environment

NAME = "forkserver"


class Forked:
    """A process of the fork server's."""

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
    """The process that all Python programs of a stack are forked from. When it dies, they die with it."""

    name = NAME

    def __init__(self, data: Path, *, preload: Sequence[str]) -> None:
        self._data = data
        self._preload = tuple(preload)
        self._child = Child(NAME, log=private_folder(data / "logs") / f"{NAME}.log", death_signal=signal.SIGKILL)
        self._control: socket.socket | None = None
        self._reader: asyncio.Task[None] | None = None
        self._orders = 0
        self._asked: dict[int, asyncio.Future[Forked]] = {}
        self._running: dict[int, Forked] = {}

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._child.pid

    async def start(self) -> None:
        """Start it. It imports while others start; an order waits until it has."""
        if self._reader is not None:
            await self._reader
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        environment = inherited_environment() | {OWNER_VARIABLE: owner_tag(self._data, NAME)}
        command = [sys.executable, "-P", "-m", "embedded.forkserver", str(theirs.fileno()), *self._preload]
        with theirs:
            await self._child.spawn(command, environment=environment, folder=Path.cwd(), keep_open=(theirs.fileno(),))
        self._control = ours
        self._reader = asyncio.create_task(self._listen(ours), name="fork server")

    async def fork(
        self,
        name: str,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
        early: bool = False,
    ) -> Forked:
        """A new process that runs `python …arguments`. Raises `ProcessExited` when there is no server to fork it.

        `log` is absolute. `early`: do not wait until everything is preloaded.
        """
        if self._control is None:
            raise ProcessExited("The fork server is not running.")
        self._orders += 1
        order = Order(self._orders, name, tuple(arguments), dict(environment), str(folder), str(log), early)
        message = json.dumps(asdict(order)).encode()
        if len(message) > MESSAGE_BYTES:
            raise StackFailed(f"The environment of {name} is too large to hand over ({len(message):,} bytes).")
        answer: asyncio.Future[Forked] = asyncio.get_running_loop().create_future()
        self._asked[order.number] = answer
        try:
            await asyncio.get_running_loop().sock_sendall(self._control, message)
            return await answer
        except OSError as error:
            raise ProcessExited(f"The fork server ended.{self._child.last_words()}") from error
        finally:
            self._asked.pop(order.number, None)

    async def stop(self) -> None:
        """End it, and with it whatever of its programs still runs."""
        await self._child.stop()
        if self._reader is not None:
            await self._reader

    def alive(self) -> bool:
        """Whether its process runs."""
        return self._child.alive()

    async def wait(self) -> int | None:
        """The exit code once it has ended."""
        return await self._child.wait()

    async def _listen(self, control: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with control, suppress(ConnectionResetError):
            while message := await loop.sock_recv(control, MESSAGE_BYTES):
                said: dict[str, int] = json.loads(message)
                if "code" in said:
                    self._running.pop(said["pid"]).ended(said["code"])
                    continue
                forked = self._running[said["pid"]] = Forked(said["pid"])
                if (asked := self._asked.get(said["number"])) is not None and not asked.done():
                    asked.set_result(forked)
                else:
                    # Whoever ordered it has given up since.
                    forked.kill()
        self._control = None
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(ConnectionResetError("the fork server ended"))
        # The kernel has told its programs to die; only their ends are not told to us any more.
        await end_all(self._running)
        while self._running:
            self._running.popitem()[1].ended(-signal.SIGKILL)


def can_fork() -> bool:
    """Whether this system has what the fork server needs: Linux with process descriptors."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True
