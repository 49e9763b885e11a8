"""Keyset pages: a cursor is the sort key of the last row seen, so pages neither skip nor repeat while rows arrive."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from uuid import UUID

from common.errors import Invalid

PAGE_LIMIT = 200


def encode_cursor(*key: object) -> str:
    """An opaque, URL-safe cursor."""
    return base64.urlsafe_b64encode(json.dumps([str(part) for part in key]).encode()).decode().rstrip("=")


def decode_instant_and_id(cursor: str) -> tuple[datetime, UUID]:
    """The key of a list ordered by instant, then id. Raises `Invalid` for anything we did not hand out."""
    try:
        instant, row_id = _decode(cursor)
        at = datetime.fromisoformat(instant)
        if at.tzinfo is None:
            raise ValueError("a cursor's instant is aware")
        return at, UUID(row_id)
    except ValueError as error:
        raise Invalid("The cursor is not one of ours; start without one.") from error


def decode_number(cursor: str) -> int:
    """The key of a list ordered by a number. Raises `Invalid` for anything we did not hand out."""
    try:
        (number,) = _decode(cursor)
        value = int(number)
        if not 0 <= value < 1 << 63:
            raise ValueError("a cursor's number is a bigint")
        return value
    except ValueError as error:
        raise Invalid("The cursor is not one of ours; start without one.") from error


def _decode(cursor: str) -> list[str]:
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not base64 of JSON") from error
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("not a list of strings")
    return parts
