"""What administrators did: told to compliance's chain with the change itself, and to the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.clock import rfc3339
from common.contracts.audit import AuditEntry
from common.db.work import Transaction
from common.observability.logging import get_logger
from common.service.principal import Principal

log = get_logger(__name__)
SETTINGS = "system:settings"
"""The actor of what the settings made at a start."""


def note_change(
    tx: Transaction, action: str, *, resource: str, actor: Principal | str, at: datetime, **detail: Any
) -> None:
    """Put a change on record in the tenant of the transaction that makes it; it is told only if that commits.

    `action` is dotted and past tense (`key.revoked`), `resource` kind and id (`key:0194…`).
    """
    who = actor if isinstance(actor, str) else actor.user_id
    if isinstance(actor, Principal) and actor.tenant != tx.tenant:
        detail["actor_tenant"] = actor.tenant
    tx.audit(AuditEntry(actor=who, action=action, resource=resource, detail=detail, at=at))
    log.info(
        "identity.changed", tenant=tx.tenant, actor=who, action=action, resource=resource, at=rfc3339(at), **detail
    )
