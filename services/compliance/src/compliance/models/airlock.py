"""Items and what was decided about them. What a decision covers is `json`, never `jsonb`: the text that was hashed."""

from __future__ import annotations

from common.contracts.gates import ContentType, Priority
from common.contracts.values import Decision
from common.db.shares import shares_table
from common.db.table import Instant, one_of
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from compliance.domain import ItemStatus
from compliance.models.schema import metadata

RANK = (
    "(((CASE priority WHEN 'urgent'::text THEN 0 WHEN 'high'::text THEN 1 WHEN 'medium'::text THEN 2 ELSE 3 END * 101)"
    " + 100) - risk)"
)

airlock_items = Table(
    "airlock_items",
    metadata,
    Column("id", UUID, primary_key=True, comment="The step visit's id: a repeat finds the same item."),
    Column("tenant_id", Text, nullable=False),
    Column("run_id", UUID),
    Column("gate", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("content", JSON, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("verdict", JSON, nullable=False),
    Column("risk", Integer, nullable=False),
    Column("downgrades", JSON, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("reviewers", ARRAY(Text), nullable=False),
    Column("accepts", JSON, nullable=False, comment="What must hold for an approval to count."),
    Column("remind_at", Instant),
    Column("timeout_at", Instant),
    Column("opened_at", Instant, nullable=False),
    Column("decided_at", Instant),
    Column("decided_by", Text),
    Column("decision", Text),
    Column("comment", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default="", comment="Why it is open again, or how it ended."),
    Column("held_at", Instant),
    Column("held_by", Text),
    Column("hold_reason", Text),
    Column("place", Text, comment="Where in its run the gate is: the same at each visit."),
    Column("content_type", Text),
    Column("priority", Text, nullable=False, server_default="medium"),
    Column("rank", Integer, Computed(RANK, persisted=True), comment="What presses most has the least."),
    Column("due_at", Instant, nullable=False, comment="When somebody should have decided."),
    Column("review", JSON, nullable=False, server_default="{}", comment="Who looks, in which order."),
    Column("stage", Integer, nullable=False, server_default="0", comment="Which of them it is at, from 0."),
    Column("round", Integer, nullable=False, server_default="1", comment="Voices of earlier rounds do not count."),
    Column("review_version", Integer, comment="Of the tenant's definition, where that was used."),
    Column("escalate_at", Instant),
    Column("escalated_at", Instant, comment="Since when those who were called may decide, too."),
    Column("reminded_at", Instant),
    Column("assigned_to", Text),
    Column("claimed_by", Text),
    Column("claimed_until", Instant),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("supersedes", UUID, comment="The item of this gate and run before."),
    Column("spent_usd_micros", BigInteger),
    Column("redo_usd_micros", BigInteger),
    Column(
        "takes_changes", Boolean, nullable=False, server_default=true(), comment="Whether changes may be asked for."
    ),
    Column("private_of", UUID, comment="The private run it is of; null: the whole tenant sees it."),
    Column("open_to", ARRAY(Text), comment="Of a private run: who may decide, as shares name them."),
    one_of("status", ItemStatus),
    one_of("decision", Decision),
    one_of("priority", Priority),
    one_of("content_type", ContentType),
    CheckConstraint("(claimed_by is null) = (claimed_until is null)", name="claim"),
)
Index("ix_airlock_items_queue", airlock_items.c.tenant_id, airlock_items.c.opened_at, airlock_items.c.id)
Index(
    "ix_airlock_items_status",
    airlock_items.c.tenant_id,
    airlock_items.c.status,
    airlock_items.c.opened_at,
    airlock_items.c.id,
)
Index(
    "ix_airlock_items_risk",
    airlock_items.c.tenant_id,
    airlock_items.c.status,
    airlock_items.c.rank,
    airlock_items.c.opened_at,
    airlock_items.c.id,
)
Index(
    "ix_airlock_items_due",
    airlock_items.c.tenant_id,
    airlock_items.c.status,
    airlock_items.c.due_at,
    airlock_items.c.id,
)
Index("ix_airlock_items_run", airlock_items.c.tenant_id, airlock_items.c.run_id, airlock_items.c.opened_at)
# How often a tenant was refused lately is asked with every creation.
Index(
    "ix_airlock_items_decided",
    airlock_items.c.tenant_id,
    airlock_items.c.opened_at,
    airlock_items.c.id,
    postgresql_where=airlock_items.c.decision.is_not(None),
)
# How long gates waited is asked by when they were decided.
Index(
    "ix_airlock_items_decided_at",
    airlock_items.c.tenant_id,
    airlock_items.c.decided_at,
    postgresql_where=airlock_items.c.decision.is_not(None),
)
Index("ix_airlock_items_held", airlock_items.c.tenant_id, postgresql_where=airlock_items.c.held_at.is_not(None))

open_gates = Table(
    "open_gates",
    metadata,
    Column("item_id", UUID, ForeignKey(airlock_items.c.id, ondelete="CASCADE"), primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("timeout_at", Instant),
    Column("remind_at", Instant),
    Column("escalate_at", Instant),
    comment="One row per open item, without content, so that the timer may look across tenants.",
)
Index("ix_open_gates_timeout", open_gates.c.timeout_at, postgresql_where=open_gates.c.timeout_at.is_not(None))
Index("ix_open_gates_remind", open_gates.c.remind_at, postgresql_where=open_gates.c.remind_at.is_not(None))
Index("ix_open_gates_escalate", open_gates.c.escalate_at, postgresql_where=open_gates.c.escalate_at.is_not(None))

run_shares = shares_table(metadata)

airlock_decisions = Table(
    "airlock_decisions",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("item_id", UUID, ForeignKey(airlock_items.c.id), nullable=False, index=True),
    Column("decision", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("comment", Text, nullable=False),
    Column("edit", JSON(none_as_null=True), comment="The merge patch, when the reviewer edited before approving."),
    Column("content_before", JSON(none_as_null=True), comment="What was held before that edit."),
    Column("sha256_before", Text, nullable=False),
    Column("manifest_sha256", Text, nullable=False, comment="What was decided on, edits included."),
    Column("policy_version", Text, nullable=False),
    Column("stage", Text, comment="Of a review with several stages or voices: which one."),
    Column("closes", Boolean, nullable=False, server_default="true", comment="False: others have to agree."),
    Column("round", Integer, nullable=False, server_default="1"),
    Column("in_place_of", Text, comment="Whose voice it is, where somebody stood in for them."),
    Column(
        "accepted_downgrades",
        ARRAY(Text),
        nullable=False,
        server_default="{}",
        comment="Codes of what the run had fallen back to, as the approval names them.",
    ),
    one_of("decision", Decision),
)

item_events = Table(
    "item_events",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("item_id", UUID, ForeignKey(airlock_items.c.id), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("note", Text, nullable=False),
    comment="An item's history for people; the audit chain is the one that proves.",
)
Index("ix_item_events_item", item_events.c.item_id, item_events.c.seq)
