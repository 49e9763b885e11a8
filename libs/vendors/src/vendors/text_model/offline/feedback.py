"""What a reviewer wants changed, as far as rules can act on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from vendors.text_model.offline.clauses import as_sentence, is_clause, spoken_parts
from vendors.text_model.offline.drafts import Draft
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material, touching
from vendors.text_model.offline.numbers import find_figure
from vendors.text_model.offline.requests import addresses_system
from vendors.text_model.offline.words import (
    capitalise,
    clean,
    content_words,
    has_words,
    sentences,
    spoken_length,
    unfinished,
    word_set,
)

_FOCUS = re.compile(
    r"\b(?:focus(?:ing)? (?:more )?on|mention(?:ing)?(?: that)?|include|add|talk (?:more )?about|"
    r"more (?:about|on)|say (?:that|more about)|"
    r"emphasi[sz]e|highlight|don't forget|bring in|tell (?:them|people|us)(?: more)? (?:about|that)|"
    r"use)\s+(?P<what>[^.;!?]+)",
    re.I,
)
_AVOID = re.compile(
    r"\b(?:less (?:about|of|on)|without|no more|don't (?:mention|talk about|use|include)|do not (?:mention|"
    r"use|include)|"
    r"remove|drop|skip|leave out|cut)\s+(?P<what>[^.;!?,]+)",
    re.I,
)
_AUDIENCE = re.compile(
    r"\b(?:for|aimed at)\s+(?P<who>(?:\w+\s){0,2}(?:kids|children|beginners|parents|students|teens|teenagers|"
    r"seniors))\b",
    re.I,
)
_SHORTER = re.compile(r"\b(?:shorter|too long|tighter|more concise|punchier|snappier|brief(?:er)?|trim)\b", re.I)
_MOODS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(r"\b(?:funn\w*|fun|playful|humou?r\w*|lighter|joke\w*|entertaining|surpris\w*)\b", re.I),
        (
            "The odd detail",
            "Myth and fact",
            "Countdown",
            "A challenge",
            "Pick yours",
            "An invitation",
            "Two people",
            "Three words",
        ),
    ),
    (
        re.compile(r"\b(?:numbers?|figures?|data|statistics?|facts?)\b", re.I),
        ("One striking number", "One number", "Number against number"),
    ),
    (re.compile(r"\bquestions?\b", re.I), ("Question first", "Three questions", "Guess first")),
    (
        re.compile(r"\b(?:steps?|simpler|simple|clearer|practical)\b", re.I),
        ("Step by step", "One after the other", "One thing to remember"),
    ),
    (
        re.compile(r"\b(?:personal|emotional|warm\w*|human|relatable|everyday|analog\w*)\b", re.I),
        ("Everyday picture", "See it yourself", "An invitation", "For them alone", "In their own words"),
    ),
)
_EMPTY = word_set("it this that more something anything the hook title ending end beginning start idea ideas")


@dataclass(frozen=True)
class Wishes:
    """`focus` and `avoid` are phrases of the feedback; `angles` those to try first."""

    focus: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    angles: tuple[str, ...] = ()
    audience: str = ""
    shorter: bool = False


def read_feedback(text: str | None, material: Material) -> Wishes:
    """The wishes in `text`. What cannot be acted on is left alone; orders to the system are dropped."""
    if not text:
        return Wishes()
    heard = " ".join(
        sentence for sentence in sentences(clean(text).replace("\n", " ")) if not addresses_system(sentence)
    )
    avoid = tuple(_tidy(match.group("what")) for match in _AVOID.finditer(heard))
    kept = _AVOID.sub(" ", heard)
    focus = tuple(
        part
        for match in _FOCUS.finditer(kept)
        if (part := _tidy(match.group("what"))) and not set(part.lower().split()) <= _EMPTY and not _is_mood(part)
    )
    if (
        not focus
        and (near := touching(material.lines, kept))
        and len(content_words(kept) & content_words(near[0].say)) >= 1
    ):
        focus = (near[0].say,)
    audience = _AUDIENCE.search(heard)
    angles = tuple(name for pattern, names in _MOODS if pattern.search(heard) for name in names)
    return Wishes(
        focus,
        tuple(filter(None, avoid)),
        angles,
        audience.group("who") if audience else "",
        bool(_SHORTER.search(heard)),
    )


def _tidy(text: str) -> str:
    return unfinished(
        re.split(r",?\s+(?:and|but|instead|please|rather than|at the|in the (?:hook|title|end))\b", text)[0]
    ).strip("\"' ")


def _is_mood(text: str) -> bool:
    return len(text.split()) <= 2 and any(pattern.search(text) for pattern, _ in _MOODS)


def heeded(draft: Draft, wishes: Wishes, material: Material) -> Draft:
    """The draft with what was asked for in front, and without what was not wanted."""
    lines = draft.lines
    for phrase in wishes.avoid:
        unwanted = content_words(phrase)
        lines = (lines[0], *(line for line in lines[1:] if not unwanted & content_words(line.say)))
    title = draft.title
    for phrase in reversed(wishes.focus):
        line = _line_about(phrase, material)
        if line.say != draft.hook:
            # The first line answers the hook; what was asked for comes right after it.
            lines = (
                (lines[0], line, *(other for other in lines[1:] if other.say != line.say))
                if line.say != lines[0].say
                else lines
            )
        if spoken_length(phrase) <= 5 and not is_clause(phrase) and phrase.lower() not in title.lower():
            title = f"{draft.title}: {phrase}"
    return replace(draft, lines=lines, title=title)


def _line_about(phrase: str, material: Material) -> Line:
    """A line of the material that covers the phrase; else the reviewer's own words as a line."""
    wanted = content_words(phrase)
    for line in touching(material.lines, phrase)[:1]:
        if wanted and wanted <= content_words(line.say):
            return line
    if not has_words(phrase):
        return Line("")
    say = as_sentence(phrase) if is_clause(phrase) else f"Look out for {phrase}, too."
    first = spoken_parts(capitalise(say))[0]
    return Line(first, figure=find_figure(first))
