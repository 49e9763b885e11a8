"""The worker's process: started when the first film wants it, watched, and killed with its browser and all."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import httpx
from common import http
from common.errors import VendorUnavailable
from common.observability.logging import get_logger
from media.fonts import all_fonts

from editor.remotion.installed import Installed

log = get_logger(__name__)
_START_SECONDS = 60.0
_LOOK_SECONDS = 2.0
_SILENT_LOOKS = 15
"""After so many looks in a row without an answer the worker hangs. One look waits for two seconds at most."""
_MARK = "REMOTION_WORKER"


@dataclass(frozen=True)
class Address:
    """Where a worker answers, and what it wants to be told."""

    url: str
    token: str


class Worker(Protocol):
    """Somebody who renders."""

    async def address(self) -> Address:
        """Where it answers now. Raises `RemotionMissing` and `VendorUnavailable`."""

    async def watch(self) -> None:
        """For ever: see to it that it answers."""

    async def close(self) -> None:
        """End it, if it is ours to end."""


@dataclass(frozen=True)
class Elsewhere:
    """A worker that somebody else runs and watches."""

    where: Address

    async def address(self) -> Address:
        """The one there is."""
        return self.where

    async def watch(self) -> None:
        """Not ours to watch."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Not ours to end."""


@dataclass(frozen=True, kw_only=True)
class OwnRoom:
    """What a worker of our own is told: its folder for renders, and whom it calls when one ends."""

    root: Path
    scratch: Path
    """Emptied before each start: a browser that was killed leaves its profile behind."""
    log: Path
    callback_url: str = ""
    callback_secret: str = ""

    @property
    def fonts(self) -> Path:
        """Where it finds the typefaces."""
        return self.scratch / "fonts"


class OwnWorker:
    """A worker that is our child. It ends when we do, also when we are killed: then its standard input ends."""

    def __init__(self, installed: Callable[[], Installed], room: OwnRoom) -> None:
        self._installed = installed
        self._room = room
        self._process: Process | None = None
        self._address: Address | None = None
        self._mark = ""
        self._starting = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def address(self) -> Address:
        """Where it answers; it is started if it does not run."""
        async with self._starting:
            if self.pid is None or self._address is None:
                await self._end()
                self._address = await self._start()
            return self._address

    async def watch(self) -> None:
        """For ever: kill it when it does not answer any more. The next order starts it again."""
        silent, watched = 0, self.pid
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            address, pid = self._address, self.pid
            silent = 0 if pid != watched or pid is None or address is None else silent
            watched = pid
            if pid is None or address is None:
                continue
            silent = 0 if await _answers(address) else silent + 1
            if silent >= _SILENT_LOOKS:
                log.warning("remotion.hangs", pid=pid)
                async with self._starting:
                    await self._end()

    async def close(self) -> None:
        """Kill it and what it started, and return when it is gone."""
        async with self._starting:
            await self._end()

    async def _start(self) -> Address:
        installed = await asyncio.to_thread(self._installed)
        await asyncio.to_thread(self._make_room)
        self._mark, token = uuid4().hex, uuid4().hex
        with self._room.log.open("wb") as said:
            self._process = await asyncio.create_subprocess_exec(
                installed.node,
                str(installed.main),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                env=self._environment(installed, token),
                cwd=self._room.scratch,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(_START_SECONDS):
                assert self._process.stdout is not None, "it was asked for as a pipe"
                line = await self._process.stdout.readline()
            url = json.loads(line)["url"]
        except (TimeoutError, ValueError, KeyError) as error:
            await self._end()
            raise VendorUnavailable(f"The Remotion worker did not start.{self._last_words()}") from error
        log.info("remotion.started", pid=self._process.pid)
        return Address(url, token)

    def _environment(self, installed: Installed, token: str) -> Mapping[str, str]:
        room = self._room
        told = {
            # Of our own environment, which has secrets, it gets nothing.
            "PATH": os.pathsep.join((str(Path(installed.node).parent), "/usr/local/bin", "/usr/bin", "/bin")),
            "HOME": str(room.scratch),
            "LANG": "C.UTF-8",
            "REMOTION_ROOT": str(room.root),
            "REMOTION_FONTS": str(room.fonts),
            "REMOTION_BROWSER_EXECUTABLE": installed.browser,
            "REMOTION_TOKEN": token,
            "REMOTION_ATTENDED": "1",
            "TMPDIR": str(room.scratch),
            _MARK: self._mark,
        }
        if room.callback_url and room.callback_secret:
            told |= {"REMOTION_CALLBACK_URL": room.callback_url, "REMOTION_WEBHOOK_SECRET": room.callback_secret}
        return told

    def _make_room(self) -> None:
        room = self._room
        shutil.rmtree(room.scratch, ignore_errors=True)
        for folder in (room.root, room.scratch, room.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        room.fonts.mkdir()
        for font in all_fonts():
            # No links: the worker hands out nothing that lies in another folder.
            shutil.copyfile(font.path, room.fonts / font.name)

    async def _end(self) -> None:
        """Kill its group, and its browser, which is in a group of its own."""
        process, self._process, self._address = self._process, None, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        await asyncio.to_thread(kill_marked, self._mark)

    def _last_words(self) -> str:
        try:
            said = self._room.log.read_text(encoding="utf-8", errors="replace")[-800:].strip()
        except OSError:
            return ""
        return f" It said: {said}" if said else ""


def marked(mark: str) -> list[int]:
    """Return the processes that were started with a mark in their environment, as far as this machine tells."""
    wanted, found = f"{_MARK}={mark}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def kill_marked(mark: str) -> None:
    """Kill what is left of a worker. Remotion binds its browser to Node only where `setpriv` is installed."""
    for pid in marked(mark):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


async def _answers(address: Address) -> bool:
    async with http.client(base_url=address.url) as client:
        try:
            return (await client.get("/health")).is_success
        except httpx.HTTPError:
            return False
