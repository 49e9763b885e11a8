"""Files of archives that have to go are written down until they are gone."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261122_0012"
down_revision = "20261122_0011"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
TABLE = "audit_discards"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "sha256", name="pk_audit_discards"),
        schema=SCHEMA,
        comment="Files that no archive is any more, until they are gone from the store.",
    )
    protect_table(SCHEMA, TABLE)


def downgrade() -> None:
    op.drop_table(TABLE, schema=SCHEMA)
