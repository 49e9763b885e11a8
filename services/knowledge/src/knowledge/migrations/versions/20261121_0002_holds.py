"""Legal holds, as compliance tells of them."""

from alembic import op
from common.db.migrations import create_tables
from common.service.holding import holds_table

revision = "knowledge_0002"
down_revision = "knowledge_0001"
branch_labels = None
depends_on = None

SCHEMA = "knowledge"


def upgrade() -> None:
    create_tables(SCHEMA, holds_table)


def downgrade() -> None:
    op.drop_table("legal_holds", schema=SCHEMA)
