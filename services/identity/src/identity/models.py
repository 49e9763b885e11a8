"""Identity's tables."""

from __future__ import annotations

from common.db.table import Instant, listed, metadata_for, one_of, runtime_tables
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from identity.domain import PEOPLES_ROLES, KeySource, SignInWay

metadata = metadata_for("identity")
runtime = runtime_tables(metadata)


_SUBSET = f"<@ array[{listed(PEOPLES_ROLES)}]::text[]"

tenants = Table(
    "tenants",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("tenant_id", Text, ForeignKey(tenants.c.tenant_id), primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("custom_roles", ARRAY(Text), nullable=False, server_default="{}"),
    Column("generation", UUID, nullable=False, server_default=func.gen_random_uuid(), comment="Their tokens name it."),
    CheckConstraint(f"roles {_SUBSET}", name="roles"),
)

void_generations = Table(
    "void_generations",
    metadata,
    Column("generation", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("voided_at", Instant, nullable=False, index=True),
)

custom_roles = Table(
    "custom_roles",
    metadata,
    Column("tenant_id", Text, ForeignKey(tenants.c.tenant_id), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("roles", ARRAY(Text), nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # Who governs a tenant is said of each person by name: no role of its own may make somebody an administrator.
    CheckConstraint(f"roles {_SUBSET} and not 'admin' = any (roles)", name="roles"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False, comment="Shown in lists, so that people recognise their keys."),
    Column("sha256", Text, nullable=False, unique=True, comment="Of the whole key, in hex; the key is not kept."),
    Column("scopes", ARRAY(Text), nullable=False, comment="Roles the key is narrowed to; empty means all its user's."),
    Column("source", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
    ForeignKeyConstraint(["tenant_id", "user_id"], [users.c.tenant_id, users.c.user_id]),
    CheckConstraint(f"scopes {_SUBSET}", name="scopes"),
    one_of("source", KeySource),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    Index("ix_api_keys_tenant_id_id", "tenant_id", "id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("sha256", Text, nullable=False, unique=True, comment="Of the secret in the browser's cookie, in hex."),
    Column("way", Text, nullable=False, comment="How they signed in."),
    Column("key_id", UUID, comment="The API key they signed in with: the session lives no longer than it does."),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("ended_at", Instant),
    ForeignKeyConstraint(["tenant_id", "user_id"], [users.c.tenant_id, users.c.user_id]),
    one_of("way", SignInWay),
    Index("ix_sessions_tenant_id_user_id", "tenant_id", "user_id"),
)

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("sha256", Text, primary_key=True, comment="Of the token in the link, in hex; the token is not kept."),
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    Column("used_at", Instant),
    ForeignKeyConstraint(["tenant_id", "user_id"], [users.c.tenant_id, users.c.user_id]),
)

passwords = Table(
    "passwords",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("hash", Text, nullable=False, comment="Argon2id, in PHC format."),
    Column("changed_at", Instant, nullable=False),
    ForeignKeyConstraint(["tenant_id", "user_id"], [users.c.tenant_id, users.c.user_id]),
)

signing_keys = Table(
    "signing_keys",
    metadata,
    # No tenant: the suite's tokens are signed with one key at a time, whoever they are for.
    Column("kid", Text, primary_key=True, comment="RFC 7638 thumbprint of the public key."),
    Column("public_jwk", JSONB, nullable=False),
    Column(
        "sealed_private", LargeBinary, nullable=False, comment="AES-256-GCM under the master key: nonce, text, tag."
    ),
    Column("created_at", Instant, nullable=False),
    Column("signs_from", Instant, nullable=False),
    Column("retired_at", Instant, comment="From when it signs no more; its tokens stay good until they expire."),
)
