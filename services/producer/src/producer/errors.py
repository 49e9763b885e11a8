"""What can go wrong with what comes from outside, besides what its vendor says."""

from __future__ import annotations

from common.errors import OutcomeUnknown, Permanent


class ClipUnusable(Permanent):
    """The vendor delivered something that is no film, or not the film that was ordered."""


class DesignUnusable(Permanent):
    """The vendor delivered something that is no picture."""


class ClipTimedOut(Permanent):
    """The vendor was not done in the time we wait for a clip."""


class ClipOutcomeUnknown(OutcomeUnknown):
    """A clip may have been ordered and paid for, and the vendor's list does not say which job it is.

    Nothing is ordered again by itself. A person looks at the vendor's list; the run can be tried again once the job
    shows there, or the step be done anew.
    """
