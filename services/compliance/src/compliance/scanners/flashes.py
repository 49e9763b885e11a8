"""Flashing that can bring on a seizure, by WCAG 2.3.1 (and so ITU-R BT.1702). Pure, over numpy arrays.

A transition is a change between neighbouring peaks and valleys of one cell's luminance by a tenth of full light or
more, the darker state below 0.8; a flash is two opposing ones. Of a saturated red, R/(R+G+B) is 0.8 or more in one of
the two states and (R-G-B) x 320 changes by more than 20 (Harding and Binnie 2002, WCAG 2.1). What counts is how much of
a field of ten degrees flashes in the same second: 341 x 256 pixels anywhere on a screen of 1024 x 768 that it fills.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from compliance.scanners.facts import Flashing
from compliance.scanners.frames import Bytes, Floats, Mask, linear, luminance, region_of

GENERAL_STEP = 0.1
GENERAL_CEILING = 0.8
RED_STEP = 20 / 320
RED_SHARE = 0.8
RATES = (2, 3, 5, 8)
"""For how many flashes a second the worst second is written down: policies may be stricter or laxer than the three."""
_SCREEN = (1024, 768)
_FIELD = (341, 256)

Counts = NDArray[np.int16]


def general_flashes(pictures: Bytes, times: Sequence[float]) -> tuple[Flashing, ...]:
    """The worst second for each rate, in small pictures (n, rows, columns, 3); rates never reached are left out."""
    changes = transitions(
        ((luminance(picture), None) for picture in pictures), step=GENERAL_STEP, ceiling=GENERAL_CEILING
    )
    return _worst(changes, times)


def red_flashes(pictures: Bytes, times: Sequence[float]) -> tuple[Flashing, ...]:
    """The same for flashes to or from a saturated red."""
    return _worst(transitions(map(_redness, pictures), step=RED_STEP), times)


def _redness(picture: Bytes) -> tuple[Floats, Mask]:
    """How much redder than anything else each cell is, and where that is a saturated red."""
    light = linear(picture)
    red, rest = light[..., 0], light[..., 1] + light[..., 2]
    return np.maximum(red - rest, 0), (red >= RED_SHARE * (red + rest)) & (red > 0)


def transitions(
    states: Iterable[tuple[Floats, Mask | None]], *, step: float, ceiling: float = np.inf
) -> Iterator[Mask]:
    """For each picture, which cells complete a change of at least `step` against the way they went before.

    A picture is its levels and, where one of the two states has to be marked, what is marked. The darker state must be
    below `ceiling`.
    """
    low = high = low_marked = high_marked = way = None
    for level, marks in states:
        marked = np.ones(level.shape, np.bool_) if marks is None else marks
        if low is None or high is None or low_marked is None or high_marked is None or way is None:
            low, high, way = level, level, np.zeros(level.shape, np.int8)
            low_marked = high_marked = marked
            yield np.zeros(level.shape, np.bool_)
            continue
        low_marked = np.where(level < low, marked, low_marked)
        high_marked = np.where(level > high, marked, high_marked)
        low, high = np.minimum(low, level), np.maximum(high, level)
        rise = (way <= 0) & (level - low >= step) & (low < ceiling)
        fall = (way >= 0) & (high - level >= step) & (level < ceiling) & ~rise
        yield (rise & (marked | low_marked)) | (fall & (marked | high_marked))
        way = np.where(rise, np.int8(1), np.where(fall, np.int8(-1), way))
        high, high_marked = np.where(rise, level, high), np.where(rise, marked, high_marked)
        low, low_marked = np.where(fall, level, low), np.where(fall, marked, low_marked)


def field_size(columns: int, rows: int) -> tuple[int, int]:
    """How many cells wide and high a field of ten degrees is, for a film that fills WCAG's screen."""
    cell = min(_SCREEN[0] / columns, _SCREEN[1] / rows)
    return min(columns, max(1, round(_FIELD[0] / cell))), min(rows, max(1, round(_FIELD[1] / cell)))


def _worst(changes: Iterator[Mask], times: Sequence[float]) -> tuple[Flashing, ...]:
    """For each rate the second in which most of a field changes more than twice as often."""
    best: dict[int, Flashing] = {}
    second: deque[tuple[int, Mask]] = deque()
    window: Counts | None = None
    for number, made in enumerate(changes):
        window = made.astype(np.int16) if window is None else window + made
        second.append((number, made))
        # Changes in (t - 1 s, t] are those of one second.
        while times[second[0][0]] <= times[number] - 1.0 + 1e-6:
            window -= second.popleft()[1]
        if not made.any():
            continue
        for rate in RATES:
            mask = window > 2 * rate
            if not mask.any():
                break
            share = _fullest_field(mask)
            if rate not in best or share > best[rate].share:
                start = second[0][0]
                best[rate] = Flashing(
                    flashes=rate,
                    share=share,
                    start_seconds=float(times[start]),
                    frame=start,
                    region=region_of(mask),
                )
    return tuple(best.values())


def _fullest_field(mask: Mask) -> float:
    """The largest share of any field that is marked."""
    rows, columns = mask.shape
    wide, high = field_size(columns, rows)
    sums = np.pad(mask.astype(np.int32).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    fields = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    return float(fields.max() / (wide * high))
