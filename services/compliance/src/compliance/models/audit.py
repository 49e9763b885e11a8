"""The audit trail."""

from __future__ import annotations

from common.db.table import Instant, one_of
from sqlalchemy import BigInteger, CheckConstraint, Column, Computed, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from compliance.keeping import HoldKind
from compliance.models.schema import metadata

audit_chain = Table(
    "audit_chain",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_sha256", LargeBinary, nullable=False),
    Column("prev", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("seal", LargeBinary, comment="Signature over the hash."),
    Index("ix_audit_chain_recorded_at", "tenant_id", "recorded_at"),
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
    _read_from_body("resource"),
    CheckConstraint("(salt is null) = (body is null)", name="blanked"),
)
for _name in ("run_id", "actor", "action", "resource"):
    Index(f"ix_audit_entries_{_name}", audit_entries.c.tenant_id, audit_entries.c[_name], audit_entries.c.seq)

audit_pending = Table(
    "audit_pending",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("entry", Text, nullable=False, comment="JSON of a common.contracts.audit.AuditEntry."),
    Index("ix_audit_pending_tenant_id_id", "tenant_id", "id"),
    comment="Entries committed with what they tell of, for the moment until they are chained.",
)

audit_sources = Table(
    "audit_sources",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("last_number", BigInteger, nullable=False),
    comment="The highest number each source has used for this tenant: a missing entry shows as a gap.",
)

audit_anchors = Table(
    "audit_anchors",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kid", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    comment="INSERT and SELECT only. What is signed is in compliance/anchors.py.",
)

audit_erasures = Table(
    "audit_erasures",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("user_id", Text, comment="Forgotten here, too, once nothing under way names them."),
    Column("reason", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_at", Instant, nullable=False),
    Column("blanked", Integer, nullable=False, server_default="0"),
    Column("finished_at", Instant),
    CheckConstraint("finished_at is not null or user_id is not null", name="forgotten"),
    Index("ix_audit_erasures_tenant_id_id", "tenant_id", "id"),
)

audit_holds = Table(
    "audit_holds",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("lifted_by", Text),
    Column("lifted_at", Instant),
    one_of("kind", HoldKind),
    Index("ix_audit_holds_tenant_id_id", "tenant_id", "id"),
)

forgotten_runs = Table(
    "forgotten_runs",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("run_id", UUID, primary_key=True),
    comment="Runs to forget what we have of, once no hold keeps it.",
)

audit_archives = Table(
    "audit_archives",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("class", Text, nullable=False),
    Column("seqs", ARRAY(BigInteger), nullable=False),
    Column("sha256", Text, nullable=False, comment="Of the compressed file, which is an artifact."),
    Column("size", BigInteger, nullable=False),
    Column("kid", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("archived_at", Instant, nullable=False),
    Column("delete_after", Instant, nullable=False),
    Column("deleted_at", Instant),
    Index("ix_audit_archives_tenant_id_id", "tenant_id", "id"),
)

audit_discards = Table(
    "audit_discards",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("asked_at", Instant, nullable=False),
    comment="Files that no archive is any more, until they are gone from the store.",
)
