"""Hosting apps: each on its own port in one event loop, until a signal comes."""

from __future__ import annotations

import asyncio
import importlib
import json
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from common.contracts.catalogue import SERVICES
from common.observability.logging import configure_logging
from common.observability.stalls import StallWatch
from common.service.dashboard import Dashboard
from common.service.edge import Edge, Proxy
from starlette.types import ASGIApp

from embedded.environment import EDGE

_GRACE_SECONDS = 8


async def serve_all(environments: Mapping[str, Mapping[str, str]]) -> None:
    """Serve every named service on its own port, and the edge if it is named, until SIGTERM or SIGINT.

    The edge calls the apps of this process directly and forwards to the others.
    """
    apps = {name: _app(name, variables) for name, variables in environments.items() if name in SERVICES}
    servers = [_server(app, environments[name]) for name, app in apps.items()]
    if EDGE in environments:
        upstreams: dict[str, str] = json.loads(environments[EDGE]["GREENLIGHT_UPSTREAMS"])
        targets: dict[str, ASGIApp] = {name: Proxy(url) for name, url in upstreams.items() if name not in apps}
        built = environments[EDGE].get("GREENLIGHT_DASHBOARD_DIR")
        dashboard = Dashboard(Path(built) if built else None)
        servers.append(_server(Edge(targets | apps, dashboard=dashboard), environments[EDGE]))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, servers)
    try:
        async with asyncio.TaskGroup() as group:
            for server in servers:
                group.create_task(_serve(server))
            await asyncio.gather(*(server.up.wait() for server in servers))
            # Starting up imports and compiles; only what comes after is watched.
            watch = StallWatch()
            watch.start()
    finally:
        _stop(servers)


def _app(service: str, variables: Mapping[str, str]) -> ASGIApp:
    settings = importlib.import_module(f"{service}.settings").Settings.from_environment(variables)
    app: ASGIApp = importlib.import_module(f"{service}.main").app(settings)
    return app


def _server(app: ASGIApp, variables: Mapping[str, str]) -> _Server:
    config = uvicorn.Config(
        app,
        host=variables["GREENLIGHT_HOST"],
        port=int(variables["GREENLIGHT_PORT"]),
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ws_max_size=1 << 20,
        # Frames are small: packing each of them for each socket costs more than it saves, and memory for each socket.
        ws_per_message_deflate=False,
    )
    return _Server(config)


class _Server(uvicorn.Server):
    """A server that leaves the signals alone, which belong to all servers of this process. `up`: it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(server: _Server) -> None:
    await server.serve()
    if not server.started:
        raise RuntimeError(f"the app on port {server.config.port} did not start")


def _stop(servers: list[_Server]) -> None:
    for server in servers:
        server.should_exit = True


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the loop that services run on: uvloop's, where there is one for this machine."""
    return uvicorn.Config("", loop="auto", log_config=None).get_loop_factory()


def host(environments: Mapping[str, Mapping[str, str]], *, log_level: str) -> None:
    """Serve until SIGTERM or SIGINT; see `serve_all`."""
    configure_logging(log_level)
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(serve_all(environments))
