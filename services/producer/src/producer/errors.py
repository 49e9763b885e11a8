"""What can go wrong with what comes from outside, besides what its vendor says."""

from __future__ import annotations

from common.errors import Conflict, Invalid, OutcomeUnknown, Permanent


class ClipUnusable(Permanent):
    """The vendor delivered something that is no film, or not the film that was ordered."""


class DesignUnusable(Permanent):
    """The vendor delivered something that is no picture."""


class VideoUnusable(Permanent):
    """The vendor delivered something that is no film, or one without sound."""


class VideoTimedOut(Permanent):
    """The vendor was not done in the time we wait for a video."""


class PolicyDoorClosed(Permanent):
    """Compliance does not take the producer's question, so no vendor is given the prompt."""


class ClipTimedOut(Permanent):
    """The vendor was not done in the time we wait for a clip."""


class ClipOutcomeUnknown(OutcomeUnknown):
    """A clip may have been ordered and paid for, and the vendor's list does not say which job it is.

    Nothing is ordered again by itself. A person looks at the vendor's list; the run can be tried again once the job
    shows there, or the step be done anew.
    """


class ScriptUnreadable(Invalid):
    """The file is no script that can be read; `line` says where, where there is such a place."""


class ScriptTooLong(Invalid):
    """The script makes a longer film than is made here."""


class UploadUnusable(Invalid):
    """The file is not what it is uploaded as, cannot be decoded to its end, or is out of bounds."""


class UploadUnknown(Invalid):
    """A brief or a plan names an upload that its tenant does not have, has no more, or not of that kind."""


class UploadedOtherwise(Conflict):
    """The same bytes were uploaded on other terms before, and films may rest on those."""


class UploadInUse(Conflict):
    """Something that is not over names the upload; `used_by` says what."""


class UploadsFull(Invalid):
    """The tenant's uploads fill what it may keep."""

    status = 413


class TemplatesFull(Invalid):
    """The tenant keeps as many versions of templates as it may."""

    status = 413
