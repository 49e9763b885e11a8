"""Where text may be parted: at spaces and, in Chinese and Japanese, which write none, between phrases. Pure.

Phrases are found by BudouX. Whatever it finds, no line begins with closing punctuation, a small kana or a sound mark,
and none ends with an opening bracket: the rules that JLREQ (3.1.7, 3.1.8) and UAX #14 (LB13, LB14, LB21) agree on.
Korean has spaces and is parted at them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

import budoux

_UNSPACED = (
    "\u3000-\u30ff\u3100-\u312f\u31f0-\u31ff"  # Punctuation, kana, bopomofo.
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han.
    "\uff01-\uff9f"  # The same and Latin letters, full and half wide.
)
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff"
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]").search
_IS_EAST_ASIAN = re.compile(f"[{_UNSPACED}{_HANGUL}]").search
_IS_HANGUL = re.compile(f"[{_HANGUL}]").search
_KANA = re.compile("[\u3041-\u30fa\uff66-\uff9d]").search
_NEVER_FIRST = frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶー々〻ゝゞヽヾ゛゜〜～ｧｨｩｪｫｬｭｮｯｰﾞﾟ℃°")
_HALF_AT_START, _HALF_AT_END = frozenset("「『（【〈《〔"), frozenset("、。，．」』）】〉》〕")
_LONGEST_JOINED = 4


def is_east_asian(text: str) -> bool:
    """Say whether any of it is Chinese, Japanese or Korean."""
    return _IS_EAST_ASIAN(text) is not None


def is_unspaced(text: str) -> bool:
    """Say whether any of it is in a script that writes no spaces between words: Han or kana."""
    return _IS_UNSPACED(text) is not None


def empty_ends(text: str, *, em: float) -> tuple[float, float]:
    """Return how wide, of letters of that `em`, the empty half of a full-width mark is: at the start, and at the end.

    An opening bracket fills the right half of its em; a comma, a full stop and a closing bracket the left one.
    """
    return (em / 2 if text[:1] in _HALF_AT_START else 0.0), (em / 2 if text[-1:] in _HALF_AT_END else 0.0)


def phrases(text: str) -> tuple[str, ...]:
    """Part a line of text where another line may begin. Each piece but the last keeps the space behind it, so that the
    pieces together are the text, with its spaces made single.
    """
    pieces: list[str] = []
    for token in text.split():
        if pieces:
            pieces[-1] += " "
        pieces += _parted(token)
    return tuple(pieces)


def phrases_at(text: str) -> Iterator[tuple[int, str]]:
    """Yield each of its phrases without the space behind it, and where in the text it begins."""
    for match in re.finditer(r"\S+", text):
        at = match.start()
        for phrase in _parted(match.group()):
            yield at, phrase
            at += len(phrase)


def syllables(phrase: str) -> tuple[str, ...]:
    """Part what is too long for a line wherever two characters of it may come apart at all."""
    cuts = [
        at
        for at, (before, after) in enumerate(pairwise(phrase), start=1)
        if _may_part(before, after) or (_IS_HANGUL(before) and _IS_HANGUL(after))
    ]
    return tuple(phrase[start:stop] for start, stop in pairwise([0, *cuts, len(phrase)]))


def run_together(words: Iterable[str]) -> str:
    """Return words as they are written beside each other: with spaces, save where a script has none."""
    text = ""
    for word in words:
        apart = text and word and not (is_unspaced(text[-1]) or is_unspaced(word[0]))
        text += f" {word}" if apart else word
    return text


def _parted(token: str) -> list[str]:
    if not is_unspaced(token):
        return [token]
    parser = _japanese() if _KANA(token) else _chinese()
    pieces: list[str] = []
    for piece in parser.parse(token):
        if pieces and (not _may_part(pieces[-1][-1], piece[0]) or _belongs(piece, pieces[-1])):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _belongs(piece: str, before: str) -> bool:
    """Say whether a single character, such as a particle, is read with the short piece before it: nobody reads one."""
    lonely = sum(map(str.isalnum, piece)) == 1
    return lonely and len(before) <= _LONGEST_JOINED and before[-1].isalnum()


def _may_part(before: str, after: str) -> bool:
    if not (is_unspaced(before) or is_unspaced(after)) or before == after == "—":
        return False
    ends = unicodedata.category(before) in {"Ps", "Pi", "Sc"}
    begins = after in _NEVER_FIRST or unicodedata.category(after) in {"Pe", "Pf", "Po"}
    return not ends and not begins


@cache
def _japanese() -> budoux.Parser:
    return budoux.load_default_japanese_parser()


@cache
def _chinese() -> budoux.Parser:
    return budoux.load_default_simplified_chinese_parser()
