"""How tenants review, who stands in for whom, and gates that were called off before they were open."""

from __future__ import annotations

from common.db.table import Instant
from sqlalchemy import JSON, CheckConstraint, Column, Index, Integer, Table, Text
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

stand_ins = Table(
    "stand_ins",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("stand_in", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    CheckConstraint("stand_in <> user_id", name="somebody_else"),
    comment="Who decides in the place of somebody whom a review names, and until when.",
)
Index("ix_stand_ins_stand_in", stand_ins.c.tenant_id, stand_ins.c.stand_in)

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
