"""What knowledge is asked and answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from common.contracts.ideation import Claim, Idea, PastFilm
from common.contracts.message import Capability
from common.contracts.production import Script
from common.contracts.provenance import Source, Untrusted
from common.contracts.publishing import PostContent, PublishedPost
from common.contracts.values import Value


class ArchiveInput(Value):
    """A finished film with the words that made it, to be found again."""

    brief: Annotated[str, Untrusted(Source.BRIEF)]
    idea: Idea
    script: Script
    post: PostContent
    posts: tuple[PublishedPost, ...] = ()


class Archived(Value):
    """The entry in the library."""

    entry_id: UUID


class RecallInput(Value):
    """What films are looked for by: a brief."""

    brief: Annotated[str, Untrusted(Source.BRIEF)]
    limit: int = Field(default=8, ge=1, le=20)


class Recalled(Value):
    """Films of the library that have words of the brief in them, the nearest first; empty when there are none."""

    films: tuple[PastFilm, ...] = ()
    claims: tuple[Claim, ...] = Field(default=(), description="What the nearest of them say, each to be cited.")
    said: str = Field(default="", description="How looking went, also when nothing was found.")


RecallFilms = Capability("knowledge.recall_films", RecallInput, Recalled)
ArchiveFilm = Capability("knowledge.archive_film", ArchiveInput, Archived)
