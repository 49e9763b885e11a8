"""What is of private runs, and with whom those are shared."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import create_tables
from common.db.shares import shares_table

revision = "publisher_0002"
down_revision = "publisher_0001"
branch_labels = None
depends_on = None

SCHEMA = "publisher"


def upgrade() -> None:
    private_of = sa.Column("private_of", sa.UUID, comment="The private run it is of; null: the whole tenant sees it.")
    op.add_column("posts", private_of, schema=SCHEMA)
    create_tables(SCHEMA, shares_table)


def downgrade() -> None:
    op.drop_table("run_shares", schema=SCHEMA)
    op.drop_column("posts", "private_of", schema=SCHEMA)
