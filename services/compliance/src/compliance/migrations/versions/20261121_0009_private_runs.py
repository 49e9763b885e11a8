"""Items of private runs, and with whom those are shared."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import create_tables
from common.db.shares import shares_table
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261121_0009"
down_revision = "20261121_0008"
branch_labels = None
depends_on = None

SCHEMA = "compliance"


def upgrade() -> None:
    private_of = sa.Column("private_of", sa.UUID, comment="The private run it is of; null: the whole tenant sees it.")
    said = "Of a private run: who may decide, as shares name them."
    op.add_column("airlock_items", private_of, schema=SCHEMA)
    op.add_column("airlock_items", sa.Column("open_to", ARRAY(sa.Text), comment=said), schema=SCHEMA)
    create_tables(SCHEMA, shares_table)


def downgrade() -> None:
    op.drop_table("run_shares", schema=SCHEMA)
    op.drop_column("airlock_items", "open_to", schema=SCHEMA)
    op.drop_column("airlock_items", "private_of", schema=SCHEMA)
