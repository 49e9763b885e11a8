"""Calls say what was asked, and for which run."""

from common.db.migrations import stop_telling_of_calls, tell_of_calls

revision = "20261122_0004"
down_revision = "20261121_0003"
branch_labels = None
depends_on = None

SCHEMA = "identity"


def upgrade() -> None:
    tell_of_calls(SCHEMA)


def downgrade() -> None:
    stop_telling_of_calls(SCHEMA)
