"""Real small films, so that whoever downloads one can decode it, measure it and cut it."""

from __future__ import annotations

import asyncio
import colorsys
import hashlib
from pathlib import Path

from media.ffmpeg import BITEXACT, run_ffmpeg

FPS = 24
_GRID = 8
"""The picture is computed this much smaller and scaled up: clouds of colour lose nothing by it."""


class Films:
    """Makes films of a size and length. The same words make the same film, and make it once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._making: dict[str, asyncio.Lock] = {}

    async def film(self, words: str, *, width: int, height: int, seconds: float) -> Path:
        """An H.264 MP4 with a silent sound track, as video models deliver it; drifting clouds of colour."""
        name = hashlib.sha256(f"{words}\n{width}x{height}\n{seconds}".encode()).hexdigest()[:32]
        target = self._folder / f"{name}.mp4"
        async with self._making.setdefault(name, asyncio.Lock()):
            if not target.exists():
                half_made = target.with_suffix(".part.mp4")
                await run_ffmpeg(_args(words, width, height, seconds, half_made), timeout_s=120)
                half_made.rename(target)
        return target

    async def still(self, words: str, *, width: int, height: int) -> Path:
        """A JPEG of the same kind."""
        name = hashlib.sha256(f"{words}\n{width}x{height}".encode()).hexdigest()[:32]
        target = self._folder / f"{name}.jpg"
        async with self._making.setdefault(name, asyncio.Lock()):
            if not target.exists():
                film = _args(words, width, height, 1, target)
                source = film[: film.index("-map")]
                half_made = target.with_suffix(".part.jpg")
                await run_ffmpeg([*source, "-map", "[v]", "-frames:v", "1", str(half_made)], timeout_s=60)
                half_made.rename(target)
        return target


def _args(words: str, width: int, height: int, seconds: float, target: Path) -> list[str]:
    chance = hashlib.sha256(words.encode()).digest()
    colours = ":".join(f"c{i}={_colour(chance[2 * i], chance[2 * i + 1])}" for i in range(4))
    small = f"{max(16, width // _GRID // 2 * 2)}x{max(16, height // _GRID // 2 * 2)}"
    seed = int.from_bytes(chance[8:11])
    source = f"gradients=s={small}:{colours}:n=4:seed={seed}:speed=0.02:r={FPS}:d={seconds}"
    chain = f"[0:v]scale={width}:{height}:flags=bicubic,noise=alls=3:allf=t,format=yuv420p[v]"
    inputs = ["-f", "lavfi", "-i", source, "-f", "lavfi", "-t", str(seconds), "-i", "anullsrc=r=48000:cl=mono"]
    video = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", "-g", "48", "-threads", "1"]
    sound = ["-c:a", "aac", "-b:a", "48k"]
    ends = ["-t", str(seconds), "-movflags", "+faststart", *BITEXACT, str(target)]
    return ["-v", "error", *inputs, "-filter_complex", chain, "-map", "[v]", "-map", "1:a", *video, *sound, *ends]


def _colour(hue: int, light: int) -> str:
    red, green, blue = colorsys.hls_to_rgb(hue / 256, 0.2 + 0.55 * light / 256, 0.7)
    return f"0x{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
