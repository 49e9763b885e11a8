"""Captions burnt into the picture: a few words at a time, the spoken one on a box that pops. Pure.

Everything is laid out on the canvas (see `shapes`); libass scales it to the picture. Times are frames, since a caption
can only change with a frame.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from common.contracts.production import Format, Palette, Word
from common.contracts.scenes import CaptionStyle, Platform
from common.phrases import empty_ends
from media.ass import Document, Event, Style, colour, escape, frame_timestamp, rounded_rectangle
from media.design import Box
from media.fonts import ARABIC, INTER_BOLD, Font, is_right_to_left, metrics, text_width, writable

from editor.shapes import Shape, canvas, safe_box, shape_of

WORDS_PER_PAGE = 4
_EM = 80
"""The size of letters on an upright picture; the measures below belong to it."""
_BOX_PAD, _BOX_HEIGHT, _BOX_RADIUS = 17, 114, 26
OUTLINE, SHADOW = 6, 3
FADE_MS = 80
_BETWEEN_BOXES = 16
_ARABIC_HANGS = 0.1
"""How far, in ems, Arabic sits below where capitals would stand."""
_LINGER_MS, _HOLD_MS = 220, 500
"""How long a page stays after its last word, and the longest gap it is held over until the next page."""
_PLAIN = CaptionStyle()
_PHRASE_END = re.compile(r"""[.!?:…。！？：؟]["'”’»)\]]*$""")

# What each shape of picture asks for: size against `_EM`, words a page, and where the captions' middle is.
_USUAL: Mapping[Shape, tuple[float, int, float]] = MappingProxyType(
    {
        Shape.UPRIGHT: (1.0, WORDS_PER_PAGE, 1330 / 1920),
        Shape.SQUARE: (0.82, WORDS_PER_PAGE, 0.83),
        Shape.WIDE: (0.8, 6, 0.82),
    }
)


@dataclass(frozen=True)
class Pop:
    """How what is spoken jumps out: from these shares of its size in 90 ms to a little over it, and back by 160 ms."""

    wide: float
    high: float
    over: float

    @property
    def tags(self) -> str:
        """The same for libass."""
        over = round(self.over * 100)
        return (
            rf"\fscx{round(self.wide * 100)}\fscy{round(self.high * 100)}"
            rf"\t(0,90,\fscx{over}\fscy{over})\t(90,160,\fscx100\fscy100)"
        )


POP_BOX, POP_WORD = Pop(0.88, 0.84, 1.04), Pop(0.92, 0.92, 1.03)


@dataclass(frozen=True, kw_only=True)
class Glyphs:
    """A word as it will be drawn: the face that has its letters, what it writes, and its width at full size."""

    font: Font
    text: str
    width: float


@dataclass(frozen=True, kw_only=True)
class Setting:
    """How a film's captions are set: style and shape made into measures on the canvas."""

    unit: float
    """What one pixel of an upright design is here."""
    words: int
    pause_ms: int
    y: float
    left: float
    right: float
    karaoke: bool

    @property
    def em(self) -> float:
        """The size of letters."""
        return _EM * self.unit

    @property
    def room(self) -> float:
        """How wide a line may be, its first and last box's padding not counted."""
        return self.right - self.left - 2 * _BOX_PAD * self.unit

    @property
    def gap(self) -> float:
        """From one word to the next."""
        return (_BOX_PAD + _BETWEEN_BOXES) * self.unit

    def line_width(self, line: Sequence[Glyphs]) -> float:
        """How wide words are beside each other."""
        return sum(word.width for word in line) + (len(line) - 1) * self.gap


