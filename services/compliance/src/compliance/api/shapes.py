"""What the routes take and give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from common.contracts.gates import (
    AcceptedDowngrades,
    Change,
    ContentType,
    Finding,
    Priority,
    Review,
    Verdict,
    VerdictLevel,
)
from common.contracts.values import Decision, Downgrade, JsonObject, Money, PublicMoney, Sha256
from common.cursors import Key, cut
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from compliance.airlock import DecisionOrder
from compliance.domain import COMMENT_LIMIT, ItemStatus
from compliance.economics import Economics
from compliance.repository.items import DecisionRow, Item, ItemEvent, ItemHead
from compliance.stages import circle_of, stages_of

Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=COMMENT_LIMIT, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")
]
Reason = Annotated[Prose, Field(min_length=1)]
SHOWN = 200
"""So many decisions, and lines of its history, an item's own page has; what was before comes by pages."""


class DecisionBody(BaseModel):
    """What a reviewer says about an item. Who says it is in the token, nowhere else."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    comment: Prose = Field(
        default="", description="Needed where the gate wants a reason: by default unless it is approved."
    )
    data: JsonObject | None = Field(
        default=None, description="Edit and approve: an RFC 7396 merge patch on the content, checked again first."
    )
    manifest_sha256: Sha256 | None = Field(
        default=None, description="The hash of what was looked at; if the content is another by now, this is a 409."
    )
    accepts_downgrades: AcceptedDowngrades = ()

    @model_validator(mode="after")
    def _edits_what_it_approves(self) -> Self:
        if self.decision is not Decision.APPROVED and self.data is not None:
            raise ValueError("an edit goes with an approval only")
        if self.decision is not Decision.APPROVED and self.accepts_downgrades:
            raise ValueError("downgrades are accepted with an approval only")
        return self

    def order(self) -> DecisionOrder:
        """The same, as the airlock takes it."""
        return DecisionOrder(
            decision=self.decision,
            comment=self.comment,
            edit=self.data,
            seen_sha256=self.manifest_sha256,
            accepts_downgrades=self.accepts_downgrades,
        )


class ReasonBody(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class WithdrawBody(BaseModel):
    """Why, if there is something to say."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Prose, Field(max_length=500)] = ""


class Hold(BaseModel):
    """Who keeps the item from being released, since when and why."""

    by: str
    at: datetime
    reason: str


class ClaimView(BaseModel):
    """Who is looking at the item, and until when nobody else may decide."""

    by: str
    until: datetime


class StageView(BaseModel):
    """The stage an item is at: who may take part, and how many of how many stages there are."""

    name: str
    number: int = Field(description="From 1.")
    of: int
    quorum: int | Literal["all"]
    reviewers: tuple[str, ...] = Field(description="Roles.")
    any_of: tuple[str, ...] = Field(description="User ids.")


class ItemSummary(BaseModel):
    """An item in a list."""

    id: UUID
    run_id: UUID | None
    gate: str
    content_type: ContentType | None
    revision: int = Field(description="The how-manieth of this gate in its run, from 1.")
    priority: Priority
    title: str
    status: ItemStatus
    risk: int = Field(description="0 to 100.")
    verdict: VerdictLevel
    findings: int
    requested_by: str
    reviewers: tuple[str, ...]
    opened_at: datetime
    age_ms: int
    remind_at: datetime | None
    timeout_at: datetime | None
    due_at: datetime
    heat: int = Field(description="Per cent of the time until `due_at` that is over; 0 when it is decided.")
    overdue: bool = Field(description="Nobody decided by `due_at`.")
    escalated: bool
    reminded: bool = Field(description="Those who may decide were told that they should.")
    assigned_to: str | None
    claim: ClaimView | None
    stage: StageView
    hold: Hold | None
    decision: Decision | None
    decided_by: str | None
    decided_at: datetime | None
    manifest_sha256: Sha256


class DecisionView(BaseModel):
    """One decision on an item."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    decision: Decision
    decided_by: str
    decided_at: datetime
    comment: str
    edit: JsonObject | None
    sha256_before: Sha256
    manifest_sha256: Sha256
    policy_version: str
    stage: str | None = Field(description="The stage the voice counts for; null where it counts for none.")
    round: int
    closes: bool = Field(description="False: others had to agree.")
    in_place_of: str | None = Field(description="Whose voice it is, where somebody stood in for them.")
    accepted_downgrades: tuple[str, ...] = Field(description="Codes of what the run had fallen back to.")


class EventView(BaseModel):
    """One line of an item's history."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    actor: str
    what: str
    note: str


class ItemDetail(BaseModel):
    """Everything a reviewer needs to decide."""

    item: ItemSummary
    content: JsonObject
    verdict: Verdict
    policy_version: str
    downgrades: tuple[Downgrade, ...]
    note: str
    decisions: list[DecisionView] = Field(description="The last ones, the oldest of them first.")
    earlier_decisions: str | None = Field(description="Cursor for those before, at `…/decisions`; null: that is all.")
    history: list[EventView] = Field(description="The last of it, the oldest first.")
    earlier_history: str | None = Field(description="Cursor for what was before, at `…/history`; null: that is all.")
    review: Review
    review_version: int | None = Field(description="Of the tenant's definition, where that was used.")
    supersedes: UUID | None = Field(description="The item of this gate before.")
    takes_changes: bool = Field(description="Whether changes can be asked for: false where the run has no way back.")
    changes: list[Change] = Field(description="What is other than in that one.")
    economics: EconomicsView


