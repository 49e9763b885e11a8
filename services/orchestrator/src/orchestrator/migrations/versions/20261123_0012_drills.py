"""What drills found is kept where the page can show it."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import grant_table
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261123_0012"
down_revision = "20261122_0011"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    op.create_table(
        "drills",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", JSONB, nullable=False),
        schema=SCHEMA,
    )
    grant_table(SCHEMA, "drills")


def downgrade() -> None:
    op.drop_table("drills", schema=SCHEMA)
