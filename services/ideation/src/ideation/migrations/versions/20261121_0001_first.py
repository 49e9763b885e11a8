"""The runtime tables."""

from alembic import op
from common.db.migrations import create_runtime_tables

revision = "20261121_0001"
down_revision = None


def upgrade() -> None:
    create_runtime_tables("ideation")


def downgrade() -> None:
    for table in ("outbox", "inbox", "attempts", "calls", "artifacts", "idempotency_keys", "dead_letters"):
        op.drop_table(table, schema="ideation")
