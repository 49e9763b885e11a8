"""Start a supervisor from another program, and know when its stack is ready or why it is not."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType

from embedded.child import Child
from embedded.errors import DataFolderInUse, StackFailed
from embedded.files import private_folder
from embedded.ports import PREFERRED_PORTS
from embedded.programs import Layout
from embedded.settings import inherited_environment
from embedded.stack import StackPhase, StackState, find_running, read_stack
from embedded.supervisor import IN_USE

_STOP_SECONDS = 45.0
_SUPERVISOR = (sys.executable, "-P", "-m", "embedded.supervisor")


class LaunchedStack:
    """A supervisor that we started. Launch it from the main thread."""

    def __init__(self, child: Child, *, data: Path) -> None:
        self._child = child
        self._data = data

    @property
    def pid(self) -> int | None:
        """The supervisor's process id while it runs."""
        return self._child.pid

    async def until_ready(self, *, timeout_seconds: float = 300.0) -> StackState:
        """The state once everything answers. Raises `StackFailed` with the reason, `DataFolderInUse` among them."""
        try:
            await self._child.until(self._is_ready, timeout_seconds=timeout_seconds)
        except StackFailed as exc:
            raise await self._reason(exc) from None
        state = find_running(self._data)
        if state is None:
            raise StackFailed(f"The stack ended as soon as it was ready.{self._child.last_words()}")
        return state

    async def stop(self) -> None:
        """Stop the stack in order and return when nothing of it is left."""
        await self._child.stop()

    async def wait(self) -> int | None:
        """The supervisor's exit code once it has ended."""
        return await self._child.wait()

    async def _is_ready(self) -> bool:
        state = read_stack(self._data)
        return state is not None and state.supervisor_pid == self.pid and state.phase is StackPhase.READY

    async def _reason(self, failure: StackFailed) -> StackFailed:
        if await self._child.wait() == IN_USE:
            return DataFolderInUse(f"{str(self._data)!r} is in use by another supervisor.")
        state = read_stack(self._data)
        return StackFailed(state.problem) if state is not None and state.problem else failure


async def launch(
    data: Path,
    *,
    layout: Layout = "one",
    port: int = PREFERRED_PORTS["edge"],
    edge_host: str = "127.0.0.1",
    outlives_us: bool = False,
    environment: Mapping[str, str] = MappingProxyType({}),
    command: Sequence[str] = _SUPERVISOR,
) -> LaunchedStack:
    """Start a supervisor, its log in `<data>/logs/supervisor.log`. Unless it outlives us, our death stops the stack.

    It has our environment, and what is in `environment` besides.
    """
    log = private_folder(private_folder(data) / "logs") / "supervisor.log"
    child = Child(
        "supervisor",
        log=log,
        death_signal=None if outlives_us else signal.SIGTERM,
        grace_seconds=_STOP_SECONDS,
    )
    options = ["--data", str(data), "--processes", layout, "--port", str(port), "--edge-host", edge_host]
    await child.spawn([*command, *options], environment=inherited_environment() | dict(environment), folder=Path.cwd())
    return LaunchedStack(child, data=data)


@asynccontextmanager
async def running_stack(
    data: Path,
    *,
    layout: Layout = "one",
    port: int = PREFERRED_PORTS["edge"],
    edge_host: str = "127.0.0.1",
    environment: Mapping[str, str] = MappingProxyType({}),
    command: Sequence[str] = _SUPERVISOR,
) -> AsyncIterator[StackState]:
    """The stack of this data folder for as long as the block runs: the one that runs already, or one of our own.

    One that ran before goes on running after; one of our own is stopped, also when we are killed.
    """
    if (state := find_running(data)) is not None and state.phase is StackPhase.READY:
        yield state
        return
    stack = await launch(data, layout=layout, port=port, edge_host=edge_host, environment=environment, command=command)
    try:
        yield await stack.until_ready()
    finally:
        await asyncio.shield(stack.stop())
