"""Ids: time-ordered ones for what is new, derived ones for what must be the same when it is made again."""

from __future__ import annotations

import os
import time
from uuid import NAMESPACE_URL, UUID, uuid5

_GREENLIGHT = uuid5(NAMESPACE_URL, "urn:greenlight")


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562, section 5.7): 48 bits of milliseconds, then 74 random bits."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def derived_id(*parts: object) -> UUID:
    """A UUIDv5 of `parts`: the same parts give the same id, in any process, at any time."""
    return uuid5(_GREENLIGHT, "\x1f".join(str(part) for part in parts))
