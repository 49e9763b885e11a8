"""Roles of a tenant's own, and generations of tokens."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects import postgresql

revision = "20261121_0002"
down_revision = "20261121_0001"
branch_labels = None
depends_on = None

SCHEMA = "identity"
INSTANT = sa.DateTime(timezone=True)
ROLES = "<@ array['creator', 'reviewer', 'publisher', 'compliance_officer', 'operator', 'admin']::text[]"


def upgrade() -> None:
    for column in (
        sa.Column("custom_roles", postgresql.ARRAY(sa.Text), nullable=False, server_default="{}"),
        sa.Column(
            "generation",
            sa.UUID,
            nullable=False,
            server_default=sa.func.gen_random_uuid(),
            comment="Their tokens name it.",
        ),
    ):
        op.add_column("users", column, schema=SCHEMA)
    op.create_table(
        "custom_roles",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name="pk_custom_roles"),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["identity.tenants.tenant_id"], name="fk_custom_roles_tenant_id_tenants"
        ),
        sa.CheckConstraint(f"roles {ROLES} and not 'admin' = any (roles)", name="roles"),
        schema=SCHEMA,
    )
    op.create_table(
        "void_generations",
        sa.Column("generation", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("voided_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("generation", name="pk_void_generations"),
        schema=SCHEMA,
    )
    op.create_index("ix_void_generations_voided_at", "void_generations", ["voided_at"], schema=SCHEMA)
    protect_table(SCHEMA, "custom_roles")
    # What is void is told again and again, for all tenants at once.
    protect_table(SCHEMA, "void_generations", system=True)


def downgrade() -> None:
    op.drop_table("void_generations", schema=SCHEMA)
    op.drop_table("custom_roles", schema=SCHEMA)
    for column in ("custom_roles", "generation"):
        op.drop_column("users", column, schema=SCHEMA)
