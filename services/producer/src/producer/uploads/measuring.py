"""What a file really is: by its first bytes, then by decoding all of it. Names and claimed types are not asked."""

from __future__ import annotations

import asyncio
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from common.contracts.uploads import UploadKind
from media.ffmpeg import FfmpegFailed, run_ffmpeg
from media.probe import MediaInfo, UnreadableMedia, probe
from PIL import Image, UnidentifiedImageError

from producer.errors import UploadUnusable

MUSIC_SECONDS = (1, 900)
FOOTAGE_SECONDS = (1, 300)
FOOTAGE_SIDES = (240, 4_096)
"""Pixels of the shorter and of the longer side."""
LOGO_SIDES = (32, 2_048)
LOGO_BYTES = 4 << 20
_DECODE_SECONDS = 50
"""Whoever uploads waits for it, and what stands in between waits for a minute."""
_ERRORS = "0.02"
"""The share of packets that may be damaged."""
_AUDIBLE = 104
"""Of 32,768: what is quieter (-50 dB) is noise that would be made loud."""
_NEAR = 0.9
"""How much of the length that a file says of itself has to be there."""


@dataclass(frozen=True)
class Container:
    """A kind of file that is taken. `demuxer` is ffmpeg's name for it: no other one gets to see the file."""

    demuxer: str
    sound: str
    picture: str | None = None


_PICTURES = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"))
"""How pictures that are taken begin, and Pillow's names for them."""
_WAV = Container("wav", "audio/wav")
_FLAC = Container("flac", "audio/flac")
_OGG = Container("ogg", "audio/ogg")
_MP3 = Container("mp3", "audio/mpeg")
_MP4 = Container("mov", "audio/mp4", "video/mp4")
_MATROSKA = Container("matroska", "audio/webm", "video/webm")


@dataclass(frozen=True)
class Measured:
    """The facts of a file that may be used."""

    media_type: str
    demuxer: str
    duration_ms: int
    width: int = 0
    height: int = 0


def container_of(path: Path) -> Container:
    """Which of the files that are taken this is. Raises `UploadUnusable` for every other.

    Playlists and lists of files, which would have ffmpeg open others, begin with neither of these.
    """
    with path.open("rb") as file:
        head = file.read(16)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return _WAV
    if head[4:8] == b"ftyp":
        return _MP4
    for begins, container in ((b"fLaC", _FLAC), (b"OggS", _OGG), (b"\x1aE\xdf\xa3", _MATROSKA), (b"ID3", _MP3)):
        if head.startswith(begins):
            return container
    # An MP3 without a tag begins with a frame: eleven bits that are set, and layer III.
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return _MP3
    raise UploadUnusable("The file is no WAV, FLAC, Ogg, MP3, MP4 or WebM.")


def picture_of(path: Path) -> str:
    """Which picture this is, by its first bytes; empty when it is none that is taken."""
    with path.open("rb") as file:
        head = file.read(8)
    return next((name for begins, name in _PICTURES if head.startswith(begins)), "")


async def measure(path: Path, kind: UploadKind) -> Measured:
    """The facts of an upload. Raises `UploadUnusable` with what is wrong, in a sentence."""
    picture = await asyncio.to_thread(picture_of, path)
    if kind is UploadKind.LOGO or (kind is UploadKind.FOOTAGE and picture):
        return await asyncio.to_thread(_as_picture, path, picture, kind)
    container = await asyncio.to_thread(container_of, path)
    try:
        info = await asyncio.to_thread(probe, path)
    except UnreadableMedia as error:
        raise UploadUnusable("The file cannot be read as sound or film.") from error
    found = _as_music(info, container) if kind is UploadKind.MUSIC else _as_footage(info, container)
    await _decode(path, found, stream="0:a:0" if kind is UploadKind.MUSIC else "0:v:0")
    return found


def _as_picture(path: Path, picture: str, kind: UploadKind) -> Measured:
    if kind is UploadKind.LOGO and (picture != "PNG" or path.stat().st_size > LOGO_BYTES):
        raise UploadUnusable(f"A logo is a PNG of at most {LOGO_BYTES >> 20} MB.")
    least, most = LOGO_SIDES if kind is UploadKind.LOGO else FOOTAGE_SIDES
    try:
        with Image.open(path, formats=[picture]) as image:
            width, height = image.size
            if min(width, height) < least or max(width, height) > most:
                raise UploadUnusable(f"The picture is {width}x{height}; its sides have {least} to {most} pixels.")
            image.load()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise UploadUnusable("The picture cannot be decoded to its end.") from error
    return Measured(f"image/{picture.lower()}", "", 0, width, height)


def _as_music(info: MediaInfo, container: Container) -> Measured:
    if info.audio_codec is None:
        raise UploadUnusable("There is no sound in the file.")
    duration_ms = info.audio_ms or info.duration_ms
    _require_length(duration_ms, MUSIC_SECONDS, "Music")
    return Measured(container.sound, container.demuxer, duration_ms)


def _as_footage(info: MediaInfo, container: Container) -> Measured:
    if info.video_codec is None or container.picture is None or not info.frames:
        raise UploadUnusable("There is no film in the file.")
    least, most = FOOTAGE_SIDES
    if min(info.width, info.height) < least or max(info.width, info.height) > most:
        raise UploadUnusable(f"The film is {info.width}x{info.height}; its sides have {least} to {most} pixels.")
    duration_ms = info.video_ms or info.duration_ms
    _require_length(duration_ms, FOOTAGE_SECONDS, "Footage")
    return Measured(container.picture, container.demuxer, duration_ms, info.width, info.height)


def _require_length(duration_ms: int, seconds: tuple[int, int], what: str) -> None:
    shortest, longest = seconds
    if not shortest * 1000 <= duration_ms <= longest * 1000:
        raise UploadUnusable(f"{what} lasts {shortest} to {longest} seconds, not {duration_ms / 1000:g}.")


async def _decode(path: Path, found: Measured, *, stream: str) -> None:
    """Decode all of it. What was announced has to be there, and music has to be heard."""
    is_music = stream == "0:a:0"
    decoded = path.with_suffix(".decoded.wav" if is_music else ".decoded.mkv")
    source = ["-protocol_whitelist", "file", "-f", found.demuxer, "-i", str(path)]
    sound = ["-ac", "1", "-ar", "8000", "-c:a", "pcm_s16le"]
    picture = ["-s", "16x16", "-pix_fmt", "gray", "-c:v", "rawvideo"]
    sink = ["-map", stream, "-max_error_rate", _ERRORS, *(sound if is_music else picture), str(decoded)]
    try:
        await run_ffmpeg(["-v", "error", *source, *sink], timeout_s=_DECODE_SECONDS)
        there_ms = (await asyncio.to_thread(probe, decoded)).duration_ms
        is_silent = is_music and await asyncio.to_thread(_is_silent, decoded)
    except (FfmpegFailed, UnreadableMedia) as error:
        raise UploadUnusable("The file cannot be decoded to its end, or not in time.") from error
    finally:
        decoded.unlink(missing_ok=True)
    if there_ms < found.duration_ms * _NEAR:
        raise UploadUnusable("The file breaks off before its end.")
    if is_silent:
        raise UploadUnusable("There is nothing to be heard in the file.")


def _is_silent(path: Path) -> bool:
    with wave.open(str(path), "rb") as reader:
        samples = np.frombuffer(reader.readframes(reader.getnframes()), dtype="<i2")
    return len(samples) == 0 or int(np.abs(samples.astype(np.int32)).max()) < _AUDIBLE
