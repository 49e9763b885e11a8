"""What compliance tells about notes on held content."""

from __future__ import annotations

from uuid import UUID

from common.contracts.message import Event


class UserMentioned(Event, subject="evt.compliance.user_mentioned.v1"):
    """Somebody named people in a note or a reply. Nobody has checked that these users exist."""

    item_id: UUID
    gate: str
    note_id: UUID
    mentioned: tuple[str, ...]
    by: str
