"""Easing: how a share of time becomes a share of the way. All functions map 0 to 0 and 1 to 1 and clamp outside."""

from __future__ import annotations

import math
from collections.abc import Callable

Ease = Callable[[float], float]


def clamp(value: float) -> float:
    """Return `value` held between 0 and 1."""
    return min(1.0, max(0.0, value))


def linear(share: float) -> float:
    """Keep one pace."""
    return clamp(share)


def smooth(share: float) -> float:
    """Start and stop softly."""
    x = clamp(share)
    return x * x * (3.0 - 2.0 * x)


def out_cubic(share: float) -> float:
    """Arrive softly."""
    return 1.0 - (1.0 - clamp(share)) ** 3


def out_quint(share: float) -> float:
    """Start fast and arrive very softly: the ease of text that comes in."""
    return 1.0 - (1.0 - clamp(share)) ** 5


def in_out_cubic(share: float) -> float:
    """Start and stop decidedly."""
    x = clamp(share)
    return 4.0 * x**3 if x < 0.5 else 1.0 - (2.0 - 2.0 * x) ** 3 / 2.0


def out_back(share: float) -> float:
    """Go a tenth too far and come back: the ease of things that pop up."""
    x = clamp(share) - 1.0
    return 1.0 + 2.2 * x**3 + 1.2 * x**2


def ramp(t: float, *, start: float, duration: float, ease: Ease = smooth) -> float:
    """Return how far something has come at time `t` that begins at `start` and takes `duration` (same units)."""
    return ease((t - start) / duration) if duration > 0 else float(t >= start)


def swing(t: float, *, period: float, phase: float = 0.0) -> float:
    """Return a value between -1 and 1 that goes to and fro for ever; `phase` is in turns."""
    return math.sin(math.tau * (t / period + phase))


def mix(a: float, b: float, share: float) -> float:
    """Return the value `share` of the way from `a` to `b`."""
    return a + (b - a) * share
