"""Type: which face a film speaks in, and headlines broken and sized by the real widths of their letters."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from common.phrases import is_east_asian, is_unspaced, phrases, syllables
from media.ass import escape
from media.fonts import (
    ANTON,
    BRICOLAGE,
    CJK,
    FRAUNCES,
    GROTESK,
    INTER_BLACK,
    Font,
    is_right_to_left,
    looser,
    metrics,
    supports,
    text_width,
    writable,
)

_VOICES: dict[str, Font] = {
    "sea": BRICOLAGE,
    "forest": FRAUNCES,
    "fire": ANTON,
    "space": GROTESK,
    "night": FRAUNCES,
    "tech": GROTESK,
    "food": FRAUNCES,
    "money": INTER_BLACK,
    "health": BRICOLAGE,
    "sport": ANTON,
    "history": FRAUNCES,
    "travel": BRICOLAGE,
    "sky": BRICOLAGE,
    "work": INTER_BLACK,
    "love": BRICOLAGE,
}
_CAPITALS = frozenset({ANTON})
_SIZES = {ANTON: (1.24, 1.12), CJK: (0.9, looser(CJK))}
"""Faces set larger or smaller than asked, and with how much more leading: Han is as high as Latin is with its stems."""
_DIGIT = re.compile(r"\d").search
_SMALLEST_WHOLE = 0.45
"""A word that fits only below this share of the wanted size is hyphenated instead."""
_TORN = 0.86
"""What a break is worth when an accented phrase of it is torn apart, as a share of its size."""
_VOWELS = "aeiouyäöüáéíóúàèìòùâêîôû"
_ONE_SOUND = frozenset({"ch", "ck", "ph", "sh", "th", "qu"})


@dataclass(frozen=True)
class Word:
    """A piece of a line set at once: `x` from the line's left end, both in design pixels."""

    text: str
    x: float
    width: float
    hot: bool


@dataclass(frozen=True)
class Line:
    """One line of a block."""

    words: tuple[Word, ...]
    width: float
    text: str
    """All of it, as it is written."""

    @property
    def hot_spans(self) -> list[tuple[float, float]]:
        """Where accented words stand, from left to right; neighbours are one span."""
        spans: list[tuple[float, float]] = []
        joined = False
        for word in self.words:
            if word.hot:
                spans.append((spans.pop()[0] if joined else word.x, word.x + word.width))
            joined = word.hot
        return spans


@dataclass(frozen=True)
class Block:
    """Text that fits its box: its lines, at which size and in which face."""

    font: Font
    em: float
    leading: float
    lines: tuple[Line, ...]
    right_to_left: bool = False

    @property
    def height(self) -> float:
        """From the top of the first line's capitals to the foot of the last line's descenders."""
        if not self.lines:
            return 0.0
        return self.cap + (len(self.lines) - 1) * self.leading + self.em * 0.2

    @property
    def cap(self) -> float:
        """The height of a capital."""
        return metrics(self.font).cap_height * self.em

    @property
    def width(self) -> float:
        """The width of the longest line."""
        return max((line.width for line in self.lines), default=0.0)


def display_face(palette_name: str) -> Font:
    """Return the face of a film's headlines; films of one palette speak in one voice."""
    mood = palette_name.partition("-")[0]
    others = (BRICOLAGE, INTER_BLACK, GROTESK, FRAUNCES)
    return _VOICES.get(mood) or others[sum(palette_name.encode()) % len(others)]


