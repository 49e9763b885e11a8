"""What the airlock says no with."""

from __future__ import annotations

from common.errors import Conflict, Forbidden, Invalid, NotFound


class NotAReviewer(Forbidden):
    """The caller holds none of the gate's reviewer roles, or is no person."""


class OwnWork(Forbidden):
    """The caller wrote what is to be decided."""


class GateAlreadyDecided(Conflict):
    """Somebody was first; `decided_by`, `decision` and `decided_at` say who, what and when."""


class ChangesNotTaken(Conflict):
    """The run has no way back from this gate, or has gone it as often as its workflow lets it."""


class BlockedByPolicy(Conflict):
    """The checks refuse the content; `rules` names them."""


class BrandUnknown(Invalid):
    """A run names a brand kit that its tenant does not have."""


class BrandUnusable(Invalid):
    """A brand kit names a logo that is not there, or that is none."""


class EditDoesNotFit(Invalid):
    """The edit removes a value or makes another kind of it, which what comes next could not take; `path` says where."""


class ConditionsNotMet(Invalid):
    """What the gate's workflow asks of the content does not hold; `unmet` are its sentences."""


class DowngradesNotAccepted(Invalid):
    """The run is degraded and the approval does not accept that; `downgrades` are those that are left out."""


class UnknownDowngrade(Invalid):
    """The approval accepts what the item does not show; `codes` are those that are none of its downgrades."""


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


class PolicyRefused(Invalid):
    """The pack cannot be used; `problems` are its sentences, with line and field where there are any."""


class PolicyTestsFailed(Conflict):
    """The pack does not find what its own tests say it finds; `problems` says which ones."""


class ShippedPack(Conflict):
    """The pack comes with Greenlight and cannot be changed, or not be switched off."""


class VersionTaken(Conflict):
    """There is another text under this version already; `number` is the one it has."""


class OnLegalHold(Conflict):
    """A legal hold keeps it from being erased."""


class ReasonRequired(Invalid):
    """The gate wants a reason with this decision."""


class AlreadyHeard(Conflict):
    """The caller has approved in this round; one person counts once."""


class ItemClaimed(Conflict):
    """Somebody else is looking at the item; `claimed_by` and `claimed_until` say who and for how long."""


class VersionChanged(Conflict):
    """Somebody changed it in between; `version` is the present one."""


class ItemDiffers(Conflict):
    """Under this key something else is held already; `item_id` says what."""


class WindowNotOpen(Conflict):
    """It is too early to publish; `not_before` says from when on."""


class WindowClosed(Conflict):
    """It is too late to publish: the item is open again, or will be once its release is finished (`permit_id`)."""


class PolicyChanged(Conflict):
    """The policy refuses by now what it let be released; the item is open again once that is finished (`permit_id`)."""


class LinkGone(NotFound):
    """The link is unknown, was revoked, has expired or is used up: the answers are the same on purpose."""


class NotGranted(Forbidden):
    """The link was made for other things."""


class FormExpired(Forbidden):
    """The form was not sent from one of the visit's own pages."""


class ExternalsNotAsked(Invalid):
    """No stage of the item's review asks people without an account, so no link may decide."""


class TooManyLinks(Conflict):
    """So many links to one item work already; revoke those that are not needed."""


class ChainBroken(Conflict):
    """The audit chain does not say what it said; `/v1/audit/verify` names the place."""
