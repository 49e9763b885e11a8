"""The services that were heard, and when they came and went."""

from __future__ import annotations

from enum import StrEnum

from common.db.table import Instant, one_of
from sqlalchemy import Column, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.models.schema import metadata


class Presence(StrEnum):
    """Whether a service is heard."""

    UP = "up"
    DOWN = "down"


service_states = Table(
    "service_states",
    metadata,
    # Processes of the installation, the same for every tenant.
    Column("service", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("last_heard", Instant),
    Column("workers", Integer, nullable=False),
    Column("capabilities", JSONB, nullable=False),
    # Versions, the outbox's length and what does not answer, as its processes said last.
    Column("said", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    one_of("status", Presence),
)

service_changes = Table(
    "service_changes",
    metadata,
    Column("service", Text, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("status", Text, nullable=False),
    one_of("status", Presence),
)
