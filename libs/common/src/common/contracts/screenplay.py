"""What ideation is asked about screenplays, and answers: an outline in three acts, and the people in it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from common.contracts.ideation import BRIEF_LIMIT
from common.contracts.message import Capability
from common.contracts.provenance import Source, Untrusted
from common.contracts.values import ArtifactRef, Origin, Value

ACTS = 3
MOST_PARTS = 8
LANGUAGE_TAG = r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$"
Line = Annotated[str, Field(min_length=1, max_length=160)]
Paragraph = Annotated[str, Field(min_length=1, max_length=1000)]


class Scene(Value):
    """One place at one time."""

    heading: Line = Field(description="Where and when it plays, such as `INT. LIGHTHOUSE - NIGHT`.")
    beats: tuple[Paragraph, ...] = Field(min_length=1, max_length=8, description="What happens, in order.")
    characters: tuple[str, ...] = Field(default=(), description="Who is in it, by their names.")


class Act(Value):
    """A third of the story, though seldom of its length."""

    title: Line
    purpose: Paragraph = Field(description="What is other at its end than it was at its beginning.")
    scenes: tuple[Scene, ...] = Field(min_length=1, max_length=16)


class Part(Value):
    """Somebody in a screenplay, as the outline needs them."""

    name: Line
    role: Line = Field(description="What they are to the story, such as `protagonist`.")
    description: Paragraph


class Screenplay(Value):
    """A film in outline: enough for a person to judge, and for a writer to write pages from."""

    title: Line
    logline: Paragraph = Field(description="The film in one sentence.")
    genre: Line
    language: str = Field(default="en", description="BCP 47 tag of the language it is written in.")
    minutes: int = Field(ge=1, le=240, description="How long the film is meant to be.")
    acts: tuple[Act, ...] = Field(min_length=ACTS, max_length=ACTS)
    characters: tuple[Part, ...] = Field(min_length=1, max_length=MOST_PARTS)


class CharacterProfile(Value):
    """Who somebody is, so that whoever writes or plays them knows what they would do."""

    name: Line
    role: Line
    backstory: Paragraph = Field(description="What made them who they are when the film begins.")
    motivation: Paragraph = Field(description="What they want, and why.")
    traits: tuple[Line, ...] = Field(min_length=1, max_length=8)
    arc: Paragraph = Field(description="How the story changes them, or what it costs them not to change.")


class ScreenplayInput(Value):
    """A concept, and what kind of film is wanted of it."""

    concept: Annotated[str, Untrusted(Source.BRIEF)] = Field(min_length=1, max_length=BRIEF_LIMIT)
    language: str = Field(default="", pattern=LANGUAGE_TAG, description="BCP 47 tag; empty: that of the concept.")
    genre: Annotated[str, Untrusted(Source.BRIEF)] = Field(default="", max_length=60)
    minutes: int = Field(default=10, ge=1, le=240)
    model: str | None = Field(
        default=None, max_length=64, description="Who writes: one of `GET /v1/models`. Null: as the installation says."
    )
    feedback: Annotated[str | None, Untrusted(Source.COMMENT)] = Field(
        default=None, description="What a reviewer wants changed about `previous`."
    )
    previous: Annotated[Screenplay | None, Untrusted(Source.AGENT)] = None


class ScreenplayOutput(Value):
    """The outline, who wrote it, and its files: as data, and as Fountain."""

    screenplay: Screenplay
    written_by: str = Field(description="The adapter and its model, such as `offline/rules-1`.")
    origin: Origin
    document: ArtifactRef | None = None
    fountain: ArtifactRef | None = None


class CharactersInput(Value):
    """Whose people are wanted: a screenplay's, or, without one, those that a concept asks for."""

    concept: Annotated[str, Untrusted(Source.BRIEF)] = Field(min_length=1, max_length=BRIEF_LIMIT)
    screenplay: Annotated[Screenplay | None, Untrusted(Source.AGENT)] = None
    count: int = Field(default=3, ge=1, le=MOST_PARTS, description="How many at most, when there is no screenplay.")
    language: str = Field(default="", pattern=LANGUAGE_TAG, description="BCP 47 tag; empty: that of the screenplay.")
    model: str | None = Field(default=None, max_length=64, description="As for a screenplay.")
    feedback: Annotated[str | None, Untrusted(Source.COMMENT)] = Field(
        default=None, description="What a reviewer wants changed about `previous`."
    )
    previous: Annotated[tuple[CharacterProfile, ...], Untrusted(Source.AGENT)] = Field(
        default=(), max_length=MOST_PARTS
    )


class CharactersOutput(Value):
    """A profile of each of them, in the order of the screenplay."""

    characters: tuple[CharacterProfile, ...] = Field(min_length=1, max_length=MOST_PARTS)
    written_by: str
    document: ArtifactRef | None = None


class TypesetInput(Value):
    """A screenplay as it was approved, and who wrote what it came from."""

    screenplay: Annotated[Screenplay, Untrusted(Source.AGENT)]
    characters: Annotated[tuple[CharacterProfile, ...], Untrusted(Source.AGENT)] = ()
    origin: Origin


class ScreenplayFiles(Value):
    """The same screenplay three times: for screenwriting programs, for people, for programs."""

    fountain: ArtifactRef
    text: ArtifactRef
    document: ArtifactRef


WriteScreenplay = Capability(
    "ideation.write_screenplay", ScreenplayInput, ScreenplayOutput, timeout_ms=300_000, takes_tools=True
)
DevelopCharacters = Capability(
    "ideation.develop_characters", CharactersInput, CharactersOutput, timeout_ms=300_000, takes_tools=True
)
TypesetScreenplay = Capability("ideation.typeset_screenplay", TypesetInput, ScreenplayFiles)
