"""Illustrations of what cannot be seen: waves, links, pulses, orbits; and two that suit anything."""

from __future__ import annotations

import math
import random

from media.motion import mix, out_cubic, smooth, swing

from producer.storyboard.geometry import Point, curve
from producer.storyboard.pen import Pen


def ripples(pen: Pen) -> None:
    """Rings that spread from one point, for ever."""
    ink = pen.inks
    for i in range(5):
        life = (pen.t * 0.34 + i / 5) % 1.0
        radius = (0.12 + 0.86 * life) * pen.enter(0)
        tone = (ink.accent, ink.second, ink.first)[i % 3]
        pen.ring(0, 0, radius, 0.055 * (1 - 0.6 * life), tone, opacity=(1 - life) ** 0.7)
    beat = 1 + 0.08 * swing(pen.t, period=0.98)
    pen.glow(0, 0, 0.36 * beat, ink.accent, opacity=0.22)
    pen.disc(0, 0, 0.19 * beat * pen.enter(0), ink.accent)
    pen.disc(0, 0, 0.09 * pen.enter(0.2), ink.deep)
    for i in range(6):
        angle, reach = i * math.tau / 6 + 0.24 * pen.t, 0.66 + 0.08 * math.sin(i * 1.9)
        pen.disc(reach * math.cos(angle), reach * math.sin(angle), 0.045 * pen.enter(0.1 * i), ink.paper)


def network(pen: Pen) -> None:
    """Points that find each other; messages run along the links."""
    ink = pen.inks
    chance = random.Random(pen.seed)
    nodes: list[Point] = [(0.0, 0.0)]
    for i in range(11):
        angle, reach = i * 2.399 + chance.uniform(-0.2, 0.2), 0.42 + 0.5 * (i % 3) / 2
        drift = 0.035 * swing(pen.t, period=3.1, phase=i / 11)
        nodes.append(((reach + drift) * math.cos(angle), (reach - drift) * math.sin(angle)))
    links = [(a, b) for b in range(1, 12) for a in (0 if b % 3 == 1 else b - 1, max(0, b - 3))]
    for order, (a, b) in enumerate(links):
        come = pen.enter(0.03 * order, duration=0.5, ease=out_cubic)
        pen.line([nodes[a], nodes[b]], 0.014, ink.second, 0.75, share=come)
    for order, (a, b) in enumerate(links[::2]):
        run = (pen.t * 0.55 + order * 0.29) % 1.0
        x, y = mix(nodes[a][0], nodes[b][0], run), mix(nodes[a][1], nodes[b][1], run)
        pen.disc(x, y, 0.026, ink.accent, opacity=pen.enter(0.7) * math.sin(math.pi * run))
    for i, (x, y) in enumerate(nodes):
        size = (0.15 if i == 0 else 0.05 + 0.022 * (i % 3)) * (1 + 0.10 * swing(pen.t, period=1.9, phase=i / 4))
        grow = pen.enter(0.04 * i)
        pen.disc(x, y, size * 1.7 * grow, ink.deep, opacity=0.7)
        pen.disc(x, y, size * grow, ink.accent if i % 4 == 0 else (ink.paper if i % 2 else ink.second))


def orbits(pen: Pen) -> None:
    """A sun and its planets on tilted paths."""
    ink, grow = pen.inks, pen.enter(0)
    worlds = ((0.40, 0.075, 2.3, ink.paper), (0.64, 0.125, 1.3, ink.second), (0.88, 0.095, 0.85, ink.accent))
    pen.glow(0, 0, 0.5 * grow, ink.accent, opacity=0.24)
    for i, (reach, _, _, _) in enumerate(worlds):
        path = [_tilted(reach * pen.enter(0.1 * i), k * math.tau / 60) for k in range(61)]
        pen.line(path, 0.014, ink.paper, 0.6)
    order = [(math.sin(pace * pen.t + 1.9 * i), i) for i, (_, _, pace, _) in enumerate(worlds)]
    for depth, i in sorted([*order, (0.0, -1)]):
        if i < 0:
            pen.disc(0, 0, 0.235 * grow * (1 + 0.02 * swing(pen.t, period=1.4)), ink.accent)
            continue
        reach, size, pace, tone = worlds[i]
        x, y = _tilted(reach * pen.enter(0.1 * i), pace * pen.t + 1.9 * i)
        near = 1 + 0.22 * depth
        pen.disc(x, y, size * near * pen.enter(0.15 * i), tone)
        pen.disc(x + size * 0.25, y + size * 0.2, size * 0.62 * near * pen.enter(0.15 * i), ink.deep, opacity=0.35)
    for i in range(14):
        x, y = 0.98 * math.sin(i * 2.7), 0.95 * math.cos(i * 4.1)
        pen.disc(x, y, 0.012 + 0.008 * swing(pen.t, period=1.5, phase=i / 6), ink.paper, opacity=0.8)


def _tilted(reach: float, angle: float) -> Point:
    x, y = 1.12 * reach * math.cos(angle), 0.56 * reach * math.sin(angle)
    return x * 0.94 + y * 0.34, y * 0.94 - x * 0.34


