"""The workflows that runs were started with."""

from __future__ import annotations

from common.db.table import Instant
from sqlalchemy import Column, Table, Text, func
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.models.schema import metadata

definitions = Table(
    "definitions",
    metadata,
    # Files on the operator's disk, the same for every tenant; a run keeps the digest it was started with.
    Column("digest", Text, primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("compiled", JSONB, nullable=False),
    Column("loaded_at", Instant, nullable=False, server_default=func.now()),
)
