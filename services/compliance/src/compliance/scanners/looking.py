"""Decoding a picture file and measuring it: what runs in the scanner's own process."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import av
import numpy as np
from av.video.frame import VideoFrame

from compliance.scanners import flashes, frames, letters
from compliance.scanners.facts import PictureFacts

Track = TypeVar("Track")
Close = tuple[float, int, Sequence[letters.Seen]]
"""A picture that was looked at closely: its instant in seconds, its number, and what looked like writing in it."""
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,wav,mp3,ogg,flac,aac,w64,jpeg_pipe,png_pipe,webp_pipe,gif"
"""Containers that hold what they play. Lists of other files and addresses (HLS, concat, …) are not opened."""
OPEN: dict[str, str] = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
FRAMES_LIMIT = 20_000
"""About eleven minutes at 30 pictures a second. What is longer is not scanned, and so does not pass."""
CLOSE_LOOKS_PER_SECOND = 2.0
LEAST_BLACK_SECONDS, LEAST_FROZEN_SECONDS = 0.2, 1.0
"""Shorter ones are not written down."""
_LUMA_ACROSS, _CHROMA_ACROSS = 4, 2
"""Pixels of a cell that are looked at, in each direction. Colour is stored at half the size."""


class TooLong(Exception):
    """There are more pictures than one scan looks at."""


class NoPicture(Exception):
    """The file has no picture."""


class SeveralTracks(Exception):
    """There is more than one track of a kind, and players choose among them. The message says how many of what."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What was measured on each picture of a film, or of one piece of it, before anything is made of it."""

    pictures: frames.Bytes
    """Small ones (n, rows, columns, 3)."""
    times: Sequence[float]
    end: float
    width: int
    height: int
    close: Sequence[Close]
    colours: frames.Colours


def look(path: Path, *, threads: int = 2) -> PictureFacts:
    """Decode every picture of a file and measure it.

    Raises `av.FFmpegError`, `NoPicture`, `SeveralTracks` and `TooLong`.
    """
    return measure(watch(path, threads=threads))


def watch(path: Path, *, threads: int = 2) -> Watched:
    """Decode every picture of a file. Raises as `look` does."""
    grids: list[frames.Bytes] = []
    times: list[float] = []
    close: list[Close] = []
    colours = frames.Colours()
    width = height = 0
    end = 0.0
    for frame, seconds, length in _decoded(path, threads=threads):
        width, height, end = frame.width, frame.height, max(end, seconds + length)
        grids.append(small(frame))
        times.append(seconds)
        if not close or seconds - close[-1][0] >= 1 / CLOSE_LOOKS_PER_SECOND - 1e-3:
            picture = _close(frame)
            colours.add(picture)
            close.append((seconds, len(times) - 1, letters.writing(picture)))
    if not grids:
        raise NoPicture(path.name)
    return Watched(
        pictures=np.stack(grids), times=times, end=end, width=width, height=height, close=close, colours=colours
    )


def measure(watched: Watched) -> PictureFacts:
    """What the pictures come to, one after the other."""
    pictures, times, end = watched.pictures, watched.times, watched.end
    return PictureFacts(
        seconds=end,
        frames=len(times),
        width=watched.width,
        height=watched.height,
        black=frames.black_stretches(pictures, times, end=end, least=LEAST_BLACK_SECONDS if len(times) > 1 else 0.0),
        frozen=frames.frozen_stretches(pictures, times, end=end, least=LEAST_FROZEN_SECONDS),
        flashing=flashes.general_flashes(pictures, times),
        red_flashing=flashes.red_flashes(pictures, times),
        lines=letters.lines(watched.close, least=2 if len(times) > 1 else 1),
        samples=len(watched.close),
        colours=watched.colours.dominant(),
    )