def fit(
    text: str,
    *,
    font: Font,
    width: float,
    height: float,
    em: float,
    least: float,
    leading: float = 1.06,
    lines: int = 6,
    hot: Sequence[str] = (),
) -> Block:
    """Return `text` broken into lines of even length at the largest size from `em` down that fits the box.

    A word too long for the box at a good size is hyphenated. What does not fit even at the size `least` is dropped,
    with an ellipsis. Letters no bundled face has are left out.
    """
    face, clean = _cast(text, font)
    larger, more = _SIZES.get(face, (1.0, looser(face)))
    em, leading = em * larger, leading * more
    whole = max(least, _SMALLEST_WHOLE * em)
    # A number is never cut: half of one would be another number. It shrinks instead.
    words = [
        piece for word in phrases(clean) for piece in _hyphenated(word, face, least if _DIGIT(word) else whole, width)
    ]
    hot_words = _hot_places(words, hot)
    best: tuple[float, float, list[list[str]]] | None = None
    size = em
    while size > least and (best is None or size > best[0]):
        broken = _break(words, face, size, width)
        if broken and len(broken) <= lines and _height(len(broken), face, size, leading) <= height:
            worth = size * _evenness(broken, face) * _TORN ** _torn(broken, hot)
            best = max(best, (worth, size, broken), key=lambda found: found[0]) if best else (worth, size, broken)
        size *= 0.97
    if best:
        return _block(best[2], face, best[1], leading * best[1], hot_words)
    pieces = [piece for word in words for piece in _hyphenated(word, face, least, width)]
    hot_words = _hot_places(pieces, hot)
    broken = _break(pieces, face, least, width) or []
    room = max(1, min(lines, int((height - face_cap(face) * least) / (leading * least)) + 1))
    if len(broken) > room:
        broken = [*broken[: room - 1], _shortened(broken[room - 1], face, least, width)]
    return _block(broken, face, least, leading * least, hot_words)


def one_line(text: str, *, font: Font, em: float, width: float = math.inf) -> Block:
    """Return all of `text` on one line: at this size, or as much smaller as it takes to be no wider than `width`."""
    face, clean = _cast(text, font)
    em = min(em, width / max(1e-6, text_width(face, 1, clean)))
    return _block([[*phrases(clean)]] if clean else [], face, em, em, frozenset())


def _cast(text: str, font: Font) -> tuple[Font, str]:
    """Return the face that can write the text, and the text as it writes it: escaped, in capitals if it shouts."""
    face, clean = writable(text, font=font)
    if face in _CAPITALS:
        face, clean = writable(clean.upper(), font=face)
    return face, escape(clean)


def face_cap(font: Font) -> float:
    """Return the height of a capital as a share of the em."""
    return metrics(font).cap_height


def _height(count: int, font: Font, em: float, leading: float) -> float:
    return face_cap(font) * em + (count - 1) * leading * em + 0.2 * em


def _break(words: Sequence[str], font: Font, em: float, width: float) -> list[list[str]] | None:
    """Break into as few lines as fit, then even them out; `None` if a word alone is too wide."""
    if any(text_width(font, em, word.rstrip()) > width for word in words):
        return None
    best = _greedy(words, font, em, width)
    low, high = 0.0, width
    while high - low > 8:
        middle = (low + high) / 2
        tried = _greedy(words, font, em, middle)
        fits = len(tried) == len(best) and all(text_width(font, em, _written(line)) <= middle for line in tried)
        low, high = (low, middle) if fits else (middle, high)
    return _greedy(words, font, em, high)


def _evenness(broken: Sequence[Sequence[str]], font: Font) -> float:
    """Return what a break is worth, as a share of its size: one very short line looks like an accident."""
    widths = [text_width(font, 1, _written(line)) for line in broken]
    return 1.0 if min(widths) >= 0.5 * max(widths) else 0.8 if min(widths) >= 0.34 * max(widths) else 0.7


def _torn(broken: Sequence[Sequence[str]], hot: Sequence[str]) -> int:
    """Count the accented phrases that stand on two lines."""
    lines = [f" {' '.join(_bare(word) for word in line)} " for line in broken]
    accented = [" ".join(_bare(word) for word in escape(phrase).split()) for phrase in hot]
    return sum(not any(f" {phrase} " in line for line in lines) for phrase in accented if " " in phrase)


