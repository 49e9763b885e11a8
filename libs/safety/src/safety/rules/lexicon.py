"""Phrases of whole words, with a small grammar. Linear in the text: words are compared, nothing backtracks.

    kill the lights          these words, one after another
    [make|build] a bomb      one of several words
    explos*                  any ending (not for the first word)
    make ... bomb            up to three words in between

A rule's `allow` phrases make the words they cover invisible to it: in "a bath bomb" there is no bomb.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from safety.rules.passage import Passage, Span

_GAP = 3
_ELEMENT = re.compile(r"\[[^\]]*\]|\{\w+\}|\S+")


class BadPhrase(ValueError):
    """A phrase that cannot be read, or could never be found."""


@dataclass(frozen=True)
class Element:
    """One place of a phrase: the words that fit, the beginnings that fit, and how many words may come before it."""

    words: frozenset[str]
    beginnings: tuple[str, ...]
    gap: int

    def fits(self, word: str) -> bool:
        """Whether a folded word may stand here."""
        return word in self.words or (bool(self.beginnings) and word.startswith(self.beginnings))

    def occurs_in(self, vocabulary: Mapping[str, object]) -> bool:
        """Whether any word of the text fits."""
        if any(word in vocabulary for word in self.words):
            return True
        return bool(self.beginnings) and any(word.startswith(self.beginnings) for word in vocabulary)


Phrase = tuple[Element, ...]


@dataclass(frozen=True)
class Lexicon:
    """Phrases to find and phrases that excuse them."""

    phrases: tuple[Phrase, ...]
    allow: tuple[Phrase, ...] = ()

    def find(self, passage: Passage, only: Collection[int] | None = None) -> list[Span]:
        """Where a phrase stands that nothing excuses; what begins inside another match is part of it.

        With `only` just the phrases of these numbers are tried: the others are known not to be there.
        """
        tried = self.phrases if only is None else [self.phrases[number] for number in sorted(only)]
        phrases = _possible(tried, passage)
        if not phrases:
            return []
        excused = {
            place
            for start, end in _matches(_possible(self.allow, passage), passage, excused=())
            for place in range(start, end)
        }
        found: list[Span] = []
        covered = 0
        for start, end in _matches(phrases, passage, excused=excused):
            if start >= covered:
                found.append(Span(passage.spans[start].start, passage.spans[end - 1].end))
                covered = end
        return found


def phrase(text: str, lists: Mapping[str, Sequence[str]]) -> Phrase:
    """A phrase from its written form; `{name}` stands for any word of that list. Raises `BadPhrase`."""
    elements: list[Element] = []
    gap = 0
    for part in _ELEMENT.findall(text.casefold()):
        if part == "...":
            gap = _GAP
            continue
        if part.startswith("{"):
            if part[1:-1] not in lists:
                raise BadPhrase(f"{text!r}: there is no list {part[1:-1]!r}")
            choices: Sequence[str] = lists[part[1:-1]]
        else:
            choices = part.strip("[]").split("|")
        beginnings = tuple(_as_read(choice[:-1], text) for choice in choices if choice.endswith("*"))
        words = frozenset(_as_read(choice, text) for choice in choices if not choice.endswith("*"))
        elements.append(Element(words, beginnings, gap if elements else 0))
        gap = 0
    if not elements or gap or elements[0].beginnings or not all(e.words or e.beginnings for e in elements):
        raise BadPhrase(f"{text!r} is no phrase: it starts with whole words and does not end with a gap")
    return tuple(elements)


@lru_cache(maxsize=16384)
def _as_read(choice: str, text: str) -> str:
    """The choice as a passage's words are read, without accents. Raises `BadPhrase` for what no word can ever be."""
    words = Passage("", choice).words
    if len(words) != 1:
        raise BadPhrase(f"{text!r}: {choice!r} is not one word")
    return words[0]


def _possible(phrases: Sequence[Phrase], passage: Passage) -> list[Phrase]:
    return [phrase for phrase in phrases if all(element.occurs_in(passage.places) for element in phrase)]


def _matches(phrases: Sequence[Phrase], passage: Passage, *, excused: Collection[int]) -> list[tuple[int, int]]:
    """Where phrases begin and end, counted in words, in order."""
    found = {
        (start, end)
        for phrase in phrases
        for word in phrase[0].words
        for start in passage.places.get(word, ())
        if (end := _end(phrase, passage.words, start, excused)) is not None
    }
    return sorted(found)


def _end(phrase: Phrase, words: Sequence[str], start: int, excused: Collection[int]) -> int | None:
    """The place after the phrase that begins at `start`. Keeps all places it may have got to, so nothing is redone."""
    reached = {start}
    for element in phrase:
        reached = {
            place + 1
            for first in reached
            for place in range(first, min(first + element.gap + 1, len(words)))
            if place not in excused and element.fits(words[place])
        }
        if not reached:
            return None
    return min(reached)
