"""Stages, claims, assignments and versions of items."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table

revision = "20261121_0002"
down_revision = "20261121_0001"
branch_labels = None
depends_on = None

SCHEMA = "compliance"
INSTANT = sa.DateTime(timezone=True)
TABLES = ("review_definitions", "withdrawn_early")
RANK = (
    "(((CASE priority WHEN 'urgent'::text THEN 0 WHEN 'high'::text THEN 1 WHEN 'medium'::text THEN 2 ELSE 3 END * 101)"
    " + 100) - risk)"
)


def upgrade() -> None:
    widen_items()
    widen_gates()
    stage = sa.Column("stage", sa.Text, comment="Of a review with several stages or voices: which one.")
    op.add_column("airlock_decisions", stage, schema=SCHEMA)
    closes = sa.Column(
        "closes", sa.Boolean, server_default="true", nullable=False, comment="False: others have to agree."
    )
    op.add_column("airlock_decisions", closes, schema=SCHEMA)
    turn = sa.Column("round", sa.Integer, server_default="1", nullable=False)
    op.add_column("airlock_decisions", turn, schema=SCHEMA)
    create_reviews()


def widen_items() -> None:
    op.alter_column("airlock_items", "run_id", nullable=True, schema=SCHEMA)
    for column in (
        sa.Column("place", sa.Text, comment="Where in its run the gate is: the same at each visit."),
        sa.Column("content_type", sa.Text),
        sa.Column("priority", sa.Text, server_default="medium", nullable=False),
        sa.Column("rank", sa.Integer, sa.Computed(RANK, persisted=True), comment="What presses most has the least."),
        sa.Column("due_at", INSTANT, comment="When somebody should have decided."),
        sa.Column("review", sa.JSON, server_default="{}", nullable=False, comment="Who looks, in which order."),
        sa.Column("stage", sa.Integer, server_default="0", nullable=False, comment="Which of them it is at, from 0."),
        sa.Column(
            "round", sa.Integer, server_default="1", nullable=False, comment="Voices of earlier rounds do not count."
        ),
        sa.Column("review_version", sa.Integer, comment="Of the tenant's definition, where that was used."),
        sa.Column("escalate_at", INSTANT),
        sa.Column("escalated_at", INSTANT, comment="Since when those who were called may decide, too."),
        sa.Column("reminded_at", INSTANT),
        sa.Column("assigned_to", sa.Text),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claimed_until", INSTANT),
        sa.Column("revision", sa.Integer, server_default="1", nullable=False),
        sa.Column("supersedes", sa.UUID, comment="The item of this gate and run before."),
        sa.Column("spent_usd_micros", sa.BigInteger),
        sa.Column("redo_usd_micros", sa.BigInteger),
    ):
        op.add_column("airlock_items", column, schema=SCHEMA)
    op.execute("update compliance.airlock_items set due_at = coalesce(timeout_at, opened_at + interval '24 hours')")
    op.alter_column("airlock_items", "due_at", nullable=False, schema=SCHEMA)
    op.create_check_constraint(
        "priority", "airlock_items", "priority in ('low', 'medium', 'high', 'urgent')", schema=SCHEMA
    )
    op.create_check_constraint(
        "content_type",
        "airlock_items",
        "content_type in ('ideas', 'script', 'image', 'cut', 'post', 'campaign')",
        schema=SCHEMA,
    )
    op.create_check_constraint(
        "claim", "airlock_items", "(claimed_by is null) = (claimed_until is null)", schema=SCHEMA
    )
    op.create_index(
        "ix_airlock_items_risk", "airlock_items", ["tenant_id", "status", "rank", "opened_at", "id"], schema=SCHEMA
    )
    op.create_index("ix_airlock_items_due", "airlock_items", ["tenant_id", "status", "due_at", "id"], schema=SCHEMA)


def widen_gates() -> None:
    op.add_column("open_gates", sa.Column("remind_at", INSTANT), schema=SCHEMA)
    op.add_column("open_gates", sa.Column("escalate_at", INSTANT), schema=SCHEMA)
    for name in ("remind", "escalate"):
        op.create_index(
            f"ix_open_gates_{name}",
            "open_gates",
            [f"{name}_at"],
            schema=SCHEMA,
            postgresql_where=sa.text(f"{name}_at IS NOT NULL"),
        )


def create_reviews() -> None:
    op.create_table(
        "review_definitions",
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("gate", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("set_by", sa.Text, nullable=False),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "gate", "version", name="pk_review_definitions"),
        schema=SCHEMA,
        comment="How a tenant reviews what its workflows say nothing about. The newest version counts.",
    )
    protect_table(SCHEMA, "review_definitions", append_only=True)
    op.create_table(
        "withdrawn_early",
        sa.Column("item_id", sa.UUID, nullable=False),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_withdrawn_early"),
        schema=SCHEMA,
        comment="Gates that nobody waits for any more, heard of before they were opened.",
    )
    protect_table(SCHEMA, "withdrawn_early")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema=SCHEMA)
    for table, columns in {
        "airlock_decisions": ("stage", "closes", "round"),
        "open_gates": ("remind_at", "escalate_at"),
        "airlock_items": (
            *("place", "content_type", "rank", "priority", "due_at", "review", "stage", "round", "review_version"),
            *("escalate_at", "escalated_at", "reminded_at", "assigned_to", "claimed_by", "claimed_until"),
            *("revision", "supersedes", "spent_usd_micros", "redo_usd_micros"),
        ),
    }.items():
        for column in columns:
            op.drop_column(table, column, schema=SCHEMA)
    op.execute("update compliance.airlock_items set run_id = id where run_id is null")
    op.alter_column("airlock_items", "run_id", nullable=False, schema=SCHEMA)
