"""The strip at the foot of every picture: a quiet motif of the film's mood that ties its scenes together."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from common.contracts.production import Palette
from media.ass import rounded_rectangle
from media.design import HEIGHT, WIDTH
from media.motion import swing
from media.palette import blend

from producer.storyboard.canvas import Canvas
from producer.storyboard.geometry import polygon, ring, stroke

TOP = 1470
"""The motif stays below this line: the captions are above it."""


@dataclass(frozen=True)
class Strip:
    """Where the motif is drawn: the whole width of the picture down to its foot, in design pixels."""

    canvas: Canvas
    left: float
    right: float
    foot: float
    tones: tuple[str, str, str]
    phase: float


def paint_floor(canvas: Canvas, palette: Palette, t: float, *, phase: float) -> None:
    """Draw the motif of the palette's mood at `t`. `phase` (in turns) sets one scene's off from another's."""
    aside, under = canvas.offset
    tones = (
        blend(palette.ground, palette.first, 0.22),
        blend(palette.ground, palette.first, 0.40),
        blend(palette.ground, palette.second, 0.34),
    )
    strip = Strip(canvas, -aside - 4, WIDTH + aside + 4, HEIGHT + under + 4, tones, phase)
    mood = palette.name.partition("-")[0]
    _MOTIFS.get(mood, arcs)(strip, t)


def waves(strip: Strip, t: float) -> None:
    """Swell upon swell."""
    for i, tone in enumerate(strip.tones):
        level, high, pace = 1540 + 110 * i, 34 - 6 * i, (0.55 + 0.16 * i) * (-1) ** i
        crest = [
            (x, level + high * math.sin(x / (190 - 22 * i) + pace * t + math.tau * strip.phase + 1.9 * i))
            for x in _steps(strip, 36)
        ]
        _ground(strip, crest, tone)


def hills(strip: Strip, t: float) -> None:
    """Land that rolls by."""
    for i, tone in enumerate(strip.tones):
        level, pace = 1560 + 105 * i, 26 + 22 * i
        crest = [
            (
                x,
                level
                + 46 * math.sin((x + pace * t) / 330 + 2.1 * i + strip.phase)
                - 18 * math.sin((x + pace * t) / 131),
            )
            for x in _steps(strip, 36)
        ]
        _ground(strip, crest, tone)


def columns(strip: Strip, t: float) -> None:
    """Columns that rise and fall like a level meter."""
    count, gap = 15, 14.0
    wide = (strip.right - strip.left - gap * (count - 1)) / count
    for i in range(count):
        beat = (
            0.5 + 0.28 * swing(t, period=3.1, phase=0.11 * i + strip.phase) + 0.2 * swing(t, period=1.9, phase=0.29 * i)
        )
        high = 60 + (strip.foot - TOP - 100) * (0.25 + 0.75 * i / (count - 1)) * beat
        drawing = rounded_rectangle(wide, high + 30, 14, x=strip.left + i * (wide + gap), y=strip.foot - high)
        strip.canvas.shape(drawing, strip.tones[i % 3])


def arcs(strip: Strip, t: float) -> None:
    """Rings about a point below, with lights that go round."""
    centre = (WIDTH * 0.5, strip.foot + 240)
    for i in range(4):
        radius = 340 + 92 * i + 6 * swing(t, period=3.6, phase=0.2 * i)
        strip.canvas.shape(ring(centre, radius, 30 - 6 * i), strip.tones[i % 3])
        for k in range(3):
            turn = -math.pi / 2 + 0.85 * math.sin((0.32 + 0.06 * i) * t + 1.1 * k + i + math.tau * strip.phase)
            spot = (centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn))
            strip.canvas.shape(stroke([spot], 22 - 3 * i), blend(strip.tones[2], "#ffffff", 0.25))


def _steps(strip: Strip, count: int) -> list[float]:
    return [strip.left + (strip.right - strip.left) * i / count for i in range(count + 1)]


def _ground(strip: Strip, crest: list[tuple[float, float]], tone: str) -> None:
    corners = [(strip.right, strip.foot), (strip.left, strip.foot)]
    strip.canvas.shape(polygon([*crest, *corners]), tone)


_MOTIFS: dict[str, Callable[[Strip, float], None]] = {
    "sea": waves,
    "health": waves,
    "love": waves,
    "sky": hills,
    "work": columns,
    "forest": hills,
    "food": hills,
    "history": hills,
    "travel": hills,
    "fire": waves,
    "tech": columns,
    "money": columns,
    "sport": columns,
    "space": arcs,
    "night": arcs,
}
