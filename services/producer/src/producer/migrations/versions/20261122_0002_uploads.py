"""What people bring along."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261122_0002"
down_revision = "20261121_0001"

SCHEMA = "producer"


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, comment="The bytes lie in the artifact store under it."),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False, comment="What decoding showed, not what was claimed."),
        sa.Column("duration_ms", sa.Integer, nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("licence_kind", sa.Text, nullable=False),
        sa.Column("licence", sa.Text, nullable=False),
        sa.Column("credit", sa.Text, comment="Who has to be named for it."),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("tenant_id", "kind", "sha256", name="pk_uploads"),
        sa.CheckConstraint("kind in ('music', 'footage')", name="ck_uploads_kind"),
        sa.CheckConstraint("licence_kind in ('own', 'licensed', 'cc_by')", name="ck_uploads_licence_kind"),
        schema=SCHEMA,
    )
    protect_table(SCHEMA, "uploads")


def downgrade() -> None:
    op.drop_table("uploads", schema=SCHEMA)
