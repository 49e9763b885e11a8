"""Anchors, erasures, legal holds and retention."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects import postgresql

revision = "20261121_0006"
down_revision = "20261121_0005"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
INSTANT = sa.DateTime(timezone=True)
# Where there is something to do is found out across all tenants; what they did is not.
LOOKED_UP = {
    "audit_sources": "tenant_id",
    "audit_chain": "tenant_id, seq",
    "audit_anchors": "tenant_id, seq",
    "audit_erasures": "tenant_id, finished_at",
}
TABLES = ("audit_anchors", "audit_erasures", "audit_holds", "audit_archives")
# What of a decision or of an item's history names a person, and may be replaced by erasure; the rest never changes.
NAMES_OF_PEOPLE = {
    "airlock_decisions": "decided_by, comment",
    "item_events": "actor, note",
    "review_definitions": "set_by",
    "policy_versions": "made_by",
    "policy_changes": "made_by",
}


def upgrade() -> None:
    resource = sa.Column("resource", sa.Text, sa.Computed("((body)::json ->> 'resource'::text)", persisted=True))
    op.add_column("audit_entries", resource, schema=SCHEMA)
    op.create_index("ix_audit_entries_resource", "audit_entries", ["tenant_id", "resource", "seq"], schema=SCHEMA)
    seal = sa.Column("seal", sa.LargeBinary, comment="Signature over the hash.")
    op.add_column("audit_chain", seal, schema=SCHEMA)
    op.create_index("ix_audit_chain_recorded_at", "audit_chain", ["tenant_id", "recorded_at"], schema=SCHEMA)
    create_anchors()
    create_erasures()
    create_retention()
    for table, columns in LOOKED_UP.items():
        op.execute(f"create policy system on compliance.{table} for select to compliance_system using (true)")
        op.execute(f"grant select ({columns}) on compliance.{table} to compliance_system")
    for table, columns in NAMES_OF_PEOPLE.items():
        op.execute(f"grant update ({columns}) on compliance.{table} to compliance_app")


def create_anchors() -> None:
    op.create_table(
        "audit_anchors",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("seq", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kid", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "seq", name="pk_audit_anchors"),
        schema=SCHEMA,
        comment="INSERT and SELECT only. What is signed is in compliance/anchors.py.",
    )
    protect_table(SCHEMA, "audit_anchors", append_only=True)


def create_erasures() -> None:
    op.create_table(
        "audit_erasures",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text, comment="Forgotten here, too, once it is finished."),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text, nullable=False),
        sa.Column("ordered_at", INSTANT, nullable=False),
        sa.Column("blanked", sa.Integer, server_default="0", nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.CheckConstraint("(finished_at is null) = (user_id is not null)", name="forgotten"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_erasures"),
        schema=SCHEMA,
    )
    op.create_index("ix_audit_erasures_tenant_id_id", "audit_erasures", ["tenant_id", "id"], schema=SCHEMA)
    protect_table(SCHEMA, "audit_erasures")


def create_retention() -> None:
    op.create_table(
        "audit_holds",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.Column("lifted_by", sa.Text),
        sa.Column("lifted_at", INSTANT),
        sa.CheckConstraint("kind in ('run', 'user', 'tenant')", name="kind"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_holds"),
        schema=SCHEMA,
    )
    op.create_index("ix_audit_holds_tenant_id_id", "audit_holds", ["tenant_id", "id"], schema=SCHEMA)
    protect_table(SCHEMA, "audit_holds")
    op.create_table(
        "audit_archives",
        sa.Column("id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("class", sa.Text, nullable=False),
        sa.Column("seqs", postgresql.ARRAY(sa.BigInteger), nullable=False),
        sa.Column("sha256", sa.Text, nullable=False, comment="Of the compressed file, which is an artifact."),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("kid", sa.Text, nullable=False),
        sa.Column("signature", sa.LargeBinary, nullable=False),
        sa.Column("archived_at", INSTANT, nullable=False),
        sa.Column("delete_after", INSTANT, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_audit_archives"),
        schema=SCHEMA,
    )
    op.create_index("ix_audit_archives_tenant_id_id", "audit_archives", ["tenant_id", "id"], schema=SCHEMA)
    protect_table(SCHEMA, "audit_archives")


def downgrade() -> None:
    for table, columns in NAMES_OF_PEOPLE.items():
        op.execute(f"revoke update ({columns}) on compliance.{table} from compliance_app")
    for table, columns in LOOKED_UP.items():
        op.execute(f"drop policy system on compliance.{table}")
        op.execute(f"revoke select ({columns}) on compliance.{table} from compliance_system")
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    op.drop_index("ix_audit_chain_recorded_at", table_name="audit_chain", schema=SCHEMA)
    op.drop_column("audit_chain", "seal", schema=SCHEMA)
    op.drop_index("ix_audit_entries_resource", table_name="audit_entries", schema=SCHEMA)
    op.drop_column("audit_entries", "resource", schema=SCHEMA)
