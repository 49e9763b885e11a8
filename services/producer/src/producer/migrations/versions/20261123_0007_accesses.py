"""Access to vendors whose tokens are renewed."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import grant_table

revision = "20261123_0007"
down_revision = "20261122_0006"

SCHEMA = "producer"
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accesses",
        sa.Column("id", sa.Text, comment="SHA-256 of the client and of the refresh token in the settings."),
        sa.Column("vendor", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, comment="Both tokens, once renewed: AES-256-GCM under the client's secret."),
        sa.Column("renewals", sa.Integer, nullable=False, comment="How often they were renewed."),
        sa.Column("renew_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False, comment="Until when the access token is good."),
        sa.Column("renewed_at", INSTANT, nullable=False),
        sa.Column("tried_at", INSTANT, comment="When a renewal was begun; null once it is done."),
        sa.Column("failed_at", INSTANT, comment="When the vendor was asked last and did not renew them."),
        sa.Column(
            "refused_at", INSTANT, comment="When the vendor refused the refresh token: a person has to connect anew."
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accesses"),
        schema=SCHEMA,
    )
    grant_table(SCHEMA, "accesses")
    # Code that serves one tenant's requests has no business with the installation's tokens, sealed or not.
    op.execute(f"revoke all on {SCHEMA}.accesses from {SCHEMA}_app")


def downgrade() -> None:
    op.drop_table("accesses", schema=SCHEMA)