class EconomicsView(BaseModel):
    """What the item has cost, what saying no would cost, and how items like it went. Null: nobody knows."""

    spent_usd: PublicMoney | None
    lost_if_rejected_usd: PublicMoney | None
    redone_if_changed_usd: PublicMoney | None
    risks: tuple[Finding, ...] = Field(description="The three worst findings, with their evidence.")
    similar_decided: int | None = Field(description="Decided items of this gate and kind with a like risk.")
    similar_approval_rate: float | None = Field(description="The share of them that was approved.")


class Stats(BaseModel):
    """How full the airlock is."""

    by_status: dict[ItemStatus, int] = Field(description="All that are open; others among the newest 1,000 items.")
    open_by_gate: dict[str, int]
    overdue: int
    held: int
    oldest_open_at: datetime | None


class StopView(BaseModel):
    """Whether all releases of the tenant are stopped. `in_flight` are those that had begun before."""

    stopped: bool
    everywhere: bool = Field(description="For the whole installation, by somebody who runs it.")
    by: str | None
    at: datetime | None
    reason: str | None
    in_flight: list[UUID] = Field(description="Items being released.")


class InFlightView(BaseModel):
    """A release that has begun and is not finished."""

    model_config = ConfigDict(from_attributes=True)

    tenant: str
    item_id: UUID
    since: datetime


class StopAllView(BaseModel):
    """Whether all releases of the installation are stopped, and those of all tenants that had begun before."""

    stopped: bool
    by: str | None
    at: datetime | None
    reason: str | None
    in_flight: list[InFlightView]


def summary(item: ItemHead, *, now: datetime) -> ItemSummary:
    """An item as a list shows it."""
    return ItemSummary.model_validate(listed(vars(item), now=now))


def listed(item: Mapping[str, Any], *, now: datetime) -> dict[str, Any]:
    """What `ItemSummary` says of an item, of what is known under the names of `ItemHead`."""
    waits = item["status"] == ItemStatus.OPEN
    opened_at, due_at, until = item["opened_at"], item["due_at"], item["claimed_until"]
    age = now - opened_at
    return {
        "id": item["id"],
        "run_id": item["run_id"],
        "gate": item["gate"],
        "content_type": item["content_type"],
        "revision": item["revision"],
        "priority": item["priority"],
        "title": item["title"],
        "status": item["status"],
        "risk": item["risk"],
        "verdict": item["level"],
        "findings": item["findings"],
        "requested_by": item["requested_by"],
        "reviewers": item["reviewers"],
        "opened_at": opened_at,
        "age_ms": max(0, int(age.total_seconds() * 1000)),
        "remind_at": item["remind_at"],
        "timeout_at": item["timeout_at"],
        "due_at": due_at,
        "heat": _heat(age, due_at - opened_at) if waits else 0,
        "overdue": waits and due_at < now,
        "escalated": item["escalated_at"] is not None,
        "reminded": item["reminded_at"] is not None,
        "assigned_to": item["assigned_to"],
        "claim": {"by": item["claimed_by"], "until": until} if item["claimed_by"] and until and until > now else None,
        "stage": _stage(item),
        "hold": _hold(item) if item["held_at"] is not None else None,
        "decision": item["decision"],
        "decided_by": item["decided_by"],
        "decided_at": item["decided_at"],
        "manifest_sha256": item["manifest_sha256"],
    }


def _stage(item: Mapping[str, Any]) -> dict[str, Any]:
    stages = stages_of(item["review"], item["reviewers"])
    stage = stages[item["stage"]]
    circle = circle_of(stage, item["review"], escalated=item["escalated_at"] is not None)
    return {
        "name": stage.name,
        "number": item["stage"] + 1,
        "of": len(stages),
        "quorum": stage.quorum,
        "reviewers": circle.roles,
        "any_of": circle.people,
    }


def _hold(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"by": item["held_by"] or "", "at": item["held_at"], "reason": item["hold_reason"] or ""}


def _heat(age: timedelta, whole: timedelta) -> int:
    return max(0, int(100 * age / whole)) if whole > timedelta(0) else 100


def detail(
    item: Item,
    *,
    decisions: Sequence[DecisionRow],
    history: Sequence[ItemEvent],
    changes: list[Change],
    economics: Economics,
    now: datetime,
) -> ItemDetail:
    """An item as its own page shows it. Decisions and history come with the newest first, one more than is shown."""
    decided, earlier_decisions = cut(decisions, limit=SHOWN, key=key_of_decision)
    happened, earlier_history = cut(history, limit=SHOWN, key=key_of_event)
    return ItemDetail(
        item=summary(item, now=now),
        content=item.content,
        verdict=item.verdict,
        policy_version=item.policy_version,
        downgrades=item.downgrades,
        note=item.note,
        decisions=[DecisionView.model_validate(row) for row in reversed(decided)],
        earlier_decisions=earlier_decisions,
        history=[EventView.model_validate(event) for event in reversed(happened)],
        earlier_history=earlier_history,
        review=item.review,
        review_version=item.review_version,
        supersedes=item.supersedes,
        takes_changes=item.takes_changes,
        changes=changes,
        economics=_economics(economics),
    )


def key_of_decision(row: DecisionRow) -> Key:
    """Where a decision stands among those on its item."""
    return row.decided_at, row.id


def key_of_event(event: ItemEvent) -> Key:
    """Where an event stands in its item's history."""
    return (event.seq,)


def _economics(found: Economics) -> EconomicsView:
    decided, approved = found.similar_decided, found.similar_approved
    return EconomicsView(
        spent_usd=_usd(found.spent),
        lost_if_rejected_usd=_usd(found.lost_if_rejected),
        redone_if_changed_usd=_usd(found.redone_if_changed),
        risks=found.risks,
        similar_decided=decided,
        similar_approval_rate=approved / decided if decided and approved is not None else None,
    )


def _usd(micros: int | None) -> Decimal | None:
    return None if micros is None else Money(usd_micros=micros).usd
