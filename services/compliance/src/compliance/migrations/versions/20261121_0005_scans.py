"""What scanners found in media."""

revision = "20261121_0005"
down_revision = "20261121_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by who owns it."""


def downgrade() -> None:
    """Filled by who owns it."""
