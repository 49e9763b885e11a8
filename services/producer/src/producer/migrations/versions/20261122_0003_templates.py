"""Templates of designs."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_0003"
down_revision = "20261122_0002"

SCHEMA = "producer"


def upgrade() -> None:
    op.create_table(
        "templates",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("design", JSONB, nullable=False, comment="A design whose texts have gaps such as {guest}."),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("tenant_id", "name", "version", name="pk_templates"),
        schema=SCHEMA,
    )
    protect_table(SCHEMA, "templates")


def downgrade() -> None:
    op.drop_table("templates", schema=SCHEMA)
