"""What compliance is asked and answers: the airlock's protocol."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from common.contracts.message import Capability, Event
from common.contracts.provenance import Source, Untrusted
from common.contracts.rework import Rework
from common.contracts.values import Decision, Downgrade, JsonObject, Micros, Sha256, Value

WAITS_FOR_GATE = "waits_for_gate"
"""The member of a refusal's `extra` that names the airlock item which has to be decided anew before it can succeed."""

EXTERNAL = "external"
"""Among a stage's roles: people without an account take part, by links that were made for them."""


class VerdictLevel(StrEnum):
    """What the checks say; a person decides all the same, except that `blocked` cannot be approved."""

    ALLOWED = "allowed"
    NEEDS_REVIEW = "needs_review"
    BLOCKED = "blocked"


class Region(Value):
    """A part of a picture, as shares of its width and height from the upper left corner."""

    x: float = Field(ge=0, le=1)
    y: float = Field(ge=0, le=1)
    width: float = Field(ge=0, le=1)
    height: float = Field(ge=0, le=1)


class Finding(Value):
    """One rule that fired, with the evidence it cites."""

    rule: str
    severity: str
    message: str
    where: str = Field(description="Path into the content, such as `/ideas/0/hook`.")
    quote: str = ""
    remedy: str = ""
    confidence: float | None = Field(default=None, ge=0, le=1, description="Missing where a rule is certain.")
    frame: int | None = Field(default=None, ge=0, description="Number of the picture in a film, from 0.")
    at_seconds: float | None = Field(default=None, ge=0, description="Where in a film or a sound it was seen or heard.")
    region: Region | None = None


class RiskPart(Value):
    """One thing that adds to a risk."""

    name: str
    points: int
    why: str


class Verdict(Value):
    """What the checks found. A check that could not run is a finding too, and blocks."""

    level: VerdictLevel
    findings: tuple[Finding, ...] = ()
    policy_version: str
    checked_rules: int = 0
    risk: int = Field(default=0, ge=0, le=100)
    risk_parts: tuple[RiskPart, ...] = ()
    unchecked: tuple[str, ...] = Field(default=(), description="What nobody looked at, in sentences.")


class Accepts(Value):
    """A condition on held content: without it an approval does not count."""

    when: str = Field(
        description="CEL over the name `content`: what would be approved, edits included. "
        "`characters(text)` counts Unicode characters, `size(text)` UTF-8 bytes."
    )
    otherwise: str = Field(description="A sentence for the reviewer when it does not hold.")


class ContentType(StrEnum):
    """What kind of thing is held."""

    IDEAS = "ideas"
    SCRIPT = "script"
    IMAGE = "image"
    CUT = "cut"
    POST = "post"
    CAMPAIGN = "campaign"


