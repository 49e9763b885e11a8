"""What the publisher needs from outside: platforms to publish on, and the door that gives release permits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from common.contracts.publishing import PostContent, Visibility
from common.contracts.values import JsonObject, Origin, Value

from publisher.domain import Limits, ReleaseOutcome


@dataclass(frozen=True)
class Post:
    """One item on its way to one platform."""

    id: UUID
    tenant: str
    run_id: UUID
    item_id: UUID
    platform: str
    content: PostContent
    manifest_sha256: str
    private_of: UUID | None = None


class Upload(Value):
    """What a platform has been given and does not show yet. `handle` is the platform's own name for it."""

    tenant: str
    post_id: UUID
    handle: str
    video_sha256: str
    video_bytes: int


class Live(Value):
    """A post the public can see, and since when."""

    url: str
    published_at: datetime


@dataclass(frozen=True)
class Progress:
    """What a look at the platform showed. `live` is there exactly when the post is public."""

    visibility: Visibility
    live: Live | None = None
    absent_for_sure: bool = False
    """The platform can prove that the post is not there: only then may it be finished again."""
    detail: str = ""


class Platform(Protocol):
    """A place we publish to. Publishing cannot be undone, so it comes in three parts."""

    @property
    def name(self) -> str:
        """What posts call it."""

    @property
    def origin(self) -> Origin:
        """Whether people really see what is published here."""

    @property
    def limits(self) -> Limits:
        """What it takes."""

    async def begin(self, post: Post, *, key: str) -> Upload:
        """Hand over everything, so that nobody sees it. Repeating it with the same key changes nothing."""

    async def check(self, upload: Upload) -> Progress:
        """Look only, safe at any time, and where the public would look. Raises `Transient` when it cannot see."""

    async def finish(self, upload: Upload) -> Live:
        """Go public. Never retried by us: in doubt it raises `OutcomeUnknown`, and we `check`."""


@dataclass(frozen=True)
class Found:
    """What is about to be sent, as it was found just now, and the policy it was approved under."""

    content: JsonObject
    policy_version: str


class ReleaseDoor(Protocol):
    """Compliance's door for release permits. It fails closed."""

    async def ask(self, tenant: str, *, item_id: UUID, manifest_sha256: str, found: Found | None = None) -> UUID:
        """A single-use permit to release exactly this content. Asked again before it is finished: the same permit.

        It is leave to begin for `START_WITHIN_SECONDS`. Raises `NotApproved`, `ContentChanged`, `WindowClosed`,
        `OnHold`, `PublishingStopped`, `PermitTakenBack`, `AlreadyReleased`; `Transient` when nobody answers, or it is
        too early.
        What is not what was approved is decided anew: `found` says how it differs.
        """

    async def check(self, tenant: str, *, item_id: UUID, manifest_sha256: str, found: Found) -> None:
        """Whether a permit would be given, or is; none is given. Raises what `ask` does."""

    async def finish(self, tenant: str, *, permit_id: UUID, outcome: ReleaseOutcome) -> None:
        """Say what became of it. Repeating it changes nothing. Raises `Transient` when nobody answers."""