def small(frame: VideoFrame) -> frames.Bytes:
    """The picture on a grid of cells, each the mean of 16 pixels spread over it: sRGB bytes (rows, columns, 3)."""
    if frame.format.name not in {"yuv420p", "yuvj420p"} or min(frame.width, frame.height) < 2:
        return _shrunk(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    columns, rows = frames.grid_size(frame.width, frame.height)
    luma = _plane(frame, 0, frame.width, frame.height)
    blue = _plane(frame, 1, (frame.width + 1) // 2, (frame.height + 1) // 2)
    red = _plane(frame, 2, (frame.width + 1) // 2, (frame.height + 1) // 2)
    means = np.stack(
        [
            _means(plane, columns, rows, across=across)
            for plane, across in ((luma, _LUMA_ACROSS), (blue, _CHROMA_ACROSS), (red, _CHROMA_ACROSS))
        ],
        axis=-1,
    )
    return _rgb(means, full=frame.format.name == "yuvj420p" or frame.color_range == 2, hd=_is_hd(frame))


def only_one(tracks: Sequence[Track], what: str) -> Track | None:
    """The track of a kind, if there is one. Raises `SeveralTracks`: only one of them would be looked at."""
    if len(tracks) > 1:
        raise SeveralTracks(f"{len(tracks)} tracks of {what}")
    return next(iter(tracks), None)


def _decoded(path: Path, *, threads: int) -> Iterator[tuple[VideoFrame, float, float]]:
    """Every picture with its instant and length in seconds, the first at zero."""
    # Without the deblocking filter decoding takes a quarter less; what is measured here is far larger than a block.
    with av.open(str(path), options=OPEN) as container:
        stream = only_one(container.streams.video, "pictures")
        if stream is None:
            raise NoPicture(path.name)
        stream.thread_type, stream.codec_context.thread_count = "AUTO", threads
        stream.codec_context.options = {"skip_loop_filter": "all"}
        length = 1 / float(stream.average_rate or 25)
        first: float | None = None
        latest = 0.0
        for number, frame in enumerate(container.decode(stream)):
            if number >= FRAMES_LIMIT:
                raise TooLong(f"{FRAMES_LIMIT} pictures")
            at = number * length if frame.time is None else frame.time
            first = at if first is None else first
            # A clock that goes back would make seconds of nothing; pictures then follow each other at the file's rate.
            latest = max(at - first, latest + (1e-3 if number else 0.0))
            yield frame, latest, length


def _plane(frame: VideoFrame, number: int, width: int, height: int) -> frames.Bytes:
    plane = frame.planes[number]
    return np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[:height, :width]  # type: ignore[call-overload,no-any-return]


def _means(plane: frames.Bytes, columns: int, rows: int, *, across: int) -> frames.Floats:
    """Cells of a plane, each the mean of `across` times as many pixels spread over it."""
    height, width = plane.shape
    down, along = across * rows, across * columns
    if height % down or width % along:
        at_rows = np.linspace(0, height, down, endpoint=False).astype(np.intp)
        at_columns = np.linspace(0, width, along, endpoint=False).astype(np.intp)
        picked = plane[at_rows[:, None], at_columns]
    else:
        picked = plane[:: height // down, :: width // along]
    # Sums of slices: several times as fast as a mean over axes this short, and this is done for every picture.
    wide = picked.astype(np.uint16)
    lines = functools.reduce(np.add, (wide[part::across] for part in range(across)))
    cells = functools.reduce(np.add, (lines[:, part::across] for part in range(across)))
    return np.asarray(cells / np.float32(across**2), np.float32)


def _shrunk(picture: frames.Bytes) -> frames.Bytes:
    columns, rows = frames.grid_size(picture.shape[1], picture.shape[0])
    means = [_means(picture[..., channel], columns, rows, across=_LUMA_ACROSS) for channel in range(3)]
    return np.rint(np.stack(means, axis=-1)).astype(np.uint8)


def _is_hd(frame: VideoFrame) -> bool:
    """Whether its colours are BT.709's: as it says, or by its size where it does not say."""
    said: Any = frame.colorspace
    return bool(said == 1 or (said not in {5, 6} and min(frame.width, frame.height) >= 720))


def _rgb(cells: frames.Floats, *, full: bool, hd: bool) -> frames.Bytes:
    """BT.709 or BT.601 to sRGB bytes."""
    luma, blue, red = (cells[..., channel] for channel in range(3))
    if full:
        y, cb, cr = luma, blue - 128, red - 128
    else:
        y, cb, cr = (luma - 16) * (255 / 219), (blue - 128) * (255 / 224), (red - 128) * (255 / 224)
    kr, kb = (0.2126, 0.0722) if hd else (0.299, 0.114)
    kg = 1 - kr - kb
    r, b = y + 2 * (1 - kr) * cr, y + 2 * (1 - kb) * cb
    g = (y - kr * r - kb * b) / kg
    return np.asarray(np.clip(np.rint(np.stack((r, g, b), axis=-1)), 0, 255), np.uint8)


def _close(frame: VideoFrame) -> frames.Bytes:
    """The picture with a short side of 540 pixels, by which letters are measured."""
    scale = letters.CLOSE_SHORT_SIDE / min(frame.width, frame.height)
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    return np.asarray(frame.reformat(width, height, "rgb24", interpolation="AREA").to_ndarray(), np.uint8)
