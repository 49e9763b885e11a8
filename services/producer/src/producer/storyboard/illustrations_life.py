"""Illustrations of what lives, drinks, sleeps and erupts. Each draws one moment; time makes it move."""

from __future__ import annotations

import math

from media.motion import mix, out_cubic, smooth, swing

from producer.storyboard.geometry import Point, arc, curve
from producer.storyboard.pen import Pen


def bubbles(pen: Pen) -> None:
    """A jar in which something lives: bubbles that form, rise and swell."""
    ink, grow = pen.inks, pen.enter(0)
    pen.ellipse(0, 0.9, 0.72 * grow, 0.07 * grow, ink.deep, opacity=0.7)
    pen.block(-0.62 * grow, -0.60, 0.62 * grow, 0.88, ink.deep, radius=0.2)
    level = mix(0.86, -0.26 + 0.02 * swing(pen.t, period=2.7), pen.enter(0.1, duration=1.0, ease=out_cubic))
    surface = [
        (x, level + 0.035 * math.sin(5 * x + 2.1 * pen.t)) for x in (mix(-0.56, 0.56, i / 16) for i in range(17))
    ]
    pen.fill([*surface, (0.56, 0.70), (0.48, 0.82), (-0.48, 0.82), (-0.56, 0.70)], ink.first)
    for i in range(15):
        life = (pen.t * (0.24 + 0.03 * (i % 4)) + i * 0.291) % 1.0
        x = -0.44 + 0.88 * ((i * 0.618) % 1.0) + 0.04 * math.sin(5 * life + i)
        size = (0.035 + 0.05 * ((i * 0.37) % 1.0)) * (0.5 + 0.7 * life) * min(1.0, 9 * (1 - life)) * grow
        y = mix(0.74, level + size, life)
        pen.disc(x, y, size, ink.paper if i % 3 else ink.accent, opacity=min(1.0, 5 * life))
        pen.disc(x - 0.28 * size, y - 0.28 * size, 0.3 * size, ink.first, opacity=0.7 * min(1.0, 5 * life))
    pen.block(-0.50 * grow, -0.50, -0.43 * grow, 0.55, ink.paper, radius=0.03, opacity=0.35)
    lid = -0.74 + 0.012 * swing(pen.t, period=1.3)
    pen.block(-0.68 * grow, lid, 0.68 * grow, lid + 0.18, ink.accent, radius=0.06)
    pen.block(-0.56 * grow, lid - 0.1, 0.56 * grow, lid + 0.02, ink.second, radius=0.06)


def cup(pen: Pen) -> None:
    """A cup with a lid and a sleeve, from which steam rises."""
    ink, grow = pen.inks, pen.enter(0)
    pen.ellipse(0, 0.92, 0.5 * grow, 0.06 * grow, ink.deep, opacity=0.8)
    pen.fill([(-0.46 * grow, -0.30), (0.46 * grow, -0.30), (0.33 * grow, 0.90), (-0.33 * grow, 0.90)], ink.first)
    pen.fill([(-0.46 * grow, -0.30), (-0.24 * grow, -0.30), (-0.19 * grow, 0.90), (-0.33 * grow, 0.90)], ink.deep, 0.35)
    sleeve = pen.enter(0.15)
    pen.fill(
        [(-0.425 * sleeve, 0.02), (0.425 * sleeve, 0.02), (0.375 * sleeve, 0.50), (-0.375 * sleeve, 0.50)], ink.second
    )
    turn = 1.4 * pen.t
    pen.ring(0, 0.26, 0.14 * pen.enter(0.35), 0.035, ink.paper, opacity=0.5)
    pen.band(0, 0.26, 0.14 * pen.enter(0.35), 0.05, ink.accent, start=turn, end=turn + 4.2)
    pen.block(-0.52 * grow, -0.44, 0.52 * grow, -0.29, ink.paper, radius=0.05)
    pen.block(-0.42 * grow, -0.56, 0.42 * grow, -0.42, ink.accent, radius=0.06)
    for i in range(3):
        x, come = -0.2 + 0.2 * i, pen.enter(0.3 + 0.1 * i, ease=out_cubic)
        wisp = [
            (x + 0.055 * math.sin(7 * k / 10 - 2.4 * pen.t + 1.7 * i), -0.64 - 0.036 * k * (1 + 0.1 * i))
            for k in range(11)
        ]
        pen.line(wisp, 0.035, ink.paper, 0.75, share=come, end_width=0.008)


