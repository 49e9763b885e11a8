"""The airlock, release permits and the audit trail."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import create_runtime_tables, drop_runtime_tables, protect_table
from sqlalchemy.dialects import postgresql

revision = "20261121_0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = "compliance"
INSTANT = sa.DateTime(timezone=True)
TABLES = (
    "airlock_items",
    "open_gates",
    "airlock_decisions",
    "item_events",
    "release_permits",
    "tenant_flags",
    "audit_chain",
    "audit_entries",
    "audit_sources",
)


def upgrade() -> None:
    create_runtime_tables(SCHEMA)
    create_airlock()
    create_releases()
    create_audit()


def create_airlock() -> None:
    op.create_table(
        "airlock_items",
        sa.Column("id", sa.UUID, nullable=False, comment="The step visit's id: a repeat finds the same item."),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", sa.UUID, nullable=False),
        sa.Column("gate", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("verdict", sa.JSON, nullable=False),
        sa.Column("risk", sa.Integer, nullable=False),
        sa.Column("downgrades", sa.JSON, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("reviewers", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("accepts", sa.JSON, nullable=False, comment="What must hold for an approval to count."),
        sa.Column("remind_at", INSTANT),
        sa.Column("timeout_at", INSTANT),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by", sa.Text),
        sa.Column("decision", sa.Text),
        sa.Column("comment", sa.Text, server_default="", nullable=False),
        sa.Column("note", sa.Text, server_default="", nullable=False, comment="Why it is open again, or how it ended."),
        sa.Column("held_at", INSTANT),
        sa.Column("held_by", sa.Text),
        sa.Column("hold_reason", sa.Text),
        sa.CheckConstraint(
            "decision in ('approved', 'changes_requested', 'rejected')", name="decision"
        ),
        sa.CheckConstraint(
            "status in ('open', 'approved', 'changes_requested', 'rejected', 'expired', 'withdrawn', 'releasing', 'released', 'release_failed')",
            name="status",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_airlock_items"),
        schema=SCHEMA,
    )
    op.create_index("ix_airlock_items_queue", "airlock_items", ["tenant_id", "opened_at", "id"], schema=SCHEMA)
    op.create_index("ix_airlock_items_run", "airlock_items", ["tenant_id", "run_id", "opened_at"], schema=SCHEMA)
    op.create_index(
        "ix_airlock_items_status", "airlock_items", ["tenant_id", "status", "opened_at", "id"], schema=SCHEMA
    )
    protect_table(SCHEMA, "airlock_items")
    op.create_table(
        "open_gates",
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("timeout_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["item_id"], ["compliance.airlock_items.id"], name="fk_open_gates_item_id_airlock_items", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name="pk_open_gates"),
        schema=SCHEMA,
        comment="One row per open item, without content, so that the timer may look across tenants.",
    )
    op.create_index(
        "ix_open_gates_timeout",
        "open_gates",
        ["timeout_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("timeout_at IS NOT NULL"),
    )
    protect_table(SCHEMA, "open_gates", system=True)
    op.create_table(
        "airlock_decisions",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column(
            "edit", sa.JSON(none_as_null=True), comment="The merge patch, when the reviewer edited before approving."
        ),
        sa.Column("content_before", sa.JSON(none_as_null=True), comment="What was held before that edit."),
        sa.Column("sha256_before", sa.Text, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False, comment="What was decided on, edits included."),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.CheckConstraint(
            "decision in ('approved', 'changes_requested', 'rejected')", name="decision"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["compliance.airlock_items.id"], name="fk_airlock_decisions_item_id_airlock_items"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_airlock_decisions"),
        schema=SCHEMA,
    )
    op.create_index("ix_airlock_decisions_item_id", "airlock_decisions", ["item_id"], schema=SCHEMA)
    protect_table(SCHEMA, "airlock_decisions", append_only=True)
    op.create_table(
        "item_events",
        sa.Column("seq", sa.BigInteger, sa.Identity(always=False), nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["compliance.airlock_items.id"], name="fk_item_events_item_id_airlock_items"
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_item_events"),
        schema=SCHEMA,
        comment="An item's history for people; the audit chain is the one that proves.",
    )
    op.create_index("ix_item_events_item", "item_events", ["item_id", "seq"], schema=SCHEMA)
    protect_table(SCHEMA, "item_events", append_only=True)


def create_releases() -> None:
    op.create_table(
        "release_permits",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column("manifest_sha256", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("granted_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.Column("outcome", sa.Text),
        sa.Column("detail", sa.Text),
        sa.CheckConstraint("outcome in ('released', 'release_failed')", name="outcome"),
        sa.CheckConstraint("(finished_at is null) = (outcome is null)", name="finished"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["compliance.airlock_items.id"], name="fk_release_permits_item_id_airlock_items"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_release_permits"),
        schema=SCHEMA,
    )
    op.create_index("ix_release_permits_item", "release_permits", ["item_id", "granted_at"], schema=SCHEMA)
    op.create_index(
        "ix_release_permits_live",
        "release_permits",
        ["item_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    protect_table(SCHEMA, "release_permits")
    op.create_table(
        "tenant_flags",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("flag", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.CheckConstraint("flag in ('kill')", name="flag"),
        sa.PrimaryKeyConstraint("tenant_id", "flag", name="pk_tenant_flags"),
        schema=SCHEMA,
    )
    protect_table(SCHEMA, "tenant_flags")


def create_audit() -> None:
    op.create_table(
        "audit_chain",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("entry_sha256", sa.LargeBinary, nullable=False),
        sa.Column("prev", sa.LargeBinary, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "seq", name="pk_audit_chain"),
        schema=SCHEMA,
        comment="No personal data; INSERT and SELECT only. How a hash is made is in compliance/chain.py.",
    )
    protect_table(SCHEMA, "audit_chain", append_only=True)
    op.create_table(
        "audit_entries",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary),
        sa.Column("body", sa.Text, comment="RFC 8785 JSON. Salt and body may be blanked by erasure, never changed."),
        sa.Column("run_id", sa.Text, sa.Computed("((body)::json ->> 'run_id'::text)", persisted=True)),
        sa.Column("actor", sa.Text, sa.Computed("((body)::json ->> 'actor'::text)", persisted=True)),
        sa.Column("action", sa.Text, sa.Computed("((body)::json ->> 'action'::text)", persisted=True)),
        sa.CheckConstraint("(salt is null) = (body is null)", name="blanked"),
        sa.PrimaryKeyConstraint("tenant_id", "seq", name="pk_audit_entries"),
        schema=SCHEMA,
    )
    op.create_index("ix_audit_entries_action", "audit_entries", ["tenant_id", "action", "seq"], schema=SCHEMA)
    op.create_index("ix_audit_entries_actor", "audit_entries", ["tenant_id", "actor", "seq"], schema=SCHEMA)
    op.create_index("ix_audit_entries_run_id", "audit_entries", ["tenant_id", "run_id", "seq"], schema=SCHEMA)
    protect_table(SCHEMA, "audit_entries")
    # An entry may be blanked, by erasure; it may not be deleted, moved or given to another tenant.
    op.execute("revoke update, delete on compliance.audit_entries from compliance_app")
    op.execute("grant update (salt, body) on compliance.audit_entries to compliance_app")
    op.create_table(
        "audit_sources",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("last_number", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "source", name="pk_audit_sources"),
        schema=SCHEMA,
        comment="The highest number each source has used for this tenant: a missing entry shows as a gap.",
    )
    protect_table(SCHEMA, "audit_sources")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    drop_runtime_tables(SCHEMA)
