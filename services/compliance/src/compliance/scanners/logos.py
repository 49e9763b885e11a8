"""Finding a logo in a picture by its shape. Pure, over numpy arrays.

Normalised cross-correlation of brightness at several sizes: it finds a logo that is drawn upright and flat, as brand
kits ask for, not one that is turned, bent or seen in perspective.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from common.contracts.gates import Region
from numpy.typing import NDArray

from compliance.scanners.frames import Bytes

Plane = NDArray[np.float64]

WIDTHS = (0.09, 0.1, 0.11, 0.125, 0.14, 0.16, 0.18, 0.2, 0.225, 0.25, 0.28, 0.315, 0.355, 0.4)
"""Widths that are tried, as shares of the picture's: an eighth apart, which costs little of what is alike."""
ALIKE = 0.75
"""From this correlation on it is the logo."""
LONG_SIDE = 480
"""Pixels of the long side at which pictures are compared."""
_LUMA = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Sighting:
    """Where something like the logo is, and how alike: 1 is the same picture."""

    region: Region
    alike: float

    @property
    def is_it(self) -> bool:
        """Whether it counts as the logo."""
        return self.alike >= ALIKE


def find_logo(picture: Bytes, logo: Bytes) -> Sighting | None:
    """The place in a picture (rows, columns, 3) that is most like the logo; None for a logo of one colour."""
    plain = _resized(picture @ _LUMA, LONG_SIDE / max(picture.shape[:2]))
    shape = logo @ _LUMA
    if np.ptp(shape) < 8:
        return None
    best: Sighting | None = None
    for share in WIDTHS:
        template = _resized(shape, share * plain.shape[1] / shape.shape[1])
        if min(template.shape) < 12 or template.shape[0] > plain.shape[0] or template.shape[1] > plain.shape[1]:
            continue
        scores = _correlation(plain, template)
        row, column = (int(place) for place in np.unravel_index(int(scores.argmax()), scores.shape))
        if best is None or scores[row, column] > best.alike:
            region = Region(
                x=column / plain.shape[1],
                y=row / plain.shape[0],
                width=template.shape[1] / plain.shape[1],
                height=template.shape[0] / plain.shape[0],
            )
            best = Sighting(region, float(min(1.0, scores[row, column])))
    return best


def _correlation(plain: Plane, template: Plane) -> Plane:
    """How alike the template is to each part of the picture, brightness and contrast aside: -1 to 1."""
    rows, columns = template.shape
    centred = template - template.mean()
    size = (plain.shape[0] + rows - 1, plain.shape[1] + columns - 1)
    product = np.fft.irfft2(np.fft.rfft2(plain, size) * np.fft.rfft2(centred[::-1, ::-1], size), size)
    product = product[rows - 1 : plain.shape[0], columns - 1 : plain.shape[1]]
    count = rows * columns
    total, squares = _window_sums(plain, rows, columns), _window_sums(plain**2, rows, columns)
    spread = np.sqrt(np.maximum(squares - total**2 / count, 0) * float((centred**2).sum()))
    # A flat part of the picture is like nothing.
    return np.asarray(np.where(spread > count, product / np.maximum(spread, 1e-9), 0.0))


def _window_sums(plain: Plane, rows: int, columns: int) -> Plane:
    sums = np.pad(plain.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    return np.asarray(sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns])


def _resized(plain: Plane, scale: float) -> Plane:
    """The picture at another size, each pixel the mean of what it covers (or the nearest, when it grows)."""
    rows, columns = max(1, round(plain.shape[0] * scale)), max(1, round(plain.shape[1] * scale))
    down = np.linspace(0, plain.shape[0], rows + 1)
    along = np.linspace(0, plain.shape[1], columns + 1)
    sums = np.pad(plain.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    tops, lefts = np.floor(down).astype(np.intp), np.floor(along).astype(np.intp)
    bottoms = np.maximum(tops[1:], tops[:-1] + 1)
    rights = np.maximum(lefts[1:], lefts[:-1] + 1)
    tops, lefts = tops[:-1], lefts[:-1]
    area = (bottoms - tops)[:, None] * (rights - lefts)[None, :]
    boxes = (
        sums[np.ix_(bottoms, rights)]
        - sums[np.ix_(tops, rights)]
        - sums[np.ix_(bottoms, lefts)]
        + sums[np.ix_(tops, lefts)]
    )
    return np.asarray(boxes / area)
