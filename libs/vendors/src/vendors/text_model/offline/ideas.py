"""The task `propose_ideas`: a brief becomes ideas that differ."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from common.contracts.ideation import Idea, IdeationInput, IdeationOutput, PastFilm
from common.contracts.values import Downgrade

from vendors.text_model.offline.bare_angles import bare_drafts
from vendors.text_model.offline.drafts import Draft, trimmed
from vendors.text_model.offline.feedback import Wishes, heeded, read_feedback
from vendors.text_model.offline.foreign_angles import foreign_drafts
from vendors.text_model.offline.headlines import headline_of
from vendors.text_model.offline.known_angles import known_drafts
from vendors.text_model.offline.language import PHRASES
from vendors.text_model.offline.library import Line
from vendors.text_model.offline.material import Material, gather
from vendors.text_model.offline.numbers import spelled
from vendors.text_model.offline.told_angles import told_drafts
from vendors.text_model.offline.words import capitalise, decapitalise, overlap, tokens, unfinished

STAGE = "ideation"
_ALIKE = (0.45, 0.58)
"""Ideas that share this much of their words count as the same. The second is used when the first leaves too few."""
_ORDERED = re.compile(r"(?:first|then|next|at last|finally|in the end|after)\b", re.I)
_LADDER = ("First", "Then", "Next", "After that")


def drafts_for(material: Material) -> list[Draft]:
    """Every way this material can be told, the most fitting first; never empty."""
    return [*_telling(material), *_asking(material)]


def _telling(material: Material) -> list[Draft]:
    """Drafts that say something: what is known, or what the brief says."""
    if material.brief.language != "en":
        return foreign_drafts(material)
    if material.topic or material.rivals:
        return known_drafts(material)
    return told_drafts(material)


def _asking(material: Material) -> list[Draft]:
    """Drafts that only ask. They are the film of a bare topic, and the last resort of any other."""
    return bare_drafts(material) if material.brief.language == "en" else []


def propose_ideas(variables: IdeationInput) -> tuple[IdeationOutput, tuple[Downgrade, ...]]:
    """Exactly `count` ideas that differ from each other, from `previous` and `past`; `chosen` is the most fitting."""
    material = gather(variables.brief)
    wishes = read_feedback(variables.feedback, material)
    if wishes.audience:
        material = replace(material, brief=replace(material.brief, audience=wishes.audience))
    seconds = max(3, round(variables.target_seconds * (0.7 if wishes.shorter else 1)))
    ideas = _different(
        _candidates(material, wishes, variables, seconds), variables.count, (*variables.previous, *variables.past)
    )
    return IdeationOutput(ideas=ideas, language=material.brief.language), notes_for(material, STAGE)


def notes_for(material: Material, stage: str) -> tuple[Downgrade, ...]:
    """In which way the offline writer gives less than was asked for."""
    found: list[Downgrade] = []
    if material.brief.language != "en":
        known = PHRASES.get(material.brief.language)
        name = known.name if known else f"the language {material.brief.language!r}"
        detail = f"The offline writer has only set phrases for {name}: the film keeps to the brief's own sentences."
        found.append(Downgrade(code="language_limited", detail=detail, stage=stage))
    elif not material.sourced:
        detail = (
            f"There are no sources for {material.about!r}, so the film asks questions and states no facts. "
            "Add facts to the brief, or use a real text model."
        )
        found.append(Downgrade(code="no_sources", detail=detail, stage=stage))
    return tuple(found)


def _candidates(material: Material, wishes: Wishes, variables: IdeationInput, seconds: int) -> Iterator[list[Idea]]:
    """Ideas in groups, better ones first: each draft, the same with other lines in front, questions, single lines."""
    used = {plain_angle(idea.angle) for idea in variables.previous}

    def made(drafts: list[Draft], take: int) -> list[Idea]:
        # An angle whose first line does not fit the length has lost its point.
        ranked = sorted(
            drafts,
            key=lambda draft: (
                draft.angle in used,
                draft.lines[0] not in trimmed(draft, target_seconds=seconds),
                draft.angle not in wishes.angles,
            ),
        )
        return [_idea(heeded(_take(draft, take), wishes, material), material, variables, seconds) for draft in ranked]

    telling, asking = _telling(material), _asking(material)
    yield made(telling, 1)
    yield [*made(telling, 2), *made(telling, 3)]
    yield made(asking, 1)
    for take in (4, 5, 6):
        yield made([*telling, *asking], take)


def _take(draft: Draft, take: int) -> Draft:
    """The draft again with other lines in front; later takes keep a single line, so that they differ more."""
    if take == 1:
        return draft
    turn = (take - 1) % len(draft.lines)
    lines = (*draft.lines[turn:], *draft.lines[:turn])
    return replace(
        draft,
        angle=f"{draft.angle}, take {take}",
        title=f"{draft.title} (take {take})",
        lines=lines if take < 4 else lines[:1],
    )


def plain_angle(angle: str) -> str:
    """`Countdown, take 2` as `Countdown`."""
    return re.sub(r", take \d+$", "", angle)


def _idea(draft: Draft, material: Material, variables: IdeationInput, seconds: int) -> Idea:
    lines = trimmed(draft, target_seconds=seconds)
    points = framed(tuple(line.say for line in lines), draft.numbered, material.names)
    mark = hashlib.sha256("\0".join((variables.brief, draft.angle, draft.title, *points)).encode()).hexdigest()[:6]
    slug = re.sub(r"[^a-z0-9]+", "-", draft.angle.lower()).strip("-") or "idea"
    return Idea(
        id=f"{slug}-{mark}",
        title=draft.title,
        hook=draft.hook,
        angle=draft.angle,
        summary=_summary(lines, draft, material.brief.language),
        points=points,
        why=_why(draft, material),
    )


def _summary(lines: tuple[Line, ...], draft: Draft, language: str) -> str:
    """How the film goes, as the headlines a viewer would see."""
    shown = (unfinished(headline_of(line, avoid=draft.hook, language=language)[0]) for line in lines[:4])
    return " · ".join(text for text in shown if text) or draft.title


def _why(draft: Draft, material: Material) -> str:
    brief = material.brief
    tail = [
        f"Made for {brief.audience}." if brief.audience and brief.audience not in draft.why else "",
        f"Tone: {brief.tone}." if brief.tone else "",
    ]
    return " ".join(part for part in (draft.why, *tail) if part)


def framed(points: tuple[str, ...], numbered: str, names: frozenset[str]) -> tuple[str, ...]:
    """The points counted down, up or in steps, as the draft wants it; one alone is not counted."""
    if len(points) < 2 or not numbered:
        return points
    out: list[str] = []
    for index, point in enumerate(points):
        small = decapitalise(point, names=names)
        if numbered == "steps" and _ORDERED.match(point):
            out.append(point)
        elif numbered == "down":
            out.append(f"{capitalise(spelled(len(points) - index))}: {small}")
        else:
            word = "Finally" if index == len(points) - 1 else _LADDER[index] if index < len(_LADDER) else "Then"
            out.append(f"{word}, {small}")
    return tuple(out)


def words_of(idea: Idea | PastFilm) -> set[str]:
    """Every word of an idea, for telling how alike two of them are."""
    why = idea.why if isinstance(idea, Idea) else ""
    return set(tokens(" ".join((idea.title, idea.hook, idea.angle, idea.summary, *idea.points, why))))


def _different(groups: Iterator[list[Idea]], count: int, known: tuple[Idea | PastFilm, ...]) -> tuple[Idea, ...]:
    taken = [words_of(idea) for idea in known]
    titles = {idea.title for idea in known}
    chosen: list[Idea] = []
    spare: list[Idea] = []
    for group in groups:
        for limit in _ALIKE:
            for idea in group:
                words = words_of(idea)
                if (
                    len(chosen) < count
                    and idea.title not in titles
                    and all(overlap(words, other) < limit for other in taken)
                ):
                    chosen.append(idea)
                    taken.append(words)
                    titles.add(idea.title)
        if len(chosen) == count:
            return tuple(chosen)
        spare.extend(idea for idea in group if idea not in chosen)
    return (*chosen, *spare[: count - len(chosen)])
