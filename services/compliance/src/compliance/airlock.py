"""Deciding: the one door through which content gets its green light."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from common.clock import Clock, rfc3339
from common.contracts.safety import Side
from common.contracts.values import Decision, JsonObject, Sha256
from common.db.work import Transaction, Work
from common.errors import Rejected, Unavailable
from common.observability.metrics import GATES_DECIDED
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel, Field
from safety.policy import Policy

from compliance import trail
from compliance.claims import must_be_free
from compliance.closing import Allowed, Outcome, Standing, already_decided, close, hear, heard_in, standing_after
from compliance.domain import (
    TIMEOUT_ACTOR,
    ItemStatus,
    Sealed,
    edited,
    may_be_approved,
    must_accept,
    must_fit,
    must_meet,
    status_after,
)
from compliance.errors import AlreadyHeard, BlockedByPolicy, ChangesNotTaken, ContentChanged, NotAReviewer, OwnWork
from compliance.examiner import Examiner
from compliance.examining import examined
from compliance.renewing import renew, says_otherwise
from compliance.repository.history import History
from compliance.repository.items import DecisionRow, Item, Items
from compliance.repository.permits import Permits
from compliance.repository.policies import PolicyStore
from compliance.stages import Circle, circle_of, must_say_why
from compliance.standing_in import places_of
from compliance.violating import tell_if_blocked

SERVICE = "compliance"


class DecisionOrder(BaseModel):
    """What a reviewer said. `edit` is a merge patch on the content, `seen_sha256` the manifest hash they looked at.

    `accepts_downgrades` are the codes of what the run fell back to, as far as they accept it.
    """

    decision: Decision
    comment: str = ""
    edit: JsonObject | None = None
    seen_sha256: Sha256 | None = None
    accepts_downgrades: tuple[str, ...] = ()


class Decided(BaseModel):
    """A decision that counts. With `closes` the item is decided; else it is one of the voices that are needed."""

    item_id: UUID
    status: ItemStatus
    decision: Decision
    decided_by: str
    decided_at: datetime
    manifest_sha256: str
    closes: bool = True
    stage: str | None = Field(default=None, description="The stage the item is at, when it is still open.")
    missing: int = Field(default=0, description="How many more have to approve at that stage.")


@dataclass(frozen=True)
class _Asked:
    """What somebody asks to have decided, and on which terms."""

    order: DecisionOrder
    principal: Principal
    key: str | None
    allowed: Allowed | None


@dataclass(frozen=True)
class _Recorded:
    """A decision that counts; it `is_new` unless it was made before and only asked for again."""

    answer: Decided
    is_new: bool


class Airlock:
    """The airlock of all tenants; each call is for one."""

    def __init__(self, work: Work, *, examiner: Examiner, clock: Clock) -> None:
        self._work = work
        self._examiner = examiner
        self._clock = clock

    async def decide(
        self,
        item_id: UUID,
        order: DecisionOrder,
        *,
        principal: Principal,
        key: str | None,
        allowed: Allowed | None = None,
    ) -> Decided:
        """Decide an open item, once. Raises what `compliance.errors` says; refusals for reasons of right are audited.

        With an idempotency `key` a repeat of the same order gets the first answer again.
        """
        asked = _Asked(order, principal, key, allowed)
        item: Item | None = None
        outcome: Outcome | None = None
        try:
            async with self._work.transaction(principal.tenant) as tx:
                item, policy = await self._read(tx, item_id, order)
                await places_of(tx, item.circle, principal, requested_by=item.requested_by, now=self._clock())
                must_say_why(order.decision, order.comment, item.review)
                _must_take_changes(item, order)
                if at_once := _needs_no_look(item, order, policy):
                    outcome = self._outcome(item, asked, looked_under=policy.version if policy else None)
                    recorded = await _record(tx, item, policy, outcome, asked=asked, seen=item)
            if not at_once:
                outcome = await self._weigh(item, asked, policy)
                async with self._work.transaction(principal.tenant) as tx:
                    found, policy = await self._read(tx, item_id, order)
                    recorded = await _record(tx, found, policy, outcome, asked=asked, seen=item)
        except (NotAReviewer, OwnWork, BlockedByPolicy) as refusal:
            if item is not None:
                await self._note_refusal(item, refusal, principal, outcome)
            raise
        if recorded.is_new and recorded.answer.closes:
            GATES_DECIDED.labels(SERVICE, item.gate, order.decision.value).inc()
        return recorded.answer

    async def _read(self, tx: Transaction, item_id: UUID, order: DecisionOrder) -> tuple[Item, Policy | None]:
        """The item, locked, and for an approval the policy in force, which changes no more until this ends.

        Locked first, so that of two answers the second waits here and then finds the item decided.
        """
        items, policies = Items(tx), PolicyStore(tx)
        asked = [items.asking(item_id, lock=True)]
        if order.decision is not Decision.APPROVED and order.edit is None:
            [rows] = await tx.run_all(asked)
            return items.found(item_id, rows), None
        # A policy that comes into force meanwhile waits, and then finds the item among those approved.
        still = Permits(tx).asking_to_lock_releases(exclusive=False)
        *_, rows, choice = await tx.run_all([*still, *asked, policies.asking_choice()])
        return items.found(item_id, rows), await self._examiner.policy_by(tx, policies.chosen(choice))

    async def _weigh(self, item: Item, asked: _Asked, policy: Policy | None) -> Outcome:
        """The edit applied and everything checked again. No transaction is open meanwhile: files may be read.

        What is approved as it is, is held against the `policy` in force.
        """
        order, tenant = asked.order, asked.principal.tenant
        if order.edit is not None:
            content = edited(item.content, order.edit)
            must_fit(content, held=item.content)
            sealed, verdict = await examined(
                self._examiner, tenant, content, stage=item.gate, downgrades=item.downgrades
            )
            outcome = self._outcome(item, asked, looked_under=sealed.policy_version)
            outcome = replace(outcome, sealed=sealed, verdict=verdict)
        else:
            looked_under = await self._look_again(item, policy, tenant=tenant) if policy else None
            outcome = self._outcome(item, asked, looked_under=looked_under)
        if order.decision is not Decision.APPROVED:
            return outcome
        return replace(outcome, unmet=await self._examiner.unmet(item.accepts, outcome.sealed.content))

    def _outcome(self, item: Item, asked: _Asked, *, looked_under: str | None) -> Outcome:
        """What is decided on the item as it is."""
        order = asked.order
        approves = order.decision is Decision.APPROVED
        return Outcome(
            order.decision,
            asked.principal.user_id,
            self._clock(),
            order.comment,
            Sealed(item.content, item.manifest_sha256, item.policy_version),
            item.verdict,
            edit=order.edit,
            looked_under=looked_under,
            accepted_downgrades=tuple(sorted({*order.accepts_downgrades})) if approves else (),
        )

    async def _look_again(self, item: Item, policy: Policy, *, tenant: str) -> str:
        """Hold an open item against the policy in force, if it was opened under another. → that policy's version.

        Raises `ContentChanged` when the checks say otherwise by now: the item says what, and can be decided then.
        """
        if policy.version == item.policy_version:
            return policy.version
        sealed, verdict = await examined(
            self._examiner, tenant, item.content, stage=item.gate, downgrades=item.downgrades
        )
        if not says_otherwise(verdict, item.verdict):
            return sealed.policy_version
        async with self._work.transaction(tenant) as tx:
            await renew(tx, item, sealed=sealed, verdict=verdict, now=self._clock())
        raise ContentChanged(
            "The policy was changed, and the checks say otherwise by now; look again.",
            manifest_sha256=sealed.manifest_sha256,
        )

    async def _note_refusal(self, item: Item, refusal: Rejected, principal: Principal, outcome: Outcome | None) -> None:
        resource = f"airlock_item:{item.id}"
        async with self._work.transaction(principal.tenant) as tx:
            # Without an edit the verdict is the item's own, which was told when it was made.
            if isinstance(refusal, BlockedByPolicy) and outcome is not None and outcome.edit is not None:
                tell_if_blocked(
                    tx,
                    outcome.verdict,
                    side=Side.REQUEST,
                    actor=principal.user_id,
                    resource=resource,
                    run=item.run_id,
                )
            trail.note(
                tx,
                "gate.decision_refused",
                actor=principal.user_id,
                resource=resource,
                at=self._clock(),
                result=refusal.code,
                run_id=item.run_id,
                detail={"gate": item.gate},
            )

    async def expire(self, tenant: str, item_id: UUID) -> bool:
        """Close an open item whose time is up, as rejected: time never approves. → whether it was there to close."""
        now = self._clock()
        async with self._work.transaction(tenant) as tx:
            item = await Items(tx).get(item_id, lock=True)
            if item.status is not ItemStatus.OPEN or item.timeout_at is None or item.timeout_at > now:
                return False
            comment = f"Nobody decided by {rfc3339(item.timeout_at)}."
            sealed = Sealed(item.content, item.manifest_sha256, item.policy_version)
            outcome = Outcome(Decision.REJECTED, TIMEOUT_ACTOR, now, comment, sealed, item.verdict)
            await close(tx, item, outcome, to=ItemStatus.EXPIRED)
        GATES_DECIDED.labels(SERVICE, item.gate, ItemStatus.EXPIRED.value).inc()
        return True


def _must_take_changes(item: Item, order: DecisionOrder) -> None:
    if order.decision is Decision.CHANGES_REQUESTED and not item.takes_changes:
        raise ChangesNotTaken(
            "Changes can no longer be asked for here: the run would end by it. Approve, edit and approve, or reject."
        )


def _needs_no_look(item: Item, order: DecisionOrder, policy: Policy | None) -> bool:
    """Whether what the database says is enough: nothing is edited, and neither gate nor a new policy asks for more."""
    if order.edit is not None:
        return False
    if item.status is not ItemStatus.OPEN or policy is None:
        return True
    return policy.version == item.policy_version and not item.accepts


async def _record(
    tx: Transaction, item: Item, policy: Policy | None, outcome: Outcome, *, asked: _Asked, seen: Item
) -> _Recorded:
    """The decision, written down, or the first answer to the same order. The item is locked; `seen` was looked at."""
    refusal: Rejected | None = None
    answer: Decided | None = None
    try:
        outcome, standing = await _weighed(tx, item, outcome, seen=seen, asked=asked)
        answer = _answer(item, outcome, standing)
    except Rejected as error:
        refusal = error
    if asked.key is not None and (earlier := await _answered(tx, asked, answer, item)):
        return _Recorded(earlier, is_new=False)
    if answer is None:
        raise refusal or already_decided(item)
    if outcome.looked_under not in {None, policy.version if policy else None}:
        raise Unavailable("The policy changed a moment ago; decide again.", retry_after_ms=500)
    if asked.allowed is not None:
        await asked.allowed(tx, item)
    if standing.closes:
        await close(tx, item, outcome, to=answer.status, standing=standing)
    else:
        await hear(tx, item, outcome, standing=standing)
    return _Recorded(answer, is_new=True)


async def _answered(tx: Transaction, asked: _Asked, answer: Decided | None, item: Item) -> Decided | None:
    """The first answer to this order, if it came before. What is refused now claims no key: nothing of it is kept."""
    assert asked.key is not None
    who, route = asked.principal.user_id, f"POST /v1/airlock/items/{item.id}/decision"
    body = answer.model_dump(mode="json") if answer else {}
    earlier = await answer_once(tx, principal=who, route=route, key=asked.key, request=asked.order, response=body)
    return Decided.model_validate(earlier) if earlier is not None else None


async def _weighed(
    tx: Transaction, item: Item, outcome: Outcome, *, seen: Item, asked: _Asked
) -> tuple[Outcome, Standing]:
    """Whether the decision counts, and what it changes. The item is locked. Raises what stands against it."""
    _may_be_decided(item, seen=seen, seen_sha256=asked.order.seen_sha256)
    must_be_free(item, outcome.actor, now=outcome.at)
    outcome, standing = await _standing(tx, item, outcome, asked.principal)
    if outcome.decision is Decision.APPROVED:
        may_be_approved(outcome.verdict)
        must_meet(outcome.unmet)
        must_accept(outcome.accepted_downgrades, item.downgrades)
    return outcome, standing


def _may_be_decided(item: Item, *, seen: Item, seen_sha256: str | None) -> None:
    if item.status is not ItemStatus.OPEN:
        raise already_decided(item)
    # `seen` is what the edit was applied to a moment ago; it can only differ if the item was reopened in between.
    if item.manifest_sha256 != seen.manifest_sha256 or seen_sha256 not in {None, item.manifest_sha256}:
        raise ContentChanged(
            "The content is not the one you looked at; look again.", manifest_sha256=item.manifest_sha256
        )


async def _standing(tx: Transaction, item: Item, outcome: Outcome, principal: Principal) -> tuple[Outcome, Standing]:
    """What the voice changes, by what was heard before. The item is locked, so nobody is heard meanwhile."""
    stages = item.stages
    heard: Sequence[DecisionRow] = ()
    restarts = outcome.edit is not None
    if len(stages) > 1 or stages[0].quorum != 1:
        heard = await History(tx).list_decisions(item.id, round=item.round)
    approved = heard_in(heard, item.round)
    voices, actors = {row.voice for row in approved}, {row.decided_by for row in approved}
    # The item may have come to another stage since it was read, and who stood in may do so no longer.
    outcome = await _in_their_place(tx, item, item.circle, outcome, principal, voices=voices)
    if restarts and (item.stage or heard):
        # Everybody is asked again, from the first stage on.
        circle = circle_of(stages[0], item.review, escalated=item.escalated_at is not None)
        try:
            outcome = await _in_their_place(tx, item, circle, outcome, principal, voices=frozenset())
        except NotAReviewer:
            outcome = replace(outcome, counts=False)
    if (
        not restarts
        and outcome.decision is Decision.APPROVED
        and (outcome.voice in voices or outcome.actor in voices | actors)
    ):
        raise AlreadyHeard("You have approved this already; one person counts once.")
    return outcome, standing_after(item, outcome, heard)


async def _in_their_place(
    tx: Transaction, item: Item, circle: Circle, outcome: Outcome, principal: Principal, *, voices: Set[str]
) -> Outcome:
    """The outcome as the actor's own or, for somebody who stands in, as that of the first who was not heard yet."""
    places = await places_of(tx, circle, principal, requested_by=item.requested_by, now=outcome.at)
    free = [name for name in places if name not in voices]
    return replace(outcome, in_place_of=next(iter([*free, *places]), None))


def _answer(item: Item, outcome: Outcome, standing: Standing) -> Decided:
    return Decided(
        item_id=item.id,
        status=status_after(outcome.decision) if standing.closes else ItemStatus.OPEN,
        decision=outcome.decision,
        decided_by=outcome.actor,
        decided_at=outcome.at,
        manifest_sha256=outcome.sealed.manifest_sha256,
        closes=standing.closes,
        stage=None if standing.closes else item.stages[standing.stage].name,
        missing=standing.missing,
    )
