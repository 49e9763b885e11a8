"""Finding what looks like writing, and how well it stands out. Pure, over numpy arrays.

Nothing is read. Writing shows by its strokes: within a hand's breadth a row goes from dark to light and back several
times, in edges of one height, and the pixels there fall into two kinds, ink and ground. Their contrast is WCAG's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from common.contracts.gates import Region
from numpy.typing import NDArray

from compliance.scanners.facts import Line
from compliance.scanners.frames import Bytes, Floats, Mask, luminance

CLOSE_SHORT_SIDE = 540
"""Pixels of the short side of a picture that is looked at closely."""
EDGE = 14
"""Steps of 256 over two pixels that make an edge."""
_COLUMNS, _ROWS = 8, 4
"""Pixels to a cell of the grid on which writing is gathered."""
_REACH = 4
"""Cells to either side that a row's strokes are counted over: 72 pixels in all."""
_STROKES = 3
"""Edges up, and as many down, that make writing of such a row."""
_LOWEST, _HIGHEST = 9, 170
"""Pixels that letters may be high. Lower ones nobody can read, higher ones are shapes."""
_TWO_KINDS = 0.78
"""How much of the variation must be that between ink and ground: noise has 0.75, soft pictures less, writing more."""
_GOES_ON = 0.85
"""From this share of edges on that go on a third of the height below, it is bars."""
_LUMA = np.array([54, 183, 19], np.uint16)

Ints = NDArray[np.int16]


@dataclass(frozen=True)
class Seen:
    """What looks like writing in one picture: its box in shares of the picture, and its contrast."""

    region: Region
    contrast: float
    height: float


@dataclass(frozen=True)
class _Track:
    line: Line
    last: int


def writing(picture: Bytes) -> list[Seen]:
    """What looks like writing in a picture whose short side is about 540 pixels."""
    luma = ((picture @ _LUMA) >> 8).astype(np.int16)
    rises, falls = _edges(luma)
    edges = rises | falls
    looked = (_look(picture, luma, edges, box) for box in _boxes(_active(rises, falls)))
    return [seen for seen in looked if seen]


def lines(samples: Sequence[tuple[float, int, Sequence[Seen]]], *, least: int = 2) -> tuple[Line, ...]:
    """What stays in its place over at least so many samples (seconds, number of the picture, what was seen).

    A line's contrast is its best: writing that fades in is no writing that cannot be read.
    """
    open_tracks: list[_Track] = []
    closed: list[_Track] = []
    for number, (seconds, frame, found) in enumerate(samples):
        left = list(open_tracks)
        open_tracks = []
        for seen in found:
            known = max(left, key=lambda track: _overlap(track.line.region, seen.region), default=None)
            if known and _overlap(known.line.region, seen.region) >= 0.5:
                left.remove(known)
                open_tracks.append(_Track(_longer(known.line, seen, seconds, frame), number))
            else:
                open_tracks.append(_Track(_first(seen, seconds, frame), number))
        closed += left
    kept = [track.line for track in (*closed, *open_tracks) if track.line.samples >= least]
    return tuple(sorted(kept, key=lambda line: (line.start_seconds, line.region.y, line.region.x)))


def _edges(luma: Ints) -> tuple[Mask, Mask]:
    """Where a row begins to rise, and where it begins to fall, by more than `EDGE` over two pixels."""
    step = luma[:, 2:] - luma[:, :-2]
    marks = []
    for there in (step > EDGE, step < -EDGE):
        begins = there.copy()
        begins[:, 1:] &= ~there[:, :-1]
        marks.append(np.pad(begins, ((0, 0), (1, 1))))
    return marks[0], marks[1]


def _active(rises: Mask, falls: Mask) -> Mask:
    """The cells around which half of the rows or more look like writing."""
    height, width = rises.shape[0] // _ROWS * _ROWS, rises.shape[1] // _COLUMNS * _COLUMNS
    rows = np.ones((height, width // _COLUMNS), np.bool_)
    for marks in (rises, falls):
        cells = marks[:height, :width].reshape(height, -1, _COLUMNS).sum(axis=2, dtype=np.int16)
        sums = np.pad(cells, ((0, 0), (_REACH + 1, _REACH))).cumsum(axis=1, dtype=np.int16)
        around = sums[:, 2 * _REACH + 1 :] - sums[:, : -2 * _REACH - 1]
        # Far from any stroke of its own a cell is only the neighbour of writing.
        near = np.pad(cells, ((0, 0), (2, 1))).cumsum(axis=1, dtype=np.int16)
        rows &= (
            (around >= _STROKES) & (near[:, 3:] - near[:, :-3] > 0)[:, : rows.shape[1]] if rows.shape[1] > 3 else False
        )
    return np.asarray(rows.reshape(-1, _ROWS, rows.shape[1]).sum(axis=1) >= _ROWS // 2)


def _boxes(active: Mask) -> Iterator[tuple[slice, slice]]:
    """The boxes of cells that hang together, found row by row."""
    boxes: list[list[int]] = []
    parents: list[int] = []

    def root(number: int) -> int:
        while parents[number] != number:
            number = parents[number]
        return number

    before: list[tuple[int, int, int]] = []
    for row in range(len(active)):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], active[row].view(np.int8), [0]))))
        now = []
        for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            touching = {root(number) for left, right, number in before if left < stop and start < right}
            number = min(touching, default=len(parents))
            if not touching:
                parents.append(number)
                boxes.append([row, row + 1, start, stop])
            for other in touching:
                parents[other] = number
                boxes[number] = _around(boxes[number], boxes[other])
            boxes[number] = _around(boxes[number], [row, row + 1, start, stop])
            now.append((start, stop, number))
        before = now
    for number, (top, bottom, left, right) in enumerate(boxes):
        if parents[number] == number:
            yield slice(top * _ROWS, bottom * _ROWS), slice(left * _COLUMNS, right * _COLUMNS)


