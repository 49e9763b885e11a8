"""What administrators did: told to compliance's chain with the change itself, and to the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.clock import rfc3339
from common.contracts.audit import AuditEntry
from common.contracts.values import JsonObject
from common.db.work import Transaction
from common.manifest import state_sha256
from common.observability.logging import get_logger
from common.service.principal import Principal

log = get_logger(__name__)
SETTINGS = "system:settings"
"""The actor of what the settings made at a start."""


def note_change(
    tx: Transaction,
    action: str,
    *,
    resource: str,
    actor: Principal | str,
    at: datetime,
    before: JsonObject | None = None,
    after: JsonObject | None = None,
    **detail: Any,
) -> None:
    """Put a change on record in the tenant of the transaction that makes it; it is told only if that commits.

    `action` is dotted and past tense (`key.revoked`), `resource` kind and id (`key:0194…`). Of the states
    `before` and `after` only the hashes are told; nobody's name is in them.
    """
    who = actor if isinstance(actor, str) else actor.user_id
    if isinstance(actor, Principal) and actor.tenant != tx.tenant:
        detail["actor_tenant"] = actor.tenant
    tx.audit(
        AuditEntry(
            actor=who,
            action=action,
            resource=resource,
            detail=detail,
            at=at,
            before_sha256=state_sha256(before),
            after_sha256=state_sha256(after),
        )
    )
    log.info(
        "identity.changed", tenant=tx.tenant, actor=who, action=action, resource=resource, at=rfc3339(at), **detail
    )
