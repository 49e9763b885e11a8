"""What a media file really is: measured on its bytes, not believed from its name."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from media.ffmpeg import run_ffmpeg

SILENCE_LUFS = -70.0
"""What EBU R 128 calls the loudness of silence: its absolute gate."""


class UnreadableMedia(Exception):
    """The file is no media file, is cut off, or holds neither picture nor sound."""


@dataclass(frozen=True, kw_only=True)
class MediaInfo:
    """The facts of a file. A file without picture has no `video_codec` and zeros; the same for sound."""

    duration_ms: int
    width: int
    height: int
    fps: float
    video_codec: str | None
    audio_codec: str | None
    frames: int
    sample_rate: int
    faststart: bool
    video_ms: int
    audio_ms: int


@dataclass(frozen=True, kw_only=True)
class Loudness:
    """EBU R 128 figures of a whole file. Silence is -70 LUFS with a peak of -inf."""

    integrated_lufs: float
    true_peak_dbtp: float


def probe(path: Path) -> MediaInfo:
    """Read a file's facts from its container (about 10 ms; nothing is decoded). Raises `UnreadableMedia`."""
    try:
        with av.open(str(path)) as container:
            video = next(iter(container.streams.video), None)
            audio = next(iter(container.streams.audio), None)
            if video is None and audio is None:
                raise UnreadableMedia(f"{path.name!r} holds neither picture nor sound.")
            return MediaInfo(
                duration_ms=round((container.duration or 0) / 1000),
                width=video.codec_context.width if video else 0,
                height=video.codec_context.height if video else 0,
                fps=float(video.average_rate or 0) if video else 0.0,
                video_codec=video.codec_context.name if video else None,
                audio_codec=audio.codec_context.name if audio else None,
                frames=_count_frames(path, video) if video else 0,
                sample_rate=audio.codec_context.sample_rate if audio else 0,
                faststart=_moov_comes_first(path),
                video_ms=_stream_ms(video),
                audio_ms=_stream_ms(audio),
            )
    except (av.FFmpegError, OSError) as exc:
        raise UnreadableMedia(f"{path.name!r} cannot be read as media: {exc}") from exc


async def loudness(path: Path, *, timeout_s: float = 300) -> Loudness:
    """Measure integrated loudness and true peak by decoding all of the sound. Raises `FfmpegFailed`."""
    said = await run_ffmpeg(
        ["-i", str(path), "-map", "0:a:0", "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"],
        timeout_s=timeout_s,
    )
    return read_ebur128(said)


def read_ebur128(said: str) -> Loudness:
    """Read the summary that ffmpeg's `ebur128=peak=true` writes to stderr. Raises `UnreadableMedia` without one."""
    summary = said[said.rfind("Summary:") :]
    integrated = re.search(r"I:\s+(\S+) LUFS", summary)
    peak = re.search(r"Peak:\s+(\S+) dBFS", summary)
    if not integrated or not peak:
        raise UnreadableMedia("The loudness meter gave no summary: the file has no sound it could read.")
    return Loudness(integrated_lufs=float(integrated[1]), true_peak_dbtp=float(peak[1]))


def _count_frames(path: Path, video: VideoStream) -> int:
    """Take the container's own count, or count packets where it keeps none (Matroska, MPEG-TS)."""
    if video.frames:
        return video.frames
    with av.open(str(path)) as again:
        return sum(1 for packet in again.demux(video=0) if packet.size)


def _stream_ms(stream: VideoStream | AudioStream | None) -> int:
    if stream is None or stream.duration is None:
        return 0
    return round(stream.duration * (stream.time_base or Fraction(0)) * 1000)


def _moov_comes_first(path: Path) -> bool:
    """Say whether an MP4's index precedes its media, so that a player can start before it has all."""
    with path.open("rb") as file:
        while len(head := file.read(8)) == 8:
            size, kind = struct.unpack(">I4s", head)
            if kind in {b"moov", b"mdat"}:
                return bool(kind == b"moov")
            if size == 1:
                file.seek(struct.unpack(">Q", file.read(8))[0] - 16, 1)
            elif size >= 8:
                file.seek(size - 8, 1)
            else:
                break
    return False
