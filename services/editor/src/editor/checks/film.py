"""The finished file: measured, compared with what was ordered, and packet by packet with the pieces it is joined from.

Each of those was decoded whole, when it was made; the film's sound is decoded whole here.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
from common.contracts.editing import Timeline
from media.ffmpeg import FfmpegFailed, run_ffmpeg
from media.probe import Loudness, MediaInfo, UnreadableMedia, probe, read_ebur128

from editor.checks.faults import Fault, Part
from editor.checks.look import Look, picture_faults
from editor.checks.sync import Voice, find_voice
from editor.errors import CutFailedChecks
from editor.sound import PEAK_LIMIT_DBTP, SAMPLE_RATE, TARGET_LUFS, Take
from editor.timeline import total_frames

LOUDNESS_TOLERANCE_LU = 1.0
MOST_OFFSET_MS = 40
_SILENT_S = 2.0
"""From when on silence is a fault. A shorter one can be meant."""
_CLIPPED_PLACES = 20
"""How often a recording may touch full scale. More is heard as a rattle, and no mixing takes it away again."""
_LAST_KIND_OF_PICTURE = 5
"""Units of H.264 up to this type hold coded pictures; the others say how to read them."""
_LIKELY = 0.3
"""How sure one must be to have found the voice."""
_LISTEN = f"ebur128=peak=true:framelog=quiet,silencedetect=n=-60dB:d={_SILENT_S}"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the file is."""

    info: MediaInfo
    loudness: Loudness
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A piece as a file, and what is seen of it."""

    name: str
    path: Path
    look: Look


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What a film was joined from: its pieces in order, and the voice with its places."""

    pieces: Sequence[Joined]
    takes: Sequence[Take]


async def examine_film(path: Path, timeline: Timeline, sources: Sources) -> tuple[Measured, tuple[Fault, ...]]:
    """Read the film from first to last packet, listen to all of it, and return its measures and every fault.

    Raises `CutFailedChecks` for a file that cannot be played to its end.
    """
    try:
        (info, times, size_bytes, joined), voice, said = await asyncio.gather(
            asyncio.to_thread(_read, path, sources.pieces),
            asyncio.to_thread(find_voice, path, sources.takes),
            _listen(path, seconds=timeline.duration_ms / 1000),
        )
        measured = Measured(info=info, loudness=read_ebur128(said), size_bytes=size_bytes)
    except (FfmpegFailed, UnreadableMedia, av.FFmpegError) as exc:
        raise CutFailedChecks((f"The film cannot be played to its end: {exc}",)) from exc
    faults = (
        *_stream_faults(measured, timeline),
        *_timing_faults(times),
        *joined,
        *picture_faults([piece.look for piece in sources.pieces], fps=timeline.format.fps),
        *_sound_faults(measured, said, timeline),
        *(_voice_faults(voice) if sources.takes else ()),
    )
    return measured, faults


async def _listen(path: Path, *, seconds: float) -> str:
    return await run_ffmpeg(
        ["-xerror", "-i", str(path), "-map", "0:a", "-af", _LISTEN, "-f", "null", "-"], timeout_s=60 + seconds
    )


def _read(path: Path, pieces: Sequence[Joined]) -> tuple[MediaInfo, list[float], int, tuple[Fault, ...]]:
    """Return the file's facts, the instant of every frame in order, its size, and what is not where it was joined."""
    film = _packets(path)
    times = sorted(instant for instant, _ in film.pictures)
    return probe(path), times, path.stat().st_size, tuple(_join_faults(film, pieces))


@dataclass(frozen=True, kw_only=True)
class _Packets:
    """A file's picture as it is coded: how to read it, and when each packet is shown with the hash of what it holds."""

    reading: bytes
    pictures: Sequence[tuple[float, bytes]]


def _packets(path: Path) -> _Packets:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        pictures = [
            (float(packet.pts * packet.time_base), hashlib.sha256(_coded_picture(bytes(packet))).digest())
            for packet in container.demux(stream)
            if packet.pts is not None
        ]
        return _Packets(reading=stream.codec_context.extradata or b"", pictures=pictures)


def _coded_picture(packet: bytes) -> bytes:
    """Return a packet without parameter sets, of which joining adds copies (H.264 in MP4: units behind their sizes)."""
    kept, at = bytearray(), 0
    while at + 5 <= len(packet):
        size = int.from_bytes(packet[at : at + 4], "big")
        if packet[at + 4] & 0x1F <= _LAST_KIND_OF_PICTURE:
            kept += packet[at + 4 : at + 4 + size]
        at += 4 + size
    return bytes(kept)


def _join_faults(film: _Packets, pieces: Sequence[Joined]) -> Iterable[Fault]:
    """Find the first piece that is not in the film as it is: missing, doubled, misplaced, or not to be read like it."""
    coded = [key for _, key in film.pictures]
    at = 0
    for piece in pieces:
        own = _packets(piece.path)
        what = piece.name.replace("body-", "scene ").replace("transition-", "the transition after scene ")
        if coded[at : at + len(own.pictures)] != [key for _, key in own.pictures]:
            yield Fault(part=Part.JOIN, said=f"Piece {what} is missing or not where it belongs.")
            return
        if own.reading != film.reading:
            yield Fault(part=Part.JOIN, said=f"Piece {what} is coded in another way than the film says.")
            return
        at += len(own.pictures)


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
