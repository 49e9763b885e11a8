"""The stack that is drilled: the one that runs with a process for each service, or one of the drill's own."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from embedded.child import Child
from embedded.environment import EDGE
from embedded.errors import StackFailed
from embedded.files import private_folder
from embedded.secrets import StackSecrets, load_secrets
from embedded.settings import inherited_environment
from embedded.stack import ProcessPhase, StackPhase, StackState, find_running, read_stack
from embedded.urls import with_credentials

from cli.drill.points import POINTS, setting_of
from cli.exits import ExitCode
from cli.places import REPOSITORY, shown
from cli.trouble import Trouble

_READY_SECONDS = 180.0
_BACK_SECONDS = 90.0
_STOP_SECONDS = 45.0
_SHARED = "apps"


class Site:
    """A stack on this machine, looked at through its data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    @property
    def own(self) -> bool:
        """Whether the drill started it, and may do with it what it likes."""
        return False

    @property
    def secrets(self) -> StackSecrets:
        """The secrets of its data folder."""
        return load_secrets(self.data)

    @property
    def state(self) -> StackState:
        """What `stack.json` says now. Raises `Trouble` when there is no stack any more."""
        state = find_running(self.data)
        if state is None:
            raise Trouble(
                "The stack stopped in the middle of the drill.",
                exit_code=ExitCode.NO_STACK,
                code="stack_gone",
                next_step=f"See {shown(self.data)}/logs/supervisor.log.",
            )
        return state

    @property
    def edge_url(self) -> str:
        """The one origin of everything."""
        return self.state.edge_url or ""

    @property
    def database_url(self) -> str:
        """The database as its owner sees it, at the address it has now. Raises `ConnectionError` when it has none."""
        state = find_running(self.data)
        if state is None or state.database_url is None:
            raise ConnectionError("There is no database just now.")
        password = self.secrets.derive("database", "greenlight")
        return with_credentials(state.database_url, user="greenlight", password=password)

    def is_well(self) -> bool:
        """Whether the stack and each of its processes is ready."""
        state = find_running(self.data)
        if state is None or state.phase is not StackPhase.READY:
            return False
        return all(process.phase is ProcessPhase.READY for process in state.processes.values())

    async def pid(self, name: str) -> int:
        """The process id of a server or a service, once it is ready. Raises `TimeoutError`."""

        def ready() -> int | None:
            state = find_running(self.data)
            process = state.processes.get(name) if state else None
            return process.pid if process and process.phase is ProcessPhase.READY else None

        return await self.until(ready, what=f"{name} to be ready")

    async def next_pid(self, name: str, *, after: int) -> int:
        """The process that takes the place of `after`, as soon as it is there, ready or not. Raises `TimeoutError`."""

        def begun() -> int | None:
            state = find_running(self.data)
            process = state.processes.get(name) if state else None
            found = process.pid if process else None
            return found if found not in (None, after) else None

        return await self.until(begun, what=f"the next {name}")

    async def until(self, look: Callable[[], int | None], *, what: str) -> int:
        """What `look` finds. The state is a file, so there is nothing to wait on but the file."""
        deadline = time.monotonic() + _BACK_SECONDS
        while time.monotonic() < deadline:
            found = look()
            if found is not None:
                return found
            await asyncio.sleep(0.01)
        raise TimeoutError(f"Waited {_BACK_SECONDS:.0f} s for {what}.")


class OwnSite(Site):
    """A stack that was started for the drill and stops with it, with places in it at which it can be killed."""

    def __init__(self, data: Path, *, port: int) -> None:
        super().__init__(data)
        self._port = port
        self._child: Child | None = None

    @property
    def own(self) -> bool:
        """It is ours."""
        return True

    async def start(self) -> None:
        """Start it, at the same edge address as before, and return when it is ready. Raises `Trouble`."""
        POINTS.disarm_all(self.data)
        log = private_folder(private_folder(self.data) / "logs") / "supervisor.log"
        child = Child("supervisor", log=log, death_signal=signal.SIGTERM, grace_seconds=_STOP_SECONDS)
        command = [sys.executable, "-P", "-m", "embedded.supervisor", "--data", str(self.data)]
        environment = inherited_environment() | {"GREENLIGHT_TESTING_POINTS": setting_of(POINTS)}
        await child.spawn(
            [*command, "--processes", "each", "--port", str(self._port)], environment=environment, folder=REPOSITORY
        )
        self._child = child
        try:
            await child.until(self._is_ready, timeout_seconds=_READY_SECONDS)
        except StackFailed as error:
            raise Trouble(
                str(error), exit_code=ExitCode.NO_STACK, code="stack_not_started", title="The stack did not start"
            ) from error
        self._port = urlsplit(self.edge_url).port or 0

    async def stop(self) -> None:
        """Stop it in order."""
        if self._child is not None:
            await self._child.stop()
        POINTS.forget(self.data)

    async def wait_for_end(self) -> None:
        """Return when its supervisor is gone and reaped."""
        if self._child is not None:
            await self._child.wait()

    async def _is_ready(self) -> bool:
        state = read_stack(self.data)
        mine = state is not None and self._child is not None and state.supervisor_pid == self._child.pid
        return mine and state is not None and state.phase is StackPhase.READY


@asynccontextmanager
async def drilled(data: Path, *, needs_own: bool = False, port: int | None = None) -> AsyncIterator[Site]:
    """The stack of this data folder for the block: the one that runs, else one of our own, which stops at the end.

    Raises `Trouble` when the one that runs has all services in one process, or when only one of our own will do.
    """
    running = find_running(data)
    if running is not None:
        refuse_unfit(running, data, needs_own=needs_own)
        yield Site(data)
        return
    from embedded.ports import PREFERRED_PORTS

    site = OwnSite(data, port=PREFERRED_PORTS[EDGE] if port is None else port)
    try:
        await site.start()
        yield site
    finally:
        await site.stop()


def refuse_unfit(state: StackState, data: Path, *, needs_own: bool) -> None:
    """Raises `Trouble` for a stack that a drill must leave alone."""
    if _SHARED in state.processes:
        reason = "It runs all services in one process; killing one of them would kill all of them."
    elif needs_own:
        reason = "This drill kills at places that have to be armed when the stack starts."
    elif state.phase is not StackPhase.READY:
        reason = f"It is {state.phase.value}."
    else:
        return
    raise Trouble(
        f"The stack that runs for {shown(data)} cannot be drilled. {reason}",
        exit_code=ExitCode.REFUSED,
        code="stack_not_drillable",
        next_step="Stop it with ./greenlight down and drill again: the drill then starts one of its own. "
        "Or drill one that was started with ./greenlight up --processes each.",
    )
