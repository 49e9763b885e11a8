"""The fonts: what libass must be asked for, how wide text will be, and what can be written at all.

Every face is one static file with a family name of its own (see `tools/build_fonts.py`), so asking for the name gives
that very face. Widths come from HarfBuzz, which libass shapes with too: they agree to a pixel.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import uharfbuzz  # type: ignore[import-untyped]
from common.contracts.scenes import Face
from common.phrases import is_east_asian
from fontTools.ttLib import TTFont

FONTS_DIR = Path(__file__).parent / "fonts"
"""Where the bundled ones are."""


@dataclass(frozen=True)
class Font:
    """A face. `family` is its name in ASS styles and `\\fn`; ask for it with bold and italic off."""

    family: str
    file: str = ""
    """What it is called where operating systems keep fonts; empty for a bundled one."""

    @property
    def name(self) -> str:
        """What its file is called where libass and browsers look for it."""
        return f"{self.family.replace(' ', '')}.ttf"

    @property
    def path(self) -> Path:
        """Its file. Raises `FileNotFoundError` for one that has to be installed and is not."""
        found = installed(self) if self.file else FONTS_DIR / self.name
        if found is None:
            raise FileNotFoundError(self.file)
        return found


INTER_BLACK = Font("Inter Display Black")
INTER_BOLD = Font("Inter Display Bold")
INTER_SEMIBOLD = Font("Inter SemiBold")
INTER_MEDIUM = Font("Inter Medium")
ANTON = Font("Anton")
FRAUNCES = Font("Fraunces Display")
BRICOLAGE = Font("Bricolage Display")
GROTESK = Font("Space Grotesk Bold")
HEBREW = Font("Noto Sans Hebrew Bold")
ARABIC = Font("Noto Sans Arabic Bold")
FONTS = (
    INTER_BLACK,
    INTER_BOLD,
    INTER_SEMIBOLD,
    INTER_MEDIUM,
    ANTON,
    FRAUNCES,
    BRICOLAGE,
    GROTESK,
    HEBREW,
    ARABIC,
)
CJK = Font("NotoSansCJKjp-Bold", file="NotoSansCJK-Bold.ttc")
"""Chinese, Japanese and Korean, with Latin, Greek and Cyrillic beside them. Its glyphs are Japan's unless the document
or the page names another language. libass finds faces with such outlines by their PostScript name alone.
"""
CJK_PACKAGE = "fonts-noto-cjk"
"""What the package is called that brings it, on Debian and Ubuntu."""
FACES: Mapping[Face, Font] = MappingProxyType(
    {
        Face.INTER: INTER_BLACK,
        Face.ANTON: ANTON,
        Face.FRAUNCES: FRAUNCES,
        Face.BRICOLAGE: BRICOLAGE,
        Face.GROTESK: GROTESK,
    }
)
"""What headlines are set in, by the names that brands and scene models know."""
FALLBACKS = (INTER_BOLD, HEBREW, ARABIC)
"""Where to look for letters that the wanted face lacks: Latin, Greek and Cyrillic, then Hebrew, then Arabic."""
_FOLDERS = tuple(
    Path(folder).expanduser()
    for folder in ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")
)
"""Where operating systems keep fonts."""
_FULL_WIDTH = str.maketrans("\\{}", "\uff3c\uff5b\uff5d")
"""The bundled faces have look-alikes of these (see `media.ass.escape`); one that is installed has them full width."""
_LOOSER = 1.2

_NAMED = 20
"""How many letters that are left out are named."""
_MARKS_OF_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = frozenset("\u200b\u200c\u200d\u2060\ufeff\ufe0e\ufe0f")


@dataclass(frozen=True)
class Metrics:
    """A face's vertical measures as shares of the em."""

    ascent: float
    descent: float
    cap_height: float
    x_height: float


@dataclass(frozen=True)
class _Face:
    """What is kept of a font file once it has been read."""

    font: Any
    units: int
    letters: frozenset[int]
    metrics: Metrics


@cache
def installed(font: Font = CJK) -> Path | None:
    """Return where a face that is not bundled is on this machine; `None` if it is not. Looked for once a process."""
    return next((found for folder in _FOLDERS for found in sorted(folder.rglob(font.file))), None)


def all_fonts() -> tuple[Font, ...]:
    """Return every face there is to write with: the bundled ones, then what is installed."""
    return (*FONTS, CJK) if installed() else FONTS


