"""The film's shape: the canvas everything is laid out on, and what platforms leave free of it. Pure.

A canvas has the picture's shape and a short side of 1080, whatever the picture's size.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from types import MappingProxyType

from common.contracts.production import Format
from common.contracts.scenes import Platform
from media.design import SHORT_SIDE, Box

_CLEARLY = 1.2
"""From which ratio of its sides on a picture is no longer square."""


class Shape(StrEnum):
    """What a picture is to whoever lays it out."""

    UPRIGHT = "upright"
    SQUARE = "square"
    WIDE = "wide"


# Left, top, right and bottom margins for the players' own controls, in canvas pixels. No platform publishes exact ones;
# these are estimates on the safe side.
_CONTROLS: Mapping[Platform, tuple[int, int, int, int]] = MappingProxyType(
    {
        Platform.TIKTOK: (64, 150, 160, 440),
        Platform.REELS: (64, 220, 130, 420),
        Platform.SHORTS: (64, 200, 160, 480),
        Platform.YOUTUBE: (96, 76, 96, 108),
        Platform.FEED: (64, 64, 64, 64),
    }
)
_SHOWN_ON: Mapping[Shape, tuple[Platform, ...]] = MappingProxyType(
    {
        Shape.UPRIGHT: (Platform.TIKTOK, Platform.REELS, Platform.SHORTS),
        Shape.SQUARE: (Platform.FEED,),
        Shape.WIDE: (Platform.YOUTUBE,),
    }
)
"""Whose controls lie over a picture of that shape when it fills the player."""


def shape_of(size: Format) -> Shape:
    """Return what a size is, with some tolerance: 4:5 is upright, 10:9 is square."""
    if size.height >= size.width * _CLEARLY:
        return Shape.UPRIGHT
    return Shape.WIDE if size.width >= size.height * _CLEARLY else Shape.SQUARE


def canvas(size: Format) -> tuple[int, int]:
    """Return the canvas for a picture: the same shape, its short side 1080."""
    short = min(size.width, size.height)
    return round(size.width * SHORT_SIDE / short), round(size.height * SHORT_SIDE / short)


def safe_box(size: Format, *, platforms: Collection[Platform] = ()) -> Box:
    """Return the part of the canvas that is free of every named platform's controls; of all platforms' if none is.

    A platform that shows another shape than this one lays nothing over it but the margin of a feed.
    """
    usual = _SHOWN_ON[shape_of(size)]
    asked = [name for name in usual if name in platforms] if platforms else usual
    margins = [_CONTROLS[name] for name in asked or (Platform.FEED,)]
    width, height = canvas(size)
    left, top, right, bottom = (max(side) for side in zip(*margins, strict=True))
    return Box(left=left, top=top, right=width - right, bottom=height - bottom)
