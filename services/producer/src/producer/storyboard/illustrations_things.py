"""Illustrations of things people make and count. Each draws one moment; time makes it move."""

from __future__ import annotations

import math
import random

from media.motion import mix, out_cubic, smooth, swing

from producer.storyboard.geometry import Point, arc, curve
from producer.storyboard.pen import Pen

_BARS = 7


def bars(pen: Pen) -> None:
    """Bars that rise along a curve, with a line that runs over them."""
    chance = random.Random(pen.seed)
    heights = [0.22 + 1.25 * (i / (_BARS - 1)) ** 1.9 + chance.uniform(-0.03, 0.03) for i in range(_BARS)]
    _run_over(pen, _stand(pen, heights, lit=_BARS - 1))


def falling(pen: Pen) -> None:
    """Bars that fall along a curve, with a line that runs down over them."""
    chance = random.Random(pen.seed)
    heights = [0.3 + 1.15 * (1 - i / (_BARS - 1)) ** 1.5 + chance.uniform(-0.03, 0.03) for i in range(_BARS)]
    _run_over(pen, _stand(pen, heights, lit=_BARS - 1))


def columns(pen: Pen) -> None:
    """Bars of several heights that go nowhere: quantities, of which nobody says what became of them."""
    chance = random.Random(pen.seed)
    heights = [0.45 + 0.9 * abs(math.sin(1.9 * i + 0.7)) + chance.uniform(-0.06, 0.06) for i in range(_BARS)]
    _stand(pen, heights, lit=max(range(_BARS), key=heights.__getitem__))


def share(pen: Pen) -> None:
    """A ring that fills to the share that is told, and stays empty where none is."""
    ink, part = pen.inks, pen.share or 0.0
    come, drawn = pen.enter(0), out_cubic((pen.t - 0.3) / 1.1)
    pen.ring(0, 0, 0.62 * come, 0.30, ink.deep)
    start = -math.pi / 2
    pen.band(0, 0, 0.62 * come, 0.30, ink.accent, start=start, end=start + math.tau * part * drawn)
    x, y = _on_ring(0.62, part * drawn)
    pen.disc(x * come, y * come, 0.05, ink.paper, opacity=min(1.0, 2 * drawn))
    for i in range(40):
        a, b = _on_ring(0.88, i / 40), _on_ring(0.93 + 0.015 * swing(pen.t, period=2.2, phase=i / 10), i / 40)
        pen.line([a, b], 0.014, ink.second, opacity=come)


def _on_ring(radius: float, turn: float) -> Point:
    """A point so far round a ring, clockwise from its top."""
    return radius * math.sin(math.tau * turn), -radius * math.cos(math.tau * turn)


def _stand(pen: Pen, heights: list[float], *, lit: int) -> list[Point]:
    """Bars of these heights that grow out of a line, one of them in the accent. → what lies just above each."""
    ink = pen.inks
    tops: list[Point] = []
    pen.line([(-0.95, 0.8), (0.95, 0.8)], 0.016, ink.paper, 0.7, share=pen.enter(0, ease=out_cubic))
    for i, full in enumerate(heights):
        height = full * pen.enter(0.09 * i, duration=0.8) * (1 + 0.025 * swing(pen.t, period=2.4, phase=-i / 9))
        x = -0.81 + 0.27 * i
        tone = ink.accent if i == lit else (ink.second if i % 2 else ink.first)
        pen.block(x - 0.1, 0.78 - height, x + 0.1, 0.78, tone, radius=0.045)
        tops.append((x, 0.78 - height - 0.12))
    return tops


def _run_over(pen: Pen, tops: list[Point]) -> None:
    """A line along what lies above the bars, and a light that runs along it."""
    ink = pen.inks
    trend = curve(tops, per_leg=6)
    drawn = out_cubic((pen.t - 0.6) / 1.2)
    pen.line(trend, 0.024, ink.paper, share=drawn)
    run = (pen.t * 0.4) % 1.0
    x, y = trend[int(run * (len(trend) - 1))] if drawn > 0.99 else trend[int(drawn * (len(trend) - 1))]
    if drawn > 0.01:
        pen.disc(x, y, 0.075, ink.accent, opacity=0.3)
        pen.disc(x, y, 0.042, ink.paper)


def coins(pen: Pen) -> None:
    """Stacks of coins that grow, and one more that is always falling."""
    ink = pen.inks
    pen.ellipse(0, 0.76, 0.95 * pen.enter(0), 0.14 * pen.enter(0), ink.deep)
    for column, tall in enumerate((2, 4, 7)):
        x = -0.6 + 0.6 * column
        for i in range(tall):
            come = pen.enter(0.09 * i + 0.1 * column, duration=0.5, ease=out_cubic)
            y = mix(-1.1, 0.70 - 0.155 * i + 0.008 * swing(pen.t, period=1.8, phase=i / 7 + column / 3), come)
            _coin(pen, x, y, 0.26, come)
    fall = (pen.t * 0.62) % 1.0
    settled = smooth((pen.t - 1.2) / 0.3)
    turn = abs(math.cos(pen.t * 4.2)) * 0.10 + 0.03
    y = mix(-1.05, -0.52, fall**1.6)
    pen.ellipse(0.6, y, 0.24, turn + 0.02, ink.accent, opacity=settled * min(1.0, 4 * fall) * min(1.0, 6 * (1 - fall)))


