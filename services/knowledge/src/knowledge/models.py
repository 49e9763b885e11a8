"""Knowledge's tables."""

from __future__ import annotations

from common.db.shares import shares_table
from common.db.table import Instant, metadata_for, runtime_tables
from common.service.holding import holds_table
from sqlalchemy import CheckConstraint, Column, Computed, Index, Table, Text, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB, REGCONFIG, TSVECTOR, UUID

from knowledge.domain import CONFIGURATIONS, WORD_FOR_WORD

metadata = metadata_for("knowledge")
tables = runtime_tables(metadata)
legal_holds = holds_table(metadata)
run_shares = shares_table(metadata)

SEARCH = (
    "setweight(to_tsvector(configuration, title_text), 'A')"
    " || setweight(to_tsvector(configuration, summary_text), 'B')"
    " || setweight(to_tsvector(configuration, script_text), 'C')"
    " || setweight(to_tsvector(configuration, brief_text), 'D')"
)
KNOWN_CONFIGURATIONS = tuple(sorted({*CONFIGURATIONS.values(), WORD_FOR_WORD}))

# There is no GIN index on `search` on purpose. Row-level security lets only leakproof operators look at rows before the
# policy did, and `@@` is none: the planner reads the tenant's rows and filters them (7 ms for 5,000 films, measured),
# so such an index would cost every write and serve no read.
library_entries = Table(
    "library_entries",
    metadata,
    Column("id", UUID, primary_key=True, comment="UUIDv5 of tenant and run: archiving again finds the same row."),
    Column("tenant_id", Text, nullable=False),
    Column("run_id", UUID, nullable=False),
    Column("title", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("film", JSONB, nullable=False, comment="The `ArchiveInput` as it came."),
    Column("configuration", REGCONFIG, nullable=False, comment="How PostgreSQL reads this language."),
    Column("title_text", Text, nullable=False),
    Column("summary_text", Text, nullable=False),
    Column("script_text", Text, nullable=False),
    Column("brief_text", Text, nullable=False),
    Column("search", TSVECTOR, Computed(SEARCH, persisted=True), nullable=False),
    Column("private_of", UUID, comment="The private run it is of; null: the whole tenant sees it."),
    Column("created_at", Instant, nullable=False, server_default=func.now()),
    Column("updated_at", Instant, nullable=False, server_default=func.now()),
    CheckConstraint(
        f"configuration::text in ({', '.join(repr(name) for name in KNOWN_CONFIGURATIONS)})", name="configuration"
    ),
    UniqueConstraint("tenant_id", "run_id"),
    Index("ix_library_entries_newest", "tenant_id", "created_at", "id"),
)
