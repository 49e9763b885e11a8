"""What drills of this installation found."""

from __future__ import annotations

from common.db.table import Instant
from sqlalchemy import Column, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.models.schema import metadata

drills = Table(
    "drills",
    metadata,
    # Of the installation, the same for every tenant; each drill has a name of its own, that of the tenant it ran in.
    Column("name", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("result", JSONB, nullable=False),
)
