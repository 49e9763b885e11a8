"""Captions burnt into the picture: a few words at a time, the spoken one on a box that pops. Pure.

Everything is laid out on a canvas whose short side is 1080; libass scales it to the picture. Times are frames, since a
caption can only change with a frame.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from common.contracts.production import Format, Palette, Word
from media.ass import Document, Event, Style, colour, escape, frame_timestamp, rounded_rectangle
from media.fonts import ARABIC, INTER_BOLD, Font, is_right_to_left, metrics, text_width, writable

WORDS_PER_PAGE = 4
PAUSE_MS = 250
"""A silence longer than this starts a new page."""

_SHORT_SIDE = 1080
_SAFE_LEFT, _SAFE_RIGHT = 64, 160
"""What the platforms' own buttons leave free, in canvas pixels from either side."""
_CENTRE = 1330 / 1920
_EM = 80
_BOX_PAD, _BOX_HEIGHT, _BOX_RADIUS = 17, 114, 26
_BETWEEN_BOXES = 16
"""What a box keeps from the words beside it."""
_ARABIC_HANGS = 0.1
"""How far, in ems, Arabic sits below where capitals would stand."""
_LINGER_MS, _HOLD_MS = 220, 500
"""How long a page stays after its last word, and the longest gap it is held over until the next page."""
_PHRASE_END = re.compile(r"""[.!?:…。！？：؟]["'”’»)\]]*$""")

_POP_BOX = r"\fscx88\fscy84\t(0,90,\fscx104\fscy104)\t(90,160,\fscx100\fscy100)"
_POP_WORD = r"\fscx92\fscy92\t(0,90,\fscx103\fscy103)\t(90,160,\fscx100\fscy100)"


@dataclass(frozen=True, kw_only=True)
class Glyphs:
    """A word as it will be drawn: the face that has its letters, what it writes, and its width at full size."""

    font: Font
    text: str
    width: float


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


def canvas(size: Format) -> tuple[int, int]:
    """Return the canvas for a picture: the same shape, its short side 1080."""
    short = min(size.width, size.height)
    return round(size.width * _SHORT_SIDE / short), round(size.height * _SHORT_SIDE / short)


def caption_document(words: Sequence[Word], *, frames: range, size: Format, palette: Palette) -> Document | None:
    """Return the captions of one scene's body, its first frame as time zero; `None` if nothing is spoken over it.

    `words` are timed from the scene's first frame and `frames` are those of the body. What is spoken outside of the
    body is not shown; a page that begins or ends outside is shown on the frames inside.
    """
    laid_out = lay_out(words, frames=frames, size=size)
    if not laid_out:
        return None
    width, height = canvas(size)
    document = Document(width, height)
    fonts = {word.glyphs.font for page in laid_out for word in page.words} | {INTER_BOLD}
    document.styles = [
        Style(font.family, font, _EM, outline=6, outline_colour=palette.ground, shadow=3, alignment=5)
        for font in sorted(fonts, key=lambda font: font.family)
    ]
    drawing = _Drawing(fps=size.fps, y=height * _CENTRE, palette=palette)
    document.events = [event for page in laid_out for event in drawing.page(page)]
    return document


def lay_out(words: Sequence[Word], *, frames: range, size: Format) -> tuple[Page, ...]:
    """Return the pages seen during `frames`, with every word placed inside the safe box."""
    left, right = _SAFE_LEFT, canvas(size)[0] - _SAFE_RIGHT
    room = right - left - 2 * _BOX_PAD
    drawn = [(word, glyphs) for word in words if (glyphs := _glyphs(word)).text]
    pages = paginate(drawn, room=room)
    made = []
    for page, following in zip(pages, [*pages[1:], None], strict=False):
        shown = _shown(page, following, fps=size.fps, frames=frames)
        if shown:
            spoken = _spoken(page, shown=shown, fps=size.fps, offset=frames.start)
            made.append(Page(words=_place(page, spoken, centre=(left + right) / 2, room=room), shown=shown))
    return tuple(made)


def paginate(drawn: Sequence[tuple[Word, Glyphs]], *, room: float) -> tuple[tuple[tuple[Word, Glyphs], ...], ...]:
    """Part words into pages of at most four that fit the room; a word wider than it stands alone.

    Pages end where a phrase or a breath does. Inside a phrase there are as few as can be, evenly filled, so that no
    word is left over.
    """
    pages: list[tuple[tuple[Word, Glyphs], ...]] = []
    phrase: list[tuple[Word, Glyphs]] = []
    for (word, glyphs), following in zip(drawn, [*drawn[1:], None], strict=False):
        phrase.append((word, glyphs))
        if following is None or _PHRASE_END.search(glyphs.text) or following[0].start_ms - word.end_ms > PAUSE_MS:
            pages += _evenly(phrase, room=room)
            phrase = []
    return tuple(pages)