def link_fonts(folder: Path, *documents: str) -> None:
    """Make a folder, to give ffmpeg as `fontsdir`, that holds the faces which these documents name.

    libass reads every file in it, and the one that is installed is large. A repeat adds what is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for font in all_fonts():
        if any(font.family in document for document in documents):
            with suppress(FileExistsError):
                (folder / font.name).symlink_to(font.path)


@cache
def _face(font: Font) -> _Face:
    data = font.path.read_bytes()
    file = TTFont(BytesIO(data), fontNumber=0, lazy=True)
    # HarfBuzz reads which letters a large face has ten times as fast as fontTools.
    read = uharfbuzz.Face(data)
    units: int = file["head"].unitsPerEm
    os2 = file["OS/2"]
    metrics = Metrics(
        ascent=os2.usWinAscent / units,
        descent=os2.usWinDescent / units,
        cap_height=(getattr(os2, "sCapHeight", 0) or 0.7 * units) / units,
        x_height=(getattr(os2, "sxHeight", 0) or 0.5 * units) / units,
    )
    return _Face(font=uharfbuzz.Font(read), units=units, letters=frozenset(read.unicodes), metrics=metrics)


def metrics(font: Font) -> Metrics:
    """Return the face's ascent, descent, capital and x-height as shares of the em."""
    return _face(font).metrics


def looser(font: Font) -> float:
    """Return by how much its lines stand farther apart than others': Han and kana fill their em from top to bottom."""
    return _LOOSER if font == CJK else 1.0


def ass_px(font: Font, em: float) -> float:
    """Return the ASS `Fontsize` that draws `font` at `em` pixels an em (libass counts ascent plus descent)."""
    measures = metrics(font)
    return em * (measures.ascent + measures.descent)


@cache
def _advance(font: Font, text: str) -> float:
    face = _face(font)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(face.font, buffer, {"kern": True, "liga": True, "clig": True})
    return float(sum(position.x_advance for position in buffer.glyph_positions or ())) / face.units


def text_width(font: Font, em: float, text: str, *, tracking: float = 0.0) -> float:
    """Return the width of `text` in pixels as libass will draw it, kerning included.

    `tracking` is what `\\fsp` adds after each character; libass then sets letters one by one, without kerning or
    joining, and so do we: use it for short labels only. Text in two directions is measured as one run, which is
    right to a few pixels.
    """
    if tracking:
        return sum(_advance(font, character) for character in text) * em + tracking * len(text)
    return _advance(font, text) * em


def supports(font: Font, text: str) -> bool:
    """Say whether the face has a glyph for every character of `text`."""
    return _face(font).letters.issuperset(map(ord, text))


def clean(text: str) -> str:
    """Return `text` on one line, composed, without control characters, direction overrides and invisible joiners."""
    kept = (
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character not in _MARKS_OF_DIRECTION
        and character not in _JOINERS
        and (character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cn", "Cs"})
    )
    return " ".join("".join(kept).split())


def writable(text: str, *, font: Font) -> tuple[Font, str]:
    """Return a face and as much of `text` as it can write, so that no box for a missing glyph is ever drawn.

    The wanted face wins if it has every letter; else the fallback that has most of them. What that one lacks too,
    such as emoji, is left out. The text comes back cleaned (see `clean`) and may be empty.
    """
    wanted = clean(text)
    if supports(font, wanted):
        return font, wanted
    letters = [character for character in wanted if not character.isspace()]
    others = (*FALLBACKS, CJK) if installed() and is_east_asian(wanted) else FALLBACKS
    best = max((font, *others), key=lambda face: sum(supports(face, letter) for letter in letters))
    if best == CJK:
        wanted = wanted.translate(_FULL_WIDTH)
    return best, clean("".join(character for character in wanted if character == " " or supports(best, character)))


def left_out(texts: Iterable[str]) -> str:
    """Return a sentence that names the letters, digits and signs of money which these texts lose in a picture, or "".

    Each text is written in one face, and loses what that lacks (see `writable`). Emoji and other pictures are not
    counted: nothing is unsaid without them.
    """
    lost: dict[str, None] = {}
    for text in texts:
        written = frozenset(writable(text, font=INTER_BOLD)[1])
        lost |= dict.fromkeys(letter for letter in clean(text) if letter not in written and _says_something(letter))
    if not lost:
        return ""
    shown, more = " ".join([*lost][:_NAMED]), len(lost) - _NAMED
    named = f"{shown} and {more} more" if more > 0 else shown
    said = f"The bundled typefaces cannot write {named} there, so they are left out of what is seen."
    if is_east_asian("".join(lost)) and not installed():
        said += f" Whoever runs this studio can install the package {CJK_PACKAGE} and start it again."
    return said


def _says_something(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] in "LNM" or kind == "Sc"


def is_right_to_left(text: str) -> bool:
    """Say whether the first strong character of `text` reads from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def fonts_digest() -> str:
    """Return the SHA-256 over all faces' files, for the keys of whatever is rendered with them."""
    return digest_of(all_fonts())


@cache
def digest_of(fonts: Sequence[Font]) -> str:
    """Return the SHA-256 over these faces' files."""
    digest = hashlib.sha256()
    for font in fonts:
        digest.update(font.path.read_bytes())
    return digest.hexdigest()
