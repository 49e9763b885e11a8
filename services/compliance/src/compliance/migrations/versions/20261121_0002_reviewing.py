"""Stages, claims, assignments and versions of items."""

revision = "20261121_0002"
down_revision = "20261121_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by who owns it."""


def downgrade() -> None:
    """Filled by who owns it."""
