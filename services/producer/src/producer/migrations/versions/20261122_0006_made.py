"""What was made before."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_0006"
down_revision = "20261122_0005"

SCHEMA = "producer"


def upgrade() -> None:
    op.create_table(
        "made",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, comment="The SHA-256 of all that shaped it."),
        sa.Column("run_id", sa.UUID, nullable=False, comment="Whose it goes with when that is forgotten."),
        sa.Column("step_id", sa.UUID, nullable=False),
        sa.Column("owner", sa.UUID, nullable=False, comment="The worker that makes it, as in attempts."),
        sa.Column("result", JSONB, comment="References to what was made; none while it is being made."),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("tenant_id", "key", name="pk_made"),
        schema=SCHEMA,
    )
    op.create_index("ix_made_run_id", "made", ["run_id"], schema=SCHEMA)
    op.create_index("ix_made_made_at", "made", ["made_at"], schema=SCHEMA)
    protect_table(SCHEMA, "made")


def downgrade() -> None:
    op.drop_table("made", schema=SCHEMA)
