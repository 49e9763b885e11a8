"""What is of private runs, and with whom those are shared."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "publisher_0002"
down_revision = "publisher_0001"
branch_labels = None
depends_on = None

SCHEMA = "publisher"


def upgrade() -> None:
    private_of = sa.Column("private_of", sa.UUID, comment="The private run it is of; null: the whole tenant sees it.")
    op.add_column("posts", private_of, schema=SCHEMA)
    op.create_table(
        "run_shares",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.UUID, nullable=False),
        sa.Column("who", sa.Text, comment="`user:` and a user id, or `role:` and a role."),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run_shares"),
        schema=SCHEMA,
    )
    op.create_index("ix_run_shares_run", "run_shares", ["tenant_id", "run_id", "who"], schema=SCHEMA)
    protect_table(SCHEMA, "run_shares")


def downgrade() -> None:
    op.drop_table("run_shares", schema=SCHEMA)
    op.drop_column("posts", "private_of", schema=SCHEMA)
