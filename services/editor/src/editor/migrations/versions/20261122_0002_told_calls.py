"""Calls say what was asked, and for which run."""

from common.db.migrations import stop_telling_of_calls, tell_of_calls

revision = "20261122_0002"
down_revision = "20261121_0001"
branch_labels = None
depends_on = None

SCHEMA = "editor"


def upgrade() -> None:
    tell_of_calls(SCHEMA)


def downgrade() -> None:
    stop_telling_of_calls(SCHEMA)
