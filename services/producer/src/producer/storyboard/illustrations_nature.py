"""Illustrations of what grows, flows, burns and shines. Each draws one moment; time makes it move."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from media.motion import mix, out_cubic, smooth, swing

from producer.storyboard.geometry import Point, arc, curve
from producer.storyboard.pen import Pen

_TENTHS = tuple(i / 10 for i in range(11))


def tide(pen: Pen) -> None:
    """A porthole on the sea: the moon goes over and the water follows it up."""
    ink, grow = pen.inks, pen.enter(0)
    pen.disc(0, 0, 0.98 * grow, ink.deep)
    angle = mix(-2.55, -0.75, smooth(pen.t / max(pen.life, 0.1)))
    moon = (0.68 * math.cos(angle), 0.18 + 0.78 * math.sin(angle))
    rise = 0.9 * pen.enter(0.25, ease=out_cubic)
    pen.glow(moon[0], moon[1], 0.36 * grow, ink.accent)
    pen.disc(moon[0], moon[1], 0.17 * rise, ink.accent)
    pen.disc(moon[0] + 0.05, moon[1] - 0.03, 0.035 * rise, ink.second, opacity=0.35)
    pen.disc(moon[0] - 0.05, moon[1] + 0.05, 0.05 * rise, ink.second, opacity=0.3)
    for depth, (tone, height) in enumerate(
        ((ink.first, 0.08), (ink.second, 0.30), (ink.first, 0.52), (ink.deep, 0.74))
    ):
        come = pen.enter(0.12 * depth, ease=out_cubic)
        level = mix(1.1, height + 0.07 * swing(pen.t, period=4.2, phase=0.1 * depth), come)
        pace = (1.5 + 0.35 * depth) * (-1) ** depth
        pen.fill(_in_window(partial(_swell, level, 1.7 * depth + pace * pen.t)), tone, 0.95 if depth else 0.8)
    pen.ring(0, 0, 0.98 * grow, 0.022, ink.accent, opacity=0.9)


def _swell(level: float, phase: float, x: float) -> float:
    return level + 0.055 * math.sin(4.4 * x + phase)


def day(pen: Pen) -> None:
    """A round window on hills, over which the sun climbs with turning rays."""
    ink, grow = pen.inks, pen.enter(0)
    pen.disc(0, 0, 0.98 * grow, ink.deep)
    angle = mix(-2.45, -1.05, smooth(pen.t / max(pen.life, 0.1)))
    x, y = 0.62 * math.cos(angle), 0.34 + 0.74 * math.sin(angle)
    pen.glow(x, y, 0.34 * grow, ink.accent)
    for i in range(12):
        turn = i * math.tau / 12 + pen.t * 0.5
        far = 0.29 + 0.025 * swing(pen.t, period=1.6, phase=i / 4)
        ray = [(x + r * grow * math.cos(turn), y + r * grow * math.sin(turn)) for r in (0.22, far)]
        pen.line(ray, 0.026, ink.accent)
    pen.disc(x, y, 0.17 * grow, ink.accent)
    for depth, (tone, level, wide) in enumerate(
        ((ink.first, 0.16, 2.2), (ink.second, 0.40, 3.1), (ink.first, 0.64, 2.6))
    ):
        come = pen.enter(0.15 * depth, ease=out_cubic)
        pen.fill(_in_window(partial(_hill, level, wide, 2 * depth + 0.3 * pen.t, come)), tone)
    pen.ring(0, 0, 0.98 * grow, 0.022, ink.accent, opacity=0.9)


def _hill(level: float, wide: float, phase: float, come: float, x: float) -> float:
    return mix(1.0, level + 0.10 * math.sin(wide * x + phase), come)


def _in_window(level: Callable[[float], float]) -> list[Point]:
    """Return what lies below a line inside the round window of radius one."""
    edge = 0.965
    angles = (math.pi * i / 56 for i in range(57))
    sides = [(-edge * math.cos(angle), edge * math.sin(angle)) for angle in angles]
    top = [(x, min(max(level(x), -rim), rim)) for x, rim in sides]
    return [*top, *reversed(sides)]


def globe(pen: Pen) -> None:
    """The Earth with its water drawn out towards a moon that goes round."""
    ink, grow = pen.inks, pen.enter(0)
    angle = -0.6 + 0.75 * pen.t
    cos, sin = math.cos(angle), math.sin(angle)
    path = [(0.86 * math.cos(k * math.tau / 72), 0.86 * math.sin(k * math.tau / 72)) for k in range(73)]
    for x, y in path[::2]:
        pen.disc(x, y, 0.008, ink.paper, opacity=0.6 * pen.enter(0.2))
    long, short = 0.56 * grow * (1 + 0.02 * swing(pen.t, period=1.8)), 0.43 * grow
    water = [(long * math.cos(k * math.tau / 40), short * math.sin(k * math.tau / 40)) for k in range(40)]
    pen.glow(0, 0, 0.74 * grow, ink.second, opacity=0.16)
    pen.fill([(u * cos - v * sin, u * sin + v * cos) for u, v in water], ink.second, 0.75)
    pen.disc(0, 0, 0.40 * grow, ink.first)
    spin = 0.28 * pen.t
    for k in range(5):
        turn = spin + k * 1.257
        reach = 0.24 + 0.05 * (k % 3)
        land = [
            (
                reach * math.cos(turn) + 0.115 * (1 + 0.25 * math.sin(3 * a + k)) * math.cos(a),
                reach * math.sin(turn) + 0.085 * (1 + 0.25 * math.cos(2 * a + k)) * math.sin(a),
            )
            for a in (j * math.tau / 9 for j in range(9))
        ]
        pen.smooth([(x * grow, y * grow) for x, y in land], ink.deep)
    moon = (0.86 * cos, 0.86 * sin)
    rise = pen.enter(0.25)
    pen.glow(*moon, 0.25 * rise, ink.accent)
    pen.disc(*moon, 0.12 * rise, ink.accent)
    pen.disc(moon[0] + 0.03, moon[1] - 0.03, 0.026 * rise, ink.second, opacity=0.4)


def plant(pen: Pen) -> None:
    """A seedling that grows leaf by leaf and sways."""
    ink = pen.inks
    grown = pen.enter(0, duration=1.3, ease=out_cubic) * (0.8 + 0.2 * smooth(pen.t / max(pen.life, 0.1)))
    lean = 0.09 * swing(pen.t, period=3.4)
    stem = curve([(0, 0.72), (-0.04, 0.3), (0.05 + lean * 0.4, -0.2), (lean, -0.78)], per_leg=12)
    pen.glow(lean * 0.5, -0.2, 0.8 * pen.enter(0), ink.second, opacity=0.12)
    pen.ellipse(0, 0.78, 0.62 * pen.enter(0), 0.13 * pen.enter(0), ink.deep)
    pen.ellipse(0, 0.75, 0.44 * pen.enter(0.05), 0.085 * pen.enter(0.05), ink.first)
    pen.line(stem, 0.06, ink.second, share=grown, end_width=0.026)
    for i, (at, side) in enumerate(((0.28, 1), (0.42, -1), (0.57, 1), (0.71, -1), (0.86, 1))):
        open_ = out_cubic((grown - at) / 0.18) if grown > at else 0.0
        x, y = stem[int(at * (len(stem) - 1))]
        flutter = 0.14 * swing(pen.t, period=2.3, phase=0.17 * i)
        _leaf(pen, (x, y), angle=-0.55 + flutter, side=side, length=open_ * (0.56 - 0.06 * i), tone=i)
    tip = stem[-1]
    if grown > 0.9:
        bud = pen.enter(1.0)
        pen.disc(tip[0], tip[1] * min(1.0, grown), 0.07 * bud, ink.accent)


def _leaf(pen: Pen, root: Point, *, angle: float, side: int, length: float, tone: int) -> None:
    if length < 0.02:
        return
    cos, sin = math.cos(angle), math.sin(angle)
    outline = [(0.0, 0.0), (0.3, -0.2), (0.72, -0.19), (1.0, 0.0), (0.72, 0.12), (0.3, 0.14)]
    place = [
        (root[0] + side * (u * cos - v * sin) * length, root[1] + (u * sin + v * cos) * length) for u, v in outline
    ]
    pen.smooth(place, pen.inks.second if tone % 2 else pen.inks.first)
    pen.line([root, place[3]], 0.014, pen.inks.accent, 0.8, end_width=0.004)


def flame(pen: Pen) -> None:
    """A fire of three tongues with sparks going up."""
    ink = pen.inks
    pen.glow(0, 0.1, 0.95 * pen.enter(0), ink.second, opacity=0.16)
    for i, (tone, size) in enumerate(((ink.first, 1.0), (ink.second, 0.72), (ink.accent, 0.42))):
        grow = size * pen.enter(0.12 * i)
        pen.smooth(_tongue(pen, grow, base=0.74, phase=0.21 * i, dx=0.04 * (i % 2)), tone, 0.97)
    for i in range(9):
        life = (pen.t * (0.35 + 0.05 * (i % 3)) + i * 0.37) % 1.0
        x = 0.5 * math.sin(i * 2.4) * (0.4 + 0.6 * life) + 0.05 * swing(pen.t, period=1.3, phase=i / 5)
        pen.disc(x, 0.3 - 1.25 * life, 0.03 * (1 - life) * pen.enter(0.3), ink.accent, opacity=0.9)


def _tongue(pen: Pen, size: float, *, base: float, phase: float, dx: float) -> list[Point]:
    sway = 0.10 * swing(pen.t, period=0.95, phase=phase) + 0.05 * swing(pen.t, period=0.43, phase=phase)
    tall = 1.45 + 0.10 * swing(pen.t, period=0.71, phase=phase)
    shape = [(0.0, 0.0), (-0.34, -0.08), (-0.52, -0.42), (-0.36, -0.78), (-0.16 + sway, -1.0), (sway * 1.9, -tall)]
    right = [(0.2 + sway, -0.92), (0.30, -0.74), (0.52, -0.42), (0.34, -0.08)]
    return [(dx + x * size, base + y * size) for x, y in (*shape, *right)]


def peak(pen: Pen) -> None:
    """Mountains with a path being climbed to a flag."""
    ink, life = pen.inks, max(pen.life, 0.1)
    pen.disc(0.48, -0.52 + 0.03 * swing(pen.t, period=4), 0.22 * pen.enter(0.2), ink.accent, opacity=0.95)
    pen.glow(0.48, -0.52, 0.42 * pen.enter(0.2), ink.accent)
    up = [pen.enter(0.12 * i, ease=out_cubic) for i in range(3)]
    back = mix(0.9, 0.0, up[0])
    pen.fill([(-1.0, 0.8), (-0.45, -0.28 + back), (-0.1, 0.15 + back), (0.3, -0.2 + back), (1.0, 0.8)], ink.deep)
    front = mix(1.2, 0.0, up[1])
    pen.fill([(-0.82, 0.8), (0.02, -0.72 + front), (0.86, 0.8)], ink.first)
    pen.fill([(0.02, -0.72 + front), (0.86, 0.8), (0.22, 0.8), (0.12, 0.1 + front)], ink.second, 0.85)
    pen.fill(
        [
            (0.02, -0.72 + front),
            (-0.19, -0.34 + front),
            (-0.08, -0.42 + front),
            (0.03, -0.3 + front),
            (0.12, -0.42 + front),
            (0.24, -0.32 + front),
        ],
        ink.paper,
    )
    path = curve([(-0.5, 0.74), (-0.1, 0.56), (-0.26, 0.32), (0.06, 0.12), (-0.08, -0.12), (0.06, -0.36), (0.02, -0.7)])
    gone = out_cubic((pen.t - 0.9) / (0.86 * life)) if pen.t > 0.9 else 0.0
    if up[1] > 0.98:
        pen.line(path, 0.026, ink.accent, share=gone)
        x, y = path[min(len(path) - 1, int(gone * (len(path) - 1)))]
        pen.disc(x, y, 0.045 + 0.008 * swing(pen.t, period=0.9), ink.accent)
    wave = 0.03 * swing(pen.t, period=0.8)
    if up[2] > 0.9:
        pen.line([(0.02, -0.72), (0.02, -0.98)], 0.018, ink.paper)
        pen.smooth(
            [(0.03, -0.98), (0.16, -0.97 + wave), (0.27, -0.93 - wave), (0.16, -0.88 + wave), (0.03, -0.85)], ink.accent
        )


def bread(pen: Pen) -> None:
    """A round loaf that rises on its board, scored and steaming."""
    ink, grow = pen.inks, pen.enter(0)
    rise = grow * (0.74 + 0.26 * smooth(pen.t / max(0.75 * pen.life, 0.1)) + 0.014 * swing(pen.t, period=2.2))
    pen.glow(0, 0.05, 0.98 * grow, ink.second, opacity=0.14)
    for i in range(3):
        for k in range(2):
            life = (pen.t * 0.42 + i * 0.31 + k * 0.5) % 1.0
            y = -0.36 - 0.45 * life
            curl = [(0.34 * i - 0.34 + 0.06 * math.sin(5 * s + 2 * pen.t + i), y - 0.26 * s) for s in _TENTHS]
            pen.line(curl, 0.04, ink.paper, 0.6 * math.sin(math.pi * life) * grow, end_width=0.008)
    pen.block(-0.98 * grow, 0.62, 0.98 * grow, 0.72, ink.first, radius=0.05)
    pen.block(-0.80 * grow, 0.72, 0.80 * grow, 0.77, ink.deep, radius=0.025)
    pen.fill(_dome(0.86 * grow, 0.88 * rise, foot=0.63), ink.first)
    pen.fill(_dome(0.80 * grow, 0.81 * rise, foot=0.60), ink.second)
    for i in range(5):
        cut = pen.enter(0.3 + 0.1 * i, duration=0.45, ease=out_cubic) * grow
        x = -0.50 + 0.25 * i
        crown = 0.60 - 0.81 * rise * math.sqrt(max(0.0, 1 - (x / 0.80) ** 2))
        tall = 0.42 * rise * (1 - 0.25 * abs(i - 2))
        slash = curve(
            [(x - 0.06, crown + 0.12 + tall), (x - 0.01, crown + 0.10 + 0.5 * tall), (x + 0.09, crown + 0.08)]
        )
        pen.line(slash, 0.078, ink.accent, share=cut, end_width=0.024)
    for i in range(9):
        life = (pen.t * 0.3 + i * 0.111) % 1.0
        pen.disc(0.95 * math.sin(i * 2.1), 0.5 - 1.0 * life, 0.018 * math.sin(math.pi * life), ink.accent, opacity=0.9)


def _dome(half: float, height: float, *, foot: float) -> list[Point]:
    """Return the upper half of a plump oval on a flat foot with soft corners."""
    top = [
        (half * math.copysign(abs(math.cos(a)) ** 0.82, math.cos(a)), foot - height * math.sin(a) ** 0.86)
        for a in (math.pi * (1 - k / 40) for k in range(41))
    ]
    return [*top, (0.93 * half, foot + 0.03), (-0.93 * half, foot + 0.03)]


def bowl(pen: Pen) -> None:
    """A steaming bowl, its surface stirred."""
    ink, grow = pen.inks, pen.enter(0)
    pen.glow(0, -0.1, 0.9 * grow, ink.second, opacity=0.12)
    for i in range(3):
        sway = [
            (-0.3 + 0.3 * i + 0.09 * math.sin(4 * s + 1.9 * pen.t + 2 * i), -0.12 - 0.75 * s)
            for s in (j / 14 for j in range(15))
        ]
        pen.line(
            sway, 0.05, ink.paper, 0.5 * pen.enter(0.4 + 0.1 * i), share=pen.enter(0.3, duration=0.9), end_width=0.01
        )
    half = 0.82 * grow
    pen.fill([(-half, 0.0), *arc((0, 0.0), half, start=math.pi, end=0, step=0.12)], ink.first)
    pen.fill([*arc((0, 0.0), half, start=math.pi, end=math.pi / 2.2, step=0.1), (0.1, 0.0)], ink.deep, 0.35)
    pen.ellipse(0, 0, half, 0.19 * grow, ink.accent)
    pen.ellipse(0, 0.012, 0.74 * grow, 0.155 * grow, ink.second)
    for i in range(7):
        turn = i * math.tau / 7 + 0.7 * pen.t
        reach = 0.28 + 0.26 * ((i * 3) % 4) / 3
        pen.ellipse(
            reach * math.cos(turn),
            0.01 + 0.2 * reach * math.sin(turn),
            0.075 * grow,
            0.03 * grow,
            ink.accent if i % 2 else ink.first,
        )
    pen.block(-0.34 * grow, 0.80, 0.34 * grow, 0.87, ink.deep, radius=0.03)
