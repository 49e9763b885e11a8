"""The audit trail."""

from __future__ import annotations

from common.db.table import Instant
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    Index,
    LargeBinary,
    Table,
    Text,
)

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
