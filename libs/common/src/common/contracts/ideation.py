"""What ideation is asked and answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from common.contracts.message import Capability
from common.contracts.provenance import Source, Untrusted
from common.contracts.values import ArtifactRef, Value

BRIEF_LIMIT = 10_000


class Claim(Value):
    """What a source says, in its words, and where anybody can look it up."""

    text: Annotated[str, Untrusted(Source.CONTENT)]
    title: str
    url: str
    found_by: str = Field(description="The search or feed that had it, or `library`: a film of ours.")
    published: str = Field(default="", description="When, as the source says; empty when it does not.")


class Research(Value):
    """What was looked up before there were ideas. `said` tells how that went, also when nothing was found."""

    claims: tuple[Claim, ...] = ()
    said: str


class PastFilm(Value):
    """A film of the library, in the words by which an idea can be told from it."""

    entry_id: UUID
    title: str
    hook: str
    angle: str
    summary: str
    points: tuple[str, ...]


class Resemblance(Value):
    """A film of the library that an idea is like."""

    entry_id: UUID
    title: str
    likeness: float = Field(ge=0, le=1, description="The share of their words that they have in common.")


class ScorePart(Value):
    """One thing a score is made of: how many points of how many, and why."""

    name: str
    points: int = Field(ge=0)
    of: int = Field(ge=1)
    why: str


class Score(Value):
    """How well an idea suits the brief's audience and platforms, by a written rubric that looks at its words alone.

    Nobody knows beforehand how a film will do, and this does not say it.
    """

    points: int = Field(ge=0, le=100)
    parts: tuple[ScorePart, ...]
    by: str = Field(description="The rubric and its version.")


class Idea(Value):
    """One concept for a film: enough for a person to choose, and for a writer to go on."""

    id: str
    title: str
    hook: str = Field(description="The first sentence a viewer hears.")
    angle: str = Field(description="How this idea tells it: its approach, in a few words.")
    summary: str
    points: tuple[str, ...] = Field(min_length=1, description="What the film says, in order.")
    why: str = Field(description="Why it fits the brief and its audience.")
    sources: tuple[str, ...] = Field(default=(), description="Addresses of what it rests on besides the brief.")
    score: Score | None = Field(default=None, description="Given by ideation; null where nobody judged it.")
    resembles: tuple[Resemblance, ...] = Field(default=(), description="Films of the library it is like, most first.")


class IdeationInput(Value):
    """A brief and how many different answers to it are wanted."""

    brief: Annotated[str, Untrusted(Source.BRIEF)] = Field(min_length=1, max_length=BRIEF_LIMIT)
    count: int = Field(default=3, ge=1, le=8)
    target_seconds: int = Field(default=20, ge=3, le=180)
    platforms: tuple[str, ...] = ("local_feed",)
    feedback: Annotated[str | None, Untrusted(Source.COMMENT)] = Field(
        default=None, description="What a reviewer wants changed about `previous`."
    )
    previous: Annotated[tuple[Idea, ...], Untrusted(Source.AGENT)] = ()
    audience: Annotated[str, Untrusted(Source.BRIEF)] = Field(default="", max_length=500)
    tone: Annotated[str, Untrusted(Source.BRIEF)] = Field(default="", max_length=200)
    claims: Annotated[tuple[Claim, ...], Untrusted(Source.CONTENT)] = Field(
        default=(), description="What the ideas may rest on; what ideation finds itself is added."
    )
    looked_up: Annotated[str, Untrusted(Source.CONTENT)] = Field(
        default="", max_length=500, description="How looking for `claims` went; the research tells it first."
    )
    past: Annotated[tuple[PastFilm, ...], Untrusted(Source.AGENT)] = Field(
        default=(), max_length=20, description="Films there are already, which the ideas should differ from."
    )


class IdeationOutput(Value):
    """Ideas that differ. `chosen` is the index that goes on unless a reviewer picks another."""

    ideas: tuple[Idea, ...] = Field(min_length=1)
    chosen: int = Field(default=0, ge=0)
    language: str = Field(default="en", description="BCP 47 tag of the brief's language, as detected.")
    document: ArtifactRef | None = None
    research: Research | None = None


ProposeIdeas = Capability("ideation.propose_ideas", IdeationInput, IdeationOutput)
