"""Lists over HTTP: `?limit=` and `?cursor=` in, `items` and `next_cursor` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Query, Response
from pydantic import BaseModel

from common.cursors import Key, cut

T = TypeVar("T")
View = TypeVar("View", bound=BaseModel)

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
STORABLE = r"^[^\x00]*$"
"""A text without NUL, which PostgreSQL cannot even look for."""
Word = Annotated[str | None, Query(max_length=200, pattern=STORABLE)]
Cursor = Annotated[str | None, Query(max_length=400, pattern=STORABLE, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[View]):
    """Some of the items, and the cursor to ask for the next ones with; null after the last."""

    items: list[View]
    next_cursor: str | None


def page_of(found: Sequence[T], *, limit: int, view: Callable[[T], View], key: Callable[[T], Key]) -> Page[View]:
    """The page of the first `limit` of what was found (see `cut`)."""
    kept, following = cut(found, limit=limit, key=key)
    return Page(items=[view(item) for item in kept], next_cursor=following)


def written_page(
    found: Sequence[T], *, limit: int, view: Callable[[T], Mapping[str, Any]], key: Callable[[T], Key]
) -> Response:
    """The same as JSON, for a long list that is asked for all the time: a model of each row is a third of such a
    request. What `view` gives is what the route's `response_model` says, and a test holds it against that.
    """
    kept, following = cut(found, limit=limit, key=key)
    page = {"items": [view(item) for item in kept], "next_cursor": following}
    return Response(orjson.dumps(page, option=orjson.OPT_UTC_Z), media_type="application/json")
