"""What a beat shows beside its headline must be what it says: a change and a diagram are drawn from its own words."""

from __future__ import annotations

import re

from common.contracts.production import Beat, BeatKind

_WORD = re.compile(r"\w+")
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")


def untold(beat: Beat) -> tuple[str, ...]:
    """The states, nodes and links of a beat that hold a word its narration does not say, as they are written."""
    said = " ".join(_words(beat.narration))
    known = set(said.split())
    return tuple(text for text in _drawn(beat) if not _is_told(text, said, known))


def settled(beat: Beat) -> Beat:
    """The beat without a change or diagram that it does not say or that is not of its kind.

    One whose kind promises what it does not have is a plain point.
    """
    told = not untold(beat)
    change = beat.change if told and beat.kind is BeatKind.CHANGE else None
    diagram = beat.diagram if told and beat.kind is BeatKind.DIAGRAM else None
    lacks = (beat.kind is BeatKind.CHANGE and change is None) or (beat.kind is BeatKind.DIAGRAM and diagram is None)
    kind = BeatKind.POINT if lacks else beat.kind
    return beat.model_copy(update={"kind": kind, "change": change, "diagram": diagram})


def _drawn(beat: Beat) -> tuple[str, ...]:
    change = (beat.change.before, beat.change.after) if beat.change else ()
    return (*change, *beat.diagram.nodes, *beat.diagram.links) if beat.diagram else change


def _is_told(text: str, said: str, known: set[str]) -> bool:
    words = _words(text)
    if _WITHOUT_SPACES.search(text):
        return "".join(words) in said.replace(" ", "")
    return known.issuperset(words) and (bool(words) or not text.strip())


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("\u2019", "'"))
