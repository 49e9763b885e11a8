"""Browsers people are signed in with: sessions, links that sign in once, passwords."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261121_0003"
down_revision = "20261121_0002"
branch_labels = None
depends_on = None

SCHEMA = "identity"
INSTANT = sa.DateTime(timezone=True)


def of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "user_id"],
        ["identity.users.tenant_id", "identity.users.user_id"],
        name=f"fk_{table}_tenant_id_user_id_users",
    )


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, comment="Of the secret in the browser's cookie, in hex."),
        sa.Column("way", sa.Text, nullable=False, comment="How they signed in."),
        sa.Column(
            "key_id", sa.UUID, comment="The API key they signed in with: the session lives no longer than it does."
        ),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("sha256", name="uq_sessions_sha256"),
        of_user("sessions"),
        sa.CheckConstraint("way in ('link', 'password', 'key')", name="way"),
        schema=SCHEMA,
    )
    op.create_index("ix_sessions_tenant_id_user_id", "sessions", ["tenant_id", "user_id"], schema=SCHEMA)
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"], schema=SCHEMA)
    op.create_table(
        "sign_in_links",
        sa.Column("sha256", sa.Text, nullable=False, comment="Of the token in the link, in hex; the token is not kept."),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("sha256", name="pk_sign_in_links"),
        of_user("sign_in_links"),
        schema=SCHEMA,
    )
    op.create_index("ix_sign_in_links_expires_at", "sign_in_links", ["expires_at"], schema=SCHEMA)
    op.create_table(
        "passwords",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False, comment="Argon2id, in PHC format."),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name="pk_passwords"),
        of_user("passwords"),
        schema=SCHEMA,
    )
    # Found without a tenant: a cookie or a link says a secret and nothing else.
    protect_table(SCHEMA, "sessions", system=True)
    protect_table(SCHEMA, "sign_in_links", system=True)
    protect_table(SCHEMA, "passwords")


def downgrade() -> None:
    for table in ("passwords", "sign_in_links", "sessions"):
        op.drop_table(table, schema=SCHEMA)
