"""An app process: started with its environment, ready when its addresses say so, gone with all it started."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

from common.forking import ForkServer

from embedded.child import Child
from embedded.errors import ProcessExited, StackFailed
from embedded.files import private_folder
from embedded.leftovers import OWNER_VARIABLE, end_all, list_owned, owner_tag
from embedded.programs import Program
from embedded.ready import answers_http
from embedded.settings import app_environment

_READY_SECONDS = 120.0
_GRACE_SECONDS = 10.0


class App:
    """One program of the stack, under its own name in the logs: forked, or a Python of its own without `forks`."""

    def __init__(self, program: Program, *, data: Path, forks: ForkServer | None = None) -> None:
        self._program = program
        self._data = data
        self._forks = forks
        # A killed supervisor takes its apps with it at once: their servers are going down in the same moment.
        self._child = Child(
            program.name,
            log=private_folder(data / "logs") / f"{program.name}.log",
            death_signal=signal.SIGKILL,
            grace_seconds=_GRACE_SECONDS,
        )

    @property
    def name(self) -> str:
        """The program's name."""
        return self._program.name

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._child.pid

    async def start(self) -> None:
        """Start, and return when every address answers 200. Raises `ProcessExited` or `ProcessNotReady`."""
        await self._spawn()
        await self._child.until(self._is_ready, timeout_seconds=_READY_SECONDS)

    async def run(self, *, timeout_seconds: float) -> None:
        """Start, and return when it has ended with 0. Raises `ProcessExited` or `ProcessNotReady`."""
        await self._spawn()
        await self._child.succeed(timeout_seconds=timeout_seconds)

    async def stop(self) -> None:
        """SIGTERM, ten seconds of grace, then SIGKILL for it and everything it started."""
        await self._child.stop()
        await self._end_descendants()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child.alive()

    async def wait(self) -> int | None:
        """The exit code once it has ended."""
        return await self._child.wait()

    async def _spawn(self) -> None:
        await self._end_descendants()
        environment = app_environment() | dict(self._program.environment)
        environment[OWNER_VARIABLE] = owner_tag(self._data, self.name)
        # The supervisor's own folder, so that a relative path in a setting means what its author meant.
        arguments, folder, early = self._program.arguments, Path.cwd(), self._program.early
        if (forks := self._forks) is None:
            # -P: the current folder is the user's, and must not be where our imports are found.
            command = (sys.executable, "-P", *arguments)
            await self._child.spawn(command, environment=environment, folder=folder)
            return
        try:
            await self._child.fork(
                lambda log: forks.fork(
                    self.name, arguments, environment=environment, folder=folder, outputs=(log, log), early=early
                )
            )
        except OSError as error:
            raise ProcessExited(f"{self.name} could not be forked: {error}.") from error
        except ValueError as error:
            raise StackFailed(str(error)) from error

    async def _end_descendants(self) -> None:
        """A render or a worker that an earlier life of this app started would go on writing beside the new one."""
        await end_all(list_owned(self._data, name=self.name))

    async def _is_ready(self) -> bool:
        return all(await asyncio.gather(*(answers_http(url) for url in self._program.ready)))
