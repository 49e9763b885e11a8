"""What the publisher is asked and answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from common.contracts.message import Capability, Event
from common.contracts.values import ArtifactRef, JsonObject, Sha256, Value


class Visibility(StrEnum):
    """How far a post has come. Only a look at the platform itself makes it `public`."""

    UPLOADING = "uploading"
    ACCEPTED = "accepted"
    PRIVATE = "private"
    PUBLIC = "public"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"


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
    platforms: tuple[str, ...] = Field(min_length=1)
    language: str = "en"


class PublishInput(Value):
    """Approved content and the airlock item whose approval covers it.

    `post` is a `PostContent` exactly as it was approved: the release manifest is computed from these very members.
    """

    item_id: UUID
    policy_version: str
    post: JsonObject


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
