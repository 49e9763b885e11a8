"""The runtime tables."""

from common.db.migrations import create_runtime_tables, drop_runtime_tables

revision = "20261121_0001"
down_revision = None


def upgrade() -> None:
    create_runtime_tables("ideation")


def downgrade() -> None:
    drop_runtime_tables("ideation")
