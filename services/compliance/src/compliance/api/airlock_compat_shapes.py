"""The airlock's items in the shapes of the agent suite before us, and what its words are called here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from common.contracts.gates import AcceptedDowngrades, ContentType, GateInput, Priority, Review
from common.contracts.values import Decision, JsonObject, Sha256
from common.errors import Invalid
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from compliance.api.review_shapes import Name
from compliance.api.shapes import Prose
from compliance.domain import COMMENT_LIMIT, ItemStatus
from compliance.repository.items import DecisionRow, Item
from compliance.repository.notes import Note, Reply
from compliance.repository.tallies import Tally

ASIDE = "agent_os"
"""The member of held content that keeps what its client says beside it: also that is decided on."""
_Slug = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._-]+$")]


class Status(StrEnum):
    """Where an item stands, as clients know it."""

    PENDING_REVIEW = "pending_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    REQUIRES_CHANGES = "requires_changes"
    IN_REVISION = "in_revision"


STATUSES: Mapping[ItemStatus, Status] = {
    ItemStatus.OPEN: Status.PENDING_REVIEW,
    ItemStatus.APPROVED: Status.APPROVED,
    ItemStatus.RELEASING: Status.APPROVED,
    ItemStatus.RELEASED: Status.APPROVED,
    ItemStatus.RELEASE_FAILED: Status.APPROVED,
    ItemStatus.CHANGES_REQUESTED: Status.REQUIRES_CHANGES,
    ItemStatus.REJECTED: Status.REJECTED,
    # Nobody decided in time, which counts as no.
    ItemStatus.EXPIRED: Status.REJECTED,
    # Its author took it back, to make something else of it.
    ItemStatus.WITHDRAWN: Status.IN_REVISION,
}
DECISIONS: Mapping[str, Decision] = {
    Status.APPROVED: Decision.APPROVED,
    Status.REJECTED: Decision.REJECTED,
    Status.REQUIRES_CHANGES: Decision.CHANGES_REQUESTED,
}
CONTENT_TYPES: Mapping[str, ContentType] = {
    "ideation": ContentType.IDEAS,
    "design": ContentType.IMAGE,
    "creative_asset": ContentType.IMAGE,
    "campaign": ContentType.CAMPAIGN,
    **{each.value: each for each in ContentType},
}
"""Those that we have a word for; of others the word is kept beside the content."""
_FEEDBACK = {
    Decision.APPROVED: "approval",
    Decision.REJECTED: "rejection",
    Decision.CHANGES_REQUESTED: "suggestion",
}


class ItemBody(BaseModel):
    """Something to hold. The same service and id from the same person is the same item."""

    content_type: _Slug
    source_service: _Slug = Field(description="By this name the tenant may define how such items are reviewed.")
    source_id: Annotated[Name, Field(max_length=120)]
    title: Name
    description: Prose = ""
    content: JsonObject
    metadata: JsonObject = Field(default_factory=dict)
    priority: Priority = Priority.MEDIUM
    assigned_reviewer_id: Annotated[Name, Field(description="Whom it is meant for. It gives no right.")] | None = None
    review_deadline: AwareDatetime | None = None

    @property
    def key(self) -> str:
        """Under which it is held."""
        return f"{self.source_service}:{self.source_id}"

    def input(self, *, requested_by: str, now: datetime) -> GateInput:
        """The same, as a gate would say it. Raises `Invalid` for a deadline that is past."""
        if self.review_deadline is not None and self.review_deadline <= now:
            raise Invalid("`review_deadline` is past.")
        left = self.review_deadline - now if self.review_deadline else None
        said = {"content_type": self.content_type, "description": self.description, "metadata": self.metadata}
        return GateInput(
            gate=self.source_service,
            place=self.source_id,
            title=self.title,
            content={**self.content, ASIDE: {name: value for name, value in said.items() if value}},
            content_type=CONTENT_TYPES.get(self.content_type),
            requested_by=requested_by,
            priority=self.priority,
            review=Review(due_after_ms=max(1, int(left.total_seconds() * 1000)) if left else None),
        )


class ItemUpdate(BaseModel):
    """A decision by whoever's token it is, or whom the item is meant for. New content is a revision."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["approved", "rejected", "requires_changes"] | None = None
    comment: Prose = Field(default="", description="Why: by default needed unless it is approved.")
    manifest_sha256: Sha256 | None = Field(default=None, description="The hash of what was looked at.")
    accepts_downgrades: AcceptedDowngrades = ()
    assigned_reviewer_id: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.status is None and self.assigned_reviewer_id is None:
            raise ValueError("say a status, or whom it is meant for")
        return self


class MessageBody(BaseModel):
    """A word on an item. Who says it is in the token; `sender_type` and `sender_id` are not looked at."""

    message_type: Literal["text", "feedback", "suggestion"] = "text"
    content: Annotated[Prose, Field(min_length=1)]
    metadata: JsonObject = Field(default_factory=dict, max_length=0, description="Notes keep none: leave it empty.")


class FeedbackBody(BaseModel):
    """What somebody thinks of an item. Approving and rejecting is deciding: that is a `status`."""

    feedback_type: Literal["suggestion", "rating", "comment"]
    feedback_data: dict[Annotated[str, Field(max_length=60)], Prose | float | bool] = Field(min_length=1)

    @property
    def text(self) -> str:
        """The same as a note."""
        said = (f"{name}: {value}" for name, value in self.feedback_data.items())
        return "\n".join((f"{self.feedback_type.capitalize()}.", *said))

    @model_validator(mode="after")
    def _is_a_note(self) -> Self:
        if len(self.text) > COMMENT_LIMIT:
            raise ValueError(f"feedback has {COMMENT_LIMIT} characters at most")
        return self


