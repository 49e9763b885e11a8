"""API keys: `gl_<8-char prefix>_<secret>`, in letters and digits, so a double click takes all of it."""

from __future__ import annotations

import secrets
import string

_LETTERS = string.ascii_letters + string.digits
_PREFIX_LETTERS = string.ascii_lowercase + string.digits
_PREFIX_LENGTH = 8
# 62^43 is just above 2^256.
_SECRET_LENGTH = 43


def make_api_key() -> str:
    """A new key with 256 random bits in its secret."""
    prefix = "".join(secrets.choice(_PREFIX_LETTERS) for _ in range(_PREFIX_LENGTH))
    return f"gl_{prefix}_{''.join(secrets.choice(_LETTERS) for _ in range(_SECRET_LENGTH))}"


def prefix_of(key: str) -> str:
    """The part that may be shown: the prefix of a key in our format, nothing of any other."""
    parts = key.split("_", 2)
    shown = len(parts) == 3 and parts[0] == "gl" and len(parts[1]) <= _PREFIX_LENGTH and len(parts[2]) >= 32
    return parts[1] if shown else ""
