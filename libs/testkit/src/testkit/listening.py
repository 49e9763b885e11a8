"""Any ASGI app on a real port of this machine, for what an in-process client cannot show: sockets, slow readers."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp

_STARTING_SECONDS = 30.0


class _Server(uvicorn.Server):
    """A server that leaves the signals to pytest, and looks not ten times a second whether it is to end, but is told.

    Hundreds of tests end one, and would each wait for it to look.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told_to_end = asyncio.Event()

    async def main_loop(self) -> None:
        await self.on_tick(0)
        await self.told_to_end.wait()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, *, port: int = 0) -> AsyncIterator[str]:
    """`async with listening(app) as url:` → the app with its lifespan run, on a free port unless one is given."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=1, proxy_headers=False
        )
        server = _Server(config)
        serving = asyncio.create_task(server.serve([door]))
        await eventually(lambda: server.started or serving.done(), seconds=_STARTING_SECONDS)
        if serving.done():
            raise RuntimeError("the app did not start") from serving.exception()
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.told_to_end.set()
            await serving


async def eventually(look: Callable[[], Any], *, until: Callable[[Any], object] = bool, seconds: float = 10.0) -> Any:
    """The first thing `look` returns (or awaits) that is as `until` wants it. Raises `TimeoutError` after `seconds`."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(seconds):
        while True:
            began = loop.time()
            found = look()
            seen = await found if isinstance(found, Awaitable) else found
            if until(seen):
                return seen
            # What is waited for has no event of its own to wait on. Who looks by asking a service takes the time that
            # the service needs to get there, so most of it is not spent on looking.
            await asyncio.sleep(min(0.1, max(0.01, 3 * (loop.time() - began))))
