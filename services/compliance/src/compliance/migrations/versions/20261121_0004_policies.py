"""Policy packs of tenants, their versions, and which is active."""

revision = "20261121_0004"
down_revision = "20261121_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by who owns it."""


def downgrade() -> None:
    """Filled by who owns it."""
