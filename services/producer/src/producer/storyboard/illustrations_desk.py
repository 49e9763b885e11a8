"""Illustrations of talking, planning and ticking off. Each draws one moment; time makes it move."""

from __future__ import annotations

import math

from media.motion import out_cubic, smooth, swing

from producer.storyboard.geometry import along
from producer.storyboard.pen import Pen


def talk(pen: Pen) -> None:
    """Two people's words: one bubble is still being thought of, the other is there."""
    ink = pen.inks
    one, other = pen.enter(0), pen.enter(0.3)
    rise = 0.02 * swing(pen.t, period=2.6)
    pen.fill([(-0.58, -0.20 + rise), (-0.66, 0.22 + rise), (-0.22, -0.16 + rise)], ink.first, one)
    pen.block(-0.92 * one, -0.82 + rise, 0.42 * one, -0.08 + rise, ink.first, radius=0.2)
    for i in range(3):
        hop = 0.07 * max(0.0, swing(pen.t, period=1.1, phase=-0.16 * i))
        pen.disc(-0.51 + 0.26 * i, -0.44 + rise - hop, 0.075 * pen.enter(0.15 + 0.08 * i), ink.paper)
    sink = -0.02 * swing(pen.t, period=2.6, phase=0.2)
    pen.fill([(0.56, 0.62 + sink), (0.66, 0.98 + sink), (0.20, 0.64 + sink)], ink.accent, other)
    pen.block(0.92 - 1.36 * other, 0.06 + sink, 0.92, 0.72 + sink, ink.accent, radius=0.2)
    for i, long in enumerate((0.92, 0.62)):
        written = smooth((pen.t - 0.7 - 0.45 * i) / 0.7)
        y = 0.29 + 0.20 * i + sink
        pen.line([(-0.24, y), (-0.24 + long, y)], 0.075, ink.deep, other, share=written)


def calendar(pen: Pen) -> None:
    """A month on which one day gets its ring."""
    ink, grow = pen.inks, pen.enter(0)
    sway = 0.012 * swing(pen.t, period=3.0)
    pen.block(-0.80 * grow, -0.66 + sway, 0.80 * grow, 0.86 + sway, ink.deep, radius=0.12)
    pen.block(-0.80 * grow, -0.66 + sway, 0.80 * grow, -0.30 + sway, ink.first, radius=0.12)
    pen.block(-0.80 * grow, -0.46 + sway, 0.80 * grow, -0.28 + sway, ink.first, radius=0.0)
    for x in (-0.42, 0.42):
        pen.block(x - 0.05, -0.84 + sway, x + 0.05, -0.52 + sway, ink.paper, radius=0.05, opacity=grow)
    day = 9 + pen.seed % 4
    for i in range(20):
        row, column = divmod(i, 5)
        x, y = -0.56 + 0.28 * column, -0.08 + 0.25 * row + sway
        come = pen.enter(0.12 + 0.02 * i, duration=0.5)
        passed = 0.5 if i < day else 1.0
        if i != day:
            pen.block(x - 0.07 * come, y - 0.06, x + 0.07 * come, y + 0.06, ink.second, radius=0.04, opacity=passed)
            continue
        beat = 1 + 0.10 * swing(pen.t, period=1.1)
        pen.disc(x, y, 0.115 * come * beat, ink.accent)
        drawn = smooth((pen.t - 0.7) / 0.6)
        pen.band(x, y, 0.20 * beat, 0.035, ink.accent, start=-2.2, end=-2.2 + math.tau * drawn)


def checklist(pen: Pen) -> None:
    """A list on a board, ticked off line by line."""
    ink, grow, rows = pen.inks, pen.enter(0), 4
    pen.block(-0.70 * grow, -0.84, 0.70 * grow, 0.94, ink.first, radius=0.14)
    pen.block(-0.58 * grow, -0.66, 0.58 * grow, 0.82, ink.deep, radius=0.08)
    pen.block(-0.26 * grow, -0.97, 0.26 * grow, -0.74, ink.accent, radius=0.08)
    done = (pen.t - 0.5) / max(0.6, pen.life - 1.4) * rows
    for i in range(rows):
        y, come = -0.44 + 0.34 * i, pen.enter(0.1 + 0.09 * i)
        now = 1 + 0.10 * swing(pen.t, period=0.9) * float(int(done) == i)
        half = 0.095 * come * now
        pen.block(-0.40 - half, y - half, -0.40 + half, y + half, ink.second, radius=0.035)
        drawn = out_cubic(done - i)
        if drawn > 0.02:
            tick = [(-0.46, y), (-0.41, y + 0.055), (-0.30, y - 0.10)]
            pen.line(along(tick, drawn), 0.05, ink.accent)
        long = (0.58, 0.44, 0.54, 0.36)[i]
        tone = ink.paper if done > i else ink.second
        pen.line([(-0.18, y), (-0.18 + long, y)], 0.07, tone, come, share=come)