def _around(one: list[int], other: list[int]) -> list[int]:
    return [min(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), max(one[3], other[3])]


def _look(picture: Bytes, luma: Ints, edges: Mask, box: tuple[slice, slice]) -> Seen | None:
    """Fit a box to its strokes, and say what contrast they have; `None` if this is no writing."""
    marks = edges[box]
    rows, columns = np.flatnonzero(marks.sum(axis=1) >= 2), np.flatnonzero(marks.any(axis=0))
    if not len(rows) or not len(columns):
        return None
    top, bottom = box[0].start + int(rows[0]), box[0].start + int(rows[-1]) + 1
    left, right = box[1].start + int(columns[0]), box[1].start + int(columns[-1]) + 2
    left, right = _whole(edges[top:bottom], left, right)
    high, wide = bottom - top, right - left
    if high < _LOWEST or wide < 2 * _LOWEST or wide < 0.8 * min(high, _HIGHEST):
        return None
    if _are_bars(edges[top:bottom, left:right]):
        return None
    contrasts = _contrasts(luminance(picture[top:bottom, left:right]), luma[top:bottom, left:right])
    if not contrasts:
        return None
    height, width = luma.shape
    return Seen(
        Region(x=left / width, y=top / height, width=min(wide, width - left) / width, height=high / height),
        contrast=float(np.median(contrasts)),
        height=high / min(height, width),
    )


def _are_bars(marks: Mask) -> bool:
    """Whether nearly every edge goes on downwards, as those of columns and stripes do and those of letters do not."""
    lag = max(2, len(marks) // 3)
    upper, lower = marks[:-lag], marks[lag:].copy()
    lower[:, 1:] |= marks[lag:, :-1]
    lower[:, :-1] |= marks[lag:, 1:]
    return bool((upper & lower).sum() > _GOES_ON * max(1, upper.sum()))


def _whole(edges: Mask, left: int, right: int) -> tuple[int, int]:
    """Reach out to the first and last letters, which have fewer strokes around them than those between.

    No further than strokes are counted: what lies beyond is the edge of a picture that the writing stands on.
    """
    gap, furthest = len(edges) // 2, (_REACH + 1) * _COLUMNS
    marked = np.flatnonzero(edges.sum(axis=0) >= 2)
    for column in marked[(marked < left) & (marked >= left - furthest)][::-1].tolist():
        if left - column > gap:
            break
        left = column
    for column in marked[(marked >= right) & (marked < right + furthest)].tolist():
        if column - right > gap:
            break
        right = column + 2
    return left, min(right, edges.shape[1])


def _contrasts(light: Floats, luma: Ints) -> list[float]:
    """The contrast of ink and ground in each piece of a box that has both."""
    found = []
    pieces = max(1, round(luma.shape[1] / max(24, min(luma.shape[0], 64))))
    for part, bright in zip(np.array_split(luma, pieces, axis=1), np.array_split(light, pieces, axis=1), strict=True):
        upper = _upper_kind(part)
        if upper is None:
            continue
        ink, ground = np.percentile(bright[upper], 70), np.percentile(bright[~upper], 30)
        found.append(float((max(ink, ground) + 0.05) / (min(ink, ground) + 0.05)))
    return found


def _upper_kind(luma: Ints) -> Mask | None:
    """The brighter of two kinds of pixels, parted where they differ most (Otsu); `None` if there are no two kinds."""
    counts = np.bincount(luma.ravel(), minlength=256).astype(np.float64)
    total, values = counts.sum(), np.arange(256)
    below = counts.cumsum()
    first = (counts * values).cumsum()
    mean = first[-1] / total
    with np.errstate(divide="ignore", invalid="ignore"):
        between = np.nan_to_num((mean * below - first) ** 2 / (below * (total - below)))
    split = int(between.argmax())
    variation = float((counts * (values - mean) ** 2).sum() / total)
    share = below[split] / total
    if variation <= 0 or between[split] < _TWO_KINDS * variation or not 0.04 <= share <= 0.96:
        return None
    return luma > split


def _overlap(one: Region, other: Region) -> float:
    """What two boxes share, of what they cover together."""
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if wide <= 0 or high <= 0:
        return 0.0
    shared = wide * high
    return shared / (one.width * one.height + other.width * other.height - shared)


def _first(seen: Seen, seconds: float, frame: int) -> Line:
    return Line(
        start_seconds=seconds,
        end_seconds=seconds,
        frame=frame,
        region=seen.region,
        contrast=seen.contrast,
        height=min(1.0, seen.height),
        samples=1,
    )


def _longer(line: Line, seen: Seen, seconds: float, frame: int) -> Line:
    better = {"contrast": seen.contrast, "frame": frame} if seen.contrast > line.contrast else {}
    return line.model_copy(
        update={"end_seconds": seconds, "samples": line.samples + 1, "region": seen.region, **better}
    )
