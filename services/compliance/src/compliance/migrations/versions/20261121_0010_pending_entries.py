"""Entries that wait a moment to be chained."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261121_0010"
down_revision = "20261121_0009"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
TABLE = "audit_pending"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("entry", sa.Text, nullable=False, comment="JSON of a common.contracts.audit.AuditEntry."),
        sa.PrimaryKeyConstraint("id", name="pk_audit_pending"),
        schema=SCHEMA,
        comment="Entries committed with what they tell of, for the moment until they are chained.",
    )
    op.create_index("ix_audit_pending_tenant_id_id", TABLE, ["tenant_id", "id"], schema=SCHEMA)
    protect_table(SCHEMA, TABLE)
    # Whose entries wait is found out across all tenants; what they say is not.
    op.execute(f"create policy system on {SCHEMA}.{TABLE} for select to {SCHEMA}_system using (true)")
    op.execute(f"grant select (tenant_id) on {SCHEMA}.{TABLE} to {SCHEMA}_system")
    # A service does not start behind seals that it does not know.
    op.execute(f"grant select (kid) on {SCHEMA}.audit_anchors to {SCHEMA}_system")


def downgrade() -> None:
    op.execute(f"revoke select (kid) on {SCHEMA}.audit_anchors from {SCHEMA}_system")
    op.drop_table(TABLE, schema=SCHEMA)