def _coin(pen: Pen, x: float, y: float, half: float, opacity: float) -> None:
    ink = pen.inks
    pen.ellipse(x, y + 0.06, half, 0.085, ink.first, opacity=opacity)
    pen.fill([(x - half, y), (x + half, y), (x + half, y + 0.06), (x - half, y + 0.06)], ink.first, opacity)
    pen.ellipse(x, y, half, 0.085, ink.accent, opacity=opacity)
    pen.ellipse(x, y, half * 0.7, 0.052, ink.second, opacity=opacity * 0.9)


def gears(pen: Pen) -> None:
    """Three wheels that drive each other."""
    ink = pen.inks
    turn = pen.t * 0.55
    for i, (x, y, size, teeth, way, tone) in enumerate(
        (
            (-0.30, 0.20, 0.58, 14, 1.0, ink.first),
            (0.50, -0.32, 0.40, 10, -1.4, ink.second),
            (0.44, 0.60, 0.27, 7, -2.0, ink.accent),
        )
    ):
        _gear(pen, (x, y), size * pen.enter(0.13 * i), tone, teeth=teeth, turn=turn * way + 0.16 * i)


def _gear(pen: Pen, centre: Point, size: float, tone: str, *, teeth: int, turn: float) -> None:
    outline = []
    for i in range(teeth):
        for part, reach in ((0.0, 0.84), (0.18, 0.86), (0.3, 1.0), (0.55, 1.0), (0.68, 0.86)):
            angle = turn + (i + part) * math.tau / teeth
            outline.append((centre[0] + size * reach * math.cos(angle), centre[1] + size * reach * math.sin(angle)))
    pen.fill(outline, tone)
    pen.disc(*centre, size * 0.56, pen.inks.deep, opacity=0.85)
    for i in range(5):
        angle = turn + i * math.tau / 5
        far = (centre[0] + size * 0.6 * math.cos(angle), centre[1] + size * 0.6 * math.sin(angle))
        pen.line([centre, far], size * 0.12, tone)
    pen.disc(*centre, size * 0.22, tone)
    pen.disc(*centre, size * 0.1, pen.inks.paper)


def clock(pen: Pen) -> None:
    """A clock whose hands sweep and whose rim fills."""
    ink, grow = pen.inks, pen.enter(0)
    pen.glow(0, 0, 1.05 * grow, ink.second, opacity=0.10)
    pen.disc(0, 0, 0.86 * grow, ink.deep)
    pen.ring(0, 0, 0.86 * grow, 0.05, ink.first)
    filled = 0.02 + 0.98 * smooth(pen.t / max(pen.life, 0.1))
    pen.band(0, 0, 0.86 * grow, 0.065, ink.accent, start=-math.pi / 2, end=-math.pi / 2 + math.tau * filled)
    for i in range(12):
        angle, come = i * math.tau / 12, pen.enter(0.03 * i)
        near = 0.62 if i % 3 == 0 else 0.68
        points = [(r * math.cos(angle), r * math.sin(angle)) for r in (near, 0.74)]
        pen.line(points, 0.035 if i % 3 == 0 else 0.018, ink.paper, come)
    for length, width, speed, tone in ((0.40, 0.06, 0.28, ink.second), (0.60, 0.045, 1.5, ink.paper)):
        angle = -math.pi / 2 + speed * pen.t + (0.9 if length < 0.5 else 0)
        reach = length * pen.enter(0.25)
        pen.line([(0, 0), (reach * math.cos(angle), reach * math.sin(angle))], width, tone, end_width=width * 0.6)
    pen.disc(0, 0, 0.06 * grow, ink.accent)


def route(pen: Pen) -> None:
    """A way across a map, walked from pin to pin."""
    ink = pen.inks
    chance = random.Random(pen.seed)
    for i in range(5):
        x, y = -0.8 + 0.4 * i, chance.uniform(-0.6, 0.6)
        r = chance.uniform(0.22, 0.42) * pen.enter(0.05 * i)
        points = [
            (x + r * (1 + 0.18 * math.sin(3 * a + i + 0.5 * pen.t)) * math.cos(a), y + 0.8 * r * math.sin(a))
            for a in (k * math.tau / 10 for k in range(10))
        ]
        pen.smooth(points, ink.deep if i % 2 else ink.first, 0.75)
    way = curve([(-0.82, 0.66), (-0.34, 0.42), (-0.46, -0.02), (0.12, 0.08), (0.30, -0.36), (0.78, -0.50)], per_leg=12)
    for x, y in way[::3]:
        pen.disc(x, y, 0.016, ink.paper, opacity=0.8 * pen.enter(0.2))
    gone = smooth((pen.t - 0.5) / max(0.8 * pen.life, 0.5))
    pen.line(way, 0.05, ink.accent, share=gone)
    for x, y, late in ((*way[0], 0.1), (*way[-1], 0.35)):
        _pin(pen, x, y - 0.02 * swing(pen.t, period=1.6, phase=late), pen.enter(late))
    x, y = way[min(len(way) - 1, int(gone * (len(way) - 1)))]
    pulse = (pen.t * 0.9) % 1.0
    pen.ring(x, y, 0.05 + 0.16 * pulse, 0.02, ink.paper, opacity=0.9 * (1 - pulse))
    pen.disc(x, y, 0.055, ink.paper)


