"""Other ways in which a text can be read: signs that stand for letters, and what was packed so that programs unpack it.

Each is looked at besides the text itself, so nothing that is found without them is lost by them.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_to_bytes

_SIGNS = "@$!€£"
_AMONG_LETTERS = re.compile(r"[@$!€£](?:[A-Za-z]|(?<=[A-Za-z][$€£]))")
_WITH_SIGNS = re.compile(r"(?<![A-Za-z0-9@$!€£])[A-Za-z0-9]*+[@$!€£][A-Za-z0-9@$!€£]*")
_AS_LETTERS = tuple(str.maketrans(_SIGNS, letters) for letters in ("asiel", "osiel"))
"""`@` is read as an a, and where a word has an o there, as an o."""
_ENTITY = re.compile(r"&#?\w{1,31};")
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PACKED = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{16,}={0,2}(?![\w+/=-])")
_LEAST_PACKED = 16
_MOSTLY = 0.8
"""So much of what is unpacked must be letters and spaces: anything else was no text."""


def other_readings(text: str) -> Iterator[str]:
    """The text as it reads with signs as letters, and with escapes and base64 undone; only what is not the text."""
    yield from _unlike(text, *_by_signs(text))
    if "%" in text:
        yield from _unlike(text, _ESCAPED.sub(_unescaped, text))
    if "&" in text and _ENTITY.search(text):
        yield from _unlike(text, html.unescape(text))
    if max(map(len, text.split()), default=0) >= _LEAST_PACKED:
        yield from _unlike(text, _PACKED.sub(_unpacked, text))


def _unlike(text: str, *readings: str) -> Iterator[str]:
    yield from (reading for reading in dict.fromkeys(readings) if reading != text)


def _by_signs(text: str) -> tuple[str, ...]:
    # Most texts have none, and looking for each is what costs least.
    if not any(sign in text for sign in _SIGNS) or not _AMONG_LETTERS.search(text):
        return ()

    def read(letters: dict[int, int]) -> Callable[[re.Match[str]], str]:
        return lambda found: found[0].translate(letters) if _is_a_word(found) else found[0]

    return tuple(_WITH_SIGNS.sub(read(letters), text) for letters in _AS_LETTERS)


def _is_a_word(found: re.Match[str]) -> bool:
    """Whether signs stand among letters: names of people (`@ann`), addresses, sums and exclamations are left alone."""
    word = found[0].rstrip("!")
    behind = found.string[found.end() : found.end() + 2]
    is_address = "@" in word and (behind[:1] == "." and behind[1:].isalnum())
    begins = not word.startswith(("@", "!"))
    return begins and not is_address and any(sign in word for sign in _SIGNS) and sum(map(str.isalpha, word)) > 1


def _unescaped(found: re.Match[str]) -> str:
    try:
        return unquote_to_bytes(found[0]).decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _unpacked(found: re.Match[str]) -> str:
    packed = found[0].rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return found[0]
    readable = sum(letter.isalpha() or letter.isspace() for letter in text)
    return text if readable >= _MOSTLY * len(text) else found[0]
