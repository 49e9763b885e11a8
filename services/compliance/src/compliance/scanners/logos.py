"""Finding a logo in a picture by its shape. Pure, over numpy arrays.

Normalised cross-correlation of brightness at several sizes, where a logo with transparency counts by what it covers: it
finds one that is drawn upright and flat, as the editor puts it there, not one that is turned, bent or in perspective.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from common.contracts.gates import Region
from numpy.typing import NDArray

Plane = NDArray[np.float64]
Bytes = NDArray[np.uint8]

SIZES = (1.0, 0.87, 1.15, 0.75, 1.33)
"""Widths that are tried, as shares of the one that is expected, the likeliest first."""
_GROUNDS = (0.0, 255.0)
"""What may be seen through a logo: a white one shows on something dark alone, a black one on something light."""
_AROUND = 0.06
"""So much around what a logo covers counts as its shape, as a share of its long side."""
_INSIDE = 0.9
"""What a logo covers at least so much is inside of it."""
_LEAST_PIXELS, _LEAST_SPREAD = 13, 8.0
"""Of a logo with what is around it: smaller ones are like many things. And how much brightness has to vary in it."""
_LUMA = np.array([0.2126, 0.7152, 0.0722])


class NoShape(Exception):
    """Too little of the logo is left at that size, or it is all transparent: it is like anything."""


@dataclass(frozen=True)
class Sighting:
    """Where something like the logo is in a picture, and how alike: 1 is the same."""

    region: Region
    alike: float


@dataclass(frozen=True)
class _Pattern:
    """A logo, or what is inside of it, at one size: brightness around its mean, and how much each pixel counts."""

    weights: Plane
    centred: Plane

    @property
    def spread(self) -> float:
        return float(np.sqrt((self.weights * self.centred**2).sum()))


def find_logo(picture: Plane, logo: Bytes, *, width: float, enough: float) -> Sighting:
    """The place in a picture (rows, columns; brightness) that is most like a logo (rows, columns, RGBA).

    `width` is how wide the logo should be there, in pixels; no more sizes are tried once one is `enough` alike.
    Raises `NoShape`.
    """
    best: Sighting | None = None
    spectra = np.fft.rfft2(picture), np.fft.rfft2(picture**2)
    for shape in _shapes(logo, picture, width=width):
        scores = np.minimum.reduce([_alike(picture, spectra, pattern) for pattern in shape])
        row, column = (int(place) for place in np.unravel_index(int(scores.argmax()), scores.shape))
        if best is None or scores[row, column] > best.alike:
            rows, columns = picture.shape
            region = Region(
                x=column / columns,
                y=row / rows,
                width=shape[0].weights.shape[1] / columns,
                height=shape[0].weights.shape[0] / rows,
            )
            best = Sighting(region, float(np.clip(scores[row, column], -1.0, 1.0)))
            if best.alike >= enough:
                break
    if best is None:
        raise NoShape
    return best


def _shapes(logo: Bytes, picture: Plane, *, width: float) -> Iterator[tuple[_Pattern, ...]]:
    """The logo at each size and on each ground, and what is inside of it, where that is not all of one brightness.

    Its outline alone would find a logo that covers a square in every other square.
    """
    # Its edge is part of its shape, so there is something of the ground around it.
    covers = _framed(logo[..., 3] / 255)
    bright = _framed(logo[..., :3] @ _LUMA) * covers
    for share in SIZES:
        scale = width * share / logo.shape[1]
        there, lit = resized(covers, scale), resized(bright, scale)
        if min(there.shape) < _LEAST_PIXELS or there.shape[0] > picture.shape[0] or there.shape[1] > picture.shape[1]:
            continue
        weights = _grown(there > 0.1, round(_AROUND * max(there.shape)) + 1)
        inside = _pattern(lit / np.maximum(there, _INSIDE), np.asarray(there > _INSIDE, np.float64))
        for ground in _GROUNDS:
            if outline := _pattern(lit + ground * (1 - there), weights):
                yield (outline, inside) if inside else (outline,)


def _pattern(drawn: Plane, weights: Plane) -> _Pattern | None:
    """What counts of a drawing; None where nothing does, or it is all of one brightness."""
    count = max(1.0, weights.sum())
    pattern = _Pattern(weights, drawn - (weights * drawn).sum() / count)
    return pattern if pattern.spread > _LEAST_SPREAD * np.sqrt(count) else None


def _framed(plain: Plane) -> Plane:
    return np.pad(plain, round(_AROUND * max(plain.shape)) + 1)


def _grown(there: NDArray[np.bool_], by: int) -> Plane:
    """One where something of the logo is or is near, else zero."""
    padded = np.pad(there, by).astype(np.intp)
    sums = np.pad(padded.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    side = 2 * by + 1
    near = sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
    return np.asarray(near > 0, np.float64)


def _alike(picture: Plane, spectra: tuple[NDArray[np.complex128], NDArray[np.complex128]], pattern: _Pattern) -> Plane:
    """How alike the pattern is to each part of the picture, brightness and contrast aside: -1 to 1."""
    rows, columns = pattern.weights.shape
    # What wraps around lies behind the last place at which the pattern is inside of the picture, and is cut off.
    inside = (slice(0, picture.shape[0] - rows + 1), slice(0, picture.shape[1] - columns + 1))
    weights = np.fft.rfft2(pattern.weights, picture.shape).conj()
    template = np.fft.rfft2(pattern.weights * pattern.centred, picture.shape).conj()

    def sums(spectrum: NDArray[np.complex128], of: NDArray[np.complex128]) -> Plane:
        return np.fft.irfft2(spectrum * of, picture.shape)[inside]

    count = float(pattern.weights.sum())
    products, total, squares = sums(spectra[0], template), sums(spectra[0], weights), sums(spectra[1], weights)
    spread = np.sqrt(np.maximum(squares - total**2 / count, 0))
    # A flat part of the picture is like nothing.
    return np.asarray(np.where(spread > np.sqrt(count), products / np.maximum(spread * pattern.spread, 1e-9), 0.0))


def resized(plain: Plane, scale: float) -> Plane:
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
