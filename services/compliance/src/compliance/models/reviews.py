"""How tenants review, and gates that were called off before they were open."""

from __future__ import annotations

from common.db.table import Instant
from sqlalchemy import JSON, Column, Integer, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from compliance.models.schema import metadata

review_definitions = Table(
    "review_definitions",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("gate", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("definition", JSON, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    comment="How a tenant reviews what its workflows say nothing about. The newest version counts.",
)

withdrawn_early = Table(
    "withdrawn_early",
    metadata,
    Column("item_id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    comment="Gates that nobody waits for any more, heard of before they were opened.",
)
