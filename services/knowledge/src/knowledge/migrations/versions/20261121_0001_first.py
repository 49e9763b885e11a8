"""Knowledge's first tables.

Revision ID: knowledge_0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, REGCONFIG, TSVECTOR, UUID

from common.db.migrations import create_runtime_tables, drop_runtime_tables, protect_table

revision = "knowledge_0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "knowledge"
INSTANT = sa.DateTime(timezone=True)
SEARCH = (
    "setweight(to_tsvector(configuration, title_text), 'A')"
    " || setweight(to_tsvector(configuration, summary_text), 'B')"
    " || setweight(to_tsvector(configuration, script_text), 'C')"
    " || setweight(to_tsvector(configuration, brief_text), 'D')"
)


def upgrade() -> None:
    create_runtime_tables(SCHEMA)
    op.create_table(
        "library_entries",
        sa.Column("id", UUID, comment="UUIDv5 of tenant and run: archiving again finds the same row."),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", UUID, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("film", JSONB, nullable=False, comment="The `ArchiveInput` as it came."),
        sa.Column("configuration", REGCONFIG, nullable=False, comment="How PostgreSQL reads this language."),
        sa.Column("title_text", sa.Text, nullable=False),
        sa.Column("summary_text", sa.Text, nullable=False),
        sa.Column("script_text", sa.Text, nullable=False),
        sa.Column("brief_text", sa.Text, nullable=False),
        sa.Column("search", TSVECTOR, sa.Computed(SEARCH, persisted=True), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", INSTANT, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_library_entries"),
        sa.UniqueConstraint("tenant_id", "run_id", name="uq_library_entries_tenant_id_run_id"),
        sa.CheckConstraint(
            "configuration::text in"
            " ('dutch', 'english', 'french', 'german', 'italian', 'portuguese', 'simple', 'spanish')",
            name="ck_library_entries_configuration",
        ),
        schema=SCHEMA,
    )
    op.create_index("ix_library_entries_newest", "library_entries", ["tenant_id", "created_at", "id"], schema=SCHEMA)
    protect_table(SCHEMA, "library_entries")


def downgrade() -> None:
    op.drop_table("library_entries", schema=SCHEMA)
    drop_runtime_tables(SCHEMA)
