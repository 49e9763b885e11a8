"""Permits, and the switches that stop all of them."""

from __future__ import annotations

from common.db.table import Instant, one_of
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import UUID

from compliance.domain import ReleaseOutcome, TenantFlag
from compliance.models.airlock import airlock_items
from compliance.models.schema import metadata

release_permits = Table(
    "release_permits",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("item_id", UUID, ForeignKey(airlock_items.c.id), nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("outcome", Text),
    Column("detail", Text),
    one_of("outcome", ReleaseOutcome),
    CheckConstraint("(finished_at is null) = (outcome is null)", name="finished"),
)
Index(
    "ix_release_permits_live",
    release_permits.c.item_id,
    unique=True,
    postgresql_where=release_permits.c.finished_at.is_(None),
)
Index("ix_release_permits_item", release_permits.c.item_id, release_permits.c.granted_at)

tenant_flags = Table(
    "tenant_flags",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("flag", Text, primary_key=True),
    Column("set_by", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    one_of("flag", TenantFlag),
)
