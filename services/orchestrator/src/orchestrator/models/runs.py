"""Runs: `run_events` is their history, `runs` is what it adds up to; with what they made, who sees them, and holds."""

from __future__ import annotations

from enum import StrEnum

from common.contracts.values import RunStatus
from common.db.table import Instant, artifact_columns, one_of
from common.service.holding import holds_table
from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, UUID

from orchestrator.models.schema import metadata


class ShareLevel(StrEnum):
    """What somebody may do about a private run: own it, steer it, or look at it."""

    OWNER = "owner"
    CONTROL = "control"
    READ = "read"


runs = Table(
    "runs",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("workflow", Text, nullable=False),
    Column("definition_digest", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("shown_status", Text, nullable=False),
    Column("current_step", Text),
    Column("input", JSONB, nullable=False),
    Column("state", JSONB, nullable=False),
    Column("error", JSONB),
    Column("cost_usd_micros", BigInteger, nullable=False, server_default="0"),
    Column("priority", Integer, nullable=False, server_default="0", comment="0 low, 1 medium, 2 high, 3 urgent."),
    Column("created_by", Text, nullable=False),
    Column("parent_run_id", UUID),
    Column("parent_step_id", UUID),
    Column("depth", Integer, nullable=False, server_default="0", comment="How many runs are above this one."),
    Column("forked_from_run_id", UUID),
    Column("session_id", UUID),
    Column("private_of", UUID, comment="The private run it is or belongs to; null: the whole tenant sees it."),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("finished_at", Instant),
    one_of("status", RunStatus),
)
Index("ix_runs_newest", runs.c.tenant_id, runs.c.created_at.desc(), runs.c.id.desc())
Index("ix_runs_status", runs.c.tenant_id, runs.c.status, runs.c.created_at.desc())
Index("ix_runs_workflow", runs.c.tenant_id, runs.c.workflow, runs.c.created_at.desc(), runs.c.id.desc())
Index("ix_runs_created_by", runs.c.tenant_id, runs.c.created_by, runs.c.created_at.desc(), runs.c.id.desc())
Index(
    "ix_runs_session",
    runs.c.tenant_id,
    runs.c.session_id,
    runs.c.created_at.desc(),
    postgresql_where=runs.c.session_id.is_not(None),
)
Index("ix_runs_parent", runs.c.tenant_id, runs.c.parent_run_id, postgresql_where=runs.c.parent_run_id.is_not(None))
Index("ix_runs_private", runs.c.tenant_id, runs.c.private_of, postgresql_where=runs.c.private_of.is_not(None))

run_shares = Table(
    "run_shares",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("run_id", UUID, nullable=False),
    Column("who", Text, nullable=False, comment="`user:` and a user id, or `role:` and a role."),
    Column("level", Text, nullable=False),
    Column("shared_by", Text, nullable=False),
    Column("shared_at", Instant, nullable=False),
    UniqueConstraint("run_id", "who"),
    one_of("level", ShareLevel),
)

run_events = Table(
    "run_events",
    metadata,
    Column("run_id", UUID, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", JSONB, nullable=False),
    Column("at", Instant, nullable=False),
)
Index("ix_run_events_tenant", run_events.c.tenant_id, run_events.c.run_id, run_events.c.seq)

run_artifacts = Table(
    "run_artifacts",
    metadata,
    *artifact_columns(),
    Column("step", Text, nullable=False),
    Column("announced_at", Instant, nullable=False),
)
Index("ix_run_artifacts_sha256", run_artifacts.c.tenant_id, run_artifacts.c.sha256)
Index(
    "ix_run_artifacts_newest",
    run_artifacts.c.tenant_id,
    run_artifacts.c.announced_at.desc(),
    run_artifacts.c.run_id.desc(),
)

forgotten_later = Table(
    "forgotten_later",
    metadata,
    Column("erasure_id", UUID, primary_key=True),
    Column("run_id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("told", Integer, nullable=False, server_default="0", comment="How often others were told, once it forgot."),
    Column("again_at", Instant, comment="When they are told again."),
    comment="Runs that name somebody who is to be forgotten, until they have ended and nothing holds them.",
)

legal_holds = holds_table(metadata)
