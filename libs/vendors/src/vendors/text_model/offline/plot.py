"""What a concept tells of a story, sorted by the place each piece of it has in three acts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from vendors.text_model.offline.words import finish, sentences, unfinished, word_count

SETUP, SPARK, GOAL, OBSTACLE, STAKES, ENDING = "setup", "spark", "goal", "obstacle", "stakes", "ending"
_SEAMS = re.compile(
    r"\s*;\s*|,?\s+(?=(?:but|until|unless|or else|only to|however|although)\s)|,\s+(?=(?:and|then|so|while)\s)"
    r"|,?\s+(?=(?:before|when|after|because)\s+(?:\S+\s+){2})",
    re.I,
)
_LED = re.compile(r"^(?:but|and|then|so|yet|however,?|while|only|because)\s+", re.I)
_CUES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (ENDING, re.compile(r"^(?:finally|in the end|at last|eventually)\b|\blearns? (?:to|that .* all along)\b", re.I)),
    (
        STAKES,
        re.compile(
            r"^(?:before|unless|or else|otherwise)\b|,\s+or\s+\w|\b(?:or lose|costs?|at the price of|deadline)\b", re.I
        ),
    ),
    (
        GOAL,
        re.compile(
            r"\b(?:must"
            r"|ha(?:s|d|ve) (?:\w+ ){0,3}to|needs? to|want(?:s|ed)? to|tr(?:y|ies|ied) to|sets? out|decides? to"
            r"|vows?|determined to|hopes? to|agrees? to|searches|fights?)\b",
            re.I,
        ),
    ),
    (
        OBSTACLE,
        re.compile(
            r"^(?:but|however|until|although|yet|only to)\b|\b(?:refuses?|against|forbidden|trapped|threatens?|curse"
            r"|storm|loses?|lost|dies|stops?|steals?|betrays?|lies?)\b",
            re.I,
        ),
    ),
    (
        SPARK,
        re.compile(
            r"^(?:when|after|one day|suddenly)\b|\b(?:discovers?|finds?|receives?|arrives?|meets?|inherits?|wakes?"
            r"|learns? that|realis?z?es?|appears?|stumbles?|falls? in love|begins? to|starts? to)\b",
            re.I,
        ),
    ),
)


def pieces_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts, cut where a story turns; each piece a sentence of the concept's own words."""
    found: list[str] = []
    for text in texts:
        for sentence in sentences(text):
            held = ""
            for piece in _SEAMS.split(sentence):
                held = f"{held}, {piece}" if held else piece
                if word_count(held) >= 4:
                    found.append(held)
                    held = ""
            if held and found and word_count(held) < 4:
                found[-1] = f"{unfinished(found[-1])}, {held}"
            elif held:
                found.append(held)
    return tuple(dict.fromkeys(found))


def plotted(pieces: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Each piece under the part of a story it tells; the first one that tells none of the others sets the scene."""
    sorted_out: dict[str, list[str]] = defaultdict(list)
    for piece in pieces:
        told = next((part for part, cue in _CUES if cue.search(piece)), SETUP)
        sorted_out[told].append(finish(_LED.sub("", piece)))
    return {part: tuple(said) for part, said in sorted_out.items()}
