"""What PostgreSQL, NATS and Redis have in common: each is one process of ours on one port."""

from __future__ import annotations

from embedded.child import Child
from embedded.ports import Ports


class OneProcess:
    """A server that is one child process. It gets its port at its first start and keeps it."""

    def __init__(self, child: Child, *, ports: Ports) -> None:
        self._child = child
        self._ports = ports
        self._port: int | None = None

    @property
    def name(self) -> str:
        """What it is called in logs and in `stack.json`."""
        return self._child.name

    @property
    def port(self) -> int:
        """Where it listens. Raises `RuntimeError` before the first start."""
        if self._port is None:
            raise RuntimeError(f"{self.name} has no port before its first start.")
        return self._port

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._child.pid

    async def stop(self) -> None:
        """End it in good order: what was acknowledged is on disk."""
        await self._child.stop()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child.alive()

    async def wait(self) -> int | None:
        """The exit code once it has ended."""
        return await self._child.wait()
