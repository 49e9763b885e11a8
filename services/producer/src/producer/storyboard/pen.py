"""What illustrations draw with: shapes in a square from -1 to 1, in the film's colours, placed anywhere at any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.contracts.production import Palette
from media.motion import Ease, out_back, ramp
from media.palette import blend

from producer.storyboard import geometry
from producer.storyboard.canvas import Canvas
from producer.storyboard.geometry import Point


@dataclass(frozen=True)
class Inks:
    """The colours an illustration may use, from dark to light: `deep` sits on the ground, `paper` is nearly white."""

    deep: str
    first: str
    second: str
    accent: str
    paper: str

    @classmethod
    def on_ground(cls, palette: Palette) -> Inks:
        """Return the colours for drawing on the film's dark ground."""
        return cls(
            deep=blend(palette.ground, palette.first, 0.42),
            first=blend(palette.first, "#ffffff", 0.12),
            second=blend(palette.second, "#ffffff", 0.10),
            accent=palette.accent,
            paper=blend("#ffffff", palette.accent, 0.12),
        )

    @classmethod
    def on_accent(cls, palette: Palette) -> Inks:
        """Return the colours for drawing on a field of the accent."""
        return cls(
            deep=blend(palette.accent, palette.ink, 0.2),
            first=palette.second,
            second=palette.first,
            accent=palette.ink,
            paper=blend(palette.ink, palette.first, 0.35),
        )


@dataclass(frozen=True)
class Pen:
    """Draws on `canvas` around `x`, `y`, where `size` design pixels are one unit. `t` is seconds into the shot."""

    canvas: Canvas
    inks: Inks
    x: float
    y: float
    size: float
    t: float
    life: float
    seed: int
    opacity: float = 1.0
    share: float | None = None
    """The part of a whole that the beat tells, for who draws one."""

    def enter(self, delay: float, *, duration: float = 0.7, ease: Ease = out_back) -> float:
        """Return how far a part that comes in after `delay` seconds has come."""
        return ramp(self.t, start=0.1 + delay, duration=duration, ease=ease)

    def at(self, x: float, y: float) -> Point:
        """Return a point of the square in design pixels."""
        return self.x + x * self.size, self.y + y * self.size

    def all_at(self, points: Sequence[Point]) -> list[Point]:
        """Return points of the square in design pixels."""
        return [self.at(x, y) for x, y in points]

    def fill(self, points: Sequence[Point], ink: str, opacity: float = 1.0) -> None:
        """Fill a polygon."""
        self._shape(geometry.polygon(self.all_at(points)), ink, opacity)

    def smooth(self, points: Sequence[Point], ink: str, opacity: float = 1.0) -> None:
        """Fill a smooth outline through the points."""
        self._shape(geometry.blob(self.all_at(points)), ink, opacity)

    def disc(self, x: float, y: float, radius: float, ink: str, *, opacity: float = 1.0) -> None:
        """Fill a disc."""
        if radius * self.size > 0.3:
            self.ellipse(x, y, radius, radius, ink, opacity=opacity)

    def ellipse(self, x: float, y: float, rx: float, ry: float, ink: str, *, opacity: float = 1.0) -> None:
        """Fill an ellipse."""
        if min(rx, ry) * self.size > 0.3:
            k = 0.5523
            (cx, cy), w, h = self.at(x, y), rx * self.size, ry * self.size
            drawing = (
                f"m {cx + w:.1f} {cy:.1f} "
                f"b {cx + w:.1f} {cy + k * h:.1f} {cx + k * w:.1f} {cy + h:.1f} {cx:.1f} {cy + h:.1f} "
                f"b {cx - k * w:.1f} {cy + h:.1f} {cx - w:.1f} {cy + k * h:.1f} {cx - w:.1f} {cy:.1f} "
                f"b {cx - w:.1f} {cy - k * h:.1f} {cx - k * w:.1f} {cy - h:.1f} {cx:.1f} {cy - h:.1f} "
                f"b {cx + k * w:.1f} {cy - h:.1f} {cx + w:.1f} {cy - k * h:.1f} {cx + w:.1f} {cy:.1f}"
            )
            self._shape(drawing, ink, opacity)

    def glow(self, x: float, y: float, radius: float, ink: str, *, opacity: float = 0.16) -> None:
        """Lay a soft light around a point: three discs, since a real blur would cost more than the whole frame."""
        for share in (1.0, 0.78, 0.58):
            self.disc(x, y, radius * share, ink, opacity=opacity * 0.5)

    def ring(self, x: float, y: float, radius: float, width: float, ink: str, *, opacity: float = 1.0) -> None:
        """Draw a circle's line."""
        if radius * self.size > 1:
            self._shape(geometry.ring(self.at(x, y), radius * self.size, width * self.size), ink, opacity)

    def band(
        self,
        x: float,
        y: float,
        radius: float,
        width: float,
        ink: str,
        *,
        opacity: float = 1.0,
        start: float,
        end: float,
    ) -> None:
        """Draw part of a circle's line, from angle to angle in radians."""
        if abs(end - start) > 0.01 and radius * self.size > 1:
            drawing = geometry.sector(self.at(x, y), radius * self.size, width * self.size, start=start, end=end)
            self._shape(drawing, ink, opacity)

    def line(
        self,
        points: Sequence[Point],
        width: float,
        ink: str,
        opacity: float = 1.0,
        *,
        share: float = 1.0,
        end_width: float | None = None,
    ) -> None:
        """Draw the first `share` of a line with round ends; `end_width` makes it taper."""
        if share <= 0.004:
            return
        kept = geometry.along(self.all_at(points), share)
        end = None if end_width is None else end_width * self.size
        self._shape(geometry.stroke(kept, width * self.size, end_width=end), ink, opacity)

    def block(
        self, left: float, top: float, right: float, bottom: float, ink: str, *, radius: float, opacity: float = 1.0
    ) -> None:
        """Fill a rectangle with round corners."""
        if right - left > 0.004 and bottom - top > 0.004:
            r = min(radius, (right - left) / 2, (bottom - top) / 2)
            points = [
                *geometry.arc((right - r, top + r), r, start=-1.5708, end=0, step=0.26),
                *geometry.arc((right - r, bottom - r), r, start=0, end=1.5708, step=0.26),
                *geometry.arc((left + r, bottom - r), r, start=1.5708, end=3.1416, step=0.26),
                *geometry.arc((left + r, top + r), r, start=3.1416, end=4.7124, step=0.26),
            ]
            self.fill(points, ink, opacity)

    def _shape(self, drawing: str, ink: str, opacity: float) -> None:
        self.canvas.shape(drawing, ink, opacity * self.opacity)
