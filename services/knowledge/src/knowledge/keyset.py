"""Where a page of the library ended, as one opaque word."""

from __future__ import annotations

import base64
import binascii
import math
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from common.clock import rfc3339
from common.errors import Invalid


@dataclass(frozen=True)
class Position:
    """The last entry of a page. Best first, then newest first; without a question every rank is 0."""

    rank: float
    at: datetime
    id: UUID

    def cursor(self) -> str:
        """The position as clients send it back."""
        # `hex` keeps every bit of the rank, so that the next page begins exactly after this entry.
        return base64.urlsafe_b64encode(f"{self.rank.hex()} {rfc3339(self.at)} {self.id}".encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> Position | None:
    """The position behind a cursor. Raises `Invalid` for one that we did not give."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        rank, at, row_id = base64.urlsafe_b64decode(padded).decode("ascii").split(" ")
        position = Position(float.fromhex(rank), datetime.fromisoformat(at), UUID(row_id))
    except (binascii.Error, ValueError, OverflowError) as error:
        raise Invalid("This cursor was not given by us.") from error
    if position.at.tzinfo is None or not math.isfinite(position.rank):
        raise Invalid("This cursor was not given by us.")
    return position