def _pin(pen: Pen, x: float, y: float, grow: float) -> None:
    r = 0.15 * grow
    pen.ellipse(x, y + 0.01, 0.1 * grow, 0.03 * grow, pen.inks.deep, opacity=0.8)
    head = arc((x, y - 2.1 * r), r, start=2.7, end=2.7 + 3.9, step=0.2)
    pen.fill([*head, (x, y)], pen.inks.second)
    pen.disc(x, y - 2.1 * r, 0.42 * r, pen.inks.paper)


def timeline(pen: Pen) -> None:
    """A spine of years that lights up mark by mark."""
    ink, count = pen.inks, 5
    gone = smooth((pen.t - 0.3) / max(0.85 * pen.life, 0.5))
    spine = curve([(-0.95, 0.42), (-0.48, -0.02), (0.0, 0.22), (0.48, -0.30), (0.95, -0.46)], per_leg=14)
    pen.line(spine, 0.05, ink.deep, share=pen.enter(0, duration=0.9, ease=out_cubic))
    pen.line(spine, 0.05, ink.accent, share=gone)
    for i in range(count):
        x, y = spine[int(i / (count - 1) * (len(spine) - 1))]
        lit = smooth((gone - i / (count - 1) + 0.05) / 0.08)
        grow = pen.enter(0.1 * i)
        side = -1 if i % 2 else 1
        sway = 0.02 * swing(pen.t, period=2.1, phase=i / 5)
        pen.line([(x, y), (x, y + side * (0.38 + sway))], 0.014, ink.paper, 0.8, share=grow)
        foot = y + side * (0.40 + sway)
        top, bottom = sorted((foot, foot + side * 0.26))
        pen.block(
            x - 0.17 * grow,
            top,
            x + 0.17 * grow,
            bottom,
            ink.second if lit > 0.5 else ink.first,
            radius=0.05,
            opacity=grow,
        )
        pen.line(
            [(x - 0.09, (top + bottom) / 2), (x + 0.09, (top + bottom) / 2)], 0.025, ink.paper, grow * (0.4 + 0.6 * lit)
        )
        pen.disc(x, y, 0.085 * grow, ink.deep)
        pen.disc(x, y, (0.04 + 0.025 * lit) * grow, ink.accent if lit > 0.5 else ink.paper)
    x, y = spine[min(len(spine) - 1, int(gone * (len(spine) - 1)))]
    pulse = (pen.t * 1.1) % 1.0
    pen.ring(x, y, 0.06 + 0.13 * pulse, 0.02, ink.accent, opacity=1 - pulse)


def idea(pen: Pen) -> None:
    """A bulb that comes on, with rays."""
    ink, grow = pen.inks, pen.enter(0)
    lit = smooth((pen.t - 0.5) / 0.4) * (0.9 + 0.1 * swing(pen.t, period=1.7))
    pen.glow(0, -0.15, 0.98 * grow * (0.9 + 0.06 * swing(pen.t, period=1.7)), ink.accent, opacity=0.20 * lit)
    for i in range(11):
        angle = -math.pi - 0.35 + i * (math.pi + 0.7) / 10
        long = 0.16 + 0.06 * swing(pen.t, period=1.4, phase=i / 3)
        ends = [(r * math.cos(angle), -0.15 + r * math.sin(angle)) for r in (0.70, 0.70 + long * lit)]
        pen.line(ends, 0.035, ink.accent, lit)
    glass = [
        *arc((0, -0.15), 0.5 * grow, start=2.25, end=2.25 + 4.93, step=0.12),
        (0.19 * grow, 0.42),
        (-0.19 * grow, 0.42),
    ]
    pen.fill(glass, ink.first)
    pen.fill(glass, ink.accent, 0.92 * lit)
    wire = [(-0.14, 0.36), (-0.16, 0.0), (-0.06, -0.14), (0.0, 0.0), (0.06, -0.14), (0.16, 0.0), (0.14, 0.36)]
    pen.line(curve(wire, per_leg=5), 0.03, ink.deep, share=pen.enter(0.3, ease=out_cubic))
    for i in range(3):
        half = (0.20 - 0.03 * i) * pen.enter(0.1 * i)
        pen.block(-half, 0.46 + 0.12 * i, half, 0.55 + 0.12 * i, ink.paper if i % 2 else ink.second, radius=0.04)
