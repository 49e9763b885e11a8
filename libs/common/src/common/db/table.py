"""The tables every service has in its own schema, and the names constraints get."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
Instant = DateTime(timezone=True)


def listed(values: Iterable[StrEnum]) -> str:
    """`'a', 'b'`: an enum's values, or some of them, as SQL."""
    return ", ".join(f"'{value.value}'" for value in values)


def one_of(column: str, values: Iterable[StrEnum]) -> CheckConstraint:
    """The CHECK that a text column holds one of an enum's values, or null. It is named after the column."""
    return CheckConstraint(f"{column} in ({listed(values)})", name=column)


def artifact_columns() -> tuple[Column[Any], ...]:
    """What is known about an artifact, wherever it is listed (see `runner.artifact_row`)."""
    return (
        Column("tenant_id", Text, primary_key=True),
        Column("run_id", UUID, primary_key=True),
        Column("sha256", Text, primary_key=True),
        Column("type", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("size", BigInteger, nullable=False),
        Column("media_type", Text, nullable=False),
        Column("made_by", Text, nullable=False),
        Column("origin", Text, nullable=False),
        Column("licence", Text),
        Column("retention_class", Text, nullable=False),
    )


def told_of_calls() -> tuple[Column[Any], ...]:
    """What is kept of a call so that people can read it; null where nothing was kept, or it was forgotten."""
    return (
        Column("run_id", UUID),
        Column("private_of", UUID, comment="The private run it is of; null: the whole tenant sees it."),
        Column("request", JSONB, comment="What was asked: of a model, its prompt."),
    )


def metadata_for(schema: str) -> MetaData:
    """Empty metadata of one service's schema."""
    return MetaData(schema=schema, naming_convention=NAMING)


@dataclass(frozen=True)
class RuntimeTables:
    """What the runner and the relay keep. `attempts` is keyed by step: claiming attempt n closes n−1."""

    outbox: Table
    inbox: Table
    attempts: Table
    calls: Table
    artifacts: Table
    idempotency_keys: Table
    dead_letters: Table
    audit_counters: Table
    stream_floors: Table


def runtime_tables(metadata: MetaData) -> RuntimeTables:
    """Declare the runtime tables on a service's metadata; the same call always gives the same tables."""
    if f"{metadata.schema}.outbox" in metadata.tables:
        declared = {field.name: metadata.tables[f"{metadata.schema}.{field.name}"] for field in fields(RuntimeTables)}
        return RuntimeTables(**declared)
    return RuntimeTables(
        outbox=_outbox(metadata),
        inbox=Table(
            "inbox",
            metadata,
            Column("message_id", UUID, primary_key=True),
            Column("tenant_id", Text, nullable=False),
            Column("answer_id", UUID),
            Column("handled_at", Instant, nullable=False, server_default=func.now(), index=True),
        ),
        attempts=Table(
            "attempts",
            metadata,
            Column("step_id", UUID, primary_key=True),
            Column("tenant_id", Text, nullable=False),
            Column("attempt", Integer, nullable=False),
            Column("owner", UUID, nullable=False),
            Column("lease_until", Instant, nullable=False),
            Column("claims", Integer, nullable=False, comment="How often this attempt was taken up by a worker."),
        ),
        calls=Table(
            "calls",
            metadata,
            Column("step_id", UUID, primary_key=True),
            Column("key", Text, primary_key=True),
            Column("tenant_id", Text, nullable=False),
            Column("attempt", Integer, nullable=False),
            Column("name", Text, nullable=False),
            Column("kind", Text, nullable=False),
            Column("request_sha256", Text, nullable=False),
            Column("state", Text, nullable=False),
            Column("result", JSONB),
            Column("cost_usd_micros", BigInteger, nullable=False, server_default="0"),
            Column("started_at", Instant, nullable=False, server_default=func.now()),
            Column("finished_at", Instant),
            *told_of_calls(),
            Index("ix_calls_run_id", "tenant_id", "run_id"),
        ),
        artifacts=Table(
            "artifacts",
            metadata,
            *artifact_columns(),
            Column("created_at", Instant, nullable=False, server_default=func.now()),
        ),
        idempotency_keys=Table(
            "idempotency_keys",
            metadata,
            Column("tenant_id", Text, primary_key=True),
            Column("principal", Text, primary_key=True),
            Column("route", Text, primary_key=True),
            Column("key", Text, primary_key=True),
            Column("request_sha256", Text, nullable=False),
            Column("status", Integer, nullable=False),
            Column("response", JSONB, nullable=False),
            Column("created_at", Instant, nullable=False, server_default=func.now(), index=True),
        ),
        dead_letters=Table(
            "dead_letters",
            metadata,
            Column("id", UUID, primary_key=True),
            Column("tenant_id", Text, nullable=False),
            Column("subject", Text, nullable=False),
            Column("reason", Text, nullable=False),
            Column("headers", JSONB, nullable=False),
            Column("body", LargeBinary, nullable=False),
            Column("created_at", Instant, nullable=False, server_default=func.now()),
        ),
        audit_counters=Table(
            "audit_counters",
            metadata,
            Column("tenant_id", Text, primary_key=True),
            Column("seq", BigInteger, nullable=False, comment="Number of the newest audit entry we sent."),
        ),
        stream_floors=Table(
            "stream_floors",
            metadata,
            Column("stream", Text, primary_key=True),
            Column("incarnation", Text, primary_key=True),
            Column("handled_to", BigInteger, nullable=False, comment="Everybody has handled it up to this sequence."),
            Column("noted_at", Instant, nullable=False),
        ),
    )


def _outbox(metadata: MetaData) -> Table:
    table = Table(
        "outbox",
        metadata,
        Column("id", UUID, primary_key=True),
        Column("seq", BigInteger, Identity(), nullable=False),
        Column("tenant_id", Text, nullable=False),
        Column("run_id", UUID),
        Column("subject", Text, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("sends", Integer, nullable=False, server_default="0"),
        Column("stream", Text),
        Column("incarnation", Text, comment="The stream's `created`, as JetStream reports it."),
        Column("stream_seq", BigInteger),
        Column("created_at", Instant, nullable=False, server_default=func.now(), index=True),
        Column("sent_at", Instant),
    )
    Index("ix_outbox_unsent", table.c.seq, postgresql_where=table.c.sent_at.is_(None))
    Index("ix_outbox_stream", table.c.stream, table.c.stream_seq, postgresql_where=table.c.sent_at.is_not(None))
    return table


TENANTLESS = frozenset({"stream_floors"})
"""Runtime tables that belong to no tenant."""

SYSTEM_TABLES = frozenset({"outbox", "inbox", "attempts", "dead_letters"})
"""Runtime tables that `<service>_system` may read across tenants: transport, never content."""
