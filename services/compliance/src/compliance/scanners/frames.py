"""Measuring pictures that were made small: black, frozen, and what colours there are. Pure, over numpy arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from common.contracts.gates import Region
from numpy.typing import NDArray

from compliance.scanners.facts import Colour, Stretch

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

GRID_LONG_SIDE = 96
"""Cells of a small picture along its long side. On WCAG's 1024x768 screen a cell is then at least twice the 0.1 degrees
below which it leaves patterns alone, and averages over them."""
DARK_LUMA = 0.05
"""A picture is black when 98 of 100 cells are at most this bright, as ffmpeg's `blackdetect` and the editor have it."""
STILL_MEAN = 0.001
"""A picture is that of before when it differs by less than this on average: -60 dB, as the editor has it."""
STILL_CELL = 0.012
"""… and nowhere by more than this: three steps of 256, what an encoder does to a picture that does not move."""
COLOURS_KEPT = 8
_NEAR_COLOUR = 0.075
"""Distance in OKLab below which two colours are one: a shade of the same paint."""

_LINEAR = np.array(
    [(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4) for v in np.arange(256) / 255], np.float32
)
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_CONES = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
_OKLAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip


def grid_size(width: int, height: int) -> tuple[int, int]:
    """The columns and rows of a small picture of that shape; never more than it has pixels."""
    scale = GRID_LONG_SIDE / max(width, height)
    return min(width, max(1, round(width * scale))), min(height, max(1, round(height * scale)))


def linear(pictures: Bytes) -> Floats:
    """sRGB bytes as light, 0 to 1."""
    return np.asarray(_LINEAR[pictures])


def luminance(pictures: Bytes) -> Floats:
    """WCAG's relative luminance of sRGB pictures (…, 3)."""
    return np.asarray(linear(pictures) @ _LUMA)


def black_stretches(pictures: Bytes, times: Sequence[float], *, end: float, least: float) -> tuple[Stretch, ...]:
    """Where small pictures (n, rows, columns, 3) are black for at least so many seconds."""
    cells = (pictures.astype(np.float32) @ _LUMA).reshape(len(pictures), -1) / 255
    dark = np.mean(cells > DARK_LUMA, axis=1) <= 0.02
    return stretches(dark, times, end=end, least=least)


def frozen_stretches(pictures: Bytes, times: Sequence[float], *, end: float, least: float) -> tuple[Stretch, ...]:
    """Where small pictures stand still for at least so many seconds; what is compared is where the stillness began."""
    if len(pictures) < 2:
        return ()
    found = []
    began, reference = 0, pictures[0].astype(np.float32)
    for number in range(1, len(pictures) + 1):
        picture = pictures[number].astype(np.float32) if number < len(pictures) else None
        if picture is not None:
            change = np.abs(picture - reference)
            if change.mean() / 255 < STILL_MEAN and change.max() / 255 <= STILL_CELL:
                continue
        until = times[number] if number < len(times) else max(end, times[-1])
        if number - began > 1 and until - times[began] >= least:
            found.append(Stretch(start_seconds=float(times[began]), end_seconds=float(until), frame=began))
        if picture is not None:
            began, reference = number, picture
    return tuple(found)


def stretches(mask: Mask, times: Sequence[float], *, end: float, least: float) -> tuple[Stretch, ...]:
    """Runs of true values as stretches of time that last at least so many seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    found = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        until = times[stop] if stop < len(times) else max(end, times[-1])
        if until - times[start] >= least:
            found.append(Stretch(start_seconds=float(times[start]), end_seconds=float(until), frame=int(start)))
    return tuple(found)


class Colours:
    """Counts the colours of the pictures it is shown."""

    def __init__(self) -> None:
        self.counts = np.zeros(4096, np.int64)
        """Pixels in each of 4096 boxes of colours."""
        self.sums = np.zeros((4096, 3), np.float64)
        """Of their colours."""

    def add(self, picture: Bytes) -> None:
        """Count one picture (rows, columns, 3); every fourth pixel in each direction will do."""
        pixels = picture[::4, ::4].reshape(-1, 3)
        bins = (pixels >> 4).astype(np.int32) @ np.array([256, 16, 1], np.int32)
        self.counts += np.bincount(bins, minlength=4096)
        for channel in range(3):
            self.sums[:, channel] += np.bincount(bins, weights=pixels[:, channel], minlength=4096)

    def dominant(self) -> tuple[Colour, ...]:
        """The colours that cover most, shades taken together, largest first; at most eight, none below one in 200."""
        total = int(self.counts.sum())
        used = np.flatnonzero(self.counts)
        used = used[np.argsort(-self.counts[used], kind="stable")]
        means = self.sums[used] / self.counts[used, None]
        places = oklab(means)
        taken: list[int] = []
        shares: list[int] = []
        for number, place in enumerate(places):
            near = [float(np.linalg.norm(place - places[other])) for other in taken]
            if near and min(near) < _NEAR_COLOUR:
                shares[near.index(min(near))] += int(self.counts[used[number]])
            elif len(taken) < 4 * COLOURS_KEPT:
                taken.append(number)
                shares.append(int(self.counts[used[number]]))
        ranked = sorted(zip(shares, taken, strict=True), key=lambda pair: -pair[0])[:COLOURS_KEPT]
        return tuple(
            Colour(hex="#" + bytes(np.rint(means[number]).astype(np.uint8)).hex(), share=count / total)
            for count, number in ranked
            if count * 200 >= total
        )


def oklab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    """sRGB colours (n, 3), 0 to 255, in OKLab, where distances are those that the eye sees."""
    light = _LINEAR[np.clip(np.rint(colours), 0, 255).astype(np.uint8)].astype(np.float64)
    return np.asarray(np.cbrt(light @ _CONES.T) @ _OKLAB.T)


def region_of(mask: Mask) -> Region:
    """The box around the true cells of a picture, as shares of it. A mask without any is the whole picture."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return Region(x=0.0, y=0.0, width=1.0, height=1.0)
    height, width = mask.shape
    return Region(
        x=float(columns[0] / width),
        y=float(rows[0] / height),
        width=float((columns[-1] + 1 - columns[0]) / width),
        height=float((rows[-1] + 1 - rows[0]) / height),
    )
