"""The cookies of a browser's session: what they are called, and what a request with them has to show besides.

Identity sets them (`POST /v1/sessions`); every service reads the one with the token. A browser sends cookies along
whoever asks it to, so a request that changes something has to repeat in a header what only our own pages can read, and
the token names the hash of that: nobody can put a pair of their own making in its place.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie

TOKEN_COOKIE = "greenlight_token"  # noqa: S105 — a name
SESSION_COOKIE = "greenlight_session"
CSRF_COOKIE = "greenlight_csrf"
CSRF_HEADER = "x-csrf-token"
CSRF_CLAIM = "csrf"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""They change nothing, and no other site can read their answers."""


def cookie_of(headers: Mapping[str, str], name: str) -> str | None:
    """The cookie's value; None when it was not sent, or is empty."""
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return None
    return found.value or None if found else None


def csrf_of(secret: str) -> str:
    """What pages of this session repeat in `X-CSRF-Token`. It tells nothing about the secret."""
    return hmac.new(secret.encode(), b"greenlight csrf", hashlib.sha256).hexdigest()


def csrf_claim(csrf: str) -> str:
    """How a token names it."""
    return hashlib.sha256(csrf.encode()).hexdigest()


def repeats_csrf(headers: Mapping[str, str], claim: object) -> bool:
    """Whether the request shows in its header what the token asks for."""
    shown = csrf_claim(headers.get(CSRF_HEADER, ""))
    return isinstance(claim, str) and hmac.compare_digest(shown.encode(), claim.encode())
