"""LangGraph's checkpoints: the tables of langgraph-checkpoint-postgres 3.2, each with a tenant, behind policies."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects import postgresql

revision = "20261121_0002"
down_revision = "20261121_0001"

TABLES = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")


def ours():
    return (
        sa.Column("tenant_id", sa.Text, nullable=False, server_default=sa.text("current_setting('greenlight.tenant', true)")),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def namespace():
    return sa.Column("checkpoint_ns", sa.Text, nullable=False, server_default="")


def upgrade() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("thread_id", sa.Text, nullable=False),
        namespace(),
        sa.Column("checkpoint_id", sa.Text, nullable=False),
        sa.Column("parent_checkpoint_id", sa.Text),
        sa.Column("type", sa.Text),
        sa.Column("checkpoint", postgresql.JSONB, nullable=False),
        sa.Column("metadata", postgresql.JSONB, nullable=False, server_default="{}"),
        *ours(),
        sa.PrimaryKeyConstraint("thread_id", "checkpoint_ns", "checkpoint_id", name="pk_checkpoints"),
        schema="ideation",
    )
    op.create_table(
        "checkpoint_blobs",
        sa.Column("thread_id", sa.Text, nullable=False),
        namespace(),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("blob", sa.LargeBinary),
        *ours(),
        sa.PrimaryKeyConstraint("thread_id", "checkpoint_ns", "channel", "version", name="pk_checkpoint_blobs"),
        schema="ideation",
    )
    op.create_table(
        "checkpoint_writes",
        sa.Column("thread_id", sa.Text, nullable=False),
        namespace(),
        sa.Column("checkpoint_id", sa.Text, nullable=False),
        sa.Column("task_id", sa.Text, nullable=False),
        sa.Column("idx", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("type", sa.Text),
        sa.Column("blob", sa.LargeBinary, nullable=False),
        sa.Column("task_path", sa.Text, nullable=False, server_default=""),
        *ours(),
        sa.PrimaryKeyConstraint(
            "thread_id", "checkpoint_ns", "checkpoint_id", "task_id", "idx", name="pk_checkpoint_writes"
        ),
        schema="ideation",
    )
    for table in TABLES:
        protect_table("ideation", table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table, schema="ideation")
