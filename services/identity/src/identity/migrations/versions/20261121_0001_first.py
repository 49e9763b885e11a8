"""Tenants, users, API keys and signing keys."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import create_runtime_tables, drop_runtime_tables, grant_table, protect_table
from sqlalchemy.dialects import postgresql

revision = "20261121_0001"
down_revision = None
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ROLES = "<@ array['creator', 'reviewer', 'publisher', 'compliance_officer', 'operator', 'admin']::text[]"


def upgrade() -> None:
    create_runtime_tables("identity")
    op.create_table(
        "tenants",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_tenants"),
        schema="identity",
    )
    op.create_table(
        "users",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("display_name", sa.Text, nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("disabled_at", INSTANT),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name="pk_users"),
        sa.ForeignKeyConstraint(["tenant_id"], ["identity.tenants.tenant_id"], name="fk_users_tenant_id_tenants"),
        sa.CheckConstraint(f"roles {ROLES}", name="ck_users_roles"),
        schema="identity",
    )
    op.create_table(
        "api_keys",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False, comment="Shown in lists, so that people recognise their keys."),
        sa.Column("sha256", sa.Text, nullable=False, comment="Of the whole key, in hex; the key is not kept."),
        sa.Column(
            "scopes",
            postgresql.ARRAY(sa.Text),
            nullable=False,
            comment="Roles the key is narrowed to; empty means all its user's.",
        ),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sa.Column("last_used_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("sha256", name="uq_api_keys_sha256"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["identity.users.tenant_id", "identity.users.user_id"],
            name="fk_api_keys_tenant_id_user_id_users",
        ),
        sa.CheckConstraint(f"scopes {ROLES}", name="ck_api_keys_scopes"),
        sa.CheckConstraint("source in ('issued', 'settings')", name="ck_api_keys_source"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="ck_api_keys_sha256"),
        schema="identity",
    )
    op.create_index("ix_api_keys_tenant_id_id", "api_keys", ["tenant_id", "id"], schema="identity")
    op.create_table(
        "signing_keys",
        sa.Column("kid", sa.Text, nullable=False, comment="RFC 7638 thumbprint of the public key."),
        sa.Column("public_jwk", postgresql.JSONB, nullable=False),
        sa.Column(
            "sealed_private",
            sa.LargeBinary,
            nullable=False,
            comment="AES-256-GCM under the master key: nonce, text, tag.",
        ),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("signs_from", INSTANT, nullable=False),
        sa.Column(
            "retired_at", INSTANT, comment="From when it signs no more; its tokens stay good until they expire."
        ),
        sa.PrimaryKeyConstraint("kid", name="pk_signing_keys"),
        schema="identity",
    )
    # Found without a tenant: the platform's list of tenants, and whose a key is.
    protect_table("identity", "tenants", system=True)
    protect_table("identity", "users")
    protect_table("identity", "api_keys", system=True)
    grant_table("identity", "signing_keys")
    # Code that serves one tenant's requests has no business with the suite's keys, sealed or not.
    op.execute("revoke all on identity.signing_keys from identity_app")


def downgrade() -> None:
    for table in ("signing_keys", "api_keys", "users", "tenants"):
        op.drop_table(table, schema="identity")
    drop_runtime_tables("identity")
