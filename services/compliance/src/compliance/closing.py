"""What a decision leaves behind: item, decision, history, audit trail and fact, in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from common.clock import rfc3339
from common.contracts.gates import GateDecided, Verdict
from common.contracts.values import Decision, JsonObject
from common.db.work import Transaction
from common.ids import new_id

from compliance import trail
from compliance.domain import ItemStatus, Sealed, risk_of
from compliance.errors import GateAlreadyDecided
from compliance.orders import Asked, ask
from compliance.repository.items import DecisionRow, Item, ItemEvent, Items
from compliance.stages import is_agreed, missing_of

UNCLAIMED: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
Allowed = Callable[[Transaction, Item], Awaitable[None]]
"""Asked in the transaction of what somebody does, with the item locked: it may refuse, and leave entries of its own."""


@dataclass(frozen=True)
class Outcome:
    """What somebody decided, on what, and what the checks say of that."""

    decision: Decision
    actor: str
    at: datetime
    comment: str
    sealed: Sealed
    verdict: Verdict
    edit: JsonObject | None = None
    unmet: Sequence[str] = ()
    looked_under: str | None = None
    """The version of the policy that an approval was held against just now."""
    counts: bool = True
    """Whether the actor takes part in the stage that the item is at after this."""
    in_place_of: str | None = None
    """The person whom the review names and the actor stands in for."""
    accepted_downgrades: tuple[str, ...] = ()

    @property
    def voice(self) -> str:
        """Whose voice it is."""
        return self.in_place_of or self.actor

    @property
    def said(self) -> str:
        """The comment, for the item's history, which names nobody but who acts; the decision says in whose place."""
        place = "In somebody's place." if self.in_place_of else ""
        codes = ", ".join(self.accepted_downgrades)
        return " ".join(filter(None, (place, f"Accepts {codes}." if codes else "", self.comment)))


@dataclass(frozen=True)
class Standing:
    """Where an item is in its review after a voice: whether that closes it, and else which stage waits for how many."""

    closes: bool
    stage: int
    round: int
    missing: int
    said_at: str
    """The stage that the voice counts for."""


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


def standing_after(item: Item, outcome: Outcome, heard: Sequence[DecisionRow]) -> Standing:
    """What the voice changes. An edit takes away what the others approved: they have not seen it."""
    if outcome.decision is not Decision.APPROVED:
        return Standing(True, item.stage, item.round, 0, item.stages[item.stage].name)
    at_stage, turn = item.stage, item.round
    approved = [row.voice for row in heard if row.round == turn and row.stage == item.stages[at_stage].name]
    if outcome.edit is not None and (item.stage or heard_in(heard, turn)):
        at_stage, turn, approved = 0, item.round + 1, []
    said_at = item.stages[at_stage]
    voices = [*approved, outcome.voice] if outcome.counts else approved
    if not is_agreed(said_at, voices):
        return Standing(False, at_stage, turn, missing_of(said_at, voices), said_at.name)
    if at_stage + 1 == len(item.stages):
        return Standing(True, at_stage, turn, 0, said_at.name)
    following = item.stages[at_stage + 1]
    return Standing(False, at_stage + 1, turn, missing_of(following, ()), said_at.name)


def heard_in(heard: Sequence[DecisionRow], turn: int) -> Sequence[DecisionRow]:
    """The approvals that count in a round. An edit by somebody of a later stage is no voice at the first one."""
    approved = [row for row in heard if row.round == turn and row.decision is Decision.APPROVED]
    return [row for row in approved if row.stage is not None]


async def close(
    tx: Transaction,
    item: Item,
    outcome: Outcome,
    *,
    to: ItemStatus,
    standing: Standing | None = None,
    tell: bool = True,
) -> None:
    """The item is decided. Raises `GateAlreadyDecided` when it is not what it was when it was read."""
    values: dict[str, Any] = UNCLAIMED | {
        "decided_at": outcome.at,
        "decided_by": outcome.actor,
        "decision": outcome.decision.value,
        "comment": outcome.comment,
        "note": "",
    }
    if not await Items(tx).move(
        item.id, allowed=frozenset({item.status}), to=to, values=values | _edited(item, outcome)
    ):
        raise already_decided(await Items(tx).get(item.id))
    row = await _write(tx, item, outcome, standing=standing)
    what = f"{to.value} with edits" if outcome.edit is not None else to.value
    await Items(tx).add_event(item.id, ItemEvent(outcome.at, outcome.actor, what, outcome.said))
    if tell:
        sent_back = to is ItemStatus.CHANGES_REQUESTED
        asked = await ask(tx, item, by=outcome.actor, now=outcome.at) if sent_back else Asked()
        _tell(tx, item, row, outcome.sealed, asked=asked)
    action = f"gate.{to.value}" if to in {ItemStatus.EXPIRED, ItemStatus.WITHDRAWN} else "gate.decided"
    _note(tx, item, row, action=action)


