"""What a forgotten person asked for may be blanked in what was decided on and looked at."""

from alembic import op

revision = "20261122_0011"
down_revision = "20261121_0010"
branch_labels = None
depends_on = None

COLUMNS = {"airlock_decisions": "edit, content_before", "seen_contents": "content"}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        op.execute(f"grant update ({columns}) on compliance.{table} to compliance_app")


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        op.execute(f"revoke update ({columns}) on compliance.{table} from compliance_app")
