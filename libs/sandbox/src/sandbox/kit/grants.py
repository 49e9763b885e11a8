"""Access that lasts hours and is renewed with tokens that are good once, as vendors with OAuth 2 give it.

Tokens say themselves what they are, under a signature: a sandbox that is started again knows those of the one before
it. What it does not know any more is which of them were spent.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

from sandbox.kit.clock import Clock

ACCESS_SECONDS = 4 * 3600


@dataclass
class Grants:
    """What one vendor was allowed by people. A consent's first refresh token is `<key>-<a name>`."""

    clock: Clock
    key: str
    _spent: dict[str, int] = field(default_factory=dict)
    """Consent → the newest of its refresh tokens that was shown."""
    revoked: set[str] = field(default_factory=set)
    """Consents that are over: no token of theirs is good."""

    def renew(self, shown: str) -> dict[str, Any] | None:
        """The next pair, as RFC 6749 writes it. None for a token that is not good; one that was spent ends it all."""
        found = self._read(shown)
        if found is None or found[0] in self.revoked:
            return None
        consent, number = found
        if number <= self._spent.get(consent, -1):
            self.revoked.add(consent)
            return None
        self._spent[consent] = number
        # To the microsecond: two of one second are two.
        until = round((self.clock.now() + ACCESS_SECONDS) * 1e6)
        return {
            "access_token": self._signed("access", consent, until),
            "refresh_token": self._signed("refresh", consent, number + 1),
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
        }

    def is_good(self, access: str) -> bool:
        """Whether this is an access token of ours, of a consent that holds, and not too old."""
        found = self._verified("access", access)
        return found is not None and found[0] not in self.revoked and self.clock.now() * 1e6 < found[1]

    def _read(self, shown: str) -> tuple[str, int] | None:
        name = shown.removeprefix(f"{self.key}-")
        return (name, 0) if name != shown else self._verified("refresh", shown)

    def _signed(self, kind: str, consent: str, number: int) -> str:
        said = f"{kind}.{consent}.{number}"
        return f"{said}.{hmac.new(self.key.encode(), said.encode(), hashlib.sha256).hexdigest()}"

    def _verified(self, kind: str, token: str) -> tuple[str, int] | None:
        match token.split("."):
            case [said, consent, number, _] if said == kind and number.isdecimal():
                good = hmac.compare_digest(self._signed(kind, consent, int(number)), token)
                return (consent, int(number)) if good else None
        return None
