"""Looking at a film piece by piece, while other pieces are still rendered: a piece that was seen is not decoded again.

What is said about a film has to be said about its own bytes. So before anything that was seen of its pieces counts, the
film is shown to be made of exactly these: each piece's coded pictures, one for one, in order and none besides, read by
the same parameters, each piece beginning with a picture before which nothing is remembered (H.264's IDR). Then a
decoder makes of the film what it made of the pieces. Where this does not hold, the film is looked at whole.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from common.contracts.gates import Region

from compliance.scanners import frames, letters
from compliance.scanners.facts import PictureFacts
from compliance.scanners.looking import FRAMES_LIMIT, OPEN, SeveralTracks, Watched, look, measure, only_one, watch

_IDR, _PARAMETERS, _PLAIN = 5, {7, 8}, {1, 5, 6, 9}
"""Kinds of units in an H.264 stream: a fresh start; how to read others; pictures and remarks that lean on no others."""
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


def remember(path: Path) -> bytes:
    """Decode every picture of a piece. → what was seen of it, for `look_at_pieces`. Raises as `look` does."""
    seen = watch(path)
    written = [
        [number, box.x, box.y, box.width, box.height, one.contrast, one.height]
        for number, (_, _, found) in enumerate(seen.close)
        for one in found
        for box in [one.region]
    ]
    into = io.BytesIO()
    np.savez_compressed(
        into,
        pictures=seen.pictures,
        close=np.array([frame for _, frame, _ in seen.close], np.int32),
        written=np.array(written, np.float64).reshape(-1, 7),
        counts=seen.colours.counts,
        sums=seen.colours.sums,
    )
    return into.getvalue()


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
    colours = frames.Colours()
    columns, rows = frames.grid_size(film.width, film.height)
    try:
        with np.load(io.BytesIO(remembered.read_bytes()), allow_pickle=False) as kept:
            pictures, close, written = (kept[name] for name in ("pictures", "close", "written"))
            colours.counts += kept["counts"]
            colours.sums += kept["sums"]
        fits = pictures.dtype == np.uint8 and pictures.shape == (len(times), rows, columns, 3)
        if not fits or min(colours.counts) < 0 or not np.isfinite(colours.sums).all() or not np.isfinite(written).all():
            raise OtherPictures("what was seen of a piece does not fit it")
        looks = [
            (times[int(frame)], first + int(frame), _written(written[written[:, 0] == number]))
            for number, frame in enumerate(close)
        ]
    except (OSError, EOFError, ValueError, LookupError, TypeError, zlib.error, zipfile.BadZipFile) as error:
        raise OtherPictures(f"what was seen of a piece cannot be read: {error}") from error
    return Watched(
        pictures=pictures,
        times=times,
        end=times[-1],
        width=film.width,
        height=film.height,
        close=looks,
        colours=colours,
    )


def _written(rows: frames.Floats) -> list[letters.Seen]:
    return [
        letters.Seen(Region(x=x, y=y, width=width, height=height), contrast=contrast, height=share)
        for _, x, y, width, height, contrast, share in rows.tolist()
    ]


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
