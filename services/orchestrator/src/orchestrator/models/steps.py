"""Steps that may be sent, what happens to a run later, and who waits for what a vendor says."""

from __future__ import annotations

from common.db.table import Instant
from common.service.webhooks import deliveries_table
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from orchestrator.models.schema import metadata

ready_steps = Table(
    "ready_steps",
    metadata,
    Column("step_id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("run_id", UUID, nullable=False),
    Column("workflow", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("capability", Text, nullable=False),
    # An attempt that was sent and then was not wanted may still be answered when the next one is ordered.
    Column("attempt", Integer, primary_key=True),
    Column("priority", Integer, nullable=False),
    Column("held", Boolean, nullable=False, comment="The run is paused."),
    Column(
        "unwanted", Boolean, nullable=False, comment="Sent, then not wanted any more; the worker has yet to answer."
    ),
    Column("estimate_usd_micros", BigInteger, nullable=False),
    Column("reserved_usd_micros", BigInteger, nullable=False, server_default="0"),
    Column("command", JSONB, nullable=False),
    Column("ready_at", Instant, nullable=False),
    Column("sent_at", Instant),
)
Index(
    "ix_ready_steps_waiting",
    ready_steps.c.capability,
    ready_steps.c.tenant_id,
    ready_steps.c.priority.desc(),
    ready_steps.c.ready_at,
    postgresql_where=ready_steps.c.sent_at.is_(None) & ~ready_steps.c.held,
)
Index(
    "ix_ready_steps_sent",
    ready_steps.c.capability,
    ready_steps.c.tenant_id,
    ready_steps.c.workflow,
    postgresql_where=ready_steps.c.sent_at.is_not(None),
)
Index("ix_ready_steps_run", ready_steps.c.run_id)

timers = Table(
    "timers",
    metadata,
    # What happens to a run later, or as soon as this commits when it is due at once.
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("run_id", UUID, nullable=False),
    Column("due_at", Instant, nullable=False, index=True),
    Column("happening", JSONB, nullable=False),
)

awaited = Table(
    "awaited",
    metadata,
    # Who waits for what a vendor says. Plain columns: an index on a part of the history's JSON is no use under
    # row-level security (docs/adr/0013).
    Column("tenant_id", Text, primary_key=True),
    Column("handle", Text, primary_key=True),
    Column("run_id", UUID, primary_key=True),
)
Index("ix_awaited_run_id", awaited.c.run_id)

webhook_deliveries = deliveries_table(metadata)
