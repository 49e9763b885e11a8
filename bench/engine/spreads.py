"""Percentiles and medians, written down the same way everywhere."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """The median of some rounds, and their least and most."""

    median: float
    least: float
    most: float


@dataclass(frozen=True)
class Percentiles:
    """Of so many values, in milliseconds."""

    count: int
    p50: float
    p95: float
    p99: float
    most: float


def spread(values: Sequence[float], *, digits: int = 1) -> Spread:
    """Median, least and most. Raises `StatisticsError` for no values."""
    return Spread(round(statistics.median(values), digits), round(min(values), digits), round(max(values), digits))


def percentiles(values: Sequence[float]) -> Percentiles:
    """The usual percentiles, by nearest rank. Raises `IndexError` for no values."""
    ordered = sorted(values)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)

    return Percentiles(len(ordered), at(0.50), at(0.95), at(0.99), round(ordered[-1], 2))
