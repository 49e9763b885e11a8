"""Links for people without an account, the browsers that opened them, and marked copies of films for them."""

from __future__ import annotations

from common.db.table import Instant, one_of
from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from compliance.guests import KEPT_STATES
from compliance.models.schema import metadata

review_links = Table(
    "review_links",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("item_id", UUID, ForeignKey("compliance.airlock_items.id"), nullable=False),
    Column("secret_sha256", LargeBinary, nullable=False, comment="The secret itself is in the link and nowhere else."),
    Column("person", Text, nullable=False, comment="The name or address of who it was made for."),
    Column("may", ARRAY(Text), nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("uses", Integer, nullable=False, comment="How many browsers may open it."),
    Column("used", Integer, nullable=False, server_default="0"),
    Column("last_used_at", Instant),
    Column("revoked_at", Instant),
    Column("revoked_by", Text),
    CheckConstraint("used <= uses", name="uses"),
    CheckConstraint("(revoked_at is null) = (revoked_by is null)", name="revoked"),
)
Index("ix_review_links_item", review_links.c.tenant_id, review_links.c.item_id, review_links.c.id)

review_visits = Table(
    "review_visits",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("link_id", UUID, ForeignKey(review_links.c.id, ondelete="CASCADE"), nullable=False),
    Column("secret_sha256", LargeBinary, nullable=False, comment="The secret itself is in the browser's cookie."),
    Column("opened_at", Instant, nullable=False),
    Column("begun_at", Instant, comment="When the browser came back with its cookie, which counts as a use."),
)
Index("ix_review_visits_link", review_visits.c.link_id, review_visits.c.id)

review_previews = Table(
    "review_previews",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("key", Text, primary_key=True, comment="SHA-256 of the film's hash, the person's name and the layout."),
    Column("source_sha256", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("lease_until", Instant, nullable=False, comment="Until then one process makes it."),
    Column("asked_at", Instant, nullable=False, comment="What nobody asks for is deleted."),
    Column("sha256", Text),
    Column("size", BigInteger),
    one_of("state", KEPT_STATES),
    CheckConstraint("(sha256 is null) = (size is null)", name="made"),
)
Index("ix_review_previews_asked", review_previews.c.tenant_id, review_previews.c.asked_at)
