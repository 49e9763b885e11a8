"""The orchestrator's tables. `run_events` is the history; `runs` is what it adds up to."""

from __future__ import annotations

from enum import StrEnum

from common.contracts.dead import Death
from common.contracts.values import RunStatus
from common.db.table import Instant, artifact_columns, metadata_for, one_of, runtime_tables
from common.service.holding import holds_table
from common.service.webhooks import deliveries_table
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID


class LimitKind(StrEnum):
    """What a tenant may be held to: steps at work at once, or money."""

    STEPS = "steps"
    STEPS_OF_WORKFLOW = "steps_of_workflow"
    STEPS_OF_CAPABILITY = "steps_of_capability"
    USD_RUN = "usd_micros_of_a_run"
    USD_DAY = "usd_micros_of_a_day"
    USD_TOTAL = "usd_micros_in_total"


class LetterState(StrEnum):
    """What a person did about a dead letter. One that comes again is open again."""

    OPEN = "open"
    REDRIVEN = "redriven"
    RESOLVED = "resolved"


class CatchUp(StrEnum):
    """What a schedule does about instants that passed while nobody looked."""

    SKIP = "skip"
    LAST = "last"
    ALL = "all"


class Overlap(StrEnum):
    """Whether a schedule starts a run while one of its own is still under way."""

    ALLOW = "allow"
    SKIP = "skip"


class ShareLevel(StrEnum):
    """What somebody may do about a private run: own it, steer it, or look at it."""

    OWNER = "owner"
    CONTROL = "control"
    READ = "read"


class StartOutcome(StrEnum):
    """What became of a due instant."""

    STARTED = "started"
    SKIPPED = "skipped"
    """A run of the schedule was still under way."""
    MISSED = "missed"
    """It passed while nobody looked, and the schedule does not catch up on it."""
    REFUSED = "refused"
    """The workflow is not there, or does not take the input."""


class Presence(StrEnum):
    """Whether a service is heard."""

    UP = "up"
    DOWN = "down"


metadata = metadata_for("orchestrator")
tables = runtime_tables(metadata)

definitions = Table(
    "definitions",
    metadata,
    # Files on the operator's disk, the same for every tenant; a run keeps the digest it was started with.
    Column("digest", Text, primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("compiled", JSONB, nullable=False),
    Column("loaded_at", Instant, nullable=False, server_default=func.now()),
)

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

limits = Table(
    "limits",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True, comment="The workflow or capability; empty for the tenant itself."),
    Column("at_most", BigInteger, nullable=False),
    one_of("kind", LimitKind),
)

run_accounts = Table(
    "run_accounts",
    metadata,
    Column("run_id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("allotted_usd_micros", BigInteger, nullable=False, comment="Taken from the tenant's accounts, in slices."),
    Column("reserved_usd_micros", BigInteger, nullable=False, comment="For what is under way."),
    Column("spent_usd_micros", BigInteger, nullable=False),
    Column("at_most_usd_micros", BigInteger, comment="The run's own cap."),
    Column("day", Date, nullable=False, comment="Of which day the slices are."),
    # What the runs below take is theirs to get from the tenant. Here it counts towards this run's cap.
    Column("above", ARRAY(UUID), nullable=False, server_default="{}", comment="The runs above this one."),
    Column("reserved_below_usd_micros", BigInteger, nullable=False, server_default="0"),
    Column("spent_below_usd_micros", BigInteger, nullable=False, server_default="0"),
)
Index(
    "ix_run_accounts_idle",
    run_accounts.c.tenant_id,
    postgresql_where=run_accounts.c.allotted_usd_micros
    > run_accounts.c.reserved_usd_micros + run_accounts.c.spent_usd_micros,
)

tenant_accounts = Table(
    "tenant_accounts",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("period", Text, primary_key=True, comment="`total`, or a day (UTC)."),
    Column(
        "allotted_usd_micros", BigInteger, nullable=False, comment="Given to runs; what they do not spend comes back."
    ),
)

run_artifacts = Table(
    "run_artifacts",
    metadata,
    *artifact_columns(),
    Column("step", Text, nullable=False),
    Column("announced_at", Instant, nullable=False),
)
Index("ix_run_artifacts_sha256", run_artifacts.c.tenant_id, run_artifacts.c.sha256)

letters = Table(
    "letters",
    metadata,
    # The dead letters of all services, as far as they told: one row for the same letter, however often it died.
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False, comment="`unknown` when the message names none."),
    Column("service", Text, nullable=False, comment="Who gave it up."),
    Column("subject", Text, nullable=False),
    Column("capability", Text),
    Column("code", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("run_id", UUID),
    Column("step_id", UUID),
    Column("step", Text),
    Column("attempt", Integer),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, comment="Null when it was too large to be told; the service that gave it up has it."),
    Column("size", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("handled_by", Text),
    Column("handled_at", Instant),
    Column("note", Text),
    one_of("code", Death),
    one_of("state", LetterState),
)
Index("ix_letters_newest", letters.c.tenant_id, letters.c.last_seen.desc(), letters.c.id.desc())
Index("ix_letters_run", letters.c.tenant_id, letters.c.run_id, postgresql_where=letters.c.run_id.is_not(None))
Index("ix_letters_open", letters.c.service, postgresql_where=letters.c.state == "open")

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

webhook_deliveries = deliveries_table(metadata)
legal_holds = holds_table(metadata)

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

conversations = Table(
    "conversations",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, nullable=False, comment="Whose it is; nobody else sees it."),
    Column("memory", JSONB, nullable=False, comment="The run spoken of, and what is proposed."),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_conversations_latest", "tenant_id", "user_id", "updated_at"),
)
conversation_turns = Table(
    "conversation_turns",
    metadata,
    Column("conversation_id", ForeignKey(conversations.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("key", Text, comment="The `Idempotency-Key` it came with."),
    Column("message", Text, nullable=False),
    Column("reply", JSONB, comment="Null while it is being answered."),
    Column("at", Instant, nullable=False, comment="When it was begun, the last time."),
    UniqueConstraint("tenant_id", "user_id", "key"),
)

service_states = Table(
    "service_states",
    metadata,
    # Processes of the installation, the same for every tenant.
    Column("service", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("last_heard", Instant),
    Column("workers", Integer, nullable=False),
    Column("capabilities", JSONB, nullable=False),
    one_of("status", Presence),
)
service_changes = Table(
    "service_changes",
    metadata,
    Column("service", Text, primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("status", Text, nullable=False),
    one_of("status", Presence),
)
