"""The publisher's first tables.

Revision ID: publisher_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from common.db.migrations import create_runtime_tables, drop_runtime_tables, protect_table

revision = "publisher_0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "publisher"
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_runtime_tables(SCHEMA)
    op.create_table(
        "posts",
        sa.Column("id", UUID, comment="UUIDv5 of tenant, item and platform: a repeat finds the same row."),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", UUID, nullable=False),
        sa.Column("item_id", UUID, nullable=False),
        sa.Column("platform", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("upload", JSONB),
        sa.Column(
            "finishes", sa.Integer, nullable=False, server_default="0", comment="How often the platform was told."
        ),
        sa.Column("url", sa.Text),
        sa.Column("problem", sa.Text),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("published_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint("tenant_id", "item_id", "platform", name="uq_posts_tenant_id_item_id_platform"),
        sa.CheckConstraint(
            "state in ('preparing', 'finishing', 'public', 'unconfirmed', 'failed')", name="ck_posts_state"
        ),
        sa.CheckConstraint(
            "state <> 'public' or (url is not null and published_at is not null)", name="ck_posts_public_is_somewhere"
        ),
        schema=SCHEMA,
    )
    op.create_index("ix_posts_newest", "posts", ["tenant_id", "created_at", "id"], schema=SCHEMA)
    op.create_index("ix_posts_run", "posts", ["tenant_id", "run_id"], schema=SCHEMA)
    op.create_table(
        "permits",
        sa.Column("tenant_id", sa.Text),
        sa.Column("item_id", UUID),
        sa.Column("permit_id", UUID, comment="Null while we do not know whether compliance gave one."),
        sa.Column("run_id", UUID, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, comment="What compliance has to be told; null while the release is under way."),
        sa.Column("reported_at", INSTANT),
        sa.Column(
            "report_at", INSTANT, nullable=False, server_default=sa.func.now(), comment="When to try to report (again)."
        ),
        sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("updated_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("tenant_id", "item_id", name="pk_permits"),
        sa.CheckConstraint(
            "outcome is null or (permit_id is not null and outcome in ('released', 'release_failed'))",
            name="ck_permits_outcome",
        ),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_permits_to_report",
        "permits",
        ["report_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("outcome is not null and reported_at is null"),
    )
    op.create_index(
        "ix_permits_under_way", "permits", ["updated_at"], schema=SCHEMA, postgresql_where=sa.text("outcome is null")
    )
    op.create_table(
        "feed_entries",
        sa.Column("id", UUID, comment="The post's id."),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("staged_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("live_at", INSTANT, comment="Null while nobody may see it."),
        sa.PrimaryKeyConstraint("id", name="pk_feed_entries"),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_feed_entries_live",
        "feed_entries",
        ["tenant_id", "live_at", "id"],
        schema=SCHEMA,
        postgresql_where=sa.text("live_at is not null"),
    )
    protect_table(SCHEMA, "posts")
    protect_table(SCHEMA, "permits", system=True)
    protect_table(SCHEMA, "feed_entries")


def downgrade() -> None:
    for table in ("feed_entries", "permits", "posts"):
        op.drop_table(table, schema=SCHEMA)
    drop_runtime_tables(SCHEMA)
