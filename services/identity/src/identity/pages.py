"""Pages by key: a cursor is where the last page ended, so rows that come or go between do not shift the next one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from common.errors import Invalid
from fastapi import Query
from pydantic import BaseModel

T = TypeVar("T")
V = TypeVar("V", bound=BaseModel)

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[V]):
    """Some of the items, and the cursor to ask for the next ones with; null after the last."""

    items: list[V]
    next_cursor: str | None


def page_of(found: Sequence[T], *, limit: int, view: Callable[[T], V], key: Callable[[T], str]) -> Page[V]:
    """The first `limit` of what was found. Whoever asks the database for one row more knows whether that is all."""
    kept = found[:limit]
    more = len(found) > limit
    return Page(items=[view(item) for item in kept], next_cursor=_cursor(key(kept[-1])) if more else None)


def place_of(cursor: str | None) -> str | None:
    """The key a cursor stands for; None for the beginning. Raises `Invalid` when we did not make it."""
    if cursor is None:
        return None
    try:
        return base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Invalid("The cursor is not one of ours; begin again without it.") from error


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()
