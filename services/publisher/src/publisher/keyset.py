"""Where a page of a list ended: an instant and an id, as one opaque word."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from common.clock import rfc3339
from common.errors import Invalid

Row = TypeVar("Row")


@dataclass(frozen=True)
class Position:
    """The last row of a page, newest first."""

    at: datetime
    id: UUID

    def cursor(self) -> str:
        """The position as clients send it back."""
        return base64.urlsafe_b64encode(f"{rfc3339(self.at)} {self.id}".encode()).decode().rstrip("=")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and where the next page begins if there is one."""

    rows: list[Row]
    after: Position | None

    @property
    def next_cursor(self) -> str | None:
        """What a client sends to get the next page; None on the last one."""
        return None if self.after is None else self.after.cursor()


def read_cursor(cursor: str | None) -> Position | None:
    """The position behind a cursor. Raises `Invalid` for one that we did not give."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        at, row_id = base64.urlsafe_b64decode(padded).decode("ascii").split(" ")
        instant = datetime.fromisoformat(at)
        if instant.tzinfo is None:
            raise ValueError("a position needs a zone")
        return Position(instant, UUID(row_id))
    except (binascii.Error, ValueError) as error:
        raise Invalid("This cursor was not given by us.") from error
