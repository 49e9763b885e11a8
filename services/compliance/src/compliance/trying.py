"""Trying a draft on the past: what it would have found in the tenant's items. Looks only, changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from common.compute import ComputePool
from common.contracts.gates import Finding
from common.contracts.values import JsonObject
from common.db.work import Work
from safety.checks import check, level_of
from safety.policy import Policy

from compliance.policies import Draft
from compliance.repository.items import ItemHead
from compliance.repository.policies import PolicyStore

BATCH = 50
ITEMS_LIMIT = 2000
SHOWN_ITEMS = 50


@dataclass
class Tried:
    """What a draft found in the past."""

    looked_at: int = 0
    would_block: int = 0
    would_ask: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)
    found: list[tuple[ItemHead, list[Finding]]] = field(default_factory=list)
    found_in: int = 0
    complete: bool = True


async def try_on_past(work: Work, compute: ComputePool, draft: Draft, *, tenant: str, since: datetime) -> Tried:
    """The draft on every item opened since then, up to `ITEMS_LIMIT`. Files and pictures are not looked at again."""
    tried = Tried()
    own = {rule.id for rule in draft.policy.rules if rule.pack in {draft.pack.name, *draft.pack.extends}}
    own |= {rule for rule, _ in draft.pack.tighten}
    after: tuple[datetime, UUID] | None = None
    while True:
        async with work.transaction(tenant) as tx:
            past = await PolicyStore(tx).list_past(since=since, after=after, limit=BATCH)
        if not past:
            return tried
        if tried.looked_at >= ITEMS_LIMIT:
            tried.complete = False
            return tried
        found = await compute(_findings, draft.policy, [item.content for item in past], own)
        for item, findings in zip(past, found, strict=True):
            _count(tried, item.head, findings)
        after = (past[-1].head.opened_at, past[-1].head.id)


def _findings(policy: Policy, contents: Sequence[JsonObject], own: set[str]) -> list[list[Finding]]:
    return [[finding for finding in check(policy, content).findings if finding.rule in own] for content in contents]


def _count(tried: Tried, head: ItemHead, findings: list[Finding]) -> None:
    tried.looked_at += 1
    if not findings:
        return
    tried.found_in += 1
    tried.by_rule.update({finding.rule for finding in findings})
    level = level_of(findings).value
    tried.would_block += level == "blocked"
    tried.would_ask += level == "needs_review"
    if len(tried.found) < SHOWN_ITEMS:
        tried.found.append((head, findings))
