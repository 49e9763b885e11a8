"""What the routes about reviewing take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from common.contracts.gates import AcceptedDowngrades, Accepts, ContentType, GateInput, Priority, Review
from common.contracts.values import Decision, JsonObject, Sha256
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from compliance.airlock import Decided, DecisionOrder
from compliance.api.shapes import Prose
from compliance.bulk import BulkOutcome

BULK_LIMIT = 100
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class ClaimBody(BaseModel):
    """Whether to take over what somebody else has claimed, which only administrators may."""

    model_config = ConfigDict(extra="forbid")

    take_over: bool = False


class ArrangeBody(BaseModel):
    """Whom an item is meant for and how much it presses. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    assigned_to: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] | None = Field(
        default=None, description="A user id; an empty text: nobody."
    )
    priority: Priority | None = None


class Seen(BaseModel):
    """An item, and the hash of what was looked at."""

    model_config = ConfigDict(extra="forbid")

    item_id: UUID
    manifest_sha256: Sha256
    accepts_downgrades: AcceptedDowngrades = ()


class BulkBody(BaseModel):
    """One decision about many items, each named with what was seen of it."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    comment: Prose = ""
    items: list[Seen] = Field(min_length=1, max_length=BULK_LIMIT)

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({seen.item_id for seen in self.items}) < len(self.items):
            raise ValueError("an item is named twice")
        if self.decision is not Decision.APPROVED and any(seen.accepts_downgrades for seen in self.items):
            raise ValueError("downgrades are accepted with an approval only")
        return self

    def orders(self) -> list[tuple[UUID, DecisionOrder]]:
        """The same, item by item."""
        return [
            (
                seen.item_id,
                DecisionOrder(
                    decision=self.decision,
                    comment=self.comment,
                    seen_sha256=seen.manifest_sha256,
                    accepts_downgrades=seen.accepts_downgrades,
                ),
            )
            for seen in self.items
        ]


class Refusal(BaseModel):
    """Why an item was not decided, as its own route would have said."""

    status: int
    error: str
    detail: str


class BulkView(BaseModel):
    """What became of one item: one of the two is there."""

    item_id: UUID
    decided: Decided | None
    refused: Refusal | None


class BulkResult(BaseModel):
    """What became of each, in the order asked for."""

    decided: int
    refused: int
    items: list[BulkView]


class SubmitBody(BaseModel):
    """Content to hold without a gate of a workflow. The same `key` is the same item."""

    model_config = ConfigDict(extra="forbid")

    key: Name
    gate: Name = Field(description="What the tenant's review definitions call it.")
    title: Name
    content: JsonObject
    content_type: ContentType | None = None
    requested_by: Name = Field(description="User id of the author, who may not decide.")
    run_id: UUID | None = None
    supersedes: UUID | None = Field(default=None, description="The item that this one is a new version of.")
    priority: Priority = Priority.MEDIUM
    review: Review | None = None
    accepts: Annotated[tuple[Accepts, ...], Field(max_length=20)] = ()
    timeout_at: datetime | None = None

    def input(self) -> GateInput:
        """The same, as a gate would say it."""
        return GateInput(
            gate=self.gate,
            title=self.title,
            content=self.content,
            content_type=self.content_type,
            requested_by=self.requested_by,
            priority=self.priority,
            review=self.review or Review(),
            accepts=self.accepts,
            timeout_at=self.timeout_at,
        )


class ReviewBody(BaseModel):
    """How a gate's content is reviewed where its workflow says nothing."""

    model_config = ConfigDict(extra="forbid")

    review: Review
    version: int | None = Field(default=None, ge=0, description="The version it was made from; 0: there was none.")


class ReviewView(BaseModel):
    """One version of a tenant's review definition."""

    model_config = ConfigDict(from_attributes=True)

    gate: str
    version: int
    review: Review
    set_by: str
    set_at: datetime


class StandInBody(BaseModel):
    """Who decides, and how long."""

    model_config = ConfigDict(extra="forbid")

    stand_in: Name = Field(description="A user id. They need no role.")
    until: AwareDatetime = Field(description="At most 90 days from now.")


class StandInView(BaseModel):
    """Who decides in whose place."""

    model_config = ConfigDict(from_attributes=True)

    user_id: str = Field(description="Whose place it is.")
    stand_in: str
    until: datetime
    set_by: str
    set_at: datetime


def bulk_result(outcomes: list[BulkOutcome]) -> BulkResult:
    """The outcomes as they are answered."""
    items = [
        BulkView(
            item_id=outcome.item_id,
            decided=outcome.decided,
            refused=None
            if outcome.error is None
            else Refusal(status=outcome.error.status, error=outcome.error.code, detail=outcome.error.detail),
        )
        for outcome in outcomes
    ]
    decided = sum(outcome.decided is not None for outcome in outcomes)
    return BulkResult(decided=decided, refused=len(outcomes) - decided, items=items)
