"""Private runs, and with whom they are shared."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261121_0007"
down_revision = "20261121_0006"
branch_labels = None
depends_on = None

SCHEMA = "orchestrator"


def upgrade() -> None:
    op.add_column(
        "runs",
        sa.Column(
            "private_of", sa.UUID, comment="The private run it is or belongs to; null: the whole tenant sees it."
        ),
        schema=SCHEMA,
    )
    private = sa.text("private_of is not null")
    op.create_index("ix_runs_private", "runs", ["tenant_id", "private_of"], schema=SCHEMA, postgresql_where=private)
    op.create_table(
        "run_shares",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.UUID, nullable=False),
        sa.Column("who", sa.Text, nullable=False, comment="`user:` and a user id, or `role:` and a role."),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("shared_by", sa.Text, nullable=False),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run_shares"),
        sa.UniqueConstraint("run_id", "who", name="uq_run_shares_run_id_who"),
        sa.CheckConstraint("level in ('owner', 'control', 'read')", name=op.f("ck_run_shares_level")),
        schema=SCHEMA,
    )
    protect_table(SCHEMA, "run_shares")


def downgrade() -> None:
    op.drop_table("run_shares", schema=SCHEMA)
    op.drop_index("ix_runs_private", "runs", schema=SCHEMA)
    op.drop_column("runs", "private_of", schema=SCHEMA)
