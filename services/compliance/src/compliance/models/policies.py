"""Policy packs of tenants, what of them is in force, and which items are still to be looked at because of it."""

from __future__ import annotations

from common.contracts.gates import VerdictLevel
from common.db.table import Instant, one_of
from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Identity, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID

from compliance.domain import PolicyAction
from compliance.models.airlock import airlock_items
from compliance.models.schema import metadata

policy_versions = Table(
    "policy_versions",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("pack", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Text, nullable=False, comment="As the pack says; a number is given to it here."),
    Column("description", Text, nullable=False),
    Column("source", Text, nullable=False, comment="The YAML, as it was sent."),
    Column("sha256", Text, nullable=False),
    Column("rules", Integer, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    UniqueConstraint("tenant_id", "pack", "version"),
)

tenant_policies = Table(
    "tenant_policies",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("own", JSON, nullable=False, comment="The tenant's packs in force, each with its number, in order."),
    Column("chosen", JSON, nullable=False, comment="Shipped packs it switched on."),
    Column("switched_off", JSON, nullable=False, comment="Shipped packs it switched off."),
    Column("policy_version", Text, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    comment="No row means: what is shipped, as it is.",
)

policy_changes = Table(
    "policy_changes",
    metadata,
    Column("seq", BigInteger, Identity(), primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("pack", Text, nullable=False),
    Column("number", Integer, comment="Missing for a shipped pack."),
    Column("action", Text, nullable=False),
    Column("policy_version", Text, nullable=False, comment="What was in force from then on."),
    Column("made_by", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    one_of("action", PolicyAction),
)
Index("ix_policy_changes_pack", policy_changes.c.tenant_id, policy_changes.c.pack, policy_changes.c.seq)

open_reevaluations = Table(
    "open_reevaluations",
    metadata,
    Column("tenant_id", Text, primary_key=True),
    Column("policy_version", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("claimed_until", Instant, comment="Who works on it says so; when that is over somebody else may."),
    comment="One row per tenant whose approved items are still to be looked at again; without content, for the loop.",
)

item_evaluations = Table(
    "item_evaluations",
    metadata,
    Column("item_id", UUID, ForeignKey(airlock_items.c.id, ondelete="CASCADE"), primary_key=True),
    Column("tenant_id", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("manifest_sha256", Text, nullable=False, comment="What was looked at."),
    Column("level", Text, nullable=False),
    Column("looked_at", Instant, nullable=False),
    one_of("level", VerdictLevel),
    comment="An approved item that was looked at again under a later policy, and may stay approved.",
)
