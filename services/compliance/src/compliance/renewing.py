"""What an open item is held under when the policy has changed since it was opened: looked at anew, before it counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.contracts.gates import Verdict
from common.contracts.safety import Side
from common.db.work import Transaction

from compliance import trail
from compliance.domain import ItemStatus, Sealed, news_in, risk_of
from compliance.repository.items import Item, ItemEvent, Items
from compliance.violating import tell_if_blocked

ACTOR = "service:compliance"
_OPEN = frozenset({ItemStatus.OPEN})


def says_otherwise(verdict: Verdict, shown: Verdict) -> bool:
    """Whether a reviewer has to see the new verdict before a decision on the one they were shown can count."""
    return verdict.level is not shown.level or bool(news_in(verdict, shown))


async def renew(tx: Transaction, seen: Item, *, sealed: Sealed, verdict: Verdict, now: datetime) -> None:
    """Hold the item under the policy of now, with its verdict; who approved it before has not seen that.

    Nothing is changed when it is not the item that was `seen` any more.
    """
    item = await Items(tx).get(seen.id, lock=True)
    if (item.status, item.manifest_sha256) != (ItemStatus.OPEN, seen.manifest_sha256):
        return
    values: dict[str, Any] = {
        "manifest_sha256": sealed.manifest_sha256,
        "policy_version": sealed.policy_version,
        "verdict": verdict.model_dump(mode="json"),
        "risk": risk_of(verdict, item.downgrades),
        "stage": 0,
        "round": item.round + 1,
        "reviewers": list(item.stages[0].reviewers),
    }
    await Items(tx).move(item.id, allowed=_OPEN, to=ItemStatus.OPEN, values=values)
    said = f"The policy was changed; checks say {verdict.level.value}."
    await Items(tx).add_event(item.id, ItemEvent(now, ACTOR, "looked at again", said))
    tell_if_blocked(tx, verdict, side=Side.OUTPUT, actor=ACTOR, resource=f"airlock_item:{item.id}", run=item.run_id)
    trail.note(
        tx,
        "gate.rechecked",
        actor=ACTOR,
        resource=f"airlock_item:{item.id}",
        at=now,
        run_id=item.run_id,
        before_sha256=item.manifest_sha256,
        after_sha256=sealed.manifest_sha256,
        detail={
            "gate": item.gate,
            "sha256_before": item.manifest_sha256,
            "manifest_sha256": sealed.manifest_sha256,
            "policy_version": sealed.policy_version,
            "verdict": verdict.level.value,
            "rules": sorted({finding.rule for finding in verdict.findings}),
        },
    )
