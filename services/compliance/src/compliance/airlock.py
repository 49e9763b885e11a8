"""Deciding: the one door through which content gets its green light, and the ways an item closes without one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common.clock import Clock, rfc3339
from common.contracts.gates import GateDecided, Verdict
from common.contracts.values import Decision, JsonObject, Sha256
from common.db.work import Transaction, Work
from common.errors import Forbidden, Rejected
from common.ids import new_id
from common.observability.metrics import GATES_DECIDED
from common.service.idempotency import answer_once
from common.service.principal import Principal, Role
from pydantic import BaseModel

from compliance import trail
from compliance.domain import (
    TIMEOUT_ACTOR,
    WITHDRAWABLE,
    ItemStatus,
    Sealed,
    edited,
    may_be_approved,
    may_decide,
    must_fit,
    must_meet,
    risk_of,
    seal,
    status_after,
)
from compliance.errors import (
    BlockedByPolicy,
    ContentChanged,
    GateAlreadyDecided,
    NotAReviewer,
    OwnWork,
    ReleaseInFlight,
)
from compliance.examiner import Examiner
from compliance.repository.items import DecisionRow, Item, ItemEvent, Items

SERVICE = "compliance"


class DecisionOrder(BaseModel):
    """What a reviewer said. `edit` is a merge patch on the content, `seen_sha256` the manifest hash they looked at."""

    decision: Decision
    comment: str = ""
    edit: JsonObject | None = None
    seen_sha256: Sha256 | None = None


class Decided(BaseModel):
    """A decision that counts."""

    item_id: UUID
    status: ItemStatus
    decision: Decision
    decided_by: str
    decided_at: datetime
    manifest_sha256: str


@dataclass(frozen=True)
class _Outcome:
    """What a decision would leave behind."""

    decision: Decision
    actor: str
    at: datetime
    comment: str
    sealed: Sealed
    verdict: Verdict
    edit: JsonObject | None = None
    unmet: Sequence[str] = ()


class Airlock:
    """The airlock of all tenants; each call is for one."""

    def __init__(self, work: Work, *, examiner: Examiner, clock: Clock) -> None:
        self._work = work
        self._examiner = examiner
        self._clock = clock

    async def decide(self, item_id: UUID, order: DecisionOrder, *, principal: Principal, key: str | None) -> Decided:
        """Decide an open item, once. Raises what `compliance.errors` says; refusals for reasons of right are audited.

        With an idempotency `key` a repeat of the same order gets the first answer again.
        """
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
        try:
            may_decide(
                principal.user_id, roles=principal.roles, reviewers=item.reviewers, requested_by=item.requested_by
            )
            outcome = await self._weigh(item, order, principal)
            return await self._record(item, order, outcome, principal=principal, key=key)
        except (NotAReviewer, OwnWork, BlockedByPolicy) as refusal:
            await self._note_refusal(item, refusal, principal)
            raise

    async def _weigh(self, item: Item, order: DecisionOrder, principal: Principal) -> _Outcome:
        """The edit applied and everything checked again. No transaction is open meanwhile: files may be read."""
        sealed = Sealed(item.content, item.manifest_sha256, item.policy_version)
        verdict = item.verdict
        if order.edit is not None:
            content = edited(item.content, order.edit)
            sealed = seal(content, policy_version=self._examiner.policy.version)
            must_fit(content, held=item.content)
            verdict = await self._examiner.examine(principal.tenant, content)
        approves = order.decision is Decision.APPROVED
        return _Outcome(
            order.decision,
            principal.user_id,
            self._clock(),
            order.comment,
            sealed,
            verdict,
            edit=order.edit,
            unmet=await self._examiner.unmet(item.accepts, sealed.content) if approves else (),
        )

    async def _record(
        self, seen: Item, order: DecisionOrder, outcome: _Outcome, *, principal: Principal, key: str | None
    ) -> Decided:
        answer = Decided(
            item_id=seen.id,
            status=status_after(outcome.decision),
            decision=outcome.decision,
            decided_by=outcome.actor,
            decided_at=outcome.at,
            manifest_sha256=outcome.sealed.manifest_sha256,
        )
        async with self._work.transaction(principal.tenant) as tx:
            # Locked first, so that of two answers the second waits here and then finds the item decided.
            item = await Items(tx).get(seen.id, lock=True)
            if key is not None:
                route = f"POST /v1/airlock/items/{seen.id}/decision"
                body = answer.model_dump(mode="json")
                earlier = await answer_once(
                    tx, principal=principal.user_id, route=route, key=key, request=order, response=body
                )
                if earlier is not None:
                    return Decided.model_validate(earlier)
            _may_be_decided(item, seen=seen, seen_sha256=order.seen_sha256)
            if outcome.decision is Decision.APPROVED:
                may_be_approved(outcome.verdict)
                must_meet(outcome.unmet)
            await _close(tx, item, outcome, to=answer.status)
        GATES_DECIDED.labels(SERVICE, item.gate, outcome.decision.value).inc()
        return answer

    async def _note_refusal(self, item: Item, refusal: Rejected, principal: Principal) -> None:
        async with self._work.transaction(principal.tenant) as tx:
            await trail.note(
                tx,
                "gate.decision_refused",
                actor=principal.user_id,
                resource=f"airlock_item:{item.id}",
                at=self._clock(),
                result=refusal.code,
                run_id=item.run_id,
                detail={"gate": item.gate},
            )

    async def withdraw(self, item_id: UUID, *, principal: Principal, reason: str) -> Item:
        """Take an item back: for its author, or a service whose run was cancelled. Repeating it changes nothing."""
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            is_author = principal.user_id == item.requested_by
            if not (is_author or principal.may(Role.SERVICE, Role.ADMIN)):
                raise Forbidden("Only the author, an administrator or a service may withdraw an item.")
            if item.status is ItemStatus.WITHDRAWN:
                return item
            if item.status is ItemStatus.RELEASING:
                raise ReleaseInFlight("The item is being released and cannot be withdrawn.")
            if item.status not in WITHDRAWABLE:
                raise already_decided(item)
            comment = f"Withdrawn: {reason}" if reason else "Withdrawn."
            sealed = Sealed(item.content, item.manifest_sha256, item.policy_version)
            outcome = _Outcome(Decision.REJECTED, principal.user_id, now, comment, sealed, item.verdict)
            await _close(tx, item, outcome, to=ItemStatus.WITHDRAWN, tell=item.status is ItemStatus.OPEN)
            return await Items(tx).get(item_id)

    async def expire(self, tenant: str, item_id: UUID) -> bool:
        """Close an open item whose time is up, as rejected: time never approves. → whether it was there to close."""
        now = self._clock()
        async with self._work.transaction(tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            if item.status is not ItemStatus.OPEN or item.timeout_at is None or item.timeout_at > now:
                return False
            comment = f"Nobody decided by {rfc3339(item.timeout_at)}."
            sealed = Sealed(item.content, item.manifest_sha256, item.policy_version)
            outcome = _Outcome(Decision.REJECTED, TIMEOUT_ACTOR, now, comment, sealed, item.verdict)
            await _close(tx, item, outcome, to=ItemStatus.EXPIRED)
        GATES_DECIDED.labels(SERVICE, item.gate, ItemStatus.EXPIRED.value).inc()
        return True


def already_decided(item: Item) -> GateAlreadyDecided:
    """The 409 that says who decided, what and when."""
    decided_at = rfc3339(item.decided_at) if item.decided_at else None
    what = item.decision.value if item.decision else item.status.value
    return GateAlreadyDecided(
        f"{item.decided_by or 'Somebody'} already decided this gate ({what}); it is {item.status.value} now.",
        status_now=item.status.value,
        decision=what,
        decided_by=item.decided_by,
        decided_at=decided_at,
    )


def _may_be_decided(item: Item, *, seen: Item, seen_sha256: str | None) -> None:
    if item.status is not ItemStatus.OPEN:
        raise already_decided(item)
    # `seen` is what the edit was applied to a moment ago; it can only differ if the item was reopened in between.
    if item.manifest_sha256 != seen.manifest_sha256 or seen_sha256 not in {None, item.manifest_sha256}:
        raise ContentChanged(
            "The content is not the one you looked at; look again.", manifest_sha256=item.manifest_sha256
        )


async def _close(tx: Transaction, item: Item, outcome: _Outcome, *, to: ItemStatus, tell: bool = True) -> None:
    """Item, decision, history, audit and the fact, in one transaction."""
    sealed, items = outcome.sealed, Items(tx)
    was_edited = outcome.edit is not None
    values: dict[str, Any] = {
        "decided_at": outcome.at,
        "decided_by": outcome.actor,
        "decision": outcome.decision.value,
        "comment": outcome.comment,
        "note": "",
    }
    if was_edited:
        values |= {
            "content": sealed.content,
            "manifest_sha256": sealed.manifest_sha256,
            "policy_version": sealed.policy_version,
            "verdict": outcome.verdict.model_dump(mode="json"),
            "risk": risk_of(outcome.verdict, item.downgrades),
        }
    if not await items.move(item.id, allowed=frozenset({item.status}), to=to, values=values):
        raise already_decided(await items.get(item.id))
    row = DecisionRow(
        id=new_id(),
        decision=outcome.decision,
        decided_by=outcome.actor,
        decided_at=outcome.at,
        comment=outcome.comment,
        edit=outcome.edit,
        sha256_before=item.manifest_sha256,
        manifest_sha256=sealed.manifest_sha256,
        policy_version=sealed.policy_version,
    )
    await items.add_decision(item.id, row, content_before=item.content if was_edited else None)
    what = f"{to.value} with edits" if was_edited else to.value
    await items.add_event(item.id, ItemEvent(outcome.at, outcome.actor, what, outcome.comment))
    if tell:
        _tell(tx, item, row, sealed)
    await _note_decision(tx, item, row, to=to)


def _tell(tx: Transaction, item: Item, row: DecisionRow, sealed: Sealed) -> None:
    event = GateDecided(
        item_id=item.id,
        gate=item.gate,
        decision=row.decision,
        decided_by=row.decided_by,
        comment=row.comment,
        content=sealed.content,
        manifest_sha256=row.manifest_sha256,
        policy_version=row.policy_version,
    )
    tx.tell(event, run=item.run_id, cause=row.id)


async def _note_decision(tx: Transaction, item: Item, row: DecisionRow, *, to: ItemStatus) -> None:
    await trail.note(
        tx,
        f"gate.{to.value}" if to in {ItemStatus.EXPIRED, ItemStatus.WITHDRAWN} else "gate.decided",
        actor=row.decided_by,
        resource=f"airlock_item:{item.id}",
        at=row.decided_at,
        run_id=item.run_id,
        detail={
            "gate": item.gate,
            "decision": row.decision.value,
            "sha256_before": row.sha256_before,
            "manifest_sha256": row.manifest_sha256,
            "policy_version": row.policy_version,
            "edited": row.edit is not None,
        },
    )