def cat(pen: Pen) -> None:
    """A cat's face, eyes closed, that purrs."""
    ink, grow = pen.inks, pen.enter(0)
    hum = 0.012 * swing(pen.t, period=0.16)
    for i in range(3):
        life = (pen.t * 0.7 + i / 3) % 1.0
        for side, start in ((1, -0.55), (-1, math.pi - 0.55)):
            pen.band(
                side * 0.3, 0.12, 0.52 + 0.3 * life, 0.03, ink.accent,
                opacity=0.9 * (1 - life) * grow, start=start, end=start + 1.1,
            )  # fmt: skip
    for side in (-1, 1):
        twitch = 0.03 * max(0.0, swing(pen.t, period=2.3, phase=0.2 * side)) ** 8
        ear = [(side * 0.60 * grow, -0.10), (side * (0.58 + twitch) * grow, -0.80 * grow), (side * 0.14 * grow, -0.44)]
        pen.fill(ear, ink.first)
        pen.fill(
            [(side * 0.52 * grow, -0.22), (side * (0.53 + twitch) * grow, -0.64 * grow), (side * 0.25 * grow, -0.42)],
            ink.second,
        )
    pen.ellipse(0, 0.1 + hum, 0.70 * grow, 0.58 * grow, ink.first)
    pen.ellipse(0, 0.32 + hum, 0.36 * grow, 0.26 * grow, ink.paper, opacity=0.9)
    for i in range(3):
        pen.line([(-0.1 + 0.1 * i, -0.42), (-0.1 + 0.1 * i, -0.24)], 0.045, ink.second, grow, end_width=0.015)
    calm = pen.enter(0.3, ease=out_cubic)
    for side in (-1, 1):
        eye = arc((side * 0.30, -0.03), 0.13, start=0.25, end=math.pi - 0.25)
        pen.line(eye, 0.045, ink.deep, share=calm)
        for i in range(3):
            lift = -0.08 + 0.1 * i
            whisker = [(side * 0.30, 0.28 + 0.03 * i), (side * (0.86 + 4 * hum), 0.24 + lift + 3 * hum)]
            pen.line(whisker, 0.016, ink.paper, 0.9, share=calm, end_width=0.008)
        pen.line(arc((side * 0.085, 0.34 + hum), 0.085, start=0.1, end=math.pi - 0.1), 0.03, ink.deep, share=calm)
    pen.smooth([(-0.085, 0.20 + hum), (0.085, 0.20 + hum), (0.0, 0.31 + hum)], ink.accent, grow)


