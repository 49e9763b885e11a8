"""Anchors, erasures, legal holds and retention."""

revision = "20261121_0006"
down_revision = "20261121_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by who owns it."""


def downgrade() -> None:
    """Filled by who owns it."""
