"""Schedules, and what became of their instants."""

from __future__ import annotations

from enum import StrEnum

from common.db.table import Instant, one_of
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from orchestrator.models.schema import metadata


class CatchUp(StrEnum):
    """What a schedule does about instants that passed while nobody looked."""

    SKIP = "skip"
    LAST = "last"
    ALL = "all"


class Overlap(StrEnum):
    """Whether a schedule starts a run while one of its own is still under way."""

    ALLOW = "allow"
    SKIP = "skip"


class StartOutcome(StrEnum):
    """What became of a due instant."""

    STARTED = "started"
    SKIPPED = "skipped"
    """A run of the schedule was still under way."""
    MISSED = "missed"
    """It passed while nobody looked, and the schedule does not catch up on it."""
    REFUSED = "refused"
    """The workflow is not there, or does not take the input."""


schedules = Table(
    "schedules",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("cron", Text, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("workflow", Text, nullable=False),
    Column("input", JSONB, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("budget_usd_micros", BigInteger, comment="The cap of each run."),
    Column("catch_up", Text, nullable=False),
    Column("overlap", Text, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("next_at", Instant, comment="The first instant not dealt with yet; null when there is none any more."),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    one_of("catch_up", CatchUp),
    one_of("overlap", Overlap),
)
Index("ix_schedules_due", schedules.c.next_at, postgresql_where=~schedules.c.paused)
Index("ix_schedules_newest", schedules.c.tenant_id, schedules.c.created_at.desc(), schedules.c.id.desc())

schedule_starts = Table(
    "schedule_starts",
    metadata,
    # What became of each due instant; an instant is dealt with once.
    Column("schedule_id", UUID, primary_key=True),
    Column("due_at", Instant, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("run_id", UUID),
    Column("detail", Text),
    Column("at", Instant, nullable=False),
    one_of("outcome", StartOutcome),
)
