"""How loud a file is from second to second, besides as a whole."""

from __future__ import annotations

import asyncio
import math
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from media.ffmpeg import run_ffmpeg
from media.probe import SILENCE_LUFS, Loudness, read_ebur128

_SAID = "loudness.txt"
_INSTANT = re.compile(r"pts_time:(\d+)")
_MOMENTARY = "lavfi.r128.M="


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """A whole file's loudness, and one value a second: the mean power of what is momentarily heard, in LUFS."""

    loudness: Loudness
    seconds: tuple[float, ...]


async def measure_envelope(path: Path, *, timeout_s: float) -> Envelope:
    """Decode all of a file's sound and measure it by EBU R 128 (0.2 s for 20 s of sound on a slow core).

    Raises `FfmpegFailed` for a file that cannot be read or has no sound.
    """
    source = await asyncio.to_thread(path.absolute)
    with tempfile.TemporaryDirectory() as folder:
        meter = f"ebur128=peak=true:framelog=quiet:metadata=1,ametadata=print:key=lavfi.r128.M:file={_SAID}"
        # ffmpeg's own log is cut after half a megabyte, which is five minutes of ten values a second; a file is not.
        summary = await run_ffmpeg(
            ["-i", f"file:{source}", "-map", "0:a:0", "-af", meter, "-f", "null", "-"],
            timeout_s=timeout_s,
            cwd=Path(folder),
        )
        said = await asyncio.to_thread((Path(folder) / _SAID).read_text, encoding="utf-8")
    return Envelope(loudness=read_ebur128(summary), seconds=_seconds(said))


def _seconds(said: str) -> tuple[float, ...]:
    powers: dict[int, list[float]] = {}
    second = 0
    for line in said.splitlines():
        if line.startswith("frame:") and (found := _INSTANT.search(line)):
            second = int(found[1])
        elif line.startswith(_MOMENTARY):
            powers.setdefault(second, []).append(_power(line.removeprefix(_MOMENTARY)))
    return tuple(_lufs(powers[second]) for second in sorted(powers))


def _power(text: str) -> float:
    lufs = float(text)
    return 10 ** (lufs / 10) if math.isfinite(lufs) and lufs > SILENCE_LUFS else 0.0


def _lufs(powers: list[float]) -> float:
    mean = sum(powers) / len(powers)
    return round(10 * math.log10(mean), 1) if mean > 0 else SILENCE_LUFS