def setting_of(size: Format, style: CaptionStyle, *, platforms: Collection[Platform] = ()) -> Setting:
    """Return the measures for a picture's size."""
    unit, words, centre = _USUAL[shape_of(size)]
    safe = safe_box(size, platforms=platforms)
    return Setting(
        unit=unit * style.size,
        words=style.words_per_page or words,
        pause_ms=style.pause_ms,
        y=canvas(size)[1] * (centre if style.centre is None else style.centre),
        left=safe.left,
        right=safe.right,
        karaoke=style.karaoke,
    )


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A word on the canvas: its centre, its size as a share of the full size, and the frames on which it is spoken."""

    glyphs: Glyphs
    x: float
    scale: float
    spoken: range


@dataclass(frozen=True, kw_only=True)
class Page:
    """The words seen together, on which frames of the body, counted from its first."""

    words: tuple[Placed, ...]
    shown: range


def caption_document(
    words: Sequence[Word],
    *,
    frames: range,
    size: Format,
    palette: Palette,
    style: CaptionStyle = _PLAIN,
    platforms: Collection[Platform] = (),
) -> Document | None:
    """Return the captions of one scene's body, its first frame as time zero; `None` if nothing is spoken over it.

    `words` are timed from the scene's first frame and `frames` are those of the body. What is spoken outside of the
    body is not shown; a page that begins or ends outside is shown on the frames inside.
    """
    laid_out = lay_out(words, frames=frames, size=size, style=style, platforms=platforms)
    if not laid_out:
        return None
    setting = setting_of(size, style, platforms=platforms)
    document = Document(*canvas(size))
    fonts = {word.glyphs.font for page in laid_out for word in page.words} | {INTER_BOLD}
    document.styles = [
        Style(
            font.family,
            font,
            setting.em,
            outline=OUTLINE * setting.unit,
            outline_colour=palette.ground,
            shadow=SHADOW * setting.unit,
            alignment=5,
        )
        for font in sorted(fonts, key=lambda font: font.family)
    ]
    drawing = _Drawing(fps=size.fps, setting=setting, palette=palette)
    document.events = [event for page in laid_out for event in drawing.page(page)]
    return document


def lay_out(
    words: Sequence[Word],
    *,
    frames: range,
    size: Format,
    style: CaptionStyle = _PLAIN,
    platforms: Collection[Platform] = (),
) -> tuple[Page, ...]:
    """Return the pages seen during `frames`, with every word placed inside the safe box. A style may show none."""
    if not style.shown:
        return ()
    setting = setting_of(size, style, platforms=platforms)
    drawn = [(word, glyphs) for word in words if (glyphs := _glyphs(word, em=setting.em)).text]
    pages = paginate(drawn, setting=setting)
    made = []
    for page, following in zip(pages, [*pages[1:], None], strict=False):
        shown = _shown(page, following, fps=size.fps, frames=frames)
        if shown:
            spoken = _spoken(page, shown=shown, fps=size.fps, offset=frames.start)
            made.append(Page(words=_place(page, spoken, setting=setting), shown=shown))
    return tuple(made)


def extent(page: Page, *, setting: Setting) -> Box:
    """Return the part of the canvas that a page takes, with its boxes."""
    half = _BOX_HEIGHT * setting.unit / 2
    sides = [
        (word.x - reach, word.x + reach)
        for word in page.words
        for reach in [(word.glyphs.width / 2 + _BOX_PAD * setting.unit) * word.scale]
    ]
    left, right = min(side[0] for side in sides), max(side[1] for side in sides)
    return Box(left=left, top=setting.y - half, right=right, bottom=setting.y + half)


def paginate(drawn: Sequence[tuple[Word, Glyphs]], *, setting: Setting) -> tuple[tuple[tuple[Word, Glyphs], ...], ...]:
    """Part words into pages of a few that fit the room; a word wider than it stands alone.

    Pages end where a phrase or a breath does. Inside a phrase there are as few as can be, evenly filled, so that no
    word is left over.
    """
    pages: list[tuple[tuple[Word, Glyphs], ...]] = []
    phrase: list[tuple[Word, Glyphs]] = []
    for (word, glyphs), following in zip(drawn, [*drawn[1:], None], strict=False):
        phrase.append((word, glyphs))
        breath = following is not None and following[0].start_ms - word.end_ms > setting.pause_ms
        if following is None or breath or _PHRASE_END.search(glyphs.text):
            pages += _evenly(phrase, setting=setting)
            phrase = []
    return tuple(pages)


def _evenly(phrase: Sequence[tuple[Word, Glyphs]], *, setting: Setting) -> list[tuple[tuple[Word, Glyphs], ...]]:
    """Find the fewest pages, and of those the ones that differ least in width."""
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for stop in range(1, len(phrase) + 1):
        options = []
        for start in range(max(0, stop - setting.words), stop):
            width = setting.line_width([glyphs for _, glyphs in phrase[start:stop]])
            if width <= setting.room or stop - start == 1:
                options.append((best[start][0] + 1, best[start][1] + width**2, start))
        best.append(min(options))
    pages: list[tuple[tuple[Word, Glyphs], ...]] = []
    stop = len(phrase)
    while stop:
        start = best[stop][2]
        pages.insert(0, tuple(phrase[start:stop]))
        stop = start
    return pages


def _glyphs(word: Word, *, em: float) -> Glyphs:
    font, text = writable(word.text, font=INTER_BOLD)
    text = escape(text)
    return Glyphs(font=font, text=text, width=text_width(font, em, text))


def _frame(at_ms: int, *, fps: int) -> int:
    return round(at_ms * fps / 1000)


def _shown(
    page: Sequence[tuple[Word, Glyphs]],
    following: Sequence[tuple[Word, Glyphs]] | None,
    *,
    fps: int,
    frames: range,
) -> range:
    """Return the frames of the body on which a page stands: until the next one, or a moment after its last word."""
    end_ms = page[-1][0].end_ms
    until_ms = end_ms + _LINGER_MS
    if following is not None:
        next_ms = following[0][0].start_ms
        until_ms = next_ms if next_ms - end_ms <= _HOLD_MS else until_ms
    start = max(_frame(page[0][0].start_ms, fps=fps), frames.start)
    stop = min(_frame(until_ms, fps=fps), frames.stop)
    return range(start - frames.start, max(start, stop) - frames.start)


def _spoken(page: Sequence[tuple[Word, Glyphs]], *, shown: range, fps: int, offset: int) -> list[range]:
    """Return when each word of a page is the spoken one: from its start until the next word's, inside the page."""
    starts = [shown.start]
    for word, _ in page[1:]:
        starts.append(min(shown.stop, max(starts[-1], _frame(word.start_ms, fps=fps) - offset)))
    return [range(start, stop) for start, stop in pairwise([*starts, shown.stop])]


