"""Ideas for a brief: they differ from each other, and from those that were turned down."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from itertools import combinations

from common.contracts.ideation import Idea, IdeationInput, IdeationOutput, PastFilm
from common.contracts.values import JsonObject
from pydantic import BaseModel, Field

from vendors.text_model.port import PROPOSE_IDEAS
from vendors.text_model.tasks.task import Task, Unfit, draft_in

ALIKE = 0.6
"""Two ideas that share this much of their words are the same idea twice."""
THE_SAME = 0.9
"""One that was turned down, said again. Below that it may be what a reviewer asked for: the same with a change."""


class IdeaDraft(BaseModel):
    """One concept, as a model writes it."""

    title: str = Field(min_length=1, max_length=120)
    hook: str = Field(min_length=1, max_length=300, description="The first sentence a viewer hears.")
    angle: str = Field(min_length=1, max_length=200, description="How this idea tells it, in a few words.")
    summary: str = Field(min_length=1, max_length=800)
    points: list[str] = Field(min_length=1, max_length=8, description="What the film says, in order.")
    why: str = Field(min_length=1, max_length=600, description="Why it fits the brief and its audience.")
    sources: list[int] = Field(default=[], max_length=8, description="Numbers of the claims it rests on.")


class IdeasDraft(BaseModel):
    """All concepts, and which of them is the best."""

    language: str = Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP 47 tag of the brief.")
    ideas: list[IdeaDraft]
    chosen: int = Field(description="Index of the best idea, from 0.")


def likeness(one: Idea | IdeaDraft, other: Idea | IdeaDraft | PastFilm) -> float:
    """How much of their words two ideas share, from 0 to 1."""
    mine, theirs = _words(one), _words(other)
    return len(mine & theirs) / len(mine | theirs) if mine or theirs else 1.0


def _shown(input: IdeationInput) -> JsonObject:
    shown: JsonObject = {
        "brief": input.brief,
        "target_seconds": input.target_seconds,
        "platforms": list(input.platforms),
    }
    if input.audience:
        shown["audience"] = input.audience
    if input.tone:
        shown["tone"] = input.tone
    if input.claims:
        shown["claims"] = [
            {"number": number, "title": claim.title, "published": claim.published, "text": claim.text}
            for number, claim in enumerate(input.claims, 1)
        ]
    if input.feedback:
        shown["feedback"] = input.feedback
    if input.previous:
        apart = {"id", "sources", "score", "resembles"}
        shown["previous_ideas"] = [idea.model_dump(mode="json", exclude=apart) for idea in input.previous]
    if input.past:
        shown["past_films"] = [film.model_dump(mode="json", exclude={"entry_id"}) for film in input.past]
    return shown


def _read(text: str, input: IdeationInput) -> IdeationOutput:
    draft = draft_in(text, IdeasDraft)
    if len(draft.ideas) != input.count:
        raise Unfit(f"There are {len(draft.ideas)} ideas; exactly {input.count} are wanted.")
    if not 0 <= draft.chosen < input.count:
        raise Unfit(f"'chosen' is {draft.chosen}; it must be an index from 0 to {input.count - 1}.")
    for (first, one), (second, other) in combinations(enumerate(draft.ideas), 2):
        if likeness(one, other) >= ALIKE:
            raise Unfit(f"Ideas {first} and {second} say nearly the same; each needs another angle and other words.")
    for number, idea in enumerate(draft.ideas):
        if any(likeness(idea, turned_down) >= THE_SAME for turned_down in input.previous):
            raise Unfit(f"Idea {number} was turned down before; propose another one.")
        if film := next((film for film in input.past if likeness(idea, film) >= ALIKE), None):
            raise Unfit(f"Idea {number} is nearly the film {film.title!r}, which was made before; tell something else.")
    known = dict(enumerate((claim.url for claim in input.claims), 1))
    if strange := sorted({number for idea in draft.ideas for number in idea.sources} - set(known)):
        raise Unfit(f"There are no claims with these numbers: {strange}.")
    ideas = tuple(
        Idea(
            id=_id(idea, number),
            **idea.model_dump(exclude={"points", "sources"}),
            points=tuple(idea.points),
            sources=tuple(dict.fromkeys(known[source] for source in idea.sources)),
        )
        for number, idea in enumerate(draft.ideas)
    )
    return IdeationOutput(ideas=ideas, chosen=draft.chosen, language=draft.language)


def _id(idea: IdeaDraft, number: int) -> str:
    """The same words have the same id."""
    slug = "-".join(re.findall(r"[a-z0-9]+", idea.title.lower()))[:40].strip("-") or f"idea-{number + 1}"
    return f"{slug}-{hashlib.sha256(idea.model_dump_json().encode()).hexdigest()[:6]}-{number}"


def _words(idea: Idea | IdeaDraft | PastFilm) -> set[str]:
    text = " ".join((idea.title, idea.hook, idea.angle, idea.summary, *idea.points))
    return set(re.findall(r"[^\W_]+", text.lower()))


def _numbers(input: IdeationInput) -> Mapping[str, object]:
    return {"count": input.count, "seconds": input.target_seconds}


IDEAS = Task(
    name=PROPOSE_IDEAS,
    takes=IdeationInput,
    gives=IdeationOutput,
    prompt="propose_ideas.v2",
    shown=_shown,
    read=_read,
    words=_numbers,
    draft=IdeasDraft,
)
