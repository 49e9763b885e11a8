"""From an engine's marks to a time for every written word. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from common.contracts.production import Word
from common.phrases import phrases_at


@dataclass(frozen=True)
class Mark:
    """The engine begins something at a character of the written text."""

    position: int
    at_ms: int


@dataclass(frozen=True)
class Pause:
    """A silence inside the speech."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class _Token:
    text: str
    position: int


def align(text: str, marks: Sequence[Mark], pauses: Sequence[Pause], *, duration_ms: int) -> tuple[Word, ...]:
    """A word for each token of the text between spaces, or phrase of one that has none, in order, within 0 and
    `duration_ms`.

    Engines speak "in the" as one and split "3,000" in two, so a mark belongs to the token it falls on, and tokens
    without a mark share the span of the one before, by how much there is to say. A word ends where a pause begins.
    """
    tokens = [_Token(phrase, at) for at, phrase in phrases_at(text)]
    if not tokens:
        return ()
    starts = _starts(tokens, marks, duration_ms)
    words: list[Word] = []
    for first, after in _groups(starts):
        begins = starts[first] or 0
        ends = starts[after] if after < len(tokens) else duration_ms
        heard_until = _before_pause(begins, duration_ms if ends is None else ends, pauses)
        words.extend(_share(tokens[first:after], begins, heard_until))
    return tuple(words)


def _starts(tokens: Sequence[_Token], marks: Sequence[Mark], duration_ms: int) -> list[int | None]:
    """When each token begins, as far as a mark says so; the first token always begins with the first mark."""
    positions = [token.position for token in tokens]
    starts: list[int | None] = [None] * len(tokens)
    reached, latest = -1, 0
    for mark in marks:
        index = max(0, bisect_right(positions, mark.position) - 1)
        at_ms = min(mark.at_ms, duration_ms)
        if index > reached and at_ms >= latest:
            starts[index] = latest = at_ms
            reached = index
    if starts[0] is None:
        known = next((index for index, start in enumerate(starts) if start is not None), None)
        starts[0] = 0 if known is None else starts[known]
        if known is not None:
            starts[known] = None
    return starts


def _groups(starts: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Runs of tokens that share one mark, as half-open index ranges."""
    known = [index for index, start in enumerate(starts) if start is not None]
    yield from zip(known, [*known[1:], len(starts)], strict=True)


def _before_pause(begins: int, ends: int, pauses: Sequence[Pause]) -> int:
    """Where the sound of a span stops, when a silence leads up to its end."""
    for pause in reversed(pauses):
        if pause.end_ms >= ends and begins < pause.start_ms < ends:
            ends = pause.start_ms
    return ends


def _share(tokens: Sequence[_Token], begins: int, ends: int) -> Iterator[Word]:
    weights = [_weight(token.text) for token in tokens]
    whole, said = sum(weights), 0.0
    start = begins
    for token, weight in zip(tokens, weights, strict=True):
        said += weight
        end = begins + round((ends - begins) * said / whole)
        yield Word(text=token.text, start_ms=start, end_ms=end)
        start = end


def _weight(token: str) -> float:
    """How much there is to say: digits are read as whole words, a lone dash or emoji is hardly heard."""
    letters = sum(letter.isalpha() for letter in token)
    digits = sum(letter.isdigit() for letter in token)
    return 0.5 if letters + digits == 0 else 1.0 + letters + 4.0 * digits