def sleep(pen: Pen) -> None:
    """A round window on the night: a crescent, stars, a cloud, and letters of sleep that drift away."""
    ink, grow = pen.inks, pen.enter(0)
    pen.disc(0, 0, 0.98 * grow, ink.deep)
    for i in range(16):
        angle, reach = 2.399 * i, 0.30 + 0.58 * ((i * 0.618) % 1.0)
        blink = 0.55 + 0.45 * swing(pen.t, period=1.9, phase=i / 5)
        pen.disc(reach * math.cos(angle), reach * math.sin(angle), 0.014 + 0.014 * blink, ink.paper, opacity=blink)
    bob = 0.02 * swing(pen.t, period=3.4)
    pen.glow(-0.14, -0.10 + bob, 0.66 * grow, ink.accent, opacity=0.14)
    outside = arc((-0.14, -0.10 + bob), 0.46 * grow, start=-0.5, end=-0.5 - 5.2)
    inside = arc((0.10, -0.22 + bob), 0.39 * grow, start=1.02 - 6.2832, end=-0.84, step=0.09)
    pen.fill([*outside, *inside], ink.accent)
    for i in range(3):
        drift = 0.05 * swing(pen.t, period=4.1, phase=0.2 * i)
        for x, y, r in ((-0.34, 0.56, 0.16), (-0.12, 0.49, 0.21), (0.12, 0.55, 0.17)):
            pen.disc(
                x + drift + 0.13 * i - 0.1, y + 0.07 * i, r * pen.enter(0.12 * i), (ink.first, ink.second, ink.first)[i]
            )
    for i in range(3):
        life = (pen.t * 0.3 + i / 3) % 1.0
        _letter(pen, mix(0.22, 0.66, life), mix(0.12, -0.62, life), 0.07 + 0.09 * life, math.sin(math.pi * life) * grow)
    pen.ring(0, 0, 0.98 * grow, 0.022, ink.accent, opacity=0.9)


def _letter(pen: Pen, x: float, y: float, half: float, opacity: float) -> None:
    """Draw a Z."""
    corners = [(x - half, y - half), (x + half, y - half), (x - half, y + half), (x + half, y + half)]
    pen.line(corners, 0.36 * half, pen.inks.paper, opacity)


def volcano(pen: Pen) -> None:
    """A mountain that throws fire: sparks fly, lava runs down, smoke drifts away."""
    ink, grow = pen.inks, pen.enter(0)
    top = mix(0.8, -0.20, grow)
    for i in range(7):
        life = (pen.t * 0.22 + i / 7) % 1.0
        x = 0.10 * math.sin(3 * i) + 0.5 * life * math.sin(1.3 + i)
        pen.disc(x, mix(top, -1.0, life), (0.10 + 0.16 * life) * grow, ink.deep, opacity=0.75 * (1 - life))
    pen.glow(0, top, 0.62 * grow, ink.accent, opacity=0.2 + 0.06 * swing(pen.t, period=0.9))
    for i in range(16):
        life = (pen.t * 0.75 + i * 0.37) % 1.0
        sideways, up = 0.95 * math.sin(2.1 * i), 1.5 + 0.5 * math.cos(1.7 * i)
        y = top - up * life + 1.75 * life * life
        pen.disc(sideways * life * 0.8, y, (0.055 - 0.025 * life) * grow, ink.accent if i % 2 else ink.second)
    slope = [(-0.98, 0.85), (-0.62, 0.42), (-0.24, top), (0.24, top), (0.62, 0.42), (0.98, 0.85)]
    pen.fill(slope, ink.first)
    pen.fill([(0.24, top), (0.62, 0.42), (0.98, 0.85), (0.30, 0.85), (0.02, top + 0.12)], ink.deep, 0.55)
    streams: tuple[tuple[Point, ...], ...] = (
        ((-0.10, -0.18), (-0.16, 0.10), (-0.30, 0.34), (-0.34, 0.66)),
        ((0.06, -0.18), (0.02, 0.20), (0.10, 0.42), (0.04, 0.82)),
        ((0.17, -0.18), (0.30, 0.12), (0.42, 0.30), (0.50, 0.52)),
    )
    for i, way in enumerate(streams):
        run = smooth((pen.t - 0.35 - 0.25 * i) / 1.4) * grow
        width = 0.11 + 0.014 * swing(pen.t, period=1.4, phase=i / 3)
        pen.line(curve(way, per_leg=7), width, ink.second, share=run, end_width=0.07)
        pen.line(curve(way, per_leg=7), 0.5 * width, ink.accent, share=run, end_width=0.035)
    pen.ellipse(0, top, 0.25 * grow, 0.06 * grow, ink.accent)
