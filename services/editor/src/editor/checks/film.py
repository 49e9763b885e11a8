"""The finished file: decoded whole, measured, compared with what was ordered and with the pieces it was joined from."""

from __future__ import annotations

import asyncio
import hashlib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
from common.contracts.editing import Timeline
from media.ffmpeg import FfmpegFailed, run_ffmpeg
from media.probe import Loudness, MediaInfo, UnreadableMedia, probe, read_ebur128

from editor.checks.faults import Fault, Part
from editor.checks.sync import Voice, find_voice
from editor.errors import CutFailedChecks
from editor.sound import PEAK_LIMIT_DBTP, SAMPLE_RATE, TARGET_LUFS, Take
from editor.timeline import total_frames

LOUDNESS_TOLERANCE_LU = 1.0
MOST_OFFSET_MS = 40
_BLACK_S, _FROZEN_S, _SILENT_S = 0.5, 3.0, 2.0
"""From when on a black or frozen picture, or silence, is a fault. A shorter one can be meant."""
_CLIPPED_PLACES = 20
"""How often a recording may touch full scale. More is heard as a rattle, and no mixing takes it away again."""
_LAST_KIND_OF_PICTURE = 5
"""Units of H.264 up to this type hold coded pictures; the others say how to read them."""
_LIKELY = 0.3
"""How sure one must be to have found the voice."""
_LOOK = (
    f"[0:v]scale=180:-2:flags=neighbor,blackdetect=d={_BLACK_S}:pix_th=0.05,freezedetect=n=-60dB:d={_FROZEN_S}[v];"
    f"[0:a]ebur128=peak=true:framelog=quiet,silencedetect=n=-60dB:d={_SILENT_S}[a]"
)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the file is."""

    info: MediaInfo
    loudness: Loudness
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What a film was joined from: its pieces in order, each with its name, and the voice with its places."""

    pieces: Sequence[tuple[str, Path]]
    takes: Sequence[Take]


async def examine_film(
    path: Path, timeline: Timeline, sources: Sources, *, progress: Callable[[float], None]
) -> tuple[Measured, tuple[Fault, ...]]:
    """Decode the film from first to last frame and return its measures and every fault.

    Raises `CutFailedChecks` for a file that cannot be played to its end.
    """
    try:
        # Side by side: decoding the picture uses the cores badly at its ends, and the rest is short.
        (info, times, size_bytes, joined), voice, said = await asyncio.gather(
            asyncio.to_thread(_read, path, sources.pieces),
            asyncio.to_thread(find_voice, path, sources.takes),
            _look(path, frames=total_frames(timeline), progress=progress),
        )
        measured = Measured(info=info, loudness=read_ebur128(said), size_bytes=size_bytes)
    except (FfmpegFailed, UnreadableMedia, av.FFmpegError) as exc:
        raise CutFailedChecks((f"The film cannot be played to its end: {exc}",)) from exc
    faults = (
        *_stream_faults(measured, timeline),
        *_timing_faults(times),
        *joined,
        *_picture_faults(said, fps=timeline.format.fps),
        *_sound_faults(measured, said, timeline),
        *(_voice_faults(voice) if sources.takes else ()),
    )
    return measured, faults


async def _look(path: Path, *, frames: int, progress: Callable[[float], None]) -> str:
    # Without the deblocking filter decoding takes a quarter less, and every fault of the stream still shows.
    return await run_ffmpeg(
        [
            *("-xerror", "-skip_loop_filter", "all", "-i", str(path), "-filter_complex", _LOOK),
            *("-map", "[v]", "-map", "[a]", "-f", "null", "-"),
        ],
        total_frames=frames,
        progress=progress,
        timeout_s=60 + frames,
    )


def _read(path: Path, pieces: Sequence[tuple[str, Path]]) -> tuple[MediaInfo, list[float], int, tuple[Fault, ...]]:
    """Return the file's facts, the instant of every frame in order, its size, and what is not where it was joined."""
    packets = _packets(path)
    times = sorted(instant for instant, _ in packets)
    return probe(path), times, path.stat().st_size, tuple(_join_faults([key for _, key in packets], pieces))


