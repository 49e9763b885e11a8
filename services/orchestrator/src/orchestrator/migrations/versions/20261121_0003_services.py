"""Which services are there, and when they came and went."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import grant_table
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261121_0003"
down_revision = "20261121_0002"

SCHEMA = "orchestrator"
INSTANT = sa.DateTime(timezone=True)
STATUS = "status in ('up', 'down')"


def upgrade() -> None:
    op.create_table(
        "service_states",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("last_heard", INSTANT),
        sa.Column("workers", sa.Integer, nullable=False),
        sa.Column("capabilities", JSONB, nullable=False),
        sa.CheckConstraint(STATUS, name="status"),
        schema=SCHEMA,
    )
    grant_table(SCHEMA, "service_states")
    op.create_table(
        "service_changes",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("at", INSTANT, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.CheckConstraint(STATUS, name="status"),
        schema=SCHEMA,
    )
    grant_table(SCHEMA, "service_changes")


def downgrade() -> None:
    op.drop_table("service_changes", schema=SCHEMA)
    op.drop_table("service_states", schema=SCHEMA)
