"""Places between a commit and a publish at which a service can be made to die (`common.testing_points`).

A process arms them when it starts, each unless its marker lies in the data folder: so all markers are laid, and taking
one away arms that place in the next life of its service, once.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Point:
    """A place in a service, and the how-manieth time it is reached that kills."""

    service: str
    moment: str
    nth: int

    @property
    def name(self) -> str:
        """Its name in the code."""
        return f"{self.service}.{self.moment}"


class Points:
    """The places a drill knows."""

    def __init__(self, *points: Point) -> None:
        self.all = points

    def disarm_all(self, data: Path) -> None:
        """Lay every marker: what starts now is not killed by itself."""
        data.mkdir(parents=True, exist_ok=True)
        for point in self.all:
            _marker(data, point).touch()

    def arm(self, data: Path, point: Point) -> None:
        """The next life of the point's service ends there."""
        _marker(data, point).unlink(missing_ok=True)

    def disarm(self, data: Path, point: Point) -> None:
        """Its next lives do not."""
        _marker(data, point).touch()

    def forget(self, data: Path) -> None:
        """Leave nothing behind."""
        for point in self.all:
            _marker(data, point).unlink(missing_ok=True)

    def choose(self, chance: random.Random) -> Point:
        """One at random. The orchestrator's come half of the time: most of what is sent is sent by it."""
        mine = [point for point in self.all if (point.service == "orchestrator") is (chance.random() < 0.5)]
        return chance.choice(mine or list(self.all))


# What has been committed and not told to the relay; what has been published and not stamped as sent.
POINTS = Points(
    *(
        Point(service, moment, nth)
        for service, nth in (("orchestrator", 4), ("ideation", 2), ("compliance", 3), ("publisher", 2))
        for moment in ("after_commit", "published")
    )
)


def setting_of(points: Points) -> str:
    """The setting that names them all."""
    return ",".join(f"{point.name}:{point.nth}" for point in points.all)


def _marker(data: Path, point: Point) -> Path:
    return data / f"killed-at-{point.name}"