def sound(pen: Pen) -> None:
    """Bars that dance about a middle line."""
    ink, count = pen.inks, 15
    for i in range(count):
        x = -0.92 + 1.84 * i / (count - 1)
        hump = math.exp(-((x / 0.62) ** 2))
        beat = 0.5 + 0.25 * swing(pen.t, period=0.9, phase=i * 0.13) + 0.25 * swing(pen.t, period=0.53, phase=i * 0.31)
        half = (0.07 + 0.78 * hump * beat) * pen.enter(0.03 * i)
        tone = ink.accent if i % 5 == 2 else (ink.second if i % 2 else ink.first)
        pen.block(x - 0.042, -half, x + 0.042, half, tone, radius=0.042)


def pulse(pen: Pen) -> None:
    """A heart that beats over its own trace."""
    ink = pen.inks
    beat = math.exp(-6 * ((pen.t * 1.1) % 1.0)) - 0.5 * math.exp(-14 * ((pen.t * 1.1) % 1.0))
    size = 0.60 * pen.enter(0) * (1 + 0.14 * beat)
    pen.glow(0, -0.1, 0.95 * pen.enter(0) * (1 + 0.1 * beat), ink.second, opacity=0.14)
    pen.fill(_heart(size, -0.02), ink.first)
    pen.fill(_heart(size * 0.80, -0.04), ink.second)
    trace = [(mix(-1, 1, i / 90), 0.42 + _beat_at(mix(-1, 1, i / 90), pen.t)) for i in range(91)]
    pen.line(trace, 0.07, ink.deep, share=pen.enter(0.2, duration=0.9, ease=out_cubic))
    pen.line(trace, 0.034, ink.accent, share=pen.enter(0.2, duration=0.9, ease=out_cubic))
    x = mix(-1, 1, (pen.t * 0.45) % 1.0)
    pen.disc(x, 0.42 + _beat_at(x, pen.t), 0.06, ink.paper, opacity=pen.enter(0.9))


def _heart(size: float, y: float) -> list[Point]:
    points = []
    for i in range(48):
        a = i * math.tau / 48
        points.append(
            (
                size * 16 * math.sin(a) ** 3 / 15,
                y - size * (13 * math.cos(a) - 5 * math.cos(2 * a) - 2 * math.cos(3 * a) - math.cos(4 * a)) / 15,
            )
        )
    return points


def _beat_at(x: float, t: float) -> float:
    place = ((x - 0.35 * t) * 1.25) % 1.0
    spike = 0.34 * math.exp(-(((place - 0.5) / 0.028) ** 2)) - 0.16 * math.exp(-(((place - 0.57) / 0.03) ** 2))
    return -spike - 0.06 * math.exp(-(((place - 0.34) / 0.05) ** 2)) + 0.01 * math.sin(9 * x + 3 * t)


def bloom(pen: Pen) -> None:
    """Petals of light that open and turn: suits anything."""
    ink, petals = pen.inks, 7 + pen.seed % 3
    pen.glow(0, 0, 0.95 * pen.enter(0), ink.second, opacity=0.12)
    for layer, (tone, size) in enumerate(((ink.first, 0.98), (ink.second, 0.74), (ink.accent, 0.46))):
        turn = (0.28 if layer % 2 else -0.2) * pen.t + 0.3 * layer
        for i in range(petals):
            angle = turn + i * math.tau / petals
            breathe = 1 + 0.06 * swing(pen.t, period=2.6, phase=i / petals + 0.2 * layer)
            _petal(pen, angle, size * breathe * pen.enter(0.1 * layer + 0.03 * i), tone, 0.72)
    pen.disc(0, 0, 0.13 * pen.enter(0.4), ink.paper)


def _petal(pen: Pen, angle: float, length: float, ink: str, opacity: float) -> None:
    if length < 0.03:
        return
    cos, sin = math.cos(angle), math.sin(angle)
    outline = ((0.16, 0.0), (0.5, -0.17), (0.86, -0.13), (1.0, 0.0), (0.86, 0.13), (0.5, 0.17))
    pen.smooth([(length * (u * cos - v * sin), length * (u * sin + v * cos)) for u, v in outline], ink, opacity)


def ribbons(pen: Pen) -> None:
    """Bands that flow past each other: suits anything."""
    ink = pen.inks
    for i in range(6):
        tone = (ink.first, ink.second, ink.accent)[i % 3]
        base, speed = -0.75 + 0.3 * i, 0.8 + 0.17 * i
        points = [
            (x, base + 0.20 * math.sin(2.3 * x + speed * pen.t + i) + 0.08 * math.sin(5.1 * x - 0.6 * speed * pen.t))
            for x in (mix(-1, 1, k / 28) for k in range(29))
        ]
        thick = 0.13 if i % 3 != 2 else 0.05
        pen.line(
            points,
            thick,
            tone,
            0.92,
            share=smooth(pen.enter(0.08 * i, duration=1.0, ease=out_cubic)),
            end_width=thick * 0.3,
        )
    dot = curve([(-0.8, 0.6), (-0.2, -0.1), (0.3, 0.3), (0.82, -0.62)], per_leg=30)
    run = 0.5 + 0.5 * swing(pen.t, period=5.0, phase=-0.25)
    x, y = dot[int(run * (len(dot) - 1))]
    pen.disc(x, y, 0.12 * pen.enter(0.5), ink.paper)
