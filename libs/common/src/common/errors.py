"""Errors by who must act next.

    GreenlightError
    ├── Rejected          the business says no; the caller changes something        refused   · HTTP `status`
    │   ├── NotFound, Forbidden, Unauthenticated, Conflict, Invalid, RateLimited
    ├── Transient         try again later, nothing was harmed                       retried   · HTTP 503
    │   ├── Unavailable (ArtifactDamaged), ShieldUnavailable
    │   └── VendorUnavailable, VendorRateLimited
    ├── Permanent         will not get better by itself                             failed    · HTTP 502
    │   └── VendorRefused, VendorAuthFailed
    └── OutcomeUnknown    it may have happened: look, never repeat                  checked   · HTTP 202

Anything else is a bug: the runner reports it as `internal_error` and logs the traceback.
"""

from __future__ import annotations

from typing import Any


class GreenlightError(Exception):
    """Carries a sentence for people; its class name, in snake case, is the code for machines."""

    status: int = 500

    def __init__(self, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.extra = extra

    @property
    def code(self) -> str:
        """`GateAlreadyDecided` → `gate_already_decided`."""
        name = type(self).__name__
        return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


class Rejected(GreenlightError):
    """The business says no."""

    status = 409


class Invalid(Rejected):
    """What was sent cannot be understood or is out of bounds."""

    status = 422


class NotFound(Rejected):
    """There is no such thing, or it belongs to another tenant: the two answers are the same on purpose."""

    status = 404


class Unauthenticated(Rejected):
    """No credentials, or none we can verify."""

    status = 401


class Forbidden(Rejected):
    """We know who is asking, and they may not."""

    status = 403


class Conflict(Rejected):
    """Somebody else was first, or the thing is not in a state for this."""

    status = 409


class RateLimited(Rejected):
    """Too many requests; `retry_after_seconds` says when the next may come."""

    status = 429


class ContentBlocked(Rejected):
    """The checks refuse this content; `reason` names the rule."""

    status = 400


class Transient(GreenlightError):
    """Try again later."""

    status = 503

    def __init__(self, detail: str, *, retry_after_ms: int | None = None, **extra: Any) -> None:
        super().__init__(detail, **extra)
        self.retry_after_ms = retry_after_ms


class VendorUnavailable(Transient):
    """An outside service did not answer, or said it is busy."""


class Unavailable(Transient):
    """One of our own parts is away: for a while, the engine counts no attempt that met it."""


class ArtifactDamaged(Unavailable):
    """The bytes in the store are not those that were put there."""


class ShieldUnavailable(Transient):
    """Text could not be looked at, so it may not pass. Nothing was stored."""


class VendorRateLimited(Transient):
    """An outside service wants us to slow down."""


class Permanent(GreenlightError):
    """Will not get better by trying again."""

    status = 502


class VendorRefused(Permanent):
    """An outside service understood and said no."""


class VendorAuthFailed(Permanent):
    """An outside service does not accept our credentials."""


class OutcomeUnknown(GreenlightError):
    """An irreversible call may or may not have happened. Look; never repeat."""

    status = 202


class LeaseLost(GreenlightError):
    """Another worker owns this attempt now; nothing more may be saved."""

    status = 409
