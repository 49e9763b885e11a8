"""What the publisher refuses, each with its own code."""

from __future__ import annotations

from uuid import UUID

from common.errors import Invalid, OutcomeUnknown, Permanent, Rejected, Transient


class PostInvalid(Invalid):
    """The post is not a `PostContent`."""


class PlatformUnknown(Invalid):
    """The post names a platform that is not on here."""


class TitleTooLong(Invalid):
    """The title is longer than the platform takes."""


class CaptionTooLong(Invalid):
    """The caption is longer than the platform takes."""


class TooManyHashtags(Invalid):
    """There are more hashtags than the platform takes."""


class HashtagInvalid(Invalid):
    """A hashtag is empty, too long, or not one word."""


class MediaNotAccepted(Invalid):
    """The platform does not take this kind of file."""


class FilmTooLong(Invalid):
    """The film runs longer than the platform takes."""


class FilmTooLarge(Invalid):
    """The film has more bytes than the platform takes."""


class VisibilityNotOffered(Invalid):
    """The platform cannot show a post to just these people."""


class AccountUnknown(Invalid):
    """The platform does not know the account."""


class ArtifactMissing(Rejected):
    """Bytes that were approved are not in the store."""


class ArtifactChanged(Rejected):
    """The store holds other bytes than those that were approved."""


class NotApproved(Rejected):
    """Nobody has approved this item."""


class ContentChanged(Rejected):
    """What was approved is not what was to be published."""


class WindowClosed(Rejected):
    """The window in which it was to go out is over."""


class OnHold(Rejected):
    """Somebody put the item, or everything of the tenant, on hold."""


class PublishingStopped(OnHold):
    """Somebody stopped all publishing, until they let it go on."""

    @property
    def permit_id(self) -> UUID | None:
        """The permit that was given before, if there is one."""
        given: UUID | None = self.extra.get("permit_id")
        return given


class PermitTakenBack(PublishingStopped):
    """What was permitted may not be begun any more: the window is over, or the policy is another. It stays so."""


class LeaveIsOver(Transient):
    """Too much time went by since compliance was asked; nothing was told."""


class AlreadyReleased(Rejected):
    """The item went out before; an approval covers one release."""


class PermitRefused(Rejected):
    """Compliance refused for a reason that has no class of its own here; its code is compliance's."""

    @property
    def code(self) -> str:
        """Compliance's own code for it."""
        return str(self.extra["reason"])


class PermitDoorClosed(Permanent):
    """Compliance does not accept this service's credentials: nothing can be published until that is repaired."""


class PublishingCancelled(Rejected):
    """The run was cancelled before anything became public."""


class NotPublicYet(Transient):
    """The platform surely does not show the post; publishing it again is safe."""


class VisibilityUnknown(OutcomeUnknown):
    """The platform was told to publish, and whether it did cannot be seen."""
