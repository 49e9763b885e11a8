"""Whether anybody may ask for changes: a run that has no way back would end by it."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0019"
down_revision = "20261123_0018"
branch_labels = None
depends_on = None

SCHEMA, TABLE = "compliance", "airlock_items"


def upgrade() -> None:
    taken = sa.Column(
        "takes_changes", sa.Boolean, nullable=False, server_default=sa.true(), comment="Whether changes may be asked for."
    )
    op.add_column(TABLE, taken, schema=SCHEMA)


def downgrade() -> None:
    op.drop_column(TABLE, "takes_changes", schema=SCHEMA)
