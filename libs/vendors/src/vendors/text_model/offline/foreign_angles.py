"""Drafts outside English: the brief's own sentences, and a few set phrases where we have them."""

from __future__ import annotations

import re

from vendors.text_model.offline.drafts import Draft
from vendors.text_model.offline.language import PHRASES
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material
from vendors.text_model.offline.words import unfinished, word_count

_LONGEST_TOPIC = 9
_ANGLES = ("In order", "Question first", "The essence first", "From the end")
_WHY = (
    "Keeps the order and the words of the brief.",
    "Starts by asking what the brief is about.",
    "Puts the sentence with the most weight in front.",
    "Begins with the last sentence and works back.",
    "Opens in the middle, where the brief is most concrete.",
    "Says as little as possible, for a quiet film.",
    "Alternates the first and the last thoughts of the brief.",
    "Leads with the shortest sentence.",
)


def foreign_drafts(material: Material) -> list[Draft]:
    """Eight drafts that differ in what comes first. They say only what the brief says, in its own language."""
    lines = (*material.own, *material.items)
    phrases = PHRASES.get(material.brief.language)
    title = material.brief.title
    drafts: list[Draft] = []
    for turn, order in enumerate(_orders(lines)):
        hook, *rest = order
        close = Line(unfinished(title)) if rest else Line("")
        named = _ANGLES[turn] if turn < len(_ANGLES) else f"Variation {turn - len(_ANGLES) + 1}"
        said = tuple(rest)
        if phrases:
            close = Line(phrases.closes[turn % len(phrases.closes)])
            if turn % 4 and word_count(material.brief.lead) <= _LONGEST_TOPIC:
                # The set phrase names the topic, so the first line need not be said again.
                hook = Line(_filled(phrases.hooks[(turn - 1) % len(phrases.hooks)], material))
                said = tuple(line for line in order if line != lines[0]) or order
            named = phrases.angles[turn] if turn < len(phrases.angles) else named
        elif len(order) > 2:
            close, said = order[-1], tuple(order[1:-1])
        drafts.append(
            Draft(named, title if turn == 0 else f"{title} · {named}", hook.say, said or order[:1], close, _WHY[turn])
        )
    return drafts


def _filled(phrase: str, material: Material) -> str:
    """A set phrase with the brief's first line in it; a question keeps its mark."""
    asks = material.brief.lead.rstrip().endswith("?")
    topic = f"{material.brief.title}?" if asks else material.brief.title
    filled = phrase.format(topic=topic).replace("?.", "?").replace("?:", "?")
    return re.sub(r"(?<=\? )\w", lambda match: match.group().upper(), filled)


def _orders(lines: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    if not lines:
        return []
    middle = len(lines) // 2
    longest = max(lines, key=lambda line: len(line.say))
    shortest = min(lines, key=lambda line: len(line.say))
    figure = next((line for line in lines if line.figure), longest)

    def leading(line: Line) -> tuple[Line, ...]:
        return (line, *(other for other in lines if other != line))

    woven = [line for pair in zip(lines, reversed(lines), strict=True) for line in pair]
    return [
        lines,
        lines,
        leading(figure),
        tuple(reversed(lines)),
        (*lines[middle:], *lines[:middle]),
        lines[:2],
        tuple(dict.fromkeys(woven)),
        leading(shortest),
    ]
