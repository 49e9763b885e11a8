"""What the airlock has about a run: items, decisions, permits, and the contents that decisions named."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from common.clock import rfc3339
from common.contracts.values import ArtifactRef, JsonObject
from common.db.work import Transaction
from common.manifest import canonical_json, manifest_sha256
from pydantic import ValidationError
from sqlalchemy import select

from compliance.models import airlock_decisions, airlock_items, release_permits
from compliance.repository.history import History
from compliance.repository.items import DecisionRow, Item, ItemEvent, Items
from compliance.repository.permits import Permit, Permits


@dataclass(frozen=True)
class RunDecisions:
    """`manifests` are the bytes that were hashed, by their hash; `decided_on` are the artifacts that they name."""

    items: Sequence[JsonObject]
    manifests: dict[str, bytes]
    decided_on: Mapping[str, ArtifactRef]


async def read_decisions(tx: Transaction, run_id: UUID) -> RunDecisions:
    """Everything of the tenant's airlock that is about the run, the first opened first."""
    query = (
        select(airlock_items.c.id)
        .where(airlock_items.c.tenant_id == tx.tenant, airlock_items.c.run_id == run_id)
        .order_by(airlock_items.c.opened_at, airlock_items.c.id)
    )
    views: list[JsonObject] = []
    manifests: dict[str, bytes] = {}
    named: dict[str, ArtifactRef] = {}
    for row in await tx.session.execute(query):
        item = await Items(tx).get(row.id)
        decisions = await History(tx).list_decisions(item.id)
        permits = await _permits(tx, item.id)
        views.append(_item(item, decisions, await History(tx).list_events(item.id), permits))
        manifests |= _manifests(item, decisions, await _contents_before(tx, item.id))
        named |= {ref.sha256: ref for ref in _refs(item.content)}
    return RunDecisions(views, manifests, named)


async def _permits(tx: Transaction, item_id: UUID) -> Sequence[Permit]:
    query = (
        select(release_permits.c.id)
        .where(release_permits.c.tenant_id == tx.tenant, release_permits.c.item_id == item_id)
        .order_by(release_permits.c.granted_at, release_permits.c.id)
    )
    return [await Permits(tx).get(row.id) for row in await tx.session.execute(query)]


async def _contents_before(tx: Transaction, item_id: UUID) -> list[JsonObject]:
    """What was held before reviewers edited it."""
    query = select(airlock_decisions.c.content_before).where(
        airlock_decisions.c.tenant_id == tx.tenant, airlock_decisions.c.item_id == item_id
    )
    return [row.content_before for row in await tx.session.execute(query) if row.content_before is not None]


def _manifests(item: Item, decisions: Sequence[DecisionRow], before: Sequence[JsonObject]) -> dict[str, bytes]:
    """The bytes of each manifest that is named and whose content is still known."""
    named = [sha256 for row in decisions for sha256 in (row.sha256_before, row.manifest_sha256)]
    wanted = {item.manifest_sha256, *named}
    versions = {item.policy_version, *(row.policy_version for row in decisions)}
    found: dict[str, bytes] = {}
    for content in (item.content, *before):
        for version in versions:
            sha256 = manifest_sha256(content, policy_version=version)
            if sha256 in wanted:
                found[sha256] = canonical_json({"content": content, "policy_version": version})
    return found


def _item(
    item: Item, decisions: Sequence[DecisionRow], events: Sequence[ItemEvent], permits: Sequence[Permit]
) -> JsonObject:
    return {
        "id": str(item.id),
        "gate": item.gate,
        "title": item.title,
        "status": item.status.value,
        "requested_by": item.requested_by,
        "opened_at": rfc3339(item.opened_at),
        "manifest_sha256": item.manifest_sha256,
        "policy_version": item.policy_version,
        "verdict": item.verdict.model_dump(mode="json"),
        "risk": item.risk,
        "downgrades": [downgrade.model_dump(mode="json") for downgrade in item.downgrades],
        "stages": [stage.model_dump(mode="json") for stage in item.stages],
        "decisions": [_decision(row) for row in decisions],
        "permits": [_permit(permit) for permit in permits],
        "history": [
            {"at": rfc3339(event.at), "actor": event.actor, "what": event.what, "note": event.note} for event in events
        ],
    }


def _decision(row: DecisionRow) -> JsonObject:
    return {
        "id": str(row.id),
        "decision": row.decision.value,
        "decided_by": row.decided_by,
        "decided_at": rfc3339(row.decided_at),
        "comment": row.comment,
        "edit": row.edit,
        "sha256_before": row.sha256_before,
        "manifest_sha256": row.manifest_sha256,
        "policy_version": row.policy_version,
        "stage": row.stage,
        "round": row.round,
        "closes": row.closes,
        "accepted_downgrades": list(row.accepted_downgrades),
        **({"in_place_of": row.in_place_of} if row.in_place_of else {}),
    }


def _permit(permit: Permit) -> JsonObject:
    return {
        "id": str(permit.id),
        "manifest_sha256": permit.manifest_sha256,
        "asked_by": permit.asked_by,
        "granted_at": rfc3339(permit.granted_at),
        "finished_at": rfc3339(permit.finished_at) if permit.finished_at else None,
        "outcome": permit.outcome.value if permit.outcome else None,
    }


def _refs(content: Any) -> Iterator[ArtifactRef]:
    """The artifacts that a content names, at any depth."""
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            with contextlib.suppress(ValidationError):
                yield ArtifactRef.model_validate(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
