"""What compliance is asked and answers: the airlock's protocol."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from common.contracts.message import Capability, Event
from common.contracts.values import Decision, Downgrade, JsonObject, Sha256, Value


class VerdictLevel(StrEnum):
    """What the checks say; a person decides all the same, except that `blocked` cannot be approved."""

    ALLOWED = "allowed"
    NEEDS_REVIEW = "needs_review"
    BLOCKED = "blocked"


class Finding(Value):
    """One rule that fired, with the evidence it cites."""

    rule: str
    severity: str
    message: str
    where: str = Field(description="Path into the content, such as `/ideas/0/hook`.")
    quote: str = ""
    remedy: str = ""


class Verdict(Value):
    """What the checks found. A check that could not run is a finding too, and blocks."""

    level: VerdictLevel
    findings: tuple[Finding, ...] = ()
    policy_version: str
    checked_rules: int = 0


class Accepts(Value):
    """A condition on held content: without it an approval does not count."""

    when: str = Field(
        description="CEL over the name `content`: what would be approved, edits included. "
        "`characters(text)` counts Unicode characters, `size(text)` UTF-8 bytes."
    )
    otherwise: str = Field(description="A sentence for the reviewer when it does not hold.")


class GateInput(Value):
    """Content to hold at a gate until a person decides."""

    gate: str = Field(description="Which gate of the workflow: `ideation`, `publish`, …")
    title: str
    content: JsonObject
    requested_by: str = Field(description="User id of the run's author, who may not decide.")
    reviewers: tuple[str, ...] = ("reviewer",)
    remind_after_ms: int | None = None
    timeout_at: datetime | None = None
    downgrades: tuple[Downgrade, ...] = ()
    accepts: tuple[Accepts, ...] = Field(default=(), description="What must hold for an approval to count.")


class GateOpened(Value):
    """The content is held: this is what a reviewer will decide on."""

    item_id: UUID
    manifest_sha256: Sha256
    verdict: Verdict


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


class BriefCheckInput(Value):
    """A brief to look at before any money is spent on it."""

    brief: str


class CheckResult(Value):
    """What the checks say about something that needs no gate of its own."""

    verdict: Verdict


OpenGate = Capability("compliance.open_gate", GateInput, GateOpened)
CheckBrief = Capability("compliance.check_brief", BriefCheckInput, CheckResult)
