"""Conversations of people with the supervisor."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_0008"
down_revision = "20261121_0007"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False, comment="Whose it is; nobody else sees it."),
        sa.Column("memory", JSONB, nullable=False, comment="The run spoken of, and what is proposed."),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        schema=SCHEMA,
    )
    op.create_index("ix_conversations_latest", "conversations", ["tenant_id", "user_id", "updated_at"], schema=SCHEMA)
    op.create_table(
        "conversation_turns",
        sa.Column("conversation_id", sa.UUID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, comment="The `Idempotency-Key` it came with."),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("reply", JSONB, comment="Null while it is being answered."),
        sa.Column("at", INSTANT, nullable=False, comment="When it was begun, the last time."),
        sa.PrimaryKeyConstraint("conversation_id", "number", name="pk_conversation_turns"),
        sa.UniqueConstraint("tenant_id", "user_id", "key", name="uq_conversation_turns_tenant_id_user_id_key"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            [f"{SCHEMA}.conversations.id"],
            ondelete="CASCADE",
            name="fk_conversation_turns_conversation_id_conversations",
        ),
        schema=SCHEMA,
    )
    for table in ("conversations", "conversation_turns"):
        protect_table(SCHEMA, table)


def downgrade() -> None:
    op.drop_table("conversation_turns", schema=SCHEMA)
    op.drop_table("conversations", schema=SCHEMA)
