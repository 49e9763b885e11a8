"""Which downgrades an approval accepts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261122_0015"
down_revision = "20261122_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    codes = sa.Column(
        "accepted_downgrades",
        ARRAY(sa.Text),
        nullable=False,
        server_default="{}",
        comment="Codes of what the run had fallen back to, as the approval names them.",
    )
    op.add_column("airlock_decisions", codes, schema="compliance")


def downgrade() -> None:
    op.drop_column("airlock_decisions", "accepted_downgrades", schema="compliance")