def _packets(path: Path) -> list[tuple[float, bytes]]:
    """Return each packet of the picture: when it is shown, and the hash of its coded picture."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return [
            (float(packet.pts * packet.time_base), hashlib.sha256(_coded_picture(bytes(packet))).digest())
            for packet in container.demux(stream)
            if packet.pts is not None
        ]


def _coded_picture(packet: bytes) -> bytes:
    """Return a packet without parameter sets, of which joining adds copies (H.264 in MP4: units behind their sizes)."""
    kept, at = bytearray(), 0
    while at + 5 <= len(packet):
        size = int.from_bytes(packet[at : at + 4], "big")
        if packet[at + 4] & 0x1F <= _LAST_KIND_OF_PICTURE:
            kept += packet[at + 4 : at + 4 + size]
        at += 4 + size
    return bytes(kept)


def _join_faults(film: list[bytes], pieces: Sequence[tuple[str, Path]]) -> Iterable[Fault]:
    """Find the first piece whose own packets are not in the film where they belong: missing, doubled or misplaced."""
    at = 0
    for name, path in pieces:
        piece = [key for _, key in _packets(path)]
        if film[at : at + len(piece)] != piece:
            what = name.replace("body-", "scene ").replace("transition-", "the transition after scene ")
            yield Fault(part=Part.JOIN, said=f"Piece {what} is missing or not where it belongs.")
            return
        at += len(piece)


def _stream_faults(measured: Measured, timeline: Timeline) -> Iterable[Fault]:
    info, size, frames = measured.info, timeline.format, total_frames(timeline)

    def fault(said: str, part: Part = Part.PICTURE) -> Fault:
        return Fault(part=part, said=said)

    if info.frames != frames:
        yield fault(f"It has {info.frames} frames, not {frames}.", Part.JOIN)
    if (info.width, info.height) != (size.width, size.height):
        yield fault(f"It is {info.width}x{info.height}, not {size.width}x{size.height}.")
    if abs(info.fps - size.fps) > 0.01:
        yield fault(f"It runs at {info.fps:g} frames a second, not {size.fps}.")
    if info.audio_codec != "aac" or info.sample_rate != SAMPLE_RATE:
        yield fault(f"Its sound is {info.audio_codec} at {info.sample_rate} Hz, not aac at {SAMPLE_RATE}.", Part.SOUND)
    if abs(info.audio_ms - info.video_ms) > 1000 / size.fps:
        yield fault(f"Its sound lasts {info.audio_ms} ms and its picture {info.video_ms} ms.", Part.SOUND)
    if not info.faststart:
        yield fault("A player would have to load all of it before it can start.", Part.JOIN)


def _timing_faults(times: list[float]) -> Iterable[Fault]:
    """Find frames that come at the wrong time: pieces that do not meet leave a gap or sit on each other."""
    if not times:
        return
    steps = [later - earlier for earlier, later in pairwise(times)]
    if steps and max(steps) - min(steps) > 0.002:
        said = f"Its frames come {min(steps) * 1000:.1f} to {max(steps) * 1000:.1f} ms apart: the pieces do not meet."
        yield Fault(part=Part.JOIN, said=said)
    if abs(times[0]) > 0.001:
        yield Fault(part=Part.JOIN, said=f"Its picture starts at {times[0] * 1000:.1f} ms.")


def _picture_faults(said: str, *, fps: int) -> Iterable[Fault]:
    for start, duration in re.findall(r"black_start:(\S+).*?black_duration:(\S+)", said):
        frames = range(math.floor(float(start) * fps), math.ceil((float(start) + float(duration)) * fps))
        yield Fault(part=Part.PICTURE, said=f"It is black for {duration} s from {start} s.", frames=frames)
    for start in re.findall(r"freeze_start: (\S+)", said):
        at = math.floor(float(start) * fps)
        text = f"Its picture stands still from {start} s for more than {_FROZEN_S:g} s."
        yield Fault(part=Part.PICTURE, said=text, frames=range(at, at + round(_FROZEN_S * fps)))


def _sound_faults(measured: Measured, said: str, timeline: Timeline) -> Iterable[Fault]:
    heard = measured.loudness
    if abs(heard.integrated_lufs - TARGET_LUFS) > LOUDNESS_TOLERANCE_LU:
        yield Fault(part=Part.SOUND, said=f"Its loudness is {heard.integrated_lufs} LUFS, not {TARGET_LUFS}.")
    if heard.true_peak_dbtp > PEAK_LIMIT_DBTP:
        yield Fault(part=Part.SOUND, said=f"Its true peak is {heard.true_peak_dbtp} dBTP, above {PEAK_LIMIT_DBTP}.")
    # A film without music may be quiet between two sentences.
    if timeline.music_mix is None:
        return
    for start in re.findall(r"silence_start: (\S+)", said):
        text = f"It is silent from {float(start):.2f} s for more than {_SILENT_S:g} s."
        yield Fault(part=Part.SOUND, said=text)


def _voice_faults(voice: Voice) -> Iterable[Fault]:
    if voice.flattened > _CLIPPED_PLACES:
        yield Fault(part=Part.SOUND, said=f"Its voice is clipped in {voice.flattened} places.")
    if voice.likeness < _LIKELY:
        yield Fault(part=Part.SOUND, said="Its voice cannot be heard where it belongs.")
    elif abs(voice.offset_ms) > MOST_OFFSET_MS:
        side = "late" if voice.offset_ms > 0 else "early"
        text = f"Its voice is {abs(voice.offset_ms)} ms {side} against the picture; {MOST_OFFSET_MS} are allowed."
        yield Fault(part=Part.SOUND, said=text)