class RevisionBody(BaseModel):
    """Other content in place of an item's, for everybody to look at anew."""

    content: JsonObject
    changes_summary: Prose = ""


class ItemView(BaseModel):
    """An item in the shape that clients know."""

    id: UUID
    content_type: str
    source_service: str
    source_id: str
    title: str
    description: str | None
    content: JsonObject
    metadata: JsonObject
    status: Status
    priority: Priority
    created_by_agent_id: str = Field(description="Who asked for it; they may not decide.")
    assigned_reviewer_id: str | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    review_deadline: datetime
    created_at: datetime
    updated_at: datetime
    revision_count: int = Field(description="How many there were before.")
    latest_revision: int
    manifest_sha256: Sha256


class MessageView(BaseModel):
    """A note or a reply."""

    id: UUID
    sender_type: Literal["human"] = "human"
    sender_id: str
    message_type: Literal["text"] = "text"
    content: str
    metadata: JsonObject = Field(default_factory=dict)
    created_at: datetime


class FeedbackView(BaseModel):
    """A decision, or a note."""

    id: UUID
    feedback_type: str
    feedback_data: JsonObject
    provided_by: str
    created_at: datetime


class RevisionView(BaseModel):
    """One of an item's revisions; its id is that of the item it is."""

    id: UUID
    revision_number: int
    content: JsonObject
    changes_summary: str | None
    created_by: str
    created_at: datetime


class DashboardView(BaseModel):
    """How full the airlock is."""

    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_content_type: dict[str, int]
    overdue_count: int


def item_view(item: Item) -> ItemView:
    """An item as clients know it."""
    content, aside = parted(item.content)
    return ItemView(
        id=item.id,
        content_type=str(aside.get("content_type") or item.content_type or "document"),
        source_service=item.gate,
        source_id=item.place or str(item.run_id or item.id),
        title=item.title,
        description=aside.get("description"),
        content=content,
        metadata=aside.get("metadata") or {},
        status=STATUSES[item.status],
        priority=item.priority,
        created_by_agent_id=item.requested_by,
        assigned_reviewer_id=item.assigned_to,
        reviewed_by=item.decided_by,
        reviewed_at=item.decided_at,
        review_deadline=item.due_at,
        created_at=item.opened_at,
        updated_at=item.decided_at or item.opened_at,
        revision_count=item.revision - 1,
        latest_revision=item.revision,
        manifest_sha256=item.manifest_sha256,
    )


def parted(content: JsonObject) -> tuple[JsonObject, JsonObject]:
    """Held content, and what its client said beside it."""
    aside = content.get(ASIDE)
    if not isinstance(aside, dict):
        return content, {}
    return {name: value for name, value in content.items() if name != ASIDE}, aside


def messages_of(notes: Sequence[Note]) -> list[MessageView]:
    """Notes and their replies, the oldest first."""
    replies = [reply for note in notes for reply in note.replies]
    said: list[Note | Reply] = [*notes, *replies]
    return [
        MessageView(id=each.id, sender_id=each.author, content=each.text, created_at=each.created_at)
        for each in sorted(said, key=lambda each: (each.created_at, each.id))
    ]


def feedback_of(decisions: Sequence[DecisionRow], notes: Sequence[Note]) -> list[FeedbackView]:
    """What was decided and what was said, the newest first."""
    decided = [
        FeedbackView(
            id=row.id,
            feedback_type=_FEEDBACK[row.decision],
            feedback_data={"comment": row.comment, "decision": row.decision.value},
            provided_by=row.decided_by,
            created_at=row.decided_at,
        )
        for row in decisions
    ]
    said = [
        FeedbackView(
            id=each.id,
            feedback_type="comment",
            feedback_data={"comment": each.content},
            provided_by=each.sender_id,
            created_at=each.created_at,
        )
        for each in messages_of(notes)
    ]
    return sorted((*decided, *said), key=lambda each: (each.created_at, each.id), reverse=True)


def revision_view(item: Item) -> RevisionView:
    """An item as one of its revisions."""
    content, aside = parted(item.content)
    return RevisionView(
        id=item.id,
        revision_number=item.revision,
        content=content,
        changes_summary=aside.get("changes_summary"),
        created_by=item.requested_by,
        created_at=item.opened_at,
    )


def revised(item: Item, body: RevisionBody) -> GateInput:
    """What is held in an item's place: the new content, and all else as it was."""
    _, aside = parted(item.content)
    said = {**aside, "changes_summary": body.changes_summary}
    return GateInput(
        gate=item.gate,
        place=item.place,
        title=item.title,
        content={**body.content, ASIDE: {name: value for name, value in said.items() if value}},
        content_type=item.content_type,
        requested_by=item.requested_by,
        priority=item.priority,
        review=Review(due_after_ms=item.review.due_after_ms),
    )


def dashboard_view(found: Sequence[Tally]) -> DashboardView:
    """The counts, by each of the three."""
    by_status: Counter[str] = Counter({status.value: 0 for status in Status})
    by_priority: Counter[str] = Counter({priority.value: 0 for priority in Priority})
    by_type: Counter[str] = Counter()
    for each in found:
        by_status[STATUSES[each.status].value] += each.items
        by_priority[each.priority.value] += each.items
        by_type[each.content_type.value if each.content_type else "document"] += each.items
    overdue = sum(each.overdue for each in found)
    return DashboardView(by_status=by_status, by_priority=by_priority, by_content_type=by_type, overdue_count=overdue)
