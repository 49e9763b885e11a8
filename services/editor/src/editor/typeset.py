"""Lines of type measured before they are drawn: where they break, how large they can be. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.phrases import is_east_asian, phrases, syllables
from media.ass import escape
from media.fonts import Font, looser, metrics, text_width, writable

_STEP = 0.94
"""How much smaller type is tried next when it does not fit."""


@dataclass(frozen=True, kw_only=True)
class TypeBlock:
    """Lines of one size in one face, from the top capital to the last line's foot."""

    font: Font
    em: float
    leading: float
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        """The widest line."""
        return max((text_width(self.font, self.em, line) for line in self.lines), default=0.0)

    @property
    def height(self) -> float:
        """From the first line's capitals to the foot of the last."""
        if not self.lines:
            return 0.0
        # What hangs below the last line, a `g` or a `y`, is counted: it is seen.
        return (len(self.lines) - 1) * self.step + (metrics(self.font).cap_height + 0.22) * self.em

    @property
    def step(self) -> float:
        """From one line to the next."""
        return self.leading * self.em

    def top_of(self, line: int, *, block_top: float) -> float:
        """Where the font's own ascent begins for a line, which is what libass calls its top."""
        face = metrics(self.font)
        return block_top + line * self.step - (face.ascent - face.cap_height) * self.em


def set_block(
    text: str, *, font: Font, em: float, room: float, most_lines: int, least_em: float, leading: float = 1.08
) -> TypeBlock:
    """Break text into at most so many lines that are as even as can be, as large as `em` allows.

    It is made smaller until it fits; at `least_em` what does not fit stays too wide, which the checks then say.
    """
    face, written = writable(text, font=font)
    words = [*phrases(escape(written))]
    leading *= looser(face)
    size = em
    while True:
        pieces = [piece for word in words for piece in _pieces(word, font=face, em=size, room=room)]
        lines = _break(pieces, font=face, em=size, room=room)
        fits = len(lines) <= most_lines and all(text_width(face, size, line) <= room for line in lines)
        if fits or size * _STEP < least_em:
            return TypeBlock(font=face, em=size, leading=leading, lines=tuple(lines))
        size *= _STEP


def _pieces(word: str, *, font: Font, em: float, room: float) -> tuple[str, ...]:
    """Part a phrase of East Asia that no line holds between its characters; whatever else is too long stays whole."""
    too_long = is_east_asian(word) and text_width(font, em, word.rstrip()) > room
    return syllables(word) if too_long else (word,)


def _break(words: Sequence[str], *, font: Font, em: float, room: float) -> list[str]:
    """Break into as few lines as the room asks for, and make those as even as can be."""
    greedy = _fill(words, font=font, em=em, room=room)
    if len(greedy) < 2:
        return greedy
    low, high = max(text_width(font, em, word.rstrip()) for word in words), room
    while high - low > 1:
        middle = (low + high) / 2
        if len(_fill(words, font=font, em=em, room=middle)) <= len(greedy):
            high = middle
        else:
            low = middle
    return _fill(words, font=font, em=em, room=max(low, high))


def _fill(words: Sequence[str], *, font: Font, em: float, room: float) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and text_width(font, em, (lines[-1] + word).rstrip()) <= room:
            lines[-1] += word
        else:
            lines.append(word)
    return [line.rstrip() for line in lines]