class Priority(StrEnum):
    """How much an item presses, from least to most."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class ReviewStage(Value):
    """One look at held content. Who may take part: people with one of the roles, and those named in `any_of`.

    `quorum` is how many of them must approve; `all` means everybody in `any_of`. A rejection by one of them ends it.
    """

    name: str = Field(min_length=1, max_length=64)
    reviewers: tuple[str, ...] = Field(default=(), max_length=20, description="Roles.")
    any_of: tuple[str, ...] = Field(default=(), max_length=50, description="User ids.")
    quorum: Annotated[int, Field(ge=1, le=50)] | Literal["all"] = 1


class Escalation(Value):
    """Whom to call when nobody has decided for so long; from then on they may decide, too."""

    after_ms: int = Field(ge=1)
    to: tuple[str, ...] = Field(min_length=1, max_length=20, description="Roles or user ids.")


class Review(Value):
    """How content is reviewed. What is missing, the next one says: the workflow, the tenant, the suite."""

    stages: tuple[ReviewStage, ...] | None = Field(default=None, max_length=10)
    require_reason: tuple[Decision, ...] | None = None
    escalate: Escalation | None = None
    remind_after_ms: int | None = Field(default=None, ge=1)
    due_after_ms: int | None = Field(default=None, ge=1, description="When somebody should have decided.")


AcceptedDowngrades = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=200)], ...],
    Field(
        max_length=100,
        description="With an approval: the codes of all that the run fell back to, as the item lists them.",
    ),
]


class GateInput(Value):
    """Content to hold at a gate until a person decides."""

    gate: str = Field(description="Which gate of the workflow: `ideation`, `publish`, …")
    title: Annotated[str, Untrusted(Source.CONTENT)]
    content: Annotated[JsonObject, Untrusted(Source.CONTENT)]
    requested_by: str = Field(description="User id of the run's author, who may not decide.")
    reviewers: tuple[str, ...] = ("reviewer",)
    remind_after_ms: int | None = None
    timeout_at: datetime | None = None
    downgrades: tuple[Downgrade, ...] = ()
    accepts: tuple[Accepts, ...] = Field(default=(), description="What must hold for an approval to count.")
    review: Review | None = Field(
        default=None, description="What the workflow says of the review. Without it, `reviewers` and `remind_after_ms`."
    )
    place: str | None = Field(default=None, description="Where in its run the gate is: the same at each visit.")
    content_type: ContentType | None = None
    priority: Priority = Priority.MEDIUM
    spent_usd_micros: Micros | None = Field(default=None, description="What the run has cost until now.")
    redo_usd_micros: Micros | None = Field(default=None, description="Of it, what changes would have done again.")
    takes_changes: bool = Field(
        default=True, description="Whether changes can be asked for; a run with no way back would end by it."
    )


class GateOpened(Value):
    """The content is held: this is what a reviewer will decide on."""

    item_id: UUID
    manifest_sha256: Sha256
    verdict: Verdict
    open_to: tuple[str, ...] = Field(
        default=(), description="Who may decide at one of its stages: `user:` and a user id, or `role:` and a role."
    )


class GateDecided(Event, subject="evt.compliance.gate_decided.v1"):
    """A person decided. `content` is what was decided on, edits included; `manifest_sha256` is its hash."""

    item_id: UUID
    gate: str
    decision: Decision
    decided_by: str
    comment: str = ""
    content: JsonObject
    manifest_sha256: Sha256
    policy_version: str
    rework: tuple[Rework, ...] = Field(
        default=(), description="What the open notes ask for, when changes are requested."
    )


class ChangeKind(StrEnum):
    """What became of a value."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Change(Value):
    """One difference between two contents."""

    path: str = Field(description="JSON pointer, such as `/hashtags/1`.")
    kind: ChangeKind = ChangeKind.CHANGED
    before: Any = None
    after: Any = None


class GateReopened(Event, subject="evt.compliance.gate_reopened.v1"):
    """An approval does not hold any more: the item waits for a decision again, and so does its run.

    `changes` says what is other than what was approved, long values shortened; `manifest_sha256` is what is held now.
    """

    item_id: UUID
    gate: str
    cause: str = Field(description="A sentence.")
    actor: str
    changes: tuple[Change, ...] = ()
    manifest_sha256: Sha256
    policy_version: str


class GateReminded(Event, subject="evt.compliance.gate_reminded.v1"):
    """Nobody has decided yet. `to` are roles and user ids; when `escalated`, more than the reviewers are called."""

    item_id: UUID
    gate: str
    title: str
    to: tuple[str, ...]
    escalated: bool = False
    due_at: datetime | None = None


class GateWithdrawn(Event, subject="evt.orchestrator.gate_withdrawn.v1"):
    """A run does not wait for this decision any more: it was cancelled, or goes another way."""

    item_id: UUID
    reason: str
    actor: str


class BriefCheckInput(Value):
    """A brief to look at before any money is spent on it."""

    brief: Annotated[str, Untrusted(Source.BRIEF)]


class CheckResult(Value):
    """What the checks say about something that needs no gate of its own."""

    verdict: Verdict


OpenGate = Capability("compliance.open_gate", GateInput, GateOpened)
CheckBrief = Capability("compliance.check_brief", BriefCheckInput, CheckResult)
