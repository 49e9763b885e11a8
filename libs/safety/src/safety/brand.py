"""How far content keeps to a brand kit, from what was measured in its pictures and never from what it says of itself.

`facts` are made by whoever looks at the files: `{"colours": [{"hex": "#0b3d91", "share": 0.41}, …], "logo": {"seen":
true, …}}`. Where nobody measured them there is no score and no logo, and a rule says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from common.contracts.values import JsonObject

from safety.pack import BrandSpec

_NEAR_ENOUGH = 0.005
"""A colour with a smaller share of the picture is not worth a word."""
_MIXED = (0.2, 0.4, 0.6)
"""How much black or white a shade of a colour has."""


@dataclass(frozen=True)
class Adherence:
    """A score from 0 to 1; None where nothing was measured. `off` are the colours that are not the brand's."""

    colours: float | None
    off: tuple[str, ...] = ()


def adherence(brand: BrandSpec, facts: JsonObject) -> Adherence:
    """What the measured facts say about the brand kit."""
    shares = _shares(facts.get("colours"))
    colours, off = _colours(brand, shares) if brand.colours and shares else (None, ())
    return Adherence(colours, tuple(off))


def values(brand: BrandSpec | None, facts: JsonObject) -> JsonObject | None:
    """The same for expressions: `brand.colours` is a number or null, `brand.logo` what was seen of it or null."""
    if brand is None:
        return None
    kept = adherence(brand, facts)
    return {
        "colours": kept.colours,
        "off": list(kept.off),
        "adherence": brand.adherence,
        "wants_colours": bool(brand.colours),
        "logo": facts.get("logo") if brand.film.logo else None,
        "wants_logo": brand.film.logo is not None,
        "most_exclamation_marks": brand.tone.most_exclamation_marks,
    }


def colour_distance(one: str, other: str) -> float:
    """CIE76 ΔE of two `#rrggbb` colours: about 2 is just visible, 100 is black against white."""
    return math.dist(_lab(one), _lab(other))


def _colours(brand: BrandSpec, shares: Sequence[tuple[str, float]]) -> tuple[float | None, list[str]]:
    """The share of the brand's colours and their shades among all that are no neutrals.

    A picture of neutrals alone offends nobody.
    """
    counted = [
        (colour, share)
        for colour, share in shares
        if share >= _NEAR_ENOUGH and not _is_near(colour, brand.neutrals, tolerance=brand.tolerance)
    ]
    own = [shade for colour in brand.colours for shade in _shades(colour)]
    off = [colour for colour, _ in counted if not _is_near(colour, own, tolerance=brand.tolerance)]
    everything = sum(share for _, share in counted)
    if not everything:
        return 1.0, []
    return sum(share for colour, share in counted if colour not in off) / everything, off


def _shades(colour: str) -> list[str]:
    """A colour, and itself mixed with black and with white, as grounds and tints are made of it."""
    channels = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    mixed = [[round(one + (end - one) * share) for one in channels] for end in (0, 255) for share in _MIXED]
    return [colour, *(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in mixed)]


def _is_near(colour: str, others: Sequence[str], *, tolerance: float) -> bool:
    return any(colour_distance(colour, other) <= tolerance for other in others)


def _shares(colours: Any) -> list[tuple[str, float]]:
    if not isinstance(colours, list | tuple):
        return []
    return [
        (colour["hex"], float(colour["share"]))
        for colour in colours
        if isinstance(colour, dict) and isinstance(colour.get("hex"), str) and _is_number(colour.get("share"))
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _lab(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5))
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    fx, fy, fz = (_cube_root(value) for value in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _cube_root(value: float) -> float:
    return value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116
