"""Indexes by which tallies and waits cost what is open and lately decided, however much was decided before."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0021"
down_revision = "20261123_0020"
branch_labels = None
depends_on = None

SCHEMA, TABLE = "compliance", "airlock_items"


def upgrade() -> None:
    op.create_index(
        "ix_airlock_items_decided_at",
        TABLE,
        ["tenant_id", "decided_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("decision is not null"),
    )
    op.create_index(
        "ix_airlock_items_held", TABLE, ["tenant_id"], schema=SCHEMA, postgresql_where=sa.text("held_at is not null")
    )


def downgrade() -> None:
    op.drop_index("ix_airlock_items_held", TABLE, schema=SCHEMA)
    op.drop_index("ix_airlock_items_decided_at", TABLE, schema=SCHEMA)
