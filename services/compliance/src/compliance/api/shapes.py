"""What the routes take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from common.contracts.gates import Verdict, VerdictLevel
from common.contracts.values import Decision, Downgrade, JsonObject, Sha256
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from compliance.airlock import DecisionOrder
from compliance.domain import COMMENT_LIMIT, ItemStatus, ReleaseOutcome
from compliance.repository.items import DecisionRow, Item, ItemEvent, ItemHead
from compliance.repository.permits import Permit

Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=COMMENT_LIMIT, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")
]
Reason = Annotated[Prose, Field(min_length=1)]


class DecisionBody(BaseModel):
    """What a reviewer says about an item. Who says it is in the token, nowhere else."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    comment: Prose = Field(default="", description="Needed when changes are requested or the item is rejected.")
    data: JsonObject | None = Field(
        default=None, description="Edit and approve: an RFC 7396 merge patch on the content, checked again first."
    )
    manifest_sha256: Sha256 | None = Field(
        default=None, description="The hash of what was looked at; if the content is another by now, this is a 409."
    )

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.decision is not Decision.APPROVED and not self.comment:
            raise ValueError("say in the comment what should change, or why not")
        if self.decision is not Decision.APPROVED and self.data is not None:
            raise ValueError("an edit goes with an approval only")
        return self

    def order(self) -> DecisionOrder:
        """The same, as the airlock takes it."""
        return DecisionOrder(
            decision=self.decision, comment=self.comment, edit=self.data, seen_sha256=self.manifest_sha256
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


class ItemSummary(BaseModel):
    """An item in a list."""

    id: UUID
    run_id: UUID
    gate: str
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
    overdue: bool
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
    decisions: list[DecisionView]
    history: list[EventView]


class Stats(BaseModel):
    """How full the airlock is."""

    by_status: dict[ItemStatus, int]
    open_by_gate: dict[str, int]
    overdue: int
    held: int
    oldest_open_at: datetime | None


class StopView(BaseModel):
    """Whether all releases of the tenant are stopped. `in_flight` are those that had begun before."""

    stopped: bool
    by: str | None
    at: datetime | None
    reason: str | None
    in_flight: list[UUID] = Field(description="Items being released.")


class PermitBody(BaseModel):
    """What is to be released, and its manifest hash as the publisher computed it from what it is about to send."""

    model_config = ConfigDict(extra="forbid")

    item_id: UUID
    manifest_sha256: Sha256


class PermitView(BaseModel):
    """A single-use permit."""

    permit_id: UUID
    item_id: UUID
    manifest_sha256: Sha256
    granted_at: datetime
    finished_at: datetime | None
    outcome: ReleaseOutcome | None


class FinishBody(BaseModel):
    """How the release went."""

    model_config = ConfigDict(extra="forbid")

    outcome: ReleaseOutcome
    detail: Prose | None = None


def summary(item: ItemHead, *, now: datetime) -> ItemSummary:
    """An item as a list shows it."""
    waits = item.status is ItemStatus.OPEN
    hold = None
    if item.held_at is not None:
        hold = Hold(by=item.held_by or "", at=item.held_at, reason=item.hold_reason or "")
    return ItemSummary(
        id=item.id,
        run_id=item.run_id,
        gate=item.gate,
        title=item.title,
        status=item.status,
        risk=item.risk,
        verdict=item.verdict.level,
        findings=len(item.verdict.findings),
        requested_by=item.requested_by,
        reviewers=item.reviewers,
        opened_at=item.opened_at,
        age_ms=max(0, int((now - item.opened_at).total_seconds() * 1000)),
        remind_at=item.remind_at,
        timeout_at=item.timeout_at,
        overdue=waits and item.timeout_at is not None and item.timeout_at < now,
        hold=hold,
        decision=item.decision,
        decided_by=item.decided_by,
        decided_at=item.decided_at,
        manifest_sha256=item.manifest_sha256,
    )


def detail(item: Item, *, decisions: list[DecisionRow], history: list[ItemEvent], now: datetime) -> ItemDetail:
    """An item as its own page shows it."""
    return ItemDetail(
        item=summary(item, now=now),
        content=item.content,
        verdict=item.verdict,
        policy_version=item.policy_version,
        downgrades=item.downgrades,
        note=item.note,
        decisions=[DecisionView.model_validate(row) for row in decisions],
        history=[EventView.model_validate(event) for event in history],
    )


def permit_view(permit: Permit) -> PermitView:
    """A permit as the publisher sees it."""
    return PermitView(
        permit_id=permit.id,
        item_id=permit.item_id,
        manifest_sha256=permit.manifest_sha256,
        granted_at=permit.granted_at,
        finished_at=permit.finished_at,
        outcome=permit.outcome,
    )
