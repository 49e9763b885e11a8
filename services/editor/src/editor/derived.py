"""What is made from a finished film to look at it: a preview that plays at once, a contact sheet, a wave, stills.

The same film gives the same bytes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from common.contracts.editing import Timeline
from media.ffmpeg import BITEXACT, run_ffmpeg
from media.stills import write_still
from PIL import Image, ImageDraw

from editor.checks.sync import mono_blocks
from editor.sound import SAMPLE_RATE
from editor.timeline import body, scene_start

_PIECE_S = 2
"""Seconds of a piece of the preview; the film has a key frame at least as often."""
_SAMPLES_PER_PEAK = 480
_WAVE = (1600, 240)
_SHEET_WIDTH, _SHEET_COLUMNS, _SHEET_GAP = 1600, 4, 16
_MOST_STILLS = 24


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A playlist and the one file whose parts it lists. The playlist names it `media_name`, to be replaced."""

    playlist: Path
    media: Path
    media_name: str


async def make_preview(film: Path, *, folder: Path) -> Preview:
    """Cut a film into an HLS stream of byte ranges of one file, without encoding anything. Raises `FfmpegFailed`."""
    source = await asyncio.to_thread(film.absolute)
    playlist, media = folder / "preview.m3u8", folder / "preview.m4s"
    await run_ffmpeg(
        [
            *("-i", f"file:{source}", "-map", "0:v", "-map", "0:a", "-c", "copy", *BITEXACT),
            *("-f", "hls", "-hls_time", str(_PIECE_S), "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"),
            *("-hls_flags", "single_file", "-hls_segment_filename", media.name, playlist.name),
        ],
        timeout_s=120,
        cwd=folder,
    )
    return Preview(playlist=playlist, media=media, media_name=media.name)


def write_stills(film: Path, timeline: Timeline, *, folder: Path) -> tuple[Path, ...]:
    """Write a JPEG of the middle of each scene, in order; of at most 24 scenes. It is CPU work: use a thread."""
    every = range(len(timeline.scenes))
    chosen = every if len(every) <= _MOST_STILLS else [round(at) for at in np.linspace(0, every[-1], _MOST_STILLS)]
    stills = []
    for place in chosen:
        frames = body(timeline, place)
        frame = scene_start(timeline, place) + (frames.start + frames.stop) // 2
        target = folder / f"scene-{place + 1:03d}.jpg"
        stills.append(write_still(film, frame=frame, fps=timeline.format.fps, target=target))
    return tuple(stills)


def write_sheet(stills: Sequence[Path], *, ground: str, target: Path) -> Path:
    """Lay stills side by side on one JPEG of 1600 pixels across. It is CPU work: use a thread."""
    pictures = [Image.open(path) for path in stills]
    columns = min(len(pictures), _SHEET_COLUMNS if pictures[0].width > pictures[0].height else 2 * _SHEET_COLUMNS)
    width = (_SHEET_WIDTH - _SHEET_GAP * (columns + 1)) // columns
    height = round(width * pictures[0].height / pictures[0].width)
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (_SHEET_WIDTH, rows * (height + _SHEET_GAP) + _SHEET_GAP), ground)
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        at = (_SHEET_GAP + column * (width + _SHEET_GAP), _SHEET_GAP + row * (height + _SHEET_GAP))
        sheet.paste(picture.resize((width, height), Image.Resampling.LANCZOS), at)
        picture.close()
    sheet.save(target, "JPEG", quality=85)
    return target


def write_waveform(film: Path, *, colour: str, ground: str, peaks: Path, image: Path) -> tuple[Path, Path]:
    """Write the sound's peaks as audiowaveform's JSON (version 2), which peaks.js reads, and as a PNG.

    A pair of the data is the least and the greatest sample of 10 ms, from -128 to 127. It is CPU work: use a thread.
    """
    low, high = _peaks(film)
    whole = len(low)
    facts = {
        "version": 2,
        "channels": 1,
        "sample_rate": SAMPLE_RATE,
        "samples_per_pixel": _SAMPLES_PER_PEAK,
        "bits": 8,
        "length": whole,
        "data": np.stack((low, high), axis=1).ravel().tolist(),
    }
    peaks.write_text(json.dumps(facts, separators=(",", ":")), encoding="ascii")
    wide, tall = _WAVE
    picture = Image.new("RGB", (wide, tall), ground)
    pen = ImageDraw.Draw(picture)
    edges = np.linspace(0, whole, wide + 1).astype(int)
    for x in range(wide):
        first, last = edges[x], max(edges[x] + 1, edges[x + 1])
        top, foot = high[first:last].max(initial=0), low[first:last].min(initial=0)
        pen.line((x, tall / 2 - top * tall / 256, x, tall / 2 - foot * tall / 256 + 1), fill=colour)
    picture.save(image, "PNG", optimize=True)
    return peaks, image


def _peaks(film: Path) -> tuple[npt.NDArray[np.int_], npt.NDArray[np.int_]]:
    """Return the least and the greatest sample of each 10 ms. What is left over in the end is not shown."""
    lows, highs = [], []
    for block in mono_blocks(film):
        parts = block[: len(block) // _SAMPLES_PER_PEAK * _SAMPLES_PER_PEAK].reshape(-1, _SAMPLES_PER_PEAK)
        lows.append(parts.min(axis=1))
        highs.append(parts.max(axis=1))
    low, high = np.concatenate(lows), np.concatenate(highs)
    return (
        np.clip(np.floor(low * 128), -128, 127).astype(int),
        np.clip(np.ceil(high * 127), -128, 127).astype(int),
    )
