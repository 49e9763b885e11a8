"""Conversations with the supervisor, and their turns."""

from __future__ import annotations

from common.db.table import Instant
from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, UUID

from orchestrator.models.schema import metadata

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
