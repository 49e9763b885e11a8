"""Legal holds, as compliance tells of them."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "knowledge_0002"
down_revision = "knowledge_0001"
branch_labels = None
depends_on = None

SCHEMA = "knowledge"


def upgrade() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("hold_id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.UUID, comment="None: everything of the tenant."),
        sa.Column("lifted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("hold_id", name="pk_legal_holds"),
        schema=SCHEMA,
    )
    op.create_index("ix_legal_holds_tenant_id", "legal_holds", ["tenant_id"], schema=SCHEMA)
    protect_table(SCHEMA, "legal_holds")


def downgrade() -> None:
    op.drop_table("legal_holds", schema=SCHEMA)
