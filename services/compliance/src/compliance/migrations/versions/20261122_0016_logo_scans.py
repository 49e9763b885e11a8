"""Scans that look for a brand's logo."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0016"
down_revision = "20261122_0015"
branch_labels = None
depends_on = None

SCHEMA, TABLE = "compliance", "media_scans"
FILE = "Of the file."


def upgrade() -> None:
    _allow("'picture', 'sound', 'tags', 'logo'")
    _say("Of the file; where a logo was looked for, of what was asked.", before=FILE)


def downgrade() -> None:
    op.execute(f"delete from {SCHEMA}.{TABLE} where scanner = 'logo'")
    _allow("'picture', 'sound', 'tags'")
    _say(FILE, before=None)


def _allow(scanners: str) -> None:
    op.drop_constraint(op.f("ck_media_scans_scanner"), TABLE, schema=SCHEMA)
    op.create_check_constraint("scanner", TABLE, f"scanner in ({scanners})", schema=SCHEMA)


def _say(comment: str, *, before: str | None) -> None:
    op.alter_column(TABLE, "sha256", schema=SCHEMA, existing_type=sa.Text, comment=comment, existing_comment=before)
