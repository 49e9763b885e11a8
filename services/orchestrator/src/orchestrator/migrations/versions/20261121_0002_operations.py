"""Dead letters of all services, schedules, and what outside systems say."""

import sqlalchemy as sa
from alembic import op
from common.db.migrations import protect_table
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "20261121_0002"
down_revision = "20261121_0001"

SCHEMA = "orchestrator"
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_letters()
    _create_schedules()
    _create_webhooks()


def _create_letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False, comment="`unknown` when the message names none."),
        sa.Column("service", sa.Text, nullable=False, comment="Who gave it up."),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("capability", sa.Text),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("run_id", UUID),
        sa.Column("step_id", UUID),
        sa.Column("step", sa.Text),
        sa.Column("attempt", sa.Integer),
        sa.Column("headers", JSONB, nullable=False),
        sa.Column("body", sa.LargeBinary, comment="Null when it was too large to be told; the service that gave it up has it."),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("last_seen", INSTANT, nullable=False),
        sa.Column("handled_by", sa.Text),
        sa.Column("handled_at", INSTANT),
        sa.Column("note", sa.Text),
        sa.CheckConstraint("code in ('unreadable', 'poison', 'broke')", name="code"),
        sa.CheckConstraint("state in ('open', 'redriven', 'resolved')", name="state"),
        schema=SCHEMA,
    )
    newest = ["tenant_id", sa.text("last_seen desc"), sa.text("id desc")]
    op.create_index("ix_letters_newest", "letters", newest, schema=SCHEMA)
    with_run = sa.text("run_id is not null")
    op.create_index("ix_letters_run", "letters", ["tenant_id", "run_id"], schema=SCHEMA, postgresql_where=with_run)
    is_open = sa.text("state = 'open'")
    op.create_index("ix_letters_open", "letters", ["service"], schema=SCHEMA, postgresql_where=is_open)
    protect_table(SCHEMA, "letters", system=True)


def _create_schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("cron", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("workflow", sa.Text, nullable=False),
        sa.Column("input", JSONB, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("budget_usd_micros", sa.BigInteger, comment="The cap of each run."),
        sa.Column("catch_up", sa.Text, nullable=False),
        sa.Column("overlap", sa.Text, nullable=False),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("next_at", INSTANT, comment="The first instant not dealt with yet; null when there is none any more."),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("catch_up in ('skip', 'last', 'all')", name="catch_up"),
        sa.CheckConstraint("overlap in ('allow', 'skip')", name="overlap"),
        schema=SCHEMA,
    )
    running = sa.text("not paused")
    op.create_index("ix_schedules_due", "schedules", ["next_at"], schema=SCHEMA, postgresql_where=running)
    newest = ["tenant_id", sa.text("created_at desc"), sa.text("id desc")]
    op.create_index("ix_schedules_newest", "schedules", newest, schema=SCHEMA)
    protect_table(SCHEMA, "schedules", system=True)
    op.create_table(
        "schedule_starts",
        sa.Column("schedule_id", UUID, primary_key=True),
        sa.Column("due_at", INSTANT, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("run_id", UUID),
        sa.Column("detail", sa.Text),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("outcome in ('started', 'skipped', 'missed', 'refused')", name="outcome"),
        schema=SCHEMA,
    )
    protect_table(SCHEMA, "schedule_starts")


def _create_webhooks() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("vendor", sa.Text, primary_key=True),
        sa.Column("delivery_id", sa.Text, primary_key=True),
        sa.Column("tenant_id", sa.Text, nullable=False, comment="Whose vendor it is; `unknown` when all tenants share it."),
        sa.Column("handle", sa.Text, comment="Null when the delivery names nothing that could be waited for."),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column("answered", sa.Text, nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("signalled_at", INSTANT),
        schema=SCHEMA,
    )
    kept = sa.text("signalled_at is null and handle is not null")
    op.create_index(
        "ix_webhook_deliveries_kept", "webhook_deliveries", ["tenant_id", "handle"], schema=SCHEMA, postgresql_where=kept
    )
    protect_table(SCHEMA, "webhook_deliveries", system=True)
    op.create_table(
        "awaited",
        sa.Column("tenant_id", sa.Text, primary_key=True),
        sa.Column("handle", sa.Text, primary_key=True),
        sa.Column("run_id", UUID, primary_key=True),
        schema=SCHEMA,
    )
    op.create_index("ix_awaited_run_id", "awaited", ["run_id"], schema=SCHEMA)
    protect_table(SCHEMA, "awaited")


def downgrade() -> None:
    for table in ("letters", "schedules", "schedule_starts", "webhook_deliveries", "awaited"):
        op.drop_table(table, schema=SCHEMA)
