"""Compliance's tables, a module for each part of it."""

from compliance.models.airlock import airlock_decisions, airlock_items, item_events, open_gates, run_shares
from compliance.models.audit import (
    audit_anchors,
    audit_archives,
    audit_chain,
    audit_discards,
    audit_entries,
    audit_erasures,
    audit_holds,
    audit_pending,
    audit_sources,
    forgotten_runs,
)
from compliance.models.links import review_links, review_previews, review_visits
from compliance.models.notes import looks, note_replies, notes, seen_contents, sound_measures
from compliance.models.policies import (
    item_evaluations,
    open_reevaluations,
    policy_changes,
    policy_versions,
    tenant_policies,
)
from compliance.models.releases import release_permits, tenant_flags
from compliance.models.reviews import review_definitions, stand_ins, withdrawn_early
from compliance.models.scans import media_scans
from compliance.models.schema import metadata, tables

__all__ = [
    "airlock_decisions",
    "airlock_items",
    "audit_anchors",
    "audit_archives",
    "audit_chain",
    "audit_discards",
    "audit_entries",
    "audit_erasures",
    "audit_holds",
    "audit_pending",
    "audit_sources",
    "forgotten_runs",
    "item_evaluations",
    "item_events",
    "looks",
    "media_scans",
    "metadata",
    "note_replies",
    "notes",
    "open_gates",
    "open_reevaluations",
    "policy_changes",
    "policy_versions",
    "release_permits",
    "review_definitions",
    "review_links",
    "review_previews",
    "review_visits",
    "run_shares",
    "seen_contents",
    "sound_measures",
    "stand_ins",
    "tables",
    "tenant_flags",
    "tenant_policies",
    "withdrawn_early",
]
