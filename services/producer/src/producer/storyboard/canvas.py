"""A canvas that is painted frame by frame and becomes one ASS document.

Painters draw every frame anew, in the space of the picture's sheet, with any motion a function of time can express.
What does not change from one frame to the next becomes a single event, so a still costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from common.contracts.production import Format
from media.ass import Document, Event, Style, alpha, colour, escape, frame_timestamp
from media.design import HEIGHT, WIDTH, Box
from media.fonts import CJK, FONTS, Font, ass_px, metrics

Mark = tuple[int, str, str, str]
"""One thing drawn: its layer, style, tags and body."""


@dataclass(frozen=True)
class Sheet:
    """What a shape of picture is designed on, in design pixels: how large it is and what lies where."""

    width: int
    height: int
    safe: Box
    """Where words may be: clear of the platforms' controls, above the captions."""
    field: Box
    """Where fields of colour end; only words keep clear of controls."""
    foot: float
    """Where pictures end, above the captions."""
    captions: Box
    """Where the editor will lay its captions."""
    strip: float
    """The motif at the foot stays below this line."""

    @property
    def is_tall(self) -> bool:
        """Whether words and pictures stand above each other; else they stand side by side."""
        return self.height > self.width

    @property
    def is_wide(self) -> bool:
        """Whether there is so little height that even a list stands beside its headline."""
        return self.width > self.height


TALL = Sheet(
    width=WIDTH,
    height=HEIGHT,
    safe=Box(80, 236, 908, 1182),
    field=Box(64, 232, 1016, 1196),
    foot=1222.0,
    captions=Box(80, 1262, 908, 1398),
    strip=1470,
)
SQUARE = Sheet(
    width=1440,
    height=1440,
    safe=Box(104, 112, 1336, 1074),
    field=Box(72, 80, 1368, 1092),
    foot=1100.0,
    captions=Box(104, 1126, 1336, 1266),
    strip=1292,
)
WIDE = Sheet(
    width=1920,
    height=1080,
    safe=Box(128, 96, 1792, 776),
    field=Box(88, 68, 1832, 798),
    foot=804.0,
    captions=Box(128, 832, 1792, 940),
    strip=962,
)
_CLEARLY = 1.2
"""From which ratio of its sides on a picture is no longer square; the editor's captions go by the same."""


def sheet_for(size: Format) -> Sheet:
    """Return the sheet that pictures of this shape are designed on."""
    if size.height >= size.width * _CLEARLY:
        return TALL
    return WIDE if size.width >= size.height * _CLEARLY else SQUARE


@dataclass
class Canvas:
    """What has been painted so far. `texts` off leaves all type out, to look at what lies behind it."""

    format: Format
    texts: bool = True
    language: str = ""
    _open: dict[Mark, int] = field(default_factory=dict)
    _seen: dict[Mark, None] = field(default_factory=dict)
    _events: list[tuple[int, int, Mark]] = field(default_factory=list)
    _frame: int = 0

    @property
    def sheet(self) -> Sheet:
        """What it is designed on."""
        return sheet_for(self.format)

    @property
    def scale(self) -> float:
        """Pixels of the picture to a design pixel; the design is fitted into the picture and centred."""
        return min(self.format.width / self.sheet.width, self.format.height / self.sheet.height)

    @property
    def size(self) -> tuple[int, int]:
        """The document's size: the design's, extended to the picture's shape."""
        return round(self.format.width / self.scale), round(self.format.height / self.scale)

    @property
    def offset(self) -> tuple[float, float]:
        """Where the design's corner lies in the document."""
        return (self.size[0] - self.sheet.width) / 2, (self.size[1] - self.sheet.height) / 2

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
        asked = {style for _, _, (_, style, _, _) in ended}
        faces = [font for font in (*FONTS, CJK) if font.family in asked]
        styles = [Style(INK_STYLE, FONTS[0], 40), *(Style(font.family, font, 100) for font in faces)]
        events = [
            Event(frame_timestamp(start, fps=fps), frame_timestamp(end, fps=fps), style, tags, body, layer)
            for start, end, (layer, style, tags, body) in sorted(ended)
        ]
        return Document(*self.size, styles=styles, events=events, language=self.language)

    def _mark(self, style: str, tags: str, body: str) -> None:
        # The layer is the place in the frame's painting order, so later strokes always cover earlier ones.
        self._seen[(len(self._seen), style, tags, body)] = None

    def _clip(self, clip: Box | None) -> str:
        if clip is None:
            return ""
        x, y = self.offset
        return rf"\clip({clip.left + x:.0f},{clip.top + y:.0f},{clip.right + x:.0f},{clip.bottom + y:.0f})"


INK_STYLE = "Ink"
