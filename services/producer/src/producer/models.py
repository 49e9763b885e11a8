"""Producer's tables."""

from __future__ import annotations

from common.db.shares import shares_table
from common.db.table import Instant, metadata_for, runtime_tables
from common.service.holding import holds_table
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = metadata_for("producer")
tables = runtime_tables(metadata)
run_shares = shares_table(metadata)
legal_holds = holds_table(metadata)

uploads = Table(
    "uploads",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sha256", Text, nullable=False, comment="The bytes lie in the artifact store under it."),
    Column("size", BigInteger, nullable=False),
    Column("media_type", Text, nullable=False, comment="What decoding showed, not what was claimed."),
    Column("duration_ms", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("licence_kind", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("credit", Text, comment="Who has to be named for it."),
    Column("created_at", Instant, nullable=False, server_default=func.now()),
    CheckConstraint("kind in ('music', 'footage', 'logo')", name="kind"),
    CheckConstraint("licence_kind in ('own', 'licensed', 'cc_by')", name="licence_kind"),
    PrimaryKeyConstraint("tenant_id", "kind", "sha256"),
)

templates = Table(
    "templates",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("design", JSONB, nullable=False, comment="A design whose texts have gaps such as {guest}."),
    Column("saved_at", Instant, nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("tenant_id", "name", "version"),
)

made = Table(
    "made",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("key", Text, nullable=False, comment="The SHA-256 of all that shaped it."),
    Column("run_id", UUID, nullable=False, index=True, comment="Whose it goes with when that is forgotten."),
    Column("step_id", UUID, nullable=False),
    Column("owner", UUID, nullable=False, comment="The worker that makes it, as in attempts."),
    Column("result", JSONB(none_as_null=True), comment="References to what was made; none while it is being made."),
    Column("made_at", Instant, nullable=False, index=True, server_default=func.now()),
    PrimaryKeyConstraint("tenant_id", "key"),
)

accesses = Table(
    "accesses",
    metadata,
    # No tenant: it is the installation that has an account with a vendor.
    Column("id", Text, primary_key=True, comment="SHA-256 of the client and of the refresh token in the settings."),
    Column("vendor", Text, nullable=False),
    Column("sealed", LargeBinary, comment="Both tokens, once renewed: AES-256-GCM under the client's secret."),
    Column("renewals", Integer, nullable=False, comment="How often they were renewed."),
    Column("renew_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, comment="Until when the access token is good."),
    Column("renewed_at", Instant, nullable=False),
    Column("tried_at", Instant, comment="When a renewal was begun; null once it is done."),
    Column("failed_at", Instant, comment="When the vendor was asked last and did not renew them."),
    Column("refused_at", Instant, comment="When the vendor refused the refresh token: a person has to connect anew."),
)
