"""What knowledge is asked and answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from common.contracts.ideation import Idea
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


ArchiveFilm = Capability("knowledge.archive_film", ArchiveInput, Archived)
