"""Runs, their history, and what the engine keeps to move them."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import create_runtime_tables, drop_runtime_tables, grant_table, protect_table
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "20261121_0001"
down_revision = None

SCHEMA = "orchestrator"
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_runtime_tables(SCHEMA)
    op.create_table(
        "definitions",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("compiled", JSONB, nullable=False),
        sa.Column("loaded_at", INSTANT, nullable=False, server_default=sa.func.now()),
        schema=SCHEMA,
    )
    op.create_index("ix_definitions_name", "definitions", ["name"], schema=SCHEMA)
    grant_table(SCHEMA, "definitions")
    op.create_table(
        "runs",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("workflow", sa.Text, nullable=False),
        sa.Column("definition_digest", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("shown_status", sa.Text, nullable=False),
        sa.Column("current_step", sa.Text),
        sa.Column("input", JSONB, nullable=False),
        sa.Column("state", JSONB, nullable=False),
        sa.Column("error", JSONB),
        sa.Column("cost_usd_micros", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("priority", sa.Integer, nullable=False, server_default="0", comment="0 low, 1 medium, 2 high, 3 urgent."),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("parent_run_id", UUID),
        sa.Column("parent_step_id", UUID),
        sa.Column("depth", sa.Integer, nullable=False, server_default="0", comment="How many runs are above this one."),
        sa.Column("forked_from_run_id", UUID),
        sa.Column("session_id", UUID),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("finished_at", INSTANT),
        sa.CheckConstraint(
            "status in ('pending', 'running', 'waiting', 'paused', 'completed', 'failed', 'rejected', 'cancelled')",
            name="status",
        ),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_runs_newest", "runs", ["tenant_id", sa.text("created_at desc"), sa.text("id desc")], schema=SCHEMA
    )
    op.create_index("ix_runs_status", "runs", ["tenant_id", "status", sa.text("created_at desc")], schema=SCHEMA)
    op.create_index(
        "ix_runs_parent",
        "runs",
        ["tenant_id", "parent_run_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("parent_run_id is not null"),
    )
    newest = [sa.text("created_at desc"), sa.text("id desc")]
    op.create_index("ix_runs_workflow", "runs", ["tenant_id", "workflow", *newest], schema=SCHEMA)
    op.create_index("ix_runs_created_by", "runs", ["tenant_id", "created_by", *newest], schema=SCHEMA)
    op.create_index(
        "ix_runs_session",
        "runs",
        ["tenant_id", "session_id", sa.text("created_at desc")],
        schema=SCHEMA,
        postgresql_where=sa.text("session_id is not null"),
    )
    protect_table(SCHEMA, "runs")
    op.create_table(
        "run_events",
        sa.Column("run_id", UUID, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("data", JSONB, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_run_events_tenant", "run_events", ["tenant_id", "run_id", "seq"], schema=SCHEMA)
    # History is only ever added to.
    protect_table(SCHEMA, "run_events", append_only=True)
    _create_backlog()
    _create_money()
    op.create_table(
        "run_artifacts",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("run_id", UUID, primary_key=True),
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("type", sa.Text, primary_key=True),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("licence", sa.Text),
        sa.Column("retention_class", sa.Text, nullable=False),
        sa.Column("announced_at", INSTANT, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_run_artifacts_sha256", "run_artifacts", ["tenant_id", "sha256"], schema=SCHEMA)
    protect_table(SCHEMA, "run_artifacts")


def _create_backlog() -> None:
    op.create_table(
        "ready_steps",
        sa.Column("step_id", UUID, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", UUID, nullable=False),
        sa.Column("workflow", sa.Text, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("capability", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False, comment="The run is paused."),
        sa.Column("unwanted", sa.Boolean, nullable=False, comment="Sent, then not wanted any more; the worker has yet to answer."),
        sa.Column("estimate_usd_micros", sa.BigInteger, nullable=False),
        sa.Column("reserved_usd_micros", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("command", JSONB, nullable=False),
        sa.Column("ready_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_ready_steps_waiting",
        "ready_steps",
        ["capability", "tenant_id", sa.text("priority desc"), "ready_at"],
        schema=SCHEMA,
        postgresql_where=sa.text("sent_at is null and not held"),
    )
    op.create_index(
        "ix_ready_steps_sent",
        "ready_steps",
        ["capability", "tenant_id", "workflow"],
        schema=SCHEMA,
        postgresql_where=sa.text("sent_at is not null"),
    )
    op.create_index("ix_ready_steps_run", "ready_steps", ["run_id"], schema=SCHEMA)
    protect_table(SCHEMA, "ready_steps", system=True)
    op.create_table(
        "timers",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("run_id", UUID, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("happening", JSONB, nullable=False),
        schema=SCHEMA,
    )
    op.create_index("ix_timers_due_at", "timers", ["due_at"], schema=SCHEMA)
    protect_table(SCHEMA, "timers", system=True)


def _create_money() -> None:
    op.create_table(
        "limits",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True, comment="The workflow or capability; empty for the tenant itself."),
        sa.Column("at_most", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "kind in ('steps', 'steps_of_workflow', 'steps_of_capability', 'usd_micros_of_a_run',"
            " 'usd_micros_of_a_day', 'usd_micros_in_total')",
            name="kind",
        ),
        schema=SCHEMA,
    )
    protect_table(SCHEMA, "limits", system=True)
    op.create_table(
        "run_accounts",
        sa.Column("run_id", UUID, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("allotted_usd_micros", sa.BigInteger, nullable=False, comment="Taken from the tenant's accounts, in slices."),
        sa.Column("reserved_usd_micros", sa.BigInteger, nullable=False, comment="For what is under way."),
        sa.Column("spent_usd_micros", sa.BigInteger, nullable=False),
        sa.Column("at_most_usd_micros", sa.BigInteger, comment="The run's own cap."),
        sa.Column("day", sa.Date, nullable=False, comment="Of which day the slices are."),
        schema=SCHEMA,
    )
    op.create_index(
        "ix_run_accounts_idle",
        "run_accounts",
        ["tenant_id"],
        schema=SCHEMA,
        postgresql_where=sa.text("allotted_usd_micros > reserved_usd_micros + spent_usd_micros"),
    )
    protect_table(SCHEMA, "run_accounts", system=True)
    op.create_table(
        "tenant_accounts",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True, comment="`total`, or a day (UTC)."),
        sa.Column("allotted_usd_micros", sa.BigInteger, nullable=False, comment="Given to runs; what they do not spend comes back."),
        schema=SCHEMA,
    )
    protect_table(SCHEMA, "tenant_accounts", system=True)


def downgrade() -> None:
    backlog, money = ("ready_steps", "timers"), ("limits", "run_accounts", "tenant_accounts")
    for table in ("definitions", "runs", "run_events", *backlog, *money, "run_artifacts"):
        op.drop_table(table, schema=SCHEMA)
    drop_runtime_tables(SCHEMA)
