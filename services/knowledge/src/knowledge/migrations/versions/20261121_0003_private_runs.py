"""What is of private runs, and with whom those are shared."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import create_tables
from common.db.shares import shares_table

revision = "knowledge_0003"
down_revision = "knowledge_0002"
branch_labels = None
depends_on = None

SCHEMA = "knowledge"


def upgrade() -> None:
    private_of = sa.Column("private_of", sa.UUID, comment="The private run it is of; null: the whole tenant sees it.")
    op.add_column("library_entries", private_of, schema=SCHEMA)
    create_tables(SCHEMA, shares_table)


def downgrade() -> None:
    op.drop_table("run_shares", schema=SCHEMA)
    op.drop_column("library_entries", "private_of", schema=SCHEMA)
