"""Dead letters, and what people did about them."""

from __future__ import annotations

from enum import StrEnum

from common.contracts.dead import Death
from common.db.table import Instant, one_of
from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from orchestrator.models.schema import metadata


class LetterState(StrEnum):
    """What a person did about a dead letter. One that comes again is open again."""

    OPEN = "open"
    REDRIVEN = "redriven"
    RESOLVED = "resolved"


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
