"""Ideation's schema: the runtime tables every service has, and the checkpoints of operators' LangGraph agents."""

from __future__ import annotations

from typing import Any

from common.db.roles import TENANT_SETTING
from common.db.shares import shares_table
from common.db.table import Instant, metadata_for, runtime_tables
from common.service.holding import holds_table
from sqlalchemy import Column, Integer, LargeBinary, Table, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB

metadata = metadata_for("ideation")
tables = runtime_tables(metadata)
run_shares = shares_table(metadata)
legal_holds = holds_table(metadata)


def _ours() -> tuple[Column[Any], ...]:
    """What the library does not know of. It names its columns, so these are filled by their defaults alone."""
    tenant = text(f"current_setting('{TENANT_SETTING}', true)")
    return (
        Column("tenant_id", Text, nullable=False, server_default=tenant),
        Column("created_at", Instant, nullable=False, server_default=func.now()),
    )


def _namespace() -> Column[Any]:
    return Column("checkpoint_ns", Text, primary_key=True, server_default="")


# Names and columns are those of langgraph-checkpoint-postgres, whose statements write and read them.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("thread_id", Text, primary_key=True),
    _namespace(),
    Column("checkpoint_id", Text, primary_key=True),
    Column("parent_checkpoint_id", Text),
    Column("type", Text),
    Column("checkpoint", JSONB, nullable=False),
    Column("metadata", JSONB, nullable=False, server_default="{}"),
    *_ours(),
)
checkpoint_blobs = Table(
    "checkpoint_blobs",
    metadata,
    Column("thread_id", Text, primary_key=True),
    _namespace(),
    Column("channel", Text, primary_key=True),
    Column("version", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("blob", LargeBinary),
    *_ours(),
)
checkpoint_writes = Table(
    "checkpoint_writes",
    metadata,
    Column("thread_id", Text, primary_key=True),
    _namespace(),
    Column("checkpoint_id", Text, primary_key=True),
    Column("task_id", Text, primary_key=True),
    Column("idx", Integer, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("type", Text),
    Column("blob", LargeBinary, nullable=False),
    Column("task_path", Text, nullable=False, server_default=""),
    *_ours(),
)
