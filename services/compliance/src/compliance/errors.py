"""What the airlock says no with."""

from __future__ import annotations

from common.errors import Conflict, Forbidden, Invalid


class NotAReviewer(Forbidden):
    """The caller holds none of the gate's reviewer roles, or is no person."""


class OwnWork(Forbidden):
    """The caller wrote what is to be decided."""


class GateAlreadyDecided(Conflict):
    """Somebody was first; `decided_by`, `decision` and `decided_at` say who, what and when."""


class BlockedByPolicy(Conflict):
    """The checks refuse the content; `rules` names them."""


class EditDoesNotFit(Invalid):
    """The edit removes a value or makes another kind of it, which what comes next could not take; `path` says where."""


class ConditionsNotMet(Invalid):
    """What the gate's workflow asks of the content does not hold; `unmet` are its sentences."""


class ContentChanged(Conflict):
    """The hash the caller saw or computed is not that of the content held here."""


class NotApproved(Conflict):
    """There is no approval to release by."""


class OnHold(Conflict):
    """Somebody stopped this item, or the whole tenant."""


class ReleaseInFlight(Conflict):
    """The release has begun and cannot be called back; `since` says when."""


class AlreadyReleased(Conflict):
    """It is out."""


class PermitAlreadyFinished(Conflict):
    """The permit was finished with another outcome."""
