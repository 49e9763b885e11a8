"""Subtitle documents in ASS, the language libass draws text and vectors from.

Everything is in pixels of the document's own size (`PlayRes`), which libass scales to the picture. Text from people
goes through `escape`, without exception: a brief can then never carry a tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from media.fonts import Font, ass_px, clean

_LOOK_ALIKES = str.maketrans({"\\": "\u29f5", "{": "\u2774", "}": "\u2775"})
_LANGUAGE = re.compile(r"[a-z]{2}(?![a-z])")
_KAPPA = 0.5523
"""How far a Bézier's handles reach, as a share of the radius, to draw a quarter of a circle."""


def escape(text: str) -> str:
    """Return `text` as one harmless line: what would be read as a tag becomes a look-alike that shows the same glyph.

    ASS has no dependable escape, so backslash and braces turn into U+29F5, U+2774 and U+2775, which the bundled fonts
    draw as backslash and braces. Line breaks become spaces; control characters, direction overrides and invisible
    joiners go. Escaping twice changes nothing.
    """
    return clean(text).translate(_LOOK_ALIKES)


def colour(value: str) -> str:
    """Return `#rrggbb` as an ASS colour for `\\1c` and the like. Raises `ValueError` for anything else."""
    red, green, blue = bytes.fromhex(value.removeprefix("#"))
    return f"&H{blue:02X}{green:02X}{red:02X}&"


def alpha(opacity: float) -> str:
    """Return an opacity between 0 and 1 as an ASS alpha for `\\1a`, `\\alpha` and the like (where 0 is opaque)."""
    return f"&H{255 - round(255 * min(1.0, max(0.0, opacity))):02X}&"


def timestamp(seconds: float) -> str:
    """Return a time as `h:mm:ss.cc`, rounded to the centisecond; times before zero are zero."""
    return _clock(max(0, round(seconds * 100)))


def frame_timestamp(frame: int, *, fps: int) -> str:
    """Return the start of a frame such that an event from frame a to frame b shows on exactly a, a+1, …, b-1.

    Rounded down: libass shows an event from its start on, and a frame's own time is never before that.
    """
    return _clock(max(0, frame * 100 // fps))


def _clock(centiseconds: int) -> str:
    seconds, rest = divmod(centiseconds, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:02d}"


@dataclass(frozen=True)
class Style:
    """How text is set unless an event says otherwise. `em`, `outline` and `shadow` are pixels.

    `alignment` is that of the number pad: 7 top left, 5 middle, 2 bottom centre. Letter spacing is not here because
    libass ignores a negative one in a style; write `\\fsp` in the event.
    """

    name: str
    font: Font
    em: float
    colour: str = "#ffffff"
    outline: float = 0.0
    outline_colour: str = "#000000"
    shadow: float = 0.0
    shadow_opacity: float = 0.5
    alignment: int = 7

    def line(self) -> str:
        """Return the style as a line of the document."""
        ink, edge = f"&H00{colour(self.colour)[2:-1]}", f"&H00{colour(self.outline_colour)[2:-1]}"
        back = f"&H{alpha(self.shadow_opacity)[2:-1]}000000"
        return (
            f"Style: {self.name},{self.font.family},{ass_px(self.font, self.em):.3f},{ink},{ink},{edge},{back},"
            f"0,0,0,0,100,100,0,0,1,{self.outline:g},{self.shadow:g},{self.alignment},0,0,0,1"
        )


@dataclass(frozen=True)
class Event:
    """One line shown from `start` to `end`, both timestamps. Higher layers are drawn over lower ones.

    `tags` are ours and go in as they are; `body` is a drawing of ours or escaped text. Raises `ValueError` for a body
    that could open a tag.
    """

    start: str
    end: str
    style: str
    tags: str
    body: str
    layer: int = 0

    def __post_init__(self) -> None:
        if any(character in self.body for character in "\\{}\r\n"):
            raise ValueError(f"{self.body!r} could be read as tags; pass text through escape()")

    def line(self) -> str:
        """Return the event as a line of the document."""
        tags = f"{{{self.tags}}}" if self.tags else ""
        return f"Dialogue: {self.layer},{self.start},{self.end},{self.style},,0,0,0,,{tags}{self.body}"


@dataclass
class Document:
    """An ASS document in the making. Lines never wrap by themselves: break them where they are measured."""

    width: int
    height: int
    styles: list[Style] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    language: str = ""
    """A BCP 47 tag: one character is drawn in its Chinese or its Japanese form by it. libass reads two letters."""

    def text(self) -> str:
        """Return the whole document."""
        return "\n".join((*self._head(), *(style.line() for style in self.styles), *self._body(), ""))

    def write(self, path: Path) -> Path:
        """Write the document to `path` and return it."""
        path.write_text(self.text(), encoding="utf-8")
        return path

    def _head(self) -> Iterable[str]:
        return (
            "[Script Info]",
            "ScriptType: v4.00+",
            f"PlayResX: {self.width}",
            f"PlayResY: {self.height}",
            "WrapStyle: 2",
            "ScaledBorderAndShadow: yes",
            "Kerning: yes",
            "YCbCr Matrix: TV.709",
            *(f"Language: {found[0]}" for found in [_LANGUAGE.match(self.language)] if found),
            "",
            "[V4+ Styles]",
            "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, "
            "Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, "
            "MarginL, MarginR, MarginV, Encoding",
        )

    def _body(self) -> Iterable[str]:
        yield ""
        yield "[Events]"
        yield "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
        for event in self.events:
            yield event.line()


def rounded_rectangle(width: float, height: float, radius: float, *, x: float = 0.0, y: float = 0.0) -> str:
    """Return the drawing (for `\\p1`) of a rectangle with its top left corner at `x`, `y`."""
    r = min(radius, width / 2, height / 2)
    k = r * (1 - _KAPPA)
    right, bottom = x + width, y + height
    return (
        f"m {x + r:.1f} {y:.1f} l {right - r:.1f} {y:.1f} "
        f"b {right - k:.1f} {y:.1f} {right:.1f} {y + k:.1f} {right:.1f} {y + r:.1f} "
        f"l {right:.1f} {bottom - r:.1f} "
        f"b {right:.1f} {bottom - k:.1f} {right - k:.1f} {bottom:.1f} {right - r:.1f} {bottom:.1f} "
        f"l {x + r:.1f} {bottom:.1f} "
        f"b {x + k:.1f} {bottom:.1f} {x:.1f} {bottom - k:.1f} {x:.1f} {bottom - r:.1f} "
        f"l {x:.1f} {y + r:.1f} b {x:.1f} {y + k:.1f} {x + k:.1f} {y:.1f} {x + r:.1f} {y:.1f}"
    )


def circle(radius: float, *, x: float = 0.0, y: float = 0.0) -> str:
    """Return the drawing (for `\\p1`) of a disc with its centre at `x`, `y`."""
    return rounded_rectangle(2 * radius, 2 * radius, radius, x=x - radius, y=y - radius)
