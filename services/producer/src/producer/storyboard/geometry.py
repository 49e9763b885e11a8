"""Outlines as ASS drawings: points in, the text after `\\p1` out. Pure arithmetic, no state."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

Point = tuple[float, float]


def polygon(points: Iterable[Point]) -> str:
    """Return a closed outline with straight edges."""
    (x, y), *rest = points
    return f"m {x:.1f} {y:.1f} l " + " ".join(f"{x:.1f} {y:.1f}" for x, y in rest)


def blob(points: Sequence[Point]) -> str:
    """Return a closed, smooth outline through the points."""
    count = len(points)
    parts = [f"m {points[0][0]:.1f} {points[0][1]:.1f} b"]
    for i in range(count):
        before, here, there, after = (points[(i + step) % count] for step in (-1, 0, 1, 2))
        out = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        back = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        parts.append(f"{out[0]:.1f} {out[1]:.1f} {back[0]:.1f} {back[1]:.1f} {there[0]:.1f} {there[1]:.1f}")
    return " ".join(parts)


def arc(centre: Point, radius: float, *, start: float, end: float, step: float = 0.09) -> list[Point]:
    """Return points on an arc; angles in radians, 0 is right and a quarter turn is down."""
    count = max(2, math.ceil(abs(end - start) / step) + 1)
    angles = (start + (end - start) * i / (count - 1) for i in range(count))
    return [(centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles]


def stroke(points: Sequence[Point], width: float, *, end_width: float | None = None) -> str:
    """Return the outline of an open line with round ends; `end_width` makes it taper."""
    points = _distinct(points)
    if len(points) < 2:
        x, y = points[0]
        return polygon(arc((x, y), width / 2, start=0, end=math.tau, step=0.5))
    last = len(points) - 1
    final = width if end_width is None else end_width
    halves = [(width + (final - width) * i / last) / 2 for i in range(len(points))]
    angles = [_heading(points, i) for i in range(len(points))]
    left = [_beside(point, angle, half) for point, angle, half in zip(points, angles, halves, strict=True)]
    right = [_beside(point, angle, -half) for point, angle, half in zip(points, angles, halves, strict=True)]
    tip = arc(points[-1], halves[-1], start=angles[-1] + math.pi / 2, end=angles[-1] - math.pi / 2, step=0.5)
    tail = arc(points[0], halves[0], start=angles[0] - math.pi / 2, end=angles[0] - 1.5 * math.pi, step=0.5)
    return polygon([*left, *tip, *reversed(right), *tail])


def sector(centre: Point, radius: float, width: float, *, start: float, end: float) -> str:
    """Return a band of a ring, `width` wide around `radius`, with round ends."""
    step = min(0.12, 7 / max(radius, 1))
    return stroke(arc(centre, radius, start=start, end=end, step=step), width)


def ring(centre: Point, radius: float, width: float) -> str:
    """Return a whole ring. The inside runs the other way round, so that it stays empty under any fill rule."""
    step = max(0.03, min(0.2, 5 / max(radius, 1)))
    outside = arc(centre, radius + width / 2, start=0, end=math.tau, step=step)
    inside = arc(centre, max(0.0, radius - width / 2), start=math.tau, end=0, step=step)
    return f"{polygon(outside)} {polygon(inside)}"


def along(points: Sequence[Point], share: float) -> list[Point]:
    """Return the first `share` (0 to 1) of a line, by length."""
    lengths = [math.dist(a, b) for a, b in pairwise(points)]
    left = sum(lengths) * min(1.0, max(0.0, share))
    kept = [points[0]]
    for a, b, length in zip(points, points[1:], lengths, strict=False):
        if length >= left:
            part = left / length if length else 0.0
            return [*kept, (a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part)]
        kept.append(b)
        left -= length
    return kept


def curve(points: Sequence[Point], *, per_leg: int = 10) -> list[Point]:
    """Return a smooth line through the points (Catmull-Rom), as many short legs."""
    padded = [points[0], *points, points[-1]]
    made: list[Point] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for i in range(per_leg):
            t = i / per_leg
            made.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    return [*made, points[-1]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def _distinct(points: Sequence[Point]) -> list[Point]:
    return [point for i, point in enumerate(points) if i == 0 or math.dist(point, points[i - 1]) > 0.05]


def _heading(points: Sequence[Point], i: int) -> float:
    before, after = points[max(0, i - 1)], points[min(len(points) - 1, i + 1)]
    return math.atan2(after[1] - before[1], after[0] - before[0])


def _beside(point: Point, heading: float, distance: float) -> Point:
    return (point[0] - math.sin(heading) * distance, point[1] + math.cos(heading) * distance)
