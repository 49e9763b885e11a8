"""Calls say what was asked, and for which run."""

from common.db.migrations import stop_telling_of_calls, tell_of_calls

revision = "publisher_0003"
down_revision = "publisher_0002"
branch_labels = None
depends_on = None

SCHEMA = "publisher"


def upgrade() -> None:
    tell_of_calls(SCHEMA)


def downgrade() -> None:
    stop_telling_of_calls(SCHEMA)
