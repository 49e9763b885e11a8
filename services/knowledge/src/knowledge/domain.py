"""What a film is found by, and how a question becomes a search. No I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from common.contracts.knowledge import ArchiveInput

CONFIGURATIONS = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
}
"""Languages whose words PostgreSQL reduces to their stems; all others are searched word for word."""
WORD_FOR_WORD = "simple"
QUESTION_CHARACTERS = 500
"""What is longer is cut: nobody types it, and the time a search takes grows with it."""
MARK_ON, MARK_OFF = "\ue000", "\ue001"
"""Private characters around a hit while a snippet travels from PostgreSQL to us. They never occur in stored text."""

_WORD = re.compile(r"[^\W\d_]{4,40}")
_WORDS_ASKED = 30
_UNSTORABLE = re.compile(f"[\x00{MARK_ON}{MARK_OFF}\ud800-\udfff]")


@dataclass(frozen=True)
class Texts:
    """A film's words by weight: a hit in the title counts most, one in the brief least."""

    title: str
    summary: str
    script: str
    brief: str


@dataclass(frozen=True)
class Piece:
    """A part of a snippet, and whether it is what was asked for."""

    text: str
    hit: bool


def configuration_for(language: str) -> str:
    """The PostgreSQL text search configuration for a BCP 47 tag."""
    return CONFIGURATIONS.get(language.partition("-")[0].lower(), WORD_FOR_WORD)


def texts_of(film: ArchiveInput) -> Texts:
    """Everything of a film that people may remember it by."""
    beats = film.script.beats
    shown = [part for beat in beats for part in (beat.kicker, beat.headline, beat.detail, *beat.items)]
    return Texts(
        title=_joined(film.post.title, film.script.title, film.idea.title),
        summary=_joined(film.idea.summary, film.post.caption, " ".join(film.post.hashtags)),
        script=_joined(*(beat.narration for beat in beats), *shown, film.idea.hook),
        brief=clean(film.brief),
    )


def _joined(*texts: str) -> str:
    # The same sentence in the idea and in the script is one sentence to whoever searches.
    return clean("\n".join(dict.fromkeys(filter(None, texts))))


def clean(text: str) -> str:
    """The text without what PostgreSQL cannot store and without the characters that mark hits."""
    return _UNSTORABLE.sub("", text)


def cleaned(film: ArchiveInput) -> ArchiveInput:
    """The film with every text in it cleaned, ready to be stored."""
    return ArchiveInput.model_validate(_cleaned(film.model_dump(mode="json")))


def _cleaned(value: Any) -> Any:
    match value:
        case str():
            return clean(value)
        case list():
            return [_cleaned(item) for item in value]
        case dict():
            return {name: _cleaned(item) for name, item in value.items()}
        case _:
            return value


def question_of(query: str | None) -> str | None:
    """What to search for; None when nothing was asked. Any text is a question, whatever is in it."""
    question = clean(query or "").strip()[:QUESTION_CHARACTERS]
    return question or None


def any_word_of(brief: str) -> str | None:
    """A question that any film answers which has one of a brief's words; None when it has none worth asking for."""
    words = dict.fromkeys(word.lower() for word in _WORD.findall(clean(brief)))
    return " or ".join([*words][:_WORDS_ASKED]) or None


def pieces_of(snippet: str) -> tuple[Piece, ...]:
    """A marked snippet as pieces of plain text: nobody has to trust markup in it."""
    return tuple(_pieces(snippet))


def _pieces(snippet: str) -> Iterator[Piece]:
    plain, *marked = " ".join(snippet.split()).split(MARK_ON)
    if plain:
        yield Piece(plain, hit=False)
    for part in marked:
        hit, _, rest = part.partition(MARK_OFF)
        if hit:
            yield Piece(hit, hit=True)
        if rest:
            yield Piece(rest, hit=False)
