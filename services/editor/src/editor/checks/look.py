"""What is seen of a piece of the picture: where it is black and where it stands still, frame by frame.

A film is joined from its pieces untouched, so what is seen of them is what is seen of it, and a piece that has been
looked at once is not looked at again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.video.reformatter import Interpolation
from common.contracts.values import Value
from media.probe import UnreadableMedia

from editor.cache import SegmentCache
from editor.checks.faults import Fault, Part
from editor.keys import digest, hash_file

Small = npt.NDArray[np.int16]

_BLACK_S, _FROZEN_S = 0.5, 3.0
"""From when on a black or frozen picture is a fault. A shorter one can be meant."""
_WIDTH = 180
_BLACK, _BLACK_SHARE = 26, 0.98
"""A pixel is black up to this brightness of 16 to 235, and a picture with this share of them."""
_MOVED = 0.256
"""By how much of 256 two pictures differ in the mean when something has moved between them."""
_SAMPLE = 17
"""Every so manyth value says whether two pictures of neighbouring pieces are alike. No width is a multiple of it."""


class Look(Value):
    """A piece in numbers."""

    black: tuple[bool, ...]
    """Whether each frame is black."""
    stretches: tuple[int, ...]
    """How many frames look like the first of them, then the next so many: ones, where everything moves."""
    first: tuple[int, ...]
    """Samples of the first frame."""
    last: tuple[int, ...]
    """Samples of the frame that the last stretch begins with."""


def look_at(path: Path) -> Look:
    """Decode a file's picture from the first to the last frame.

    It is CPU work: use a thread. Raises `UnreadableMedia` for a file that cannot be played to its end.
    """
    black: list[bool] = []
    stretches: list[int] = []
    first = last = np.zeros(0, np.int16)
    try:
        for small in _small_pictures(path):
            black.append(bool(np.mean(small[: len(small) * 2 // 3] <= _BLACK) >= _BLACK_SHARE))
            if not stretches or _moved(last, small):
                first, last = first if stretches else small, small
                stretches.append(0)
            stretches[-1] += 1
    except av.FFmpegError as exc:
        raise UnreadableMedia(f"{path.name!r} cannot be played to its end: {exc}") from exc
    return Look(black=tuple(black), stretches=tuple(stretches), first=_samples(first), last=_samples(last))


def find_look(cache: SegmentCache, path: Path) -> Look | None:
    """Return what was seen when somebody looked at a file of the same bytes."""
    kept = cache.find(_key(path))
    try:
        return Look.model_validate_json(kept.read_bytes()) if kept else None
    except (FileNotFoundError, ValueError):
        return None


def keep_look(cache: SegmentCache, path: Path, look: Look) -> None:
    """Keep what is seen of a file, for any other of the same bytes."""
    said = path.with_suffix(".look.json")
    said.write_text(look.model_dump_json(), encoding="ascii")
    cache.keep(_key(path), said)


def picture_faults(looks: Iterable[Look], *, fps: int) -> Iterable[Fault]:
    """Find where a film of these pieces is black or stands still for too long, also from one piece into the next."""
    looks = tuple(looks)
    for start, length in _runs(chain.from_iterable(look.black for look in looks)):
        if length >= _BLACK_S * fps:
            said = f"It is black for {length / fps:.2f} s from {start / fps:.2f} s."
            yield Fault(part=Part.PICTURE, said=said, frames=range(start, start + length))
    at = 0
    for length in _joined_stretches(looks):
        if length > _FROZEN_S * fps:
            said = f"Its picture stands still from {at / fps:.2f} s for {length / fps:.2f} s."
            yield Fault(part=Part.PICTURE, said=said, frames=range(at, at + length))
        at += length


def _small_pictures(path: Path) -> Iterator[Small]:
    """Yield each frame in planes of 4:2:0 below each other, 180 pixels across."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        # Without the deblocking filter decoding takes a quarter less, and every fault of the stream still shows.
        stream.codec_context.options = {"skip_loop_filter": "all"}
        for frame in container.decode(stream):
            if frame.is_corrupt:
                raise UnreadableMedia(f"{path.name!r} is damaged at {frame.time:.2f} s.")
            height = 2 * round(_WIDTH * frame.height / frame.width / 2)
            small = frame.reformat(_WIDTH, height, "yuv420p", interpolation=Interpolation.POINT)
            yield small.to_ndarray().astype(np.int16)


def _joined_stretches(looks: Sequence[Look]) -> list[int]:
    """Return the stretches of a film: what a piece begins with may look like what the one before ends with."""
    joined: list[int] = []
    last: tuple[int, ...] | None = None
    for look in looks:
        lengths = list(look.stretches)
        goes_on = last is not None and not _moved(np.array(last), np.array(look.first))
        if goes_on:
            joined[-1] += lengths.pop(0)
        joined += lengths
        # A stretch that goes on is still compared with the frame that it began with.
        last = look.last if lengths or not goes_on else last
    return joined


def _runs(black: Iterable[bool]) -> Iterator[tuple[int, int]]:
    """Yield where black frames follow each other, and how many do."""
    at = 0
    for dark, frames in groupby(black):
        length = len(list(frames))
        if dark:
            yield at, length
        at += length


def _moved(before: npt.NDArray[np.integer[Any]], after: npt.NDArray[np.integer[Any]]) -> bool:
    return bool(np.abs(after - before).mean() > _MOVED)


def _samples(small: Small) -> tuple[int, ...]:
    return tuple(small.ravel()[::_SAMPLE].tolist())


def _key(path: Path) -> str:
    return digest({"look": hash_file(path)})
