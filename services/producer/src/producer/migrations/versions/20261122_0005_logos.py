"""Logos are uploads too."""

from alembic import op

revision = "20261122_0005"
down_revision = "20261122_0004"

SCHEMA = "producer"


def upgrade() -> None:
    # The convention of names was applied to the whole name when the table was made.
    op.drop_constraint(op.f("ck_uploads_ck_uploads_kind"), "uploads", schema=SCHEMA)
    op.create_check_constraint("kind", "uploads", "kind in ('music', 'footage', 'logo')", schema=SCHEMA)


def downgrade() -> None:
    op.execute(f"delete from {SCHEMA}.uploads where kind = 'logo'")
    op.drop_constraint(op.f("ck_uploads_kind"), "uploads", schema=SCHEMA)
    op.create_check_constraint("ck_uploads_kind", "uploads", "kind in ('music', 'footage')", schema=SCHEMA)
