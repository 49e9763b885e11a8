"""A screenplay as text: in Fountain, which screenwriting programs read (https://fountain.io), and as people read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from common.contracts.screenplay import CharacterProfile, Part, Screenplay

MEDIA_TYPE = "text/plain; charset=utf-8"
"""Fountain has no registered type; it is plain text, and every program opens it by its name."""
_HEADING = re.compile(r"^(?:INT|EXT|EST|INT\.?/EXT|I/E)[. ]", re.I)
_EMPHASIS = re.compile(r"([\\*_\[\]])")
_ACT = ("One", "Two", "Three")


def fountain(screenplay: Screenplay, *, characters: Sequence[CharacterProfile] = (), credit: str) -> str:
    """The outline as a Fountain document: acts are sections, purposes synopses, beats action, profiles notes.

    No text in it can be taken for markup, whoever wrote it. The same screenplay gives the same document.
    """
    page = [f"Title: {_line(screenplay.title)}", f"Credit: {_line(credit)}"]
    page += [f"Notes: {_line(f'{screenplay.genre}, {screenplay.minutes} minutes. {screenplay.logline}')}"]
    return "\n".join(page) + "\n\n" + "\n\n".join(_body(screenplay, characters)) + "\n"


def _body(screenplay: Screenplay, characters: Sequence[CharacterProfile]) -> Iterator[str]:
    yield "# Characters"
    for one in characters or screenplay.characters:
        yield f"[[{_noted(' '.join(_about(one)))}]]"
    for number, act in zip(_ACT, screenplay.acts, strict=True):
        yield f"# Act {number}: {_line(act.title)}"
        yield f"= {_line(act.purpose)}"
        for scene in act.scenes:
            heading = _line(scene.heading).upper()
            yield heading if _HEADING.match(heading) else f".{heading}"
            # An exclamation mark in front makes any line plain action.
            yield from (f"!{_escaped(_line(beat))}" for beat in scene.beats)


def plain_text(screenplay: Screenplay, *, characters: Sequence[CharacterProfile] = (), credit: str) -> str:
    """The same for people: everything, in the order in which one reads it."""
    lines = [screenplay.title.upper(), credit, "", f"{screenplay.genre}, {screenplay.minutes} minutes"]
    lines += ["", screenplay.logline, "", "CHARACTERS"]
    for one in characters or screenplay.characters:
        lines += ["", *_about(one)]
    for number, act in zip(_ACT, screenplay.acts, strict=True):
        lines += ["", "", f"ACT {number.upper()}: {act.title}", act.purpose]
        for scene in act.scenes:
            lines += ["", scene.heading.upper(), *(f"  {beat}" for beat in scene.beats)]
    return "\n".join(lines) + "\n"


def file_name(screenplay: Screenplay, ending: str) -> str:
    """A name for people, such as `the-lighthouse-keeper.fountain`."""
    slug = re.sub(r"[^\w]+", "-", screenplay.title.lower()).strip("-_")[:60]
    return f"{slug or 'screenplay'}.{ending}"


def _about(one: CharacterProfile | Part) -> list[str]:
    head = f"{one.name} ({one.role})"
    if isinstance(one, Part):
        return [f"{head}: {one.description}"]
    said = (("Backstory", one.backstory), ("Motivation", one.motivation), ("Traits", ", ".join(one.traits)))
    return [head, *(f"  {what}: {text}" for what, text in (*said, ("Arc", one.arc)))]


def _line(text: str) -> str:
    """In one line: a line break would end what it is part of."""
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return _EMPHASIS.sub(r"\\\1", text)


def _noted(text: str) -> str:
    """Inside of a note, which nothing in it may end."""
    return _line(text).replace("]]", "] ]").replace("[[", "[ [")
