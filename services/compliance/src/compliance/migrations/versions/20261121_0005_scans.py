"""What scanners measured on media."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261121_0005"
down_revision = "20261121_0004"
branch_labels = None
depends_on = None

SCHEMA = "compliance"


def upgrade() -> None:
    op.create_table(
        "media_scans",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, comment="Of the file."),
        sa.Column("scanner", sa.Text, nullable=False),
        sa.Column(
            "version",
            sa.Integer,
            autoincrement=False,
            nullable=False,
            comment="Of the scanner: facts of another are not read.",
        ),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("took_ms", sa.Integer, nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("scanner in ('picture', 'sound', 'tags')", name="scanner"),
        sa.PrimaryKeyConstraint("tenant_id", "sha256", "scanner", "version", name="pk_media_scans"),
        schema=SCHEMA,
        comment="Measured on the bytes themselves; what it means is decided anew at every look.",
    )
    protect_table(SCHEMA, "media_scans", append_only=True)


def downgrade() -> None:
    op.drop_table("media_scans", schema=SCHEMA)
