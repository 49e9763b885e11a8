"""What the supervisor says, and what it remembers between two sentences."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from common.contracts.values import Decision, Sha256
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.chat.wishes import Kind

SENTENCE_LIMIT = 4_000


class SupervisorRequest(BaseModel):
    """What somebody says to the supervisor."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"message": "Make a 20-second film about how tides work"}]}
    )

    message: str = Field(min_length=1, max_length=SENTENCE_LIMIT, pattern=r"^[^\x00]*$")
    conversation_id: UUID | None = Field(default=None, description="Go on with this one; without it a new one begins.")


class FilmCard(BaseModel):
    """A run that the answer speaks of."""

    run_id: UUID
    workflow: str
    brief: str | None
    status: str
    current_step: str | None
    degraded: bool
    cost_usd: str
    created_at: datetime


class HeldCard(BaseModel):
    """Something that waits for a decision."""

    item_id: UUID
    run_id: UUID | None
    gate: str
    title: str
    risk: int
    verdict: str
    due_at: datetime
    manifest_sha256: Sha256


class Act(StrEnum):
    """What can be proposed."""

    DECIDE = "decide"
    CANCEL = "cancel"


class Proposal(BaseModel):
    """What would be done, and on what exactly. It lasts until the next sentence, and is done only by its code."""

    act: Act
    confirm_with: str = Field(
        description="The words that do it, such as `confirm 1a2b3c4d`.", examples=["confirm 1a2b3c4d"]
    )
    run_id: UUID
    item_id: UUID | None = None
    decision: Decision | None = None
    comment: str = ""
    manifest_sha256: Sha256 | None = Field(
        default=None, description="The hash of what was shown; if something else is held by then, nothing is decided."
    )
    accepts_downgrades: list[str] = Field(
        default=[], description="Codes that an approval accepts; who confirms has to name them."
    )
    shows: dict[str, Any] = Field(default={}, description="What would go out, or be ended.")


class Deed(BaseModel):
    """Something that was done, through the route that everybody uses."""

    did: Literal["started", "decided", "cancelled"]
    run_id: UUID
    item_id: UUID | None = None
    decision: Decision | None = None


class Refusal(BaseModel):
    """A route said no, as it would have to the speaker's own request."""

    status: int
    error: str
    detail: str


class Reply(BaseModel):
    """What the supervisor answers. `text` is plain text: titles and briefs in it are other people's words."""

    text: str
    understood: Kind
    read_by: str = Field(default="rules", description="Who understood the sentence: `rules`, or a model by its name.")
    films: list[FilmCard] = []
    held: list[HeldCard] = []
    proposal: Proposal | None = None
    deed: Deed | None = None
    refusal: Refusal | None = None


class Memory(BaseModel):
    """What a conversation knows when the next sentence comes."""

    film: UUID | None = None
    """The run that was spoken of last."""
    proposal: Proposal | None = None


class TurnAnswer(Reply):
    """One answer and its place."""

    conversation_id: UUID
    number: int = Field(description="Of the turn in its conversation, from 1.")


class Turn(BaseModel):
    """One sentence and what was answered; null while it is being thought about, or when that was cut short."""

    number: int
    message: str
    reply: Reply | None
    at: datetime


class Conversation(BaseModel):
    """A conversation in a list. Only the person whose it is sees it."""

    id: UUID
    opened_with: str = Field(description="Its first sentence.")
    turns: int
    created_at: datetime
    updated_at: datetime
