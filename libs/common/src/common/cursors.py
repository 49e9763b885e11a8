"""Keyset pages: a cursor is the sort key of the last row seen, so rows that come or go meanwhile shift nothing."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, overload
from uuid import UUID

from common.clock import rfc3339
from common.errors import Invalid

Part = str | int | float | datetime | UUID
Key = tuple[Part, ...]
T = TypeVar("T")
A = TypeVar("A", str, int, float, datetime, UUID)
B = TypeVar("B", str, int, float, datetime, UUID)
C = TypeVar("C", str, int, float, datetime, UUID)
D = TypeVar("D", str, int, float, datetime, UUID)
_BIGINTS = range(-(1 << 63), 1 << 63)


def encode_cursor(*key: Part) -> str:
    """An opaque, URL-safe word for a sort key. Raises `ValueError` for what no database column holds."""
    texts = json.dumps([_written(part) for part in key], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(texts.encode()).decode().rstrip("=")


@overload
def decode_cursor(cursor: str | None, first: type[A], /) -> tuple[A] | None: ...
@overload
def decode_cursor(cursor: str | None, first: type[A], second: type[B], /) -> tuple[A, B] | None: ...
@overload
def decode_cursor(cursor: str | None, first: type[A], second: type[B], third: type[C], /) -> tuple[A, B, C] | None: ...
@overload
def decode_cursor(
    cursor: str | None, first: type[A], second: type[B], third: type[C], fourth: type[D], /
) -> tuple[A, B, C, D] | None: ...
def decode_cursor(cursor: str | None, /, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """The key a cursor stands for; None for the beginning. Raises `Invalid` for any word we did not make.

    Each part is of the kind asked for, and a value that the database takes.
    """
    if cursor is None:
        return None
    try:
        texts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        key = tuple(_READ[kind](text) for kind, text in zip(kinds, texts, strict=True))
        # A key has one spelling, so that nothing gets through which only looks like a word of ours.
        ours = encode_cursor(*key) == cursor
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        ours = False
    if not ours:
        raise Invalid("The cursor is not one of ours; begin again without it.")
    return key


def cut(found: Sequence[T], *, limit: int, key: Callable[[T], Key]) -> tuple[Sequence[T], str | None]:
    """The first `limit` of what was found, and the cursor of the page after; None when that is all.

    Whoever asks the database for one row more than `limit` knows whether there is more.
    """
    page = found[:limit]
    return page, encode_cursor(*key(page[-1])) if len(found) > limit else None


def _written(part: Part) -> str:
    match part:
        case str() if "\x00" not in part:
            return part
        case datetime() if part.tzinfo is not None:
            return rfc3339(part)
        case UUID():
            return str(part)
        case float() if math.isfinite(part):
            # All its bits, so that the next page begins exactly after this row.
            return part.hex()
        case int() if part in _BIGINTS and not isinstance(part, bool):
            return str(part)
        case _:
            raise ValueError(f"{part!r} cannot be part of a cursor")


_READ: dict[type[Any], Callable[[str], Part]] = {
    str: str,
    datetime: datetime.fromisoformat,
    UUID: UUID,
    float: float.fromhex,
    int: int,
}
