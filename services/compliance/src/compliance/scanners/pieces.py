"""Looking at a film piece by piece, while other pieces are still rendered: a piece that was seen is not decoded again.

What is said about a film has to be said about its own bytes. So before anything that was seen of its pieces counts, the
film is shown to be made of exactly these: each piece's coded pictures, one for one, in order and none besides, read by
the same parameters, each piece beginning with a picture before which nothing is remembered (H.264's IDR). Then a
decoder makes of the film what it made of the pieces. Where this does not hold, the film is looked at whole.
"""

from __future__ import annotations

import hashlib
import math
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import av
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from common.contracts.gates import Region
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, NonNegativeInt, PositiveInt

from compliance.scanners import frames, letters
from compliance.scanners.facts import PictureFacts
from compliance.scanners.looking import FRAMES_LIMIT, OPEN, SeveralTracks, Watched, look, measure, only_one, watch

_IDR, _PARAMETERS, _PLAIN = 5, {7, 8}, {1, 5, 6, 9}
"""Kinds of units in an H.264 stream: a fresh start; how to read others; pictures and remarks that lean on no others."""
_LENGTH = struct.Struct(">I")
_LENGTHS_OF_FOUR = 0xFF
"""The fifth byte of MP4's parameters where each unit stands behind four bytes with its length."""


class OtherPictures(Exception):
    """The film is not, or not provably, made of these pieces; the message says why."""


@dataclass(frozen=True, kw_only=True)
class _Coded:
    """A file's pictures as they are coded, in order of decoding, and when each is shown."""

    read_as: tuple[object, ...]
    """All that is said about how they are to be read, in the stream and around it."""
    width: int
    height: int
    hashes: Sequence[bytes]
    instants: Sequence[float]
    seconds_each: float


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Writing(_Kept):
    region: Region
    contrast: FiniteFloat
    height: FiniteFloat


class _Seen(_Kept):
    """What is kept of a piece besides its small pictures."""

    close: tuple[tuple[NonNegativeInt, tuple[_Writing, ...]], ...]
    """Which pictures were looked at closely, and what looked like writing in them."""
    colours: tuple[tuple[Annotated[int, Field(ge=0, lt=4096)], PositiveInt, tuple[FiniteFloat, ...]], ...]
    """Of each box of colours with any: how many pixels, and the sums of their three channels."""


def remember(path: Path) -> bytes:
    """Decode every picture of a piece. → what was seen of it, for `look_at_pieces`. Raises as `look` does."""
    watched = watch(path)
    counts, sums = watched.colours.counts, watched.colours.sums
    seen = _Seen(
        close=tuple(
            (frame, tuple(_Writing(region=one.region, contrast=one.contrast, height=one.height) for one in found))
            for _, frame, found in watched.close
        ),
        colours=tuple((box, int(counts[box]), tuple(sums[box].tolist())) for box in np.flatnonzero(counts).tolist()),
    )
    said = seen.model_dump_json().encode()
    return _LENGTH.pack(len(said)) + said + zlib.compress(watched.pictures.tobytes(), 1)


def look_at_pieces(film: Path, pieces: Sequence[tuple[Path, Path]]) -> PictureFacts:
    """Measure a film of which pieces were seen before, as `put_together` has them; whole where they are not its pieces.

    Raises as `look` does, of the film alone.
    """
    try:
        return measure(put_together(film, pieces)).model_copy(update={"pieces": len(pieces)})
    except (OtherPictures, av.FFmpegError, SeveralTracks):
        return look(film)


def put_together(film: Path, pieces: Sequence[tuple[Path, Path]]) -> Watched:
    """A film as it was seen in its pieces, each given as its file and as what was remembered of it.

    Nothing is decoded. Raises `OtherPictures` unless the film is made of these pieces and what was seen of them makes
    sense, and `av.FFmpegError` and `SeveralTracks` for a film or a piece that nothing can be said of.
    """
    whole = _coded(film)
    if not pieces:
        raise OtherPictures("no piece of it was seen")
    seen: list[Watched] = []
    at = 0
    for path, remembered in pieces:
        piece = _coded(path)
        count = len(piece.hashes)
        if piece.read_as != whole.read_as or list(piece.hashes) != list(whole.hashes[at : at + count]):
            raise OtherPictures("a piece is not in it, or not there")
        instants = whole.instants[at : at + count]
        if np.argsort(instants).tolist() != np.argsort(piece.instants).tolist():
            raise OtherPictures("a piece is shown in another order in it")
        seen.append(_recall(remembered, whole, times=sorted(instants), first=at))
        at += count
    if at != len(whole.hashes):
        raise OtherPictures("there is more in it than its pieces")
    return _joined(seen, seconds_each=whole.seconds_each)


