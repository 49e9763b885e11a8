"""Reopening: what was approved and has not left yet waits for a decision again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.contracts.gates import Change, GateReopened, Verdict
from common.contracts.safety import Side
from common.db.work import Transaction

from compliance import trail
from compliance.closing import UNCLAIMED, clocks
from compliance.differences import shortened
from compliance.domain import RELEASABLE, ItemStatus, Sealed, risk_of
from compliance.errors import NotApproved
from compliance.repository.items import Item, ItemEvent, Items
from compliance.violating import tell_if_blocked


async def reopen(
    tx: Transaction,
    item: Item,
    *,
    cause: str,
    actor: str,
    changes: Sequence[Change],
    sealed: Sealed | None = None,
    verdict: Verdict | None = None,
    now: datetime,
) -> None:
    """Take an approved item back to open and tell its run, its history and the audit trail, if `tx` commits.

    `cause` is a sentence for people. With `sealed` that is what the item holds from now on, with `verdict` what the
    checks say of it; a decision has to name the new hash then. Read the item with `lock=True` in the same transaction.
    Raises `NotApproved` when it is not approved (any more), or is being released: nothing is changed then.
    """
    held = sealed or Sealed(item.content, item.manifest_sha256, item.policy_version)
    clock = clocks(item, now=now)
    values: dict[str, Any] = UNCLAIMED | clock | {"note": cause, "comment": ""}
    values |= {"decided_at": None, "decided_by": None, "decision": None}
    # The old deadline is past or soon; it was meant for the first look.
    values["timeout_at"] = None
    # Nobody of the round before has seen what is held now, or why it is held again.
    values |= {"stage": 0, "round": item.round + 1, "reviewers": list(item.stages[0].reviewers)}
    if sealed is not None:
        values |= {
            "content": sealed.content,
            "manifest_sha256": sealed.manifest_sha256,
            "policy_version": sealed.policy_version,
        }
    if verdict is not None:
        values |= {"verdict": verdict.model_dump(mode="json"), "risk": risk_of(verdict, item.downgrades)}
    if not await Items(tx).move(item.id, allowed=RELEASABLE, to=ItemStatus.OPEN, values=values):
        raise NotApproved(f"Item {item.id} is {item.status.value}, so there is no approval to take back.")
    await Items(tx).start_clock(
        item.id, timeout_at=None, remind_at=clock["remind_at"], escalate_at=clock["escalate_at"]
    )
    shown = shortened(changes)
    await Items(tx).add_event(item.id, ItemEvent(now, actor, "reopened", cause))
    event = GateReopened(
        item_id=item.id,
        gate=item.gate,
        cause=cause,
        actor=actor,
        changes=shown,
        manifest_sha256=held.manifest_sha256,
        policy_version=held.policy_version,
    )
    tx.tell(event, run=item.run_id)
    if verdict is not None:
        tell_if_blocked(tx, verdict, side=Side.OUTPUT, actor=actor, resource=f"airlock_item:{item.id}", run=item.run_id)
    trail.note(
        tx,
        "gate.reopened",
        actor=actor,
        resource=f"airlock_item:{item.id}",
        at=now,
        run_id=item.run_id,
        before_sha256=item.manifest_sha256,
        after_sha256=held.manifest_sha256,
        detail={
            "gate": item.gate,
            "cause": cause,
            "sha256_before": item.manifest_sha256,
            "manifest_sha256": held.manifest_sha256,
            "policy_version": held.policy_version,
            "changes": [change.model_dump(mode="json") for change in shown],
        },
    )
