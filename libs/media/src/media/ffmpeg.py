"""ffmpeg as an async subprocess: one run, killed whole when it is cancelled or late.

The binary comes from the `imageio-ffmpeg` wheel; its own variable IMAGEIO_FFMPEG_EXE points it at another one.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from typing import cast

import imageio_ffmpeg

BITEXACT = ("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1")
"""Output options that keep dates, versions and the input's tags out, so that equal inputs give equal bytes."""

_STDERR_KEPT = 512 * 1024
_TAIL_SHOWN = 3_000


class FfmpegFailed(Exception):
    """ffmpeg ended with an error, or did not end in time. The message holds the tail of what it said."""

    def __init__(self, reason: str, *, stderr: str) -> None:
        super().__init__(f"ffmpeg {reason}: {stderr[-_TAIL_SHOWN:].strip()}")
        self.reason = reason
        self.stderr = stderr


@cache
def ffmpeg_path() -> str:
    """Return the path of the ffmpeg that every run uses."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


@cache
def ffmpeg_build() -> str:
    """Name the ffmpeg build in 16 hex digits, for cache keys: another version or configuration is another name.

    The first call runs `ffmpeg -version` (10 to 50 ms, blocking).
    """
    said = subprocess.run([ffmpeg_path(), "-version"], capture_output=True, check=True).stdout
    return hashlib.sha256(said).hexdigest()[:16]


async def run_ffmpeg(
    args: Sequence[str],
    *,
    total_frames: int | None = None,
    progress: Callable[[float], None] | None = None,
    timeout_s: float,
    cwd: Path | None = None,
) -> str:
    """Run ffmpeg to its end and return what it wrote to stderr (the last half megabyte).

    `progress` is told the share done, 0 to 1, about twice a second; it needs `total_frames`. Files that exist are
    overwritten. Raises `FfmpegFailed` on a non-zero exit or after `timeout_s` seconds. However it ends, by error,
    time-out or cancellation, no process of its group is left when this returns. stdout carries the progress, so
    outputs are files.
    """
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-y", "-nostats", "-progress", "pipe:1", *args]
    on_progress = progress if total_frames else None
    job = asyncio.ensure_future(
        _run(command, cwd=cwd, timeout_s=timeout_s, on_line=partial(_tell, on_progress, total_frames or 1))
    )
    return await _cancelled_once(job)


async def _run(command: list[str], *, cwd: Path | None, timeout_s: float, on_line: Callable[[bytes], None]) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdin=subprocess.DEVNULL, stdout=PIPE, stderr=PIPE, cwd=cwd, start_new_session=True
    )
    said = bytearray()
    try:
        async with asyncio.timeout(timeout_s):
            await asyncio.gather(_follow(_piped(process.stdout), on_line), _collect(_piped(process.stderr), said))
            code = await process.wait()
    except TimeoutError:
        raise FfmpegFailed(f"was not done after {timeout_s:g} s", stderr=_text(said)) from None
    finally:
        await _end(process)
    if code != 0:
        raise FfmpegFailed(f"ended with code {code}", stderr=_text(said))
    return _text(said)


async def _cancelled_once(job: asyncio.Future[str]) -> str:
    """Wait for a task and pass the first cancellation on to it; further ones wait until it has cleared up."""
    cancelled: asyncio.CancelledError | None = None
    while not job.done():
        try:
            await asyncio.wait([job])
        except asyncio.CancelledError as exc:
            if cancelled is None:
                job.cancel()
            cancelled = exc
    if cancelled is not None:
        raise cancelled
    return job.result()


def _piped(reader: StreamReader | None) -> StreamReader:
    """Both streams are asked for as pipes, so they are there; asyncio's types leave that open."""
    return cast(StreamReader, reader)


async def _follow(reader: StreamReader, on_line: Callable[[bytes], None]) -> None:
    """Read the progress pipe to its end, wanted or not: a full pipe would stop ffmpeg."""
    async for line in reader:
        on_line(line)


def _tell(progress: Callable[[float], None] | None, total_frames: int, line: bytes) -> None:
    key, _, value = line.decode("ascii", "replace").strip().partition("=")
    if progress and key == "frame" and value.isdigit():
        progress(min(1.0, int(value) / total_frames))


async def _collect(reader: StreamReader, said: bytearray) -> None:
    while chunk := await reader.read(65_536):
        said += chunk
        del said[:-_STDERR_KEPT]


async def _end(process: Process) -> None:
    """Kill what is left of the group and reap it."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _text(said: bytearray) -> str:
    return said.decode("utf-8", "replace")