def _joined(seen: Sequence[Watched], *, seconds_each: float) -> Watched:
    start = seen[0].times[0]
    times = [instant - start for one in seen for instant in one.times]
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise OtherPictures("its pieces are not shown one after the other")
    colours = frames.Colours()
    for one in seen:
        colours.counts += one.colours.counts
        colours.sums += one.colours.sums
    return Watched(
        pictures=np.concatenate([one.pictures for one in seen]),
        times=times,
        end=times[-1] + seconds_each,
        width=seen[0].width,
        height=seen[0].height,
        close=[(seconds - start, frame, found) for one in seen for seconds, frame, found in one.close],
        colours=colours,
    )


def _recall(remembered: Path, film: _Coded, *, times: Sequence[float], first: int) -> Watched:
    """What was seen of a piece whose pictures are shown at `times` and are, in the film, those from `first` on."""
    columns, rows = frames.grid_size(film.width, film.height)
    shape = (len(times), rows, columns, 3)
    try:
        data = remembered.read_bytes()
        (length,) = _LENGTH.unpack_from(data)
        behind = _LENGTH.size + length
        seen = _Seen.model_validate_json(data[_LENGTH.size : behind])
        # No more than there can be is unpacked, and a byte to tell that there is more.
        raw = zlib.decompressobj().decompress(data[behind:], math.prod(shape) + 1)
        pictures = np.frombuffer(raw, np.uint8).reshape(shape)
        colours = frames.Colours()
        for box, count, sums in seen.colours:
            colours.counts[box], colours.sums[box] = count, sums
        close = [(times[frame], first + frame, _written(found)) for frame, found in seen.close]
    except (OSError, ValueError, IndexError, struct.error, zlib.error) as error:
        raise OtherPictures(f"what was seen of a piece cannot be read: {error}") from error
    return Watched(
        pictures=pictures,
        times=times,
        end=times[-1],
        width=film.width,
        height=film.height,
        close=close,
        colours=colours,
    )


def _written(found: Sequence[_Writing]) -> list[letters.Seen]:
    return [letters.Seen(one.region, contrast=one.contrast, height=one.height) for one in found]


def _coded(path: Path) -> _Coded:
    """A file's coded pictures; nothing is decoded. Raises `OtherPictures` where one file may lean on another."""
    with av.open(str(path), options=OPEN) as container:
        stream = only_one(container.streams.video, "pictures")
        parameters = stream.codec_context.extradata if stream else None
        if stream is None or not parameters or stream.codec_context.name != "h264" or parameters[4] != _LENGTHS_OF_FOUR:
            raise OtherPictures("it is not H.264 as MP4 has it")
        packets = [packet for packet in container.demux(stream) if packet.size]
        if not 0 < len(packets) <= FRAMES_LIMIT:
            raise OtherPictures(f"it has {len(packets)} pictures")
        hashes = [_picture(packet, parameters, first=not number) for number, packet in enumerate(packets)]
        instants = [_instant(packet) for packet in packets]
        context = stream.codec_context
        said = (context.width, context.height, context.pix_fmt, context.color_range, context.colorspace)
        return _Coded(
            read_as=(parameters, *said),
            width=context.width,
            height=context.height,
            hashes=hashes,
            instants=instants,
            seconds_each=1 / float(stream.average_rate or 25),
        )


def _instant(packet: Packet[VideoStream]) -> float:
    if packet.pts is None or packet.is_discard or packet.is_corrupt:
        raise OtherPictures("a picture has no time, or is not to be shown")
    if any(packet.has_sidedata(kind) for kind in ("new_extradata", "param_change")):
        raise OtherPictures("the container says on its way how to read what follows")
    return float(packet.pts * packet.time_base)


def _picture(packet: Packet[VideoStream], parameters: bytes, *, first: bool) -> bytes:
    """The hash of a coded picture, without copies of the parameters, of which joining adds some."""
    coded = bytes(packet)
    digest = hashlib.sha256()
    kinds: set[int] = set()
    at = 0
    while at < len(coded):
        size = int.from_bytes(coded[at : at + 4], "big")
        unit = coded[at + 4 : at + 4 + size]
        if not unit or len(unit) < size:
            raise OtherPictures("a picture is cut off")
        kind = unit[0] & 0x1F
        if kind in _PARAMETERS:
            if size.to_bytes(2, "big") + unit not in parameters:
                raise OtherPictures("it says on its way how to read what follows")
        elif kind in _PLAIN:
            digest.update(size.to_bytes(4, "big") + unit)
            kinds.add(kind)
        else:
            raise OtherPictures(f"it has units of the kind {kind}")
        at += 4 + size
    if first and _IDR not in kinds:
        raise OtherPictures("it does not begin with a picture that stands alone")
    return digest.digest()