def _evenly(phrase: Sequence[tuple[Word, Glyphs]], *, room: float) -> list[tuple[tuple[Word, Glyphs], ...]]:
    """Find the fewest pages, and of those the ones that differ least in width."""
    best: list[tuple[int, float, int]] = [(0, 0.0, 0)]
    for stop in range(1, len(phrase) + 1):
        options = []
        for start in range(max(0, stop - WORDS_PER_PAGE), stop):
            width = _line_width([glyphs for _, glyphs in phrase[start:stop]])
            if width <= room or stop - start == 1:
                options.append((best[start][0] + 1, best[start][1] + width**2, start))
        best.append(min(options))
    pages: list[tuple[tuple[Word, Glyphs], ...]] = []
    stop = len(phrase)
    while stop:
        start = best[stop][2]
        pages.insert(0, tuple(phrase[start:stop]))
        stop = start
    return pages


def _glyphs(word: Word) -> Glyphs:
    font, text = writable(word.text, font=INTER_BOLD)
    text = escape(text)
    return Glyphs(font=font, text=text, width=text_width(font, _EM, text))


def _line_width(glyphs: Sequence[Glyphs]) -> float:
    return sum(word.width for word in glyphs) + (len(glyphs) - 1) * (_BOX_PAD + _BETWEEN_BOXES)


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


def _place(
    page: Sequence[tuple[Word, Glyphs]], spoken: Sequence[range], *, centre: float, room: float
) -> tuple[Placed, ...]:
    """Set a page on one line around `centre`, from the right if it reads so, smaller if one word is too long."""
    line = [glyphs for _, glyphs in page]
    scale = min(1.0, room / _line_width(line))
    order = list(zip(line, spoken, strict=True))
    if is_right_to_left(" ".join(glyphs.text for glyphs in line)):
        order.reverse()
    x = centre - _line_width(line) * scale / 2
    placed = []
    for glyphs, during in order:
        width = glyphs.width * scale
        placed.append(Placed(glyphs=glyphs, x=x + width / 2, scale=scale, spoken=during))
        x += width + (_BOX_PAD + _BETWEEN_BOXES) * scale
    return tuple(sorted(placed, key=lambda word: (word.spoken.start, word.spoken.stop)))


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    """Turns pages into events at one height, in one palette."""

    fps: int
    y: float
    palette: Palette

    def page(self, page: Page) -> list[Event]:
        return [event for word in page.words for event in self._word(word, page.shown, first=word is page.words[0])]

    def _word(self, word: Placed, shown: range, *, first: bool) -> list[Event]:
        events = []
        rest = self._scale(word) + rf"\3c{colour(self.palette.ground)}"
        if word.spoken.start > shown.start:
            events.append(
                self._text(word, range(shown.start, word.spoken.start), rest + ("" if first else r"\fad(80,0)"))
            )
        if word.spoken:
            hot = rf"\bord0\shad0\1c{colour(self.palette.ink)}"
            events.append(self._box(word))
            events.append(self._text(word, word.spoken, hot + (_POP_WORD if word.scale == 1 else self._scale(word))))
        if word.spoken.stop < shown.stop:
            events.append(self._text(word, range(word.spoken.stop, shown.stop), rest))
        return events

    def _text(self, word: Placed, during: range, tags: str) -> Event:
        font, text = word.glyphs.font, word.glyphs.text
        face = metrics(font)
        # libass centres a line by ascent and descent; the eye centres it by its capitals.
        sunk = _ARABIC_HANGS if font == ARABIC else 0.0
        lift = ((face.ascent - face.descent - face.cap_height) / 2 + sunk) * _EM * word.scale
        direction = r"\fe-1" if is_right_to_left(text) else ""
        position = rf"\an5\pos({word.x:.1f},{self.y - lift:.1f}){direction}"
        return self._event(during, font, position + tags, text, layer=2)

    def _box(self, word: Placed) -> Event:
        scale = word.scale
        shape = rounded_rectangle((word.glyphs.width + 2 * _BOX_PAD) * scale, _BOX_HEIGHT * scale, _BOX_RADIUS * scale)
        tags = rf"\an5\pos({word.x:.1f},{self.y:.1f})\p1\bord0\shad0\1c{colour(self.palette.accent)}{_POP_BOX}"
        return self._event(word.spoken, INTER_BOLD, tags, shape, layer=1)

    def _event(self, during: range, font: Font, tags: str, body: str, *, layer: int) -> Event:
        start, end = (frame_timestamp(frame, fps=self.fps) for frame in (during.start, during.stop))
        return Event(start, end, font.family, tags, body, layer)

    @staticmethod
    def _scale(word: Placed) -> str:
        return "" if word.scale == 1 else rf"\fscx{word.scale * 100:.1f}\fscy{word.scale * 100:.1f}"
