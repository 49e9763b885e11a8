"""Magic links for reviewers without an account."""

revision = "20261121_0007"
down_revision = "20261121_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by who owns it."""


def downgrade() -> None:
    """Filled by who owns it."""
