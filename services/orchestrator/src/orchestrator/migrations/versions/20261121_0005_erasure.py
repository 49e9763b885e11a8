"""What a person wrote may be taken out of a history; what happened, and when, still never changes."""

from alembic import op

revision = "20261121_0005"
down_revision = "20261121_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("grant update (data) on orchestrator.run_events to orchestrator_app")


def downgrade() -> None:
    op.execute("revoke update (data) on orchestrator.run_events from orchestrator_app")
