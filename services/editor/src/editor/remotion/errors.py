"""What can go wrong with Remotion, besides what its worker says."""

from __future__ import annotations

from common.errors import Permanent, VendorRefused, VendorUnavailable


class RemotionMissing(Permanent):
    """Remotion is chosen, and Node, its packages or a Chromium are not on this machine."""


class RemotionFailed(VendorRefused):
    """The worker took the order and could not draw it."""


class RemotionCrashed(VendorUnavailable):
    """The worker's browser died, or stood still, over an order; it can be begun anew."""


class RemotionLost(Permanent):
    """The worker was lost over the same order again and again."""


class RemotionTimedOut(Permanent):
    """The worker was not done in the time we wait for a film."""


class RemotionUnusable(Permanent):
    """The worker delivered something that is no film, or not as long or large as was ordered."""
