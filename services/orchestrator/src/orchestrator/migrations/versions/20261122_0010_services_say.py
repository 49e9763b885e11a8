"""What services say of themselves: their versions, how long their outbox is, what does not answer them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_0010"
down_revision = "20261122_0009"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    said = sa.Column("said", JSONB, nullable=False, server_default=sa.text("'{}'::jsonb"))
    op.add_column("service_states", said, schema=SCHEMA)


def downgrade() -> None:
    op.drop_column("service_states", "said", schema=SCHEMA)
