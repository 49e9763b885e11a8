"""Running a scan in its own process, and believing its answer only as far as it makes sense."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from media.ffmpeg import ffmpeg_path
from pydantic import ValidationError

from compliance.scanners.facts import SHAPES, VERSIONS, Facts, Scanner

ANSWER_LIMIT = 1 << 20
"""Bytes of facts. A scanner that says more has lost its way."""
_REASON_LIMIT = 200
_UNREADABLE = 3
CHILD = (sys.executable, "-I", "-m", "compliance.scanners.child")


class ScanFailed(Exception):
    """There are no facts; the message is the end of the sentence "It could not be scanned: …"."""


@dataclass(frozen=True, kw_only=True)
class Runner:
    """Starts scans. `niceness` is how far they give way to others, `program` what is started."""

    timeout_seconds: float
    niceness: int
    program: Sequence[str] = CHILD

    async def scan(self, scanner: Scanner, path: Path) -> Facts:
        """The facts of a file. Raises `ScanFailed`; however it ends, no process of the scan is left."""
        command = [*self.program, scanner.value, str(path), ffmpeg_path(), str(self.niceness)]
        try:
            code, answer, said = await self._run(command)
        except TimeoutError:
            raise ScanFailed(f"it was not done after {self.timeout_seconds:g} s") from None
        except OSError as error:
            raise ScanFailed(f"it did not start: {error.strerror}") from error
        if code == _UNREADABLE:
            raise ScanFailed(said or "it cannot be read")
        if code != 0:
            raise ScanFailed(f"it was killed by signal {-code}" if code < 0 else f"it broke with code {code}")
        if len(answer) > ANSWER_LIMIT:
            raise ScanFailed("its answer is too long to be one")
        try:
            facts = SHAPES[scanner].model_validate_json(answer)
        except ValidationError as error:
            raise ScanFailed(f"its answer makes no sense: {error.errors()[0]['msg']}") from error
        if facts.version != VERSIONS[scanner]:
            raise ScanFailed(f"its answer is of version {facts.version}, not {VERSIONS[scanner]}")
        return facts

    async def _run(self, command: Sequence[str]) -> tuple[int, bytes, str]:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=subprocess.DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
            # Nothing of ours is in its surroundings: no address, no key.
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        )
        try:
            async with asyncio.timeout(self.timeout_seconds):
                answer, said = await asyncio.gather(
                    _read(process.stdout, most=ANSWER_LIMIT + 1), _read(process.stderr, most=4096)
                )
                code = await process.wait()
        finally:
            await _end(process)
        return code, answer, " ".join(said.decode("utf-8", "replace").split())[:_REASON_LIMIT]


async def _read(stream: StreamReader | None, *, most: int) -> bytes:
    """The first bytes of a pipe that is read to its end: a full one would stop who writes."""
    reader = cast(StreamReader, stream)  # Both are asked for as pipes; asyncio's types leave that open.
    kept = bytearray()
    while chunk := await reader.read(65_536):
        kept += chunk[: max(0, most - len(kept))]
    return bytes(kept)


async def _end(process: Process) -> None:
    """Kill what is left of the group and reap it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
