"""What the publisher is asked and answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from common.contracts.message import Capability, Event
from common.contracts.provenance import Deciding
from common.contracts.values import ArtifactRef, JsonObject, Sha256, Value

START_WITHIN_SECONDS = 1.0
"""How long after it asked compliance the publisher may begin to tell a platform something. So a stop takes effect."""


class Visibility(StrEnum):
    """How far a post has come. Only a look at the platform itself makes it `public`."""

    UPLOADING = "uploading"
    ACCEPTED = "accepted"
    PRIVATE = "private"
    PUBLIC = "public"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"


class Audience(StrEnum):
    """Who may see a post."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"


class Window(Value):
    """When a post may go out: from `not_before` on, and not after `not_after`; without one there is no such end."""

    not_before: AwareDatetime | None = None
    not_after: AwareDatetime | None = None


class PostContent(Value):
    """Exactly what goes out: the release manifest is the hash of this and of the bytes it names."""

    title: str
    caption: str
    hashtags: tuple[str, ...] = ()
    video: ArtifactRef
    thumbnail: ArtifactRef
    captions: ArtifactRef
    duration_ms: int
    width: int
    height: int
    platforms: Annotated[tuple[str, ...], Deciding("where a post goes")] = Field(min_length=1)
    language: str = "en"
    visibility: Annotated[Audience, Deciding("who sees a post")] = Audience.PUBLIC
    account: Annotated[str, Deciding("whose post it is")] = Field(
        default="", max_length=200, description="Whose; empty: the one account the platform knows."
    )
    window: Annotated[Window, Deciding("when a post goes out")] = Window()


class PublishInput(Value):
    """Approved content and the airlock item whose approval covers it.

    `post` is a `PostContent` exactly as it was approved: the release manifest is computed from these very members.
    """

    item_id: Annotated[UUID, Deciding("which approval is used")]
    policy_version: Annotated[str, Deciding("by which rules it was approved")]
    post: Annotated[JsonObject, Deciding("what goes out")]


class PublishedPost(Value):
    """One post on one platform, seen where the public would see it."""

    platform: str
    post_id: str
    url: str
    visibility: Visibility
    published_at: datetime


class PublishOutput(Value):
    """Where the film now stands."""

    posts: tuple[PublishedPost, ...]
    manifest_sha256: Sha256


class PostPublished(Event, subject="evt.publisher.post_published.v1"):
    """A post was seen public."""

    post: PublishedPost
    title: str


Publish = Capability("publisher.publish", PublishInput, PublishOutput, timeout_ms=300_000)
