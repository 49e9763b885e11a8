"""A look at the finished file before anybody else sees it: decoded whole, measured, compared with what was ordered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
from common.contracts.editing import Timeline
from media.ffmpeg import FfmpegFailed, run_ffmpeg
from media.probe import Loudness, MediaInfo, UnreadableMedia, probe, read_ebur128

from editor.errors import CutFailedChecks
from editor.sound import PEAK_LIMIT_DBTP, SAMPLE_RATE, TARGET_LUFS
from editor.timeline import total_frames

LOUDNESS_TOLERANCE_LU = 1.0
_BLACK_S, _FROZEN_S = 0.5, 3.0
"""From when on a black or a frozen picture is a fault. A shorter hold can be meant."""
_LOOK = (
    f"[0:v]scale=180:-2:flags=neighbor,blackdetect=d={_BLACK_S}:pix_th=0.05,freezedetect=n=-60dB:d={_FROZEN_S}[v];"
    "[0:a]ebur128=peak=true:framelog=quiet[a]"
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the file is."""

    info: MediaInfo
    loudness: Loudness
    size_bytes: int


async def check_film(path: Path, timeline: Timeline, *, progress: Callable[[float], None]) -> Measured:
    """Decode the film from first to last frame and return its measures. Raises `CutFailedChecks` with every fault."""
    frames = total_frames(timeline)
    try:
        # Without the deblocking filter decoding takes a quarter less, and every fault of the stream still shows.
        info, times, size_bytes = await asyncio.to_thread(_read, path)
        said = await run_ffmpeg(
            [
                "-xerror",
                "-skip_loop_filter",
                "all",
                "-i",
                str(path),
                "-filter_complex",
                _LOOK,
                "-map",
                "[v]",
                "-map",
                "[a]",
                "-f",
                "null",
                "-",
            ],
            total_frames=frames,
            progress=progress,
            timeout_s=60 + frames,
        )
        measured = Measured(info=info, loudness=read_ebur128(said), size_bytes=size_bytes)
    except (FfmpegFailed, UnreadableMedia) as exc:
        raise CutFailedChecks((f"The film cannot be played to its end: {exc}",)) from exc
    if found := (*_faults(measured, timeline), *_timing_faults(times), *_picture_faults(said)):
        raise CutFailedChecks(found)
    return measured


def _read(path: Path) -> tuple[MediaInfo, list[float], int]:
    """Return the file's facts, the instant of every frame in seconds and in order, and the file's size."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        times = [float(packet.pts * packet.time_base) for packet in container.demux(stream) if packet.pts is not None]
    return probe(path), sorted(times), path.stat().st_size


def _faults(measured: Measured, timeline: Timeline) -> Iterable[str]:
    info, size, frames = measured.info, timeline.format, total_frames(timeline)
    frame_ms = 1000 / size.fps
    if info.frames != frames:
        yield f"It has {info.frames} frames, not {frames}."
    if (info.width, info.height) != (size.width, size.height):
        yield f"It is {info.width}x{info.height}, not {size.width}x{size.height}."
    if abs(info.fps - size.fps) > 0.01:
        yield f"It runs at {info.fps:g} frames a second, not {size.fps}."
    if info.audio_codec != "aac" or info.sample_rate != SAMPLE_RATE:
        yield f"Its sound is {info.audio_codec} at {info.sample_rate} Hz, not aac at {SAMPLE_RATE} Hz."
    if abs(info.audio_ms - info.video_ms) > frame_ms:
        yield f"Its sound lasts {info.audio_ms} ms and its picture {info.video_ms} ms."
    if abs(measured.loudness.integrated_lufs - TARGET_LUFS) > LOUDNESS_TOLERANCE_LU:
        yield f"Its loudness is {measured.loudness.integrated_lufs} LUFS, not {TARGET_LUFS}."
    if measured.loudness.true_peak_dbtp > PEAK_LIMIT_DBTP:
        yield f"Its true peak is {measured.loudness.true_peak_dbtp} dBTP, above {PEAK_LIMIT_DBTP}."
    if not info.faststart:
        yield "A player would have to load all of it before it can start."


def _timing_faults(times: list[float]) -> Iterable[str]:
    """Find frames that come at the wrong time: pieces that do not meet leave a gap or sit on each other."""
    if not times:
        return
    steps = [later - earlier for earlier, later in pairwise(times)]
    if steps and max(steps) - min(steps) > 0.002:
        yield f"Its frames come {min(steps) * 1000:.1f} to {max(steps) * 1000:.1f} ms apart: the pieces do not meet."
    if abs(times[0]) > 0.001:
        yield f"Its picture starts at {times[0] * 1000:.1f} ms."


def _picture_faults(said: str) -> Iterable[str]:
    for start, duration in re.findall(r"black_start:(\S+).*?black_duration:(\S+)", said):
        yield f"It is black for {duration} s from {start} s."
    for start in re.findall(r"freeze_start: (\S+)", said):
        yield f"Its picture stands still from {start} s for more than {_FROZEN_S:g} s."
