"""Calls say what was asked, and for which run; who sees private ones, and what is on legal hold."""

from alembic import op
from common.db.migrations import create_tables, stop_telling_of_calls, tell_of_calls
from common.db.shares import shares_table
from common.service.holding import holds_table

revision = "20261122_0003"
down_revision = "20261121_0002"
branch_labels = None
depends_on = None

SCHEMA = "ideation"


def upgrade() -> None:
    tell_of_calls(SCHEMA)
    create_tables(SCHEMA, shares_table, holds_table)


def downgrade() -> None:
    op.drop_table("legal_holds", schema=SCHEMA)
    op.drop_table("run_shares", schema=SCHEMA)
    stop_telling_of_calls(SCHEMA)
