"""Text as a speech engine should read it, with the way back to the text as written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from common.phrases import phrases_at

_AS_READ = {
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2212": "-",
    "\u2011": "-",
    "\u2026": "...",
}
"""Engines know the typewriter's signs best: a curly apostrophe makes espeak split the word it stands in."""

_FIRST_PICTOGRAM = 0x2190
_SILENT = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
_JOINERS = {"\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u20e3"}


@dataclass(frozen=True)
class ReadableText:
    """Text for the engine; `origin[i]` is the index in the written text of its i-th character."""

    text: str
    origin: tuple[int, ...]

    def written_at(self, position: int) -> int:
        """The index in the written text of a position in `text`; a position past either end is moved to that end."""
        return self.origin[min(max(position, 0), len(self.origin) - 1)]


def readable(written: str, *, parted: bool = False) -> ReadableText:
    """Leave out what cannot be heard: control characters, emoji, joiners. Letters stay as they are.

    `parted` puts spaces between the phrases of a script that writes none.
    """
    begins = {at for at, _ in phrases_at(written) if at and not written[at - 1].isspace()} if parted else set()
    text: list[str] = []
    origin: list[int] = []
    for index, letter in enumerate(written):
        said = " " * (index in begins) + _said(letter)
        text.append(said)
        origin.extend([index] * len(said))
    return ReadableText(text="".join(text), origin=tuple(origin))


def _said(letter: str) -> str:
    if letter in _AS_READ:
        return _AS_READ[letter]
    if letter in _JOINERS or 0xFE00 <= ord(letter) <= 0xFE0F:
        return ""
    category = unicodedata.category(letter)
    is_pictogram = ord(letter) >= _FIRST_PICTOGRAM and category in {"So", "Sk"}
    is_arrow = 0x2190 <= ord(letter) <= 0x21FF
    if category in _SILENT or is_pictogram or is_arrow:
        return " "
    return letter
