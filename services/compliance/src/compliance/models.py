"""Compliance's tables. What a decision covers is kept as `json`, never `jsonb`: the very text that was hashed."""

from __future__ import annotations

from common.contracts.values import Decision
from common.db.table import Instant, metadata_for, one_of, runtime_tables
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from compliance.domain import ItemStatus, ReleaseOutcome, TenantFlag

metadata = metadata_for("compliance")
tables = runtime_tables(metadata)

airlock_items = Table(
    "airlock_items",
    metadata,
    Column("id", UUID, primary_key=True, comment="The step visit's id: a repeat finds the same item."),
    Column("tenant_id", Text, nullable=False),
    Column("run_id", UUID, nullable=False),
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
    one_of("status", ItemStatus),
    one_of("decision", Decision),
)
Index("ix_airlock_items_queue", airlock_items.c.tenant_id, airlock_items.c.opened_at, airlock_items.c.id)
Index(
    "ix_airlock_items_status",
    airlock_items.c.tenant_id,
    airlock_items.c.status,
    airlock_items.c.opened_at,
    airlock_items.c.id,
)
Index("ix_airlock_items_run", airlock_items.c.tenant_id, airlock_items.c.run_id, airlock_items.c.opened_at)

open_gates = Table(
    "open_gates",
    metadata,
    Column("item_id", UUID, ForeignKey(airlock_items.c.id, ondelete="CASCADE"), primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("timeout_at", Instant),
    comment="One row per open item, without content, so that the timer may look across tenants.",
)
Index("ix_open_gates_timeout", open_gates.c.timeout_at, postgresql_where=open_gates.c.timeout_at.is_not(None))

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

release_permits = Table(
    "release_permits",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("item_id", UUID, ForeignKey(airlock_items.c.id), nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("outcome", Text),
    Column("detail", Text),
    one_of("outcome", ReleaseOutcome),
    CheckConstraint("(finished_at is null) = (outcome is null)", name="finished"),
)
Index(
    "ix_release_permits_live",
    release_permits.c.item_id,
    unique=True,
    postgresql_where=release_permits.c.finished_at.is_(None),
)
Index("ix_release_permits_item", release_permits.c.item_id, release_permits.c.granted_at)

tenant_flags = Table(
    "tenant_flags",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("flag", Text, primary_key=True),
    Column("set_by", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    one_of("flag", TenantFlag),
)

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_sha256", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    comment="No personal data; INSERT and SELECT only. How a hash is made is in compliance/chain.py.",
)


def _read_from_body(name: str) -> Column[str]:
    # Generated, so a column to search by cannot say anything else than the entry does, and is blanked with it.
    return Column(name, Text, Computed(f"((body)::json ->> '{name}'::text)", persisted=True))


audit_entries = Table(
    "audit_entries",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", LargeBinary),
    Column("body", Text, comment="RFC 8785 JSON. Salt and body may be blanked by erasure, never changed."),
    _read_from_body("run_id"),
    _read_from_body("actor"),
    _read_from_body("action"),
    CheckConstraint("(salt is null) = (body is null)", name="blanked"),
)
for _name in ("run_id", "actor", "action"):
    Index(f"ix_audit_entries_{_name}", audit_entries.c.tenant_id, audit_entries.c[_name], audit_entries.c.seq)

audit_sources = Table(
    "audit_sources",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("last_number", BigInteger, nullable=False),
    comment="The highest number each source has used for this tenant: a missing entry shows as a gap.",
)
