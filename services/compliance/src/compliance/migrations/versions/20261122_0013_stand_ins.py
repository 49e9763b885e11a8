"""Who decides in the place of somebody whom a review names, while they are away."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261122_0013"
down_revision = "20261122_0012"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
TABLE = "stand_ins"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("stand_in", sa.Text, nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name="pk_stand_ins"),
        sa.CheckConstraint("stand_in <> user_id", name="ck_stand_ins_somebody_else"),
        schema=SCHEMA,
        comment="Who decides in the place of somebody whom a review names, and until when.",
    )
    op.create_index("ix_stand_ins_stand_in", TABLE, ["tenant_id", "stand_in"], schema=SCHEMA)
    protect_table(SCHEMA, TABLE)
    place = sa.Column("in_place_of", sa.Text, comment="Whose voice it is, where somebody stood in for them.")
    op.add_column("airlock_decisions", place, schema=SCHEMA)
    op.execute("grant update (in_place_of) on compliance.airlock_decisions to compliance_app")


def downgrade() -> None:
    op.drop_column("airlock_decisions", "in_place_of", schema=SCHEMA)
    op.drop_table(TABLE, schema=SCHEMA)
