"""The publisher's tables."""

from __future__ import annotations

from common.db.shares import shares_table
from common.db.table import Instant, listed, metadata_for, one_of, runtime_tables
from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB, UUID

from publisher.domain import PostState, ReleaseOutcome

metadata = metadata_for("publisher")
tables = runtime_tables(metadata)
run_shares = shares_table(metadata)


posts = Table(
    "posts",
    metadata,
    Column("id", UUID, primary_key=True, comment="UUIDv5 of tenant, item and platform: a repeat finds the same row."),
    Column("tenant_id", Text, nullable=False),
    Column("run_id", UUID, nullable=False),
    Column("item_id", UUID, nullable=False),
    Column("platform", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("upload", JSONB),
    Column("finishes", Integer, nullable=False, server_default="0", comment="How often the platform was told."),
    Column("url", Text),
    Column("problem", Text),
    Column("private_of", UUID, comment="The private run it is of; null: the whole tenant sees it."),
    Column("created_at", Instant, nullable=False, server_default=func.now()),
    Column("updated_at", Instant, nullable=False, server_default=func.now()),
    Column("published_at", Instant),
    one_of("state", PostState),
    CheckConstraint("state <> 'public' or (url is not null and published_at is not null)", name="public_is_somewhere"),
    UniqueConstraint("tenant_id", "item_id", "platform"),
    Index("ix_posts_newest", "tenant_id", "created_at", "id"),
    Index("ix_posts_run", "tenant_id", "run_id"),
)

permits = Table(
    "permits",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("item_id", UUID, primary_key=True),
    Column("permit_id", UUID, comment="Null while we do not know whether compliance gave one."),
    Column("run_id", UUID, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("outcome", Text, comment="What compliance has to be told; null while the release is under way."),
    Column("reported_at", Instant),
    Column("report_at", Instant, nullable=False, server_default=func.now(), comment="When to try to report (again)."),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("updated_at", Instant, nullable=False, server_default=func.now()),
    CheckConstraint(
        f"outcome is null or (permit_id is not null and outcome in ({listed(ReleaseOutcome)}))", name="outcome"
    ),
)
Index(
    "ix_permits_to_report",
    permits.c.report_at,
    postgresql_where=permits.c.outcome.is_not(None) & permits.c.reported_at.is_(None),
)
Index("ix_permits_under_way", permits.c.updated_at, postgresql_where=permits.c.outcome.is_(None))

feed_entries = Table(
    "feed_entries",
    metadata,
    Column("id", UUID, primary_key=True, comment="The post's id."),
    Column("tenant_id", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("staged_at", Instant, nullable=False, server_default=func.now()),
    Column("live_at", Instant, comment="Null while nobody may see it."),
)
Index(
    "ix_feed_entries_live",
    feed_entries.c.tenant_id,
    feed_entries.c.live_at,
    feed_entries.c.id,
    postgresql_where=feed_entries.c.live_at.is_not(None),
)

SYSTEM_TABLES = frozenset({"permits"})
"""Own tables the loops may read across tenants: who still has to be told what, never content."""
