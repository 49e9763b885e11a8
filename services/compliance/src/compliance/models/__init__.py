"""Compliance's tables, a module for each part of it."""

from compliance.models.airlock import airlock_decisions, airlock_items, item_events, open_gates
from compliance.models.audit import audit_chain, audit_entries, audit_sources
from compliance.models.releases import release_permits, tenant_flags
from compliance.models.schema import metadata, tables

__all__ = [
    "airlock_decisions",
    "airlock_items",
    "audit_chain",
    "audit_entries",
    "audit_sources",
    "item_events",
    "metadata",
    "open_gates",
    "release_permits",
    "tables",
    "tenant_flags",
]