def _place(page: Sequence[tuple[Word, Glyphs]], spoken: Sequence[range], *, setting: Setting) -> tuple[Placed, ...]:
    """Set a page on one line in the middle, from the right if it reads so, smaller if one word is too long."""
    line = [glyphs for _, glyphs in page]
    scale = min(1.0, setting.room / setting.line_width(line))
    order = list(zip(line, spoken, strict=True))
    if is_right_to_left(" ".join(glyphs.text for glyphs in line)):
        order.reverse()
    x = (setting.left + setting.right) / 2 - setting.line_width(line) * scale / 2
    placed = []
    for glyphs, during in order:
        width = glyphs.width * scale
        placed.append(Placed(glyphs=glyphs, x=x + width / 2, scale=scale, spoken=during))
        x += width + setting.gap * scale
    return tuple(sorted(placed, key=lambda word: (word.spoken.start, word.spoken.stop)))


class Look(StrEnum):
    """What is seen of a word: at rest, the box behind the spoken one, and the spoken one on it."""

    REST = "rest"
    BOX = "box"
    SPOKEN = "spoken"


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A word of a page, or its box, in one look during some frames of the body."""

    word: Placed
    during: range
    look: Look
    fades: bool = False
    """Whether it fades in."""


def moments_of(page: Page, *, karaoke: bool) -> tuple[Moment, ...]:
    """Return what is drawn of a page, whoever draws it."""
    return tuple(moment for word in page.words for moment in _moments(word, page, karaoke=karaoke))


def _moments(word: Placed, page: Page, *, karaoke: bool) -> Iterable[Moment]:
    if word.spoken.start > page.shown.start:
        before = range(page.shown.start, word.spoken.start)
        yield Moment(word=word, during=before, look=Look.REST, fades=word is not page.words[0])
    if word.spoken and not karaoke:
        yield Moment(word=word, during=word.spoken, look=Look.REST)
    elif word.spoken:
        yield Moment(word=word, during=word.spoken, look=Look.BOX)
        yield Moment(word=word, during=word.spoken, look=Look.SPOKEN)
    if word.spoken.stop < page.shown.stop:
        yield Moment(word=word, during=range(word.spoken.stop, page.shown.stop), look=Look.REST)


def box_of(word: Placed, *, setting: Setting) -> tuple[Box, float]:
    """Return the box behind a word, tight around what is seen of it, and how round its corners are."""
    unit = word.scale * setting.unit
    half, high = word.glyphs.width * word.scale / 2 + _BOX_PAD * unit, _BOX_HEIGHT * unit / 2
    before, after = empty_ends(word.glyphs.text, em=setting.em * word.scale)
    return Box(word.x - half + before, setting.y - high, word.x + half - after, setting.y + high), _BOX_RADIUS * unit


def sunk_by(word: Placed, *, setting: Setting) -> float:
    """Return how far below the captions' middle a word's baseline is: the eye centres words by their capitals."""
    font = word.glyphs.font
    hangs = _ARABIC_HANGS if font == ARABIC else 0.0
    return (metrics(font).cap_height / 2 - hangs) * setting.em * word.scale


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    """Turns pages into events in one setting and one palette."""

    fps: int
    setting: Setting
    palette: Palette

    def page(self, page: Page) -> list[Event]:
        return [self._event_of(moment) for moment in moments_of(page, karaoke=self.setting.karaoke)]

    def _event_of(self, moment: Moment) -> Event:
        word, during = moment.word, moment.during
        if moment.look is Look.BOX:
            return self._box(word, during)
        if moment.look is Look.SPOKEN:
            hot = rf"\bord0\shad0\1c{colour(self.palette.ink)}"
            return self._text(word, during, hot + (POP_WORD.tags if word.scale == 1 else self._scale(word)))
        rest = self._scale(word) + rf"\3c{colour(self.palette.ground)}"
        return self._text(word, during, rest + (rf"\fad({FADE_MS},0)" if moment.fades else ""))

    def _text(self, word: Placed, during: range, tags: str) -> Event:
        font, text = word.glyphs.font, word.glyphs.text
        face = metrics(font)
        # libass centres a line by ascent and descent.
        lift = (face.ascent - face.descent) / 2 * self.setting.em * word.scale - sunk_by(word, setting=self.setting)
        direction = r"\fe-1" if is_right_to_left(text) else ""
        position = rf"\an5\pos({word.x:.1f},{self.setting.y - lift:.1f}){direction}"
        return self._event(during, font, position + tags, text, layer=2)

    def _box(self, word: Placed, during: range) -> Event:
        box, radius = box_of(word, setting=self.setting)
        shape = rounded_rectangle(box.width, box.height, radius)
        position = rf"\an5\pos({box.centre[0]:.1f},{self.setting.y:.1f})"
        tags = rf"{position}\p1\bord0\shad0\1c{colour(self.palette.accent)}{POP_BOX.tags}"
        return self._event(during, INTER_BOLD, tags, shape, layer=1)

    def _event(self, during: range, font: Font, tags: str, body: str, *, layer: int) -> Event:
        start, end = (frame_timestamp(frame, fps=self.fps) for frame in (during.start, during.stop))
        return Event(start, end, font.family, tags, body, layer)

    @staticmethod
    def _scale(word: Placed) -> str:
        return "" if word.scale == 1 else rf"\fscx{word.scale * 100:.1f}\fscy{word.scale * 100:.1f}"
