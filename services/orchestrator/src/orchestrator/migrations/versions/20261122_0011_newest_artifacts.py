"""What was made last is found without looking at everything."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0011"
down_revision = "20261122_0010"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    newest = ["tenant_id", sa.text("announced_at desc"), sa.text("run_id desc")]
    op.create_index("ix_run_artifacts_newest", "run_artifacts", newest, schema=SCHEMA)


def downgrade() -> None:
    op.drop_index("ix_run_artifacts_newest", "run_artifacts", schema=SCHEMA)
