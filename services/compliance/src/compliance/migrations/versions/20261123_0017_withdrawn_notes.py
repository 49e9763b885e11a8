"""Notes may be withdrawn by who wrote them, and what they said before stays to be read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261123_0017"
down_revision = "20261122_0016"
branch_labels = None
depends_on = None

SCHEMA, TABLE = "compliance", "notes"


def upgrade() -> None:
    _allow("'open', 'requested', 'addressed', 'resolved', 'withdrawn'")
    earlier = sa.Column(
        "earlier", ARRAY(sa.Text), nullable=False, server_default="{}", comment="What it said before, the oldest first."
    )
    op.add_column(TABLE, earlier, schema=SCHEMA)


def downgrade() -> None:
    op.drop_column(TABLE, "earlier", schema=SCHEMA)
    op.execute(f"update {SCHEMA}.{TABLE} set state = 'resolved' where state = 'withdrawn'")
    _allow("'open', 'requested', 'addressed', 'resolved'")


def _allow(states: str) -> None:
    op.drop_constraint(op.f("ck_notes_state"), TABLE, schema=SCHEMA)
    op.create_check_constraint("state", TABLE, f"state in ({states})", schema=SCHEMA)
