"""What people did to runs, for compliance's record. Decisions at gates are compliance's own to tell."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.contracts.audit import AuditEntry
from common.contracts.values import JsonObject


def run_entry(
    action: str,
    run_id: UUID,
    *,
    actor: str,
    at: datetime,
    detail: JsonObject | None = None,
    before_sha256: str | None = None,
    after_sha256: str | None = None,
) -> AuditEntry:
    """The entry for `action`, such as `run.cancelled`, on a run."""
    return AuditEntry(
        actor=actor,
        action=action,
        resource=f"run:{run_id}",
        run_id=run_id,
        detail=detail or {},
        at=at,
        before_sha256=before_sha256,
        after_sha256=after_sha256,
    )
