"""Running a scan in its own process, and believing its answer only as far as it makes sense."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from common.forking import ForkServer, ForkServerGone, Process
from media.ffmpeg import ffmpeg_path
from pydantic import ValidationError

from compliance.scanners.facts import PIECE, SHAPES, VERSIONS, Facts, Scanner

ANSWER_LIMIT = 1 << 20
"""Bytes of facts. A scanner that says more has lost its way."""
PIECE_LIMIT = 64 << 20
"""Bytes of what was seen of a piece; of half a minute that never stands still it is about ten million."""
_REASON_LIMIT = 200
_UNREADABLE = 3
_CHILD = ("-m", "compliance.scanners.child")
_IMPORTS = tuple(f"compliance.scanners.{name}" for name in ("metadata", "pieces", "sounding", "spotting"))
# Nothing of ours is in a scan's surroundings: no address, no key.
_SURROUNDINGS = {"PATH": os.defpath, "LANG": "C.UTF-8"}


class ScanFailed(Exception):
    """There are no facts; the message is the end of the sentence "It could not be scanned: …"."""


class Start(Protocol):
    """A way to start a scan, as the leader of a group of its own; its output goes to these descriptors."""

    async def __call__(self, arguments: Sequence[str], *, stdout: int, stderr: int) -> Process:
        """Start it. Raises `OSError`."""

    async def close(self) -> None:
        """Give up what was kept for the next one."""


@dataclass(frozen=True)
class ColdStart:
    """Every scan is a new interpreter that runs `python …program`."""

    program: Sequence[str] = ("-I", *_CHILD)

    async def __call__(self, arguments: Sequence[str], *, stdout: int, stderr: int) -> Process:
        """Start it. Raises `OSError`."""
        return await asyncio.create_subprocess_exec(
            *(sys.executable, *self.program, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            env=_SURROUNDINGS,
        )

    async def close(self) -> None:
        """Nothing is kept."""


class WarmStart:
    """Scans are forks of a process that has imported the scanners, which costs more than looking at a still.

    It is started with the first scan, has seen no file, and is started again when it ended.
    """

    def __init__(self) -> None:
        self._forks = ForkServer("scanners", preload=_IMPORTS, environment=_SURROUNDINGS, flags="-I", log=None)
        self._starting = asyncio.Lock()

    async def __call__(self, arguments: Sequence[str], *, stdout: int, stderr: int) -> Process:
        """Start it. Raises `OSError`."""
        try:
            return await self._fork(arguments, stdout, stderr)
        except ForkServerGone:
            async with self._starting:
                await self._forks.start()
            return await self._fork(arguments, stdout, stderr)

    async def _fork(self, arguments: Sequence[str], stdout: int, stderr: int) -> Process:
        return await self._forks.fork(
            "scan",
            (*_CHILD, *arguments),
            environment=_SURROUNDINGS,
            folder=Path.cwd(),
            outputs=(stdout, stderr),
        )

    async def close(self) -> None:
        """End it, and the scans with it."""
        await self._forks.stop()


@dataclass(frozen=True, kw_only=True)
class Runner:
    """Runs scans. `niceness` is how far they give way to others."""

    timeout_seconds: float
    niceness: int
    start: Start = field(default_factory=ColdStart)

    async def scan(self, scanner: Scanner, path: Path, *more: str) -> Facts:
        """The facts of a file; a scanner may be told `more` than which file.

        Raises `ScanFailed`; however it ends, no process of the scan is left.
        """
        answer = await self._answer(scanner.value, path, *more, most=ANSWER_LIMIT)
        try:
            facts = SHAPES[scanner].model_validate_json(answer)
        except ValidationError as error:
            raise ScanFailed(f"its answer makes no sense: {error.errors()[0]['msg']}") from error
        if facts.version != VERSIONS[scanner]:
            raise ScanFailed(f"its answer is of version {facts.version}, not {VERSIONS[scanner]}")
        return facts

    async def remember(self, piece: Path) -> bytes:
        """What is seen of a piece of a film, for whoever scans the film; nobody looked into it yet.

        Raises `ScanFailed`; however it ends, no process of the scan is left.
        """
        return await self._answer(PIECE, piece, most=PIECE_LIMIT)

    async def _answer(self, scanner: str, path: Path, *more: str, most: int) -> bytes:
        try:
            code, answer, said = await self._run(
                [scanner, str(path), ffmpeg_path(), str(self.niceness), *more], most=most
            )
        except TimeoutError:
            raise ScanFailed(f"it was not done after {self.timeout_seconds:g} s") from None
        except OSError as error:
            raise ScanFailed(f"it did not start: {error.strerror or error}") from error
        if code == _UNREADABLE:
            raise ScanFailed(said or "it cannot be read")
        if code != 0:
            raise ScanFailed(f"it was killed by signal {-code}" if code < 0 else f"it broke with code {code}")
        if len(answer) > most:
            raise ScanFailed("its answer is too long to be one")
        return answer

    async def _run(self, arguments: Sequence[str], *, most: int) -> tuple[int, bytes, str]:
        (answers, answers_end), (says, says_end) = socket.socketpair(), socket.socketpair()
        with answers, says:
            async with asyncio.timeout(self.timeout_seconds):
                try:
                    process = await self.start(arguments, stdout=answers_end.fileno(), stderr=says_end.fileno())
                finally:
                    # The scan has its own; when they close, it has said everything.
                    answers_end.close()
                    says_end.close()
                try:
                    answer, said = await asyncio.gather(_read(answers, most=most + 1), _read(says, most=4096))
                    code = await process.wait()
                finally:
                    await _end(process)
        return code, answer, " ".join(said.decode("utf-8", "replace").split())[:_REASON_LIMIT]


async def _read(stream: socket.socket, *, most: int) -> bytes:
    """The first bytes of a stream that is read to its end: a full one would stop who writes."""
    stream.setblocking(False)
    kept = bytearray()
    while chunk := await asyncio.get_running_loop().sock_recv(stream, 65_536):
        kept += chunk[: max(0, most - len(kept))]
    return bytes(kept)


async def _end(process: Process) -> None:
    """Kill what is left of the group and reap it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    # A fork leads its group only once it has settled in; until then it is alone.
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