def _greedy(words: Sequence[str], font: Font, em: float, width: float) -> list[list[str]]:
    lines: list[list[str]] = []
    for word in words:
        after_hyphen = bool(lines) and lines[-1][-1].endswith("-")
        if lines and not after_hyphen and text_width(font, em, _written([*lines[-1], word])) <= width:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _hyphenated(word: str, font: Font, em: float, width: float) -> list[str]:
    """Cut a word that is too wide: at a hyphen of its own, else between syllables where there is a place near the edge.

    It is a rule for all languages, not a dictionary: a consonant that a vowel follows begins a piece.
    """
    if is_east_asian(word):
        return [*syllables(word)] if text_width(font, em, word.rstrip()) > width else [word]
    word, space = word.rstrip(), " " * word.endswith(" ")
    hyphen = "-" if supports(font, "-") else ""
    pieces: list[str] = []
    while text_width(font, em, word) > width and len(word) > 2:
        last = len(word) - 2 if len(word) > 5 else len(word)
        cut = max((i for i in range(1, last) if text_width(font, em, word[:i] + hyphen) <= width), default=1)
        own = word.rfind("-", 2, cut + 1) + 1
        nice = next((i for i in range(cut, max(2, cut - 9), -1) if _begins_syllable(word, i)), cut)
        cut = own or nice
        pieces.append(word[:cut] if own else word[:cut] + hyphen)
        word = word[cut:]
    return [*pieces, word + space]


def _begins_syllable(word: str, place: int) -> bool:
    """Say whether a piece may begin there: three letters from either end, and not inside what is one sound."""
    before, here, after = (
        word[place - 1 : place].lower(),
        word[place : place + 1].lower(),
        word[place + 1 :][:1].lower(),
    )
    apart = 3 <= place <= len(word) - 3 and before.isalpha() and here.isalpha()
    return apart and here not in _VOWELS and after in _VOWELS and before + here not in _ONE_SOUND


def _shortened(line: list[str], font: Font, em: float, width: float) -> list[str]:
    dots = "…" if supports(font, "…") else "..."
    while len(line) > 1 and text_width(font, em, _written(line) + dots) > width:
        line = line[:-1]
    return [*line[:-1], line[-1].rstrip(" .,;:-、，。") + dots]


def _written(line: Sequence[str]) -> str:
    """Return a line's pieces beside each other: each has the space behind it."""
    return "".join(line).rstrip()


def _block(broken: list[list[str]], font: Font, em: float, leading: float, hot: frozenset[int]) -> Block:
    right_to_left = is_right_to_left("".join(word for line in broken for word in line))
    lines, place = [], 0
    for texts in broken:
        pieces = [_written(texts)] if right_to_left else texts
        words, done = [], ""
        for piece in pieces:
            x, text = text_width(font, em, done), piece.rstrip()
            is_hot = not right_to_left and place in hot
            words.append(Word(text, x, text_width(font, em, done + text) - x, is_hot))
            place += 1
            done += piece
        lines.append(Line(tuple(words), words[-1].x + words[-1].width, _written(texts)))
    return Block(font, em, leading, tuple(lines), right_to_left)


def _hot_places(words: Sequence[str], accented: Sequence[str]) -> frozenset[int]:
    """Return the places of the words to accent: each phrase where its words stand together, else where they stand."""
    bare = [_bare(word) for word in words]
    places: set[int] = set()
    for phrase in accented:
        if is_unspaced(phrase):
            places |= _overlapped(bare, _bare(phrase))
            continue
        wanted = [_bare(word) for word in escape(phrase).split()]
        together = [i for i in range(len(bare) - len(wanted) + 1) if wanted and bare[i : i + len(wanted)] == wanted]
        if together:
            places.update(range(together[-1], together[-1] + len(wanted)))
        else:
            places.update(i for i, word in enumerate(bare) if word in wanted)
    return frozenset(places)


def _overlapped(pieces: Sequence[str], phrase: str) -> set[int]:
    """Return the places of the pieces that a phrase lies on, in a script whose words nothing parts."""
    start = "".join(pieces).find(phrase)
    ends = [*accumulate(map(len, pieces))]
    spans = enumerate(zip([0, *ends], ends, strict=False))
    return {at for at, (begins, stops) in spans if 0 <= start < stops and begins < start + len(phrase)}


def _bare(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word).casefold()
