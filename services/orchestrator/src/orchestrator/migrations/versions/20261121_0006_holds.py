"""Legal holds, as compliance tells of them."""

from alembic import op
from common.db.migrations import create_tables
from common.service.holding import holds_table

revision = "20261121_0006"
down_revision = "20261121_0005"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    create_tables(SCHEMA, holds_table)


def downgrade() -> None:
    op.drop_table("legal_holds", schema=SCHEMA)
