"""What the supervisor asks of a server, and of anything else it keeps alive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from embedded.errors import ProcessExited
from embedded.ports import Ports

_ATTEMPTS = 5


class Unit(Protocol):
    """A process to keep alive."""

    @property
    def name(self) -> str:
        """What it is called in logs and in `stack.json`."""

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""

    async def start(self) -> None:
        """Start it and return when it is ready. Again after it ended: same port, same data. Raises `StackFailed`."""

    async def stop(self) -> None:
        """End it in good order and return when it is gone, together with all it started. Repeating does nothing."""

    def alive(self) -> bool:
        """Whether its process runs."""

    async def wait(self) -> int | None:
        """The exit code once it has ended."""


class Server(Unit, Protocol):
    """One of the three servers."""

    @property
    def url(self) -> str:
        """Where clients find it, with credentials. The same for as long as the supervisor lives."""


async def until_bound(launch: Callable[[int], Awaitable[None]], *, port: int | None, ports: Ports) -> int:
    """The port on which `launch` brought a server up. Raises what `launch` raises.

    A server that never ran may move when somebody was faster; one that did keeps its port, because its clients know it.
    """
    if port is not None:
        await launch(port)
        return port
    for attempt in range(1, _ATTEMPTS + 1):
        candidate = ports.take()
        try:
            await launch(candidate)
        except ProcessExited as exc:
            ports.give_back(candidate)
            if attempt == _ATTEMPTS or "in use" not in str(exc):
                raise
        else:
            return candidate
    raise AssertionError("unreachable: the last attempt either returned or raised")