async def hear(tx: Transaction, item: Item, outcome: Outcome, *, standing: Standing) -> None:
    """An approval that others have to join: the item stays open, at the stage it has come to."""
    stage = item.stages[standing.stage]
    moves = standing.stage != item.stage or standing.round != item.round
    values: dict[str, Any] = UNCLAIMED | {
        "stage": standing.stage,
        "round": standing.round,
        "reviewers": list(stage.reviewers),
    }
    if moves:
        values |= clocks(item, now=outcome.at)
    open_only = frozenset({ItemStatus.OPEN})
    if not await Items(tx).move(item.id, allowed=open_only, to=ItemStatus.OPEN, values=values | _edited(item, outcome)):
        raise already_decided(await Items(tx).get(item.id))
    if moves:
        await Items(tx).start_clock(
            item.id, timeout_at=item.timeout_at, remind_at=values["remind_at"], escalate_at=values["escalate_at"]
        )
    row = await _write(tx, item, outcome, standing=standing)
    edits = " with edits" if outcome.edit is not None else ""
    waits = f"{stage.name!r} waits for {standing.missing} more."
    note = f"{outcome.said} {waits}".strip()
    await Items(tx).add_event(item.id, ItemEvent(outcome.at, outcome.actor, f"agreed{edits}", note))
    _note(tx, item, row, action="gate.agreed")


def clocks(item: Item, *, now: datetime) -> dict[str, Any]:
    """Reminder, escalation and due time from now on, for whoever looks next."""
    review = item.review
    escalate_ms = review.escalate.after_ms if review.escalate else None

    def after(ms: int | None) -> datetime | None:
        return now + timedelta(milliseconds=ms) if ms else None

    return {
        "remind_at": after(review.remind_after_ms),
        "escalate_at": after(escalate_ms),
        "due_at": after(review.due_after_ms) or item.due_at,
        "reminded_at": None,
        "escalated_at": None,
    }


def _edited(item: Item, outcome: Outcome) -> dict[str, Any]:
    if outcome.edit is None:
        return {}
    return {
        "content": outcome.sealed.content,
        "manifest_sha256": outcome.sealed.manifest_sha256,
        "policy_version": outcome.sealed.policy_version,
        "verdict": outcome.verdict.model_dump(mode="json"),
        "risk": risk_of(outcome.verdict, item.downgrades),
    }


async def _write(tx: Transaction, item: Item, outcome: Outcome, *, standing: Standing | None) -> DecisionRow:
    row = DecisionRow(
        id=new_id(),
        decision=outcome.decision,
        decided_by=outcome.actor,
        decided_at=outcome.at,
        comment=outcome.comment,
        edit=outcome.edit,
        sha256_before=item.manifest_sha256,
        manifest_sha256=outcome.sealed.manifest_sha256,
        policy_version=outcome.sealed.policy_version,
        # Who edits may be no part of the stage that looks first: then the edit is theirs, and the voice is not.
        stage=standing.said_at if standing and outcome.counts else None,
        closes=standing is None or standing.closes,
        round=standing.round if standing else item.round,
        in_place_of=outcome.in_place_of,
        accepted_downgrades=outcome.accepted_downgrades,
    )
    before = item.content if outcome.edit is not None else None
    await Items(tx).add_decision(item.id, row, content_before=before)
    return row


def _tell(tx: Transaction, item: Item, row: DecisionRow, sealed: Sealed, *, asked: Asked) -> None:
    event = GateDecided(
        item_id=item.id,
        gate=item.gate,
        decision=row.decision,
        decided_by=row.decided_by,
        # Who writes again hears what the notes on the text say, besides what the reviewer says of all of it.
        comment="\n".join(filter(None, (row.comment, asked.words))),
        content=sealed.content,
        manifest_sha256=row.manifest_sha256,
        policy_version=row.policy_version,
        rework=asked.rework,
    )
    tx.tell(event, run=item.run_id, cause=row.id)


def _note(tx: Transaction, item: Item, row: DecisionRow, *, action: str) -> None:
    trail.note(
        tx,
        action,
        actor=row.decided_by,
        resource=f"airlock_item:{item.id}",
        at=row.decided_at,
        run_id=item.run_id,
        before_sha256=row.sha256_before,
        after_sha256=row.manifest_sha256,
        detail={
            "gate": item.gate,
            "decision": row.decision.value,
            "sha256_before": row.sha256_before,
            "manifest_sha256": row.manifest_sha256,
            "policy_version": row.policy_version,
            "edited": row.edit is not None,
            "stage": row.stage,
            "round": row.round,
            "closes": row.closes,
            **({"in_place_of": row.in_place_of} if row.in_place_of else {}),
            # What happened is told in words that may be erased with the item; that it was accepted stays.
            **({"accepted_downgrades": list(row.accepted_downgrades)} if row.accepted_downgrades else {}),
        },
    )
