"""Holding content: what an item begins as, whether a workflow's gate holds it or a service by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from common.contracts.gates import GateInput, Verdict
from common.contracts.safety import Side
from common.db.work import Transaction
from common.errors import Invalid, NotFound

from compliance import trail
from compliance.domain import ItemStatus, Sealed, codes_of, risk_of
from compliance.orders import carry_over
from compliance.repository.items import Item, ItemEvent, Items
from compliance.repository.reviews import Reviews, find_predecessor
from compliance.stages import Plan, plan
from compliance.violating import tell_if_blocked

ACTOR = "service:compliance"


@dataclass(frozen=True)
class Holding:
    """Content that is about to be held, checked and sealed."""

    id: UUID
    run_id: UUID | None
    input: GateInput
    sealed: Sealed
    verdict: Verdict
    supersedes: UUID | None = None
    private_of: UUID | None = None


def must_be_nameable(input: GateInput) -> None:
    """Raises `Invalid` for names that PostgreSQL cannot keep."""
    names = (input.gate, input.title, input.requested_by, input.place or "", *input.reviewers)
    stages = input.review.stages or () if input.review else ()
    people = [name for stage in stages for name in (stage.name, *stage.reviewers, *stage.any_of)]
    if "\0" in "".join((*names, *people)):
        raise Invalid("A gate's names may not contain NUL characters.")


async def hold(tx: Transaction, holding: Holding, *, now: datetime, due_after_ms: int, by: str = ACTOR) -> Item | None:
    """The new item, with its history and its audit entry. → None when it is there already: nothing is changed then."""
    item = await _item(tx, holding, now=now, due_after_ms=due_after_ms)
    if not await Items(tx).add(item):
        return None
    await carry_over(tx, item, now=now)
    said = f"Checks say {item.verdict.level.value}."
    await Items(tx).add_event(item.id, ItemEvent(now, by, "opened", said))
    tell_if_blocked(tx, item.verdict, side=Side.OUTPUT, actor=by, resource=f"airlock_item:{item.id}", run=item.run_id)
    trail.note(
        tx,
        "gate.opened",
        actor=by,
        resource=f"airlock_item:{item.id}",
        at=now,
        run_id=item.run_id,
        after_sha256=item.manifest_sha256,
        detail={
            "gate": item.gate,
            "manifest_sha256": item.manifest_sha256,
            "policy_version": item.policy_version,
            "verdict": item.verdict.level.value,
            "rules": sorted({finding.rule for finding in item.verdict.findings}),
            "requested_by": item.requested_by,
            "revision": item.revision,
            "stages": [stage.name for stage in item.stages],
            **({"downgrades": codes_of(item.downgrades)} if item.downgrades else {}),
        },
    )
    return item


async def plan_review(tx: Transaction, asked: GateInput, *, due_after_ms: int) -> Plan:
    """The review that an item gets that is opened now."""
    own = await Reviews(tx).find(asked.gate)
    return plan(
        asked,
        tenant=own.review if own else None,
        tenant_version=own.version if own else None,
        due_after_ms=due_after_ms,
    )


async def _item(tx: Transaction, holding: Holding, *, now: datetime, due_after_ms: int) -> Item:
    asked, sealed = holding.input, holding.sealed
    planned = await plan_review(tx, asked, due_after_ms=due_after_ms)
    revision, supersedes = await _revision(tx, holding)
    review = planned.review
    return Item(
        id=holding.id,
        run_id=holding.run_id,
        place=asked.place,
        gate=asked.gate,
        title=asked.title,
        status=ItemStatus.OPEN,
        content=sealed.content,
        manifest_sha256=sealed.manifest_sha256,
        policy_version=sealed.policy_version,
        level=holding.verdict.level,
        findings=len(holding.verdict.findings),
        verdict=holding.verdict,
        risk=risk_of(holding.verdict, asked.downgrades),
        downgrades=asked.downgrades,
        requested_by=asked.requested_by,
        reviewers=planned.stages[0].reviewers,
        accepts=asked.accepts,
        remind_at=_after(now, review.remind_after_ms),
        timeout_at=asked.timeout_at,
        opened_at=now,
        decided_at=None,
        decided_by=None,
        decision=None,
        comment="",
        note="",
        held_at=None,
        held_by=None,
        hold_reason=None,
        content_type=asked.content_type,
        priority=asked.priority,
        due_at=_due_at(planned, asked.timeout_at, now=now),
        review=review,
        stage=0,
        round=1,
        review_version=planned.tenant_version,
        escalate_at=_after(now, review.escalate.after_ms if review.escalate else None),
        escalated_at=None,
        reminded_at=None,
        assigned_to=None,
        claimed_by=None,
        claimed_until=None,
        revision=revision,
        supersedes=supersedes,
        spent_usd_micros=asked.spent_usd_micros,
        redo_usd_micros=asked.redo_usd_micros,
        takes_changes=asked.takes_changes,
        private_of=holding.private_of,
    )


async def _revision(tx: Transaction, holding: Holding) -> tuple[int, UUID | None]:
    if holding.supersedes is not None:
        try:
            earlier = await Items(tx).get(holding.supersedes)
        except NotFound as error:
            raise Invalid(f"There is no item {holding.supersedes} that this one could follow.") from error
        return earlier.revision + 1, earlier.id
    if holding.run_id is None or holding.input.place is None:
        return 1, None
    before = await find_predecessor(tx, run_id=holding.run_id, place=holding.input.place)
    return (before.revision + 1, before.id) if before and before.id != holding.id else (1, None)


def _due_at(planned: Plan, timeout_at: datetime | None, *, now: datetime) -> datetime:
    due_at = _after(now, planned.review.due_after_ms) or now
    # When time is up nobody can decide any more, so that is the latest.
    return min(due_at, timeout_at) if timeout_at else due_at


def _after(now: datetime, ms: int | None) -> datetime | None:
    return now + timedelta(milliseconds=ms) if ms else None
