"""Policy packs of tenants, their versions, and which is active."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261121_0004"
down_revision = "20261121_0003"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
INSTANT = sa.DateTime(timezone=True)
TABLES = ("policy_versions", "tenant_policies", "policy_changes", "open_reevaluations", "item_evaluations")


def upgrade() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("version", sa.Text, nullable=False, comment="As the pack says; a number is given to it here."),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False, comment="The YAML, as it was sent."),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("rules", sa.Integer, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "pack", "number", name="pk_policy_versions"),
        sa.UniqueConstraint("tenant_id", "pack", "version", name="uq_policy_versions_tenant_id_pack_version"),
        schema=SCHEMA,
    )
    protect_table(SCHEMA, "policy_versions", append_only=True)
    op.create_table(
        "tenant_policies",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column(
            "own", sa.JSON, nullable=False, comment="The tenant's packs in force, each with its number, in order."
        ),
        sa.Column("chosen", sa.JSON, nullable=False, comment="Shipped packs it switched on."),
        sa.Column("switched_off", sa.JSON, nullable=False, comment="Shipped packs it switched off."),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_tenant_policies"),
        schema=SCHEMA,
        comment="No row means: what is shipped, as it is.",
    )
    protect_table(SCHEMA, "tenant_policies")
    op.create_table(
        "policy_changes",
        sa.Column("seq", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("pack", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, comment="Missing for a shipped pack."),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False, comment="What was in force from then on."),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.CheckConstraint("action in ('activate', 'deactivate')", name="action"),
        sa.PrimaryKeyConstraint("seq", name="pk_policy_changes"),
        schema=SCHEMA,
    )
    op.create_index("ix_policy_changes_pack", "policy_changes", ["tenant_id", "pack", "seq"], schema=SCHEMA)
    protect_table(SCHEMA, "policy_changes", append_only=True)
    op.create_table(
        "open_reevaluations",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column(
            "claimed_until", INSTANT, comment="Who works on it says so; when that is over somebody else may."
        ),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_open_reevaluations"),
        schema=SCHEMA,
        comment="One row per tenant whose approved items are still to be looked at again; without content, for the loop.",
    )
    protect_table(SCHEMA, "open_reevaluations", system=True)
    op.create_table(
        "item_evaluations",
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False, comment="What was looked at."),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("looked_at", INSTANT, nullable=False),
        sa.CheckConstraint("level in ('allowed', 'needs_review', 'blocked')", name="level"),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["compliance.airlock_items.id"],
            name="fk_item_evaluations_item_id_airlock_items",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", name="pk_item_evaluations"),
        schema=SCHEMA,
        comment="An approved item that was looked at again under a later policy, and may stay approved.",
    )
    protect_table(SCHEMA, "item_evaluations")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
