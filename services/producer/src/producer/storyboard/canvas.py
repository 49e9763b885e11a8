"""A canvas that is painted frame by frame and becomes one ASS document.

Painters draw every frame anew, in the 1080x1920 space of the design, with any motion a function of time can express.
What does not change from one frame to the next becomes a single event, so a still costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from common.contracts.production import Format
from media.ass import Document, Event, Style, alpha, colour, escape, frame_timestamp
from media.design import HEIGHT, WIDTH, Box
from media.fonts import FONTS, Font, ass_px, metrics

Mark = tuple[int, str, str, str]
"""One thing drawn: its layer, style, tags and body."""


@dataclass
class Canvas:
    """What has been painted so far. `texts` off leaves all type out, to look at what lies behind it."""

    format: Format
    texts: bool = True
    _open: dict[Mark, int] = field(default_factory=dict)
    _seen: dict[Mark, None] = field(default_factory=dict)
    _events: list[tuple[int, int, Mark]] = field(default_factory=list)
    _frame: int = 0

    @property
    def scale(self) -> float:
        """Pixels of the picture to a design pixel; the design is fitted into the picture and centred."""
        return min(self.format.width / WIDTH, self.format.height / HEIGHT)

    @property
    def size(self) -> tuple[int, int]:
        """The document's size: the design's, extended to the picture's shape."""
        return round(self.format.width / self.scale), round(self.format.height / self.scale)

    @property
    def offset(self) -> tuple[float, float]:
        """Where the design's corner lies in the document."""
        return (self.size[0] - WIDTH) / 2, (self.size[1] - HEIGHT) / 2

    def shape(self, drawing: str, ink: str, opacity: float = 1.0, *, clip: Box | None = None) -> None:
        """Fill a drawing in design coordinates. What is all but invisible is left out."""
        if opacity < 0.012:
            return
        x, y = self.offset
        tags = rf"\an7\pos({x:.1f},{y:.1f})\p1\1c{colour(ink)}\1a{alpha(opacity)}{self._clip(clip)}"
        self._mark(INK_STYLE, tags, drawing)

    def text(
        self,
        text: str,
        *,
        font: Font,
        em: float,
        x: float,
        baseline: float,
        ink: str,
        opacity: float = 1.0,
        scale: float = 1.0,
        tracking: float = 0.0,
        clip: Box | None = None,
        right_to_left: bool = False,
    ) -> None:
        """Set `text` on its baseline from `x` to the right. Scaling keeps the left end of the baseline in place."""
        if opacity < 0.012 or not self.texts or not text:
            return
        dx, dy = self.offset
        top = baseline - metrics(font).ascent * em * scale
        size = rf"\fs{ass_px(font, em * scale):.2f}"
        more = (rf"\fsp{tracking:.2f}" if tracking else "") + (r"\fe-1" if right_to_left else "")
        tags = (
            rf"\an7\pos({x + dx:.2f},{top + dy:.2f}){size}{more}"
            rf"\1c{colour(ink)}\1a{alpha(opacity)}{self._clip(clip)}"
        )
        self._mark(font.family, tags, escape(text))

    def end_frame(self) -> None:
        """Close the frame: what it does not share with the one before ends or begins here."""
        for mark in [mark for mark in self._open if mark not in self._seen]:
            self._events.append((self._open.pop(mark), self._frame, mark))
        for mark in self._seen:
            self._open.setdefault(mark, self._frame)
        self._seen.clear()
        self._frame += 1

    def document(self) -> Document:
        """Return everything painted, frame by frame, as one document."""
        ended = [*self._events, *((start, self._frame, mark) for mark, start in self._open.items())]
        fps = self.format.fps
        styles = [Style(INK_STYLE, FONTS[0], 40), *(Style(font.family, font, 100) for font in FONTS)]
        events = [
            Event(frame_timestamp(start, fps=fps), frame_timestamp(end, fps=fps), style, tags, body, layer)
            for start, end, (layer, style, tags, body) in sorted(ended)
        ]
        return Document(*self.size, styles=styles, events=events)

    def _mark(self, style: str, tags: str, body: str) -> None:
        # The layer is the place in the frame's painting order, so later strokes always cover earlier ones.
        self._seen[(len(self._seen), style, tags, body)] = None

    def _clip(self, clip: Box | None) -> str:
        if clip is None:
            return ""
        x, y = self.offset
        return rf"\clip({clip.left + x:.0f},{clip.top + y:.0f},{clip.right + x:.0f},{clip.bottom + y:.0f})"


INK_STYLE = "Ink"
