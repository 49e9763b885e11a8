"""Runs that name somebody who is to be forgotten are written down until they have ended."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261123_0013"
down_revision = "20261123_0012"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"
TABLE = "forgotten_later"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("erasure_id", sa.UUID, nullable=False),
        sa.Column("run_id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column(
            "told", sa.Integer, server_default="0", nullable=False, comment="How often others were told, once it forgot."
        ),
        sa.Column("again_at", sa.DateTime(timezone=True), comment="When they are told again."),
        sa.PrimaryKeyConstraint("erasure_id", "run_id", name="pk_forgotten_later"),
        schema=SCHEMA,
        comment="Runs that name somebody who is to be forgotten, until they have ended and nothing holds them.",
    )
    protect_table(SCHEMA, TABLE, system=True)


def downgrade() -> None:
    op.drop_table(TABLE, schema=SCHEMA)
