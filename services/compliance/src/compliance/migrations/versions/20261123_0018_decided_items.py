"""What was decided lately is found without looking at what is open."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0018"
down_revision = "20261123_0017"
branch_labels = None
depends_on = None

SCHEMA, TABLE = "compliance", "airlock_items"


def upgrade() -> None:
    columns = ["tenant_id", "opened_at", "id"]
    decided = sa.text("decision IS NOT NULL")
    op.create_index("ix_airlock_items_decided", TABLE, columns, schema=SCHEMA, postgresql_where=decided)


def downgrade() -> None:
    op.drop_index("ix_airlock_items_decided", TABLE, schema=SCHEMA)
