"""A piece of text to look at, made readable: what a person sees is what the rules see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from common.contracts.values import JsonObject

from safety.rules.readings import other_readings

_WORD = re.compile(r"(?<!\w)[^\W\d_](?=([ .*_\u2800-])\w)(?:\1[^\W\d_](?!\w)){3,}|[^\W_]+(?:['’][^\W_]+)*|%")
"""Letters set apart from each other, four or more, are one word: `b.o.m.b`."""
_APART = frozenset(" .*_\u2800-")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000e0100-\U000e01ef"
    # Accents that are part of no letter, such as the strokes of "struck out" words: readers read past them.
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_HYPHENS = re.compile("[\u2010-\u2013\u2212]")
_DRAWN = str.maketrans(
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡɩɔ", "abcdefghijklmnoprstuvwyzagio",
) | {first + number: ord("a") + number for first in (0x1F150, 0x1F170) for number in range(26)}  # fmt: skip
"""Letters that no normal form folds: small capitals, and those in dark circles and squares."""
_LATIN = re.compile("[a-z]")
_LOOK_ALIKE = str.maketrans(
    "авсԁеһіјкӏмнорԛѕтуԝхαβεζηικμνορτυχωıօոսհցꓐꓳꓟꓑꓲꓰꓮꓚꓓꓗꓠꓢꓔꓡ"
    "ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᎾᏀᏂᏃᏌᏏᏒᏔᏚᏙᏞᏟᏢᏦᏧᏴ",
    "abcdehijklmhopqstywxabezhikmnoptuxwionuhgbompieacdknstl"
    "drtiyajewmhyoghzubrwsvlcpkdb",
)  # fmt: skip
"""Cyrillic, Greek, Armenian, Lisu and Cherokee letters that look like Latin ones, or whose capitals do."""
_HASHTAG = re.compile(r"#([A-Za-z0-9]+)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DIGITS_AS_LETTERS = str.maketrans("013457", "oieast")
_DIGIT = re.compile(r"\d")
_MACHINE_MADE = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Span(NamedTuple):
    """Where in a passage's readable text something was found."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """One string of the content. `where` is a JSON pointer into it."""

    where: str
    raw: str

    @cached_property
    def text(self) -> str:
        """Compatibility forms folded (ｆｕｌｌ width, ligatures), every hyphen the common one, nothing invisible."""
        if self.raw.isascii():
            return _INVISIBLE.sub("", self.raw)
        return _HYPHENS.sub("-", _INVISIBLE.sub("", unicodedata.normalize("NFKC", self.raw))).translate(_DRAWN)

    @cached_property
    def spans(self) -> list[Span]:
        """Where each word stands."""
        return [Span(*match.span()) for match in _WORD.finditer(self.text)]

    @cached_property
    def words(self) -> list[str]:
        """The words in order, folded for comparing: case, accents, digits and foreign letters written for letters."""
        written = [self.text[start:end] for start, end in self.spans]
        # A word that is all Cyrillic or Greek is a word of those languages, unless nothing else in the text is.
        disguised = not self.text.isascii() and not any(map(_is_foreign, set(written)))
        folded = {word: _folded(word, disguised=disguised) for word in set(written)}
        return [folded[word] for word in written]

    @cached_property
    def has_digits(self) -> bool:
        """Whether there is any digit, which most passages do without."""
        return _DIGIT.search(self.text) is not None

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """For each word where it occurs, counted in words."""
        found: dict[str, list[int]] = {}
        for place, word in enumerate(self.words):
            found.setdefault(word, []).append(place)
        return found


def _is_foreign(word: str) -> bool:
    """Whether it has a letter that no Latin one can be mistaken for, as every text of another script soon does."""
    if word.isascii():
        return False
    letters = unicodedata.normalize("NFKD", word).casefold().translate(_LOOK_ALIKE)
    return any(letter.isalpha() and "LATIN" not in unicodedata.name(letter, "LATIN") for letter in letters)


def _folded(word: str, *, disguised: bool) -> str:
    if word[1:2] in _APART:
        word = word[::2]
    if word.isascii() and word.isalpha():
        return word.lower()
    if not word.isascii():
        word = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    word = word.casefold().replace("’", "'")
    if not word.isascii() and (disguised or _LATIN.search(word)):
        word = word.translate(_LOOK_ALIKE)
    if not word.isalpha() and any(letter.isalpha() for letter in word):
        return word.translate(_DIGITS_AS_LETTERS)
    return word


def passages_of(value: object, where: str = "") -> Iterator[Passage]:
    """Every string of the content with its path, besides hashes and ids that machines made."""
    match value:
        case str():
            if value and not _MACHINE_MADE.fullmatch(value):
                yield Passage(where or "/", value)
                yield from (Passage(where or "/", reading) for reading in other_readings(value))
                if humps := _in_hashtags(value):
                    yield Passage(where or "/", humps)
        case dict():
            for name, member in value.items():
                below = f"{where}/{escaped(name)}"
                if not _PLAIN_NAME.fullmatch(name):
                    yield Passage(below, name)
                yield from passages_of(member, below)
        case list() | tuple():
            for index, member in enumerate(value):
                yield from passages_of(member, f"{where}/{index}")


def _in_hashtags(text: str) -> str:
    """The words of hashtags that are written as one, each with a capital: `#HowTidesWork`."""
    apart = (_HUMP.sub(" ", tag) for tag in _HASHTAG.findall(text)) if "#" in text else ()
    return "\n".join(tag for tag in apart if " " in tag)


def objects_of(value: object, where: str = "") -> Iterator[tuple[str, JsonObject]]:
    """Every object of the content with its path, outer ones first."""
    if isinstance(value, dict):
        yield where or "/", value
        for name, member in value.items():
            yield from objects_of(member, f"{where}/{escaped(name)}")
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from objects_of(member, f"{where}/{index}")


def count_values(value: object) -> int:
    """How many values the content is made of, itself included."""
    match value:
        case dict():
            return 1 + sum(map(count_values, value.values()))
        case list() | tuple():
            return 1 + sum(map(count_values, value))
        case _:
            return 1


def escaped(name: str) -> str:
    """The name as it is written in a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")
