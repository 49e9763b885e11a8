"""The design that everything drawn is laid out on: its measures, and rectangles in its pixels. Pure.

Storyboards are painted on a sheet of the picture's shape, an upright one on 1080x1920; what lies over a film is laid
out on a canvas of that shape whose short side is 1080.
"""

from __future__ import annotations

from dataclasses import dataclass

SHORT_SIDE = 1080
WIDTH = SHORT_SIDE
HEIGHT = 1920
"""Of an upright design."""


@dataclass(frozen=True)
class Box:
    """A rectangle in design pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, other: Box, *, within: float = 0.5) -> bool:
        """Say whether the other box lies inside, to a fraction of a pixel."""
        return (
            other.left >= self.left - within
            and other.top >= self.top - within
            and other.right <= self.right + within
            and other.bottom <= self.bottom + within
        )
