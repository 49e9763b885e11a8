"""A person's browser: Chromium, driven by `browser.mjs`, which answers in JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from cli.node import find_node

_SCRIPT = Path(__file__).parent / "browser.mjs"
_LINE = 64 << 20


@dataclass
class Watched:
    """What a page took to show entries of a run, once it is closed."""

    late_ms: list[float] = field(default_factory=list)
    arrived_ms: list[float] = field(default_factory=list)
    """The same to the message in the page, so that what the services took can be told from what the page did."""
    worked_ms: float = 0
    """What the page had of the processor meanwhile."""


class Page:
    """Starts a browser for each question, so that nothing is kept from the one before."""

    def __init__(self, edge: str, chromium: str, sign_in: Callable[[], Awaitable[str]]) -> None:
        self._edge = edge
        self._chromium = chromium
        self._sign_in = sign_in

    async def ask(self, what: str, **more: Any) -> Any:
        """What the script prints. Raises `RuntimeError` when the browser failed."""
        process = await self._start(what, more)
        return json.loads(await _last_line(process))

    @asynccontextmanager
    async def watching(self, run: UUID, written: Callable[[], Awaitable[int]]) -> AsyncIterator[Watched]:
        """A page that follows a run while it is entered. `written` says how many entries the run has at the end.

        Raises `RuntimeError` when one of them never showed.
        """
        watched = Watched()
        process = await self._start("live", {"run": str(run)})
        assert process.stdout
        assert process.stdin
        if (await process.stdout.readline()).strip() != b"ready":
            raise RuntimeError("The browser did not come to the run.")
        yield watched
        process.stdin.write(str(await written()).encode())
        process.stdin.close()
        told = json.loads(await _last_line(process))
        watched.late_ms, watched.arrived_ms, watched.worked_ms = told["late"], told["arrived"], told["worked_ms"]

    async def _start(self, what: str, more: dict[str, Any]) -> asyncio.subprocess.Process:
        node = find_node()
        if node is None:
            raise RuntimeError("There is no Node that is new enough.")
        given = {"what": what, "edge": self._edge, "chromium": self._chromium, "link": await self._sign_in()} | more
        return await asyncio.create_subprocess_exec(
            str(node.node),
            str(_SCRIPT),
            json.dumps(given),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE,
        )


async def _last_line(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout
    said = await process.stdout.read()
    if await process.wait() or not said.strip():
        raise RuntimeError(f"The browser ended with {process.returncode}.")
    return said.strip().splitlines()[-1]
