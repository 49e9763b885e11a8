"""A definition of a review may lose the name of somebody who is forgotten; nothing else of it ever changes."""

from alembic import op

revision = "20261123_0020"
down_revision = "20261123_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("grant update (definition) on compliance.review_definitions to compliance_app")


def downgrade() -> None:
    op.execute("revoke update (definition) on compliance.review_definitions from compliance_app")
