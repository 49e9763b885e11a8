"""What the policy routes take and give."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.contracts.gates import Finding, Verdict
from common.contracts.values import JsonObject
from pydantic import BaseModel, ConfigDict, Field
from safety.loading import Pack
from safety.pack import TEXT_LIMIT, InForce, Severity
from safety.policy import Policy, Rule

from compliance.domain import ItemStatus, PolicyAction

PAST_DAYS_LIMIT = 90
PROMPT_LIMIT = 40_000


class ScopeView(BaseModel):
    """Where a rule applies; an empty list does not limit it."""

    kinds: list[str]
    fields: list[str]
    platforms: list[str]
    languages: list[str]
    stages: list[str]


class RuleView(BaseModel):
    """One rule."""

    id: str
    severity: Severity
    text: str
    remedy: str
    pack: str = ""
    basis: str = ""
    confidence: float | None = None
    scope: ScopeView


class PackView(BaseModel):
    """One pack, whether it is in force or not."""

    pack: str
    version: str
    description: str
    shipped: bool
    active: bool
    number: int | None = Field(default=None, description="Of the version in force, for the tenant's own packs.")
    in_force: InForce | None = Field(default=None, description="For shipped packs: when they are in force.")
    rules: int


class PolicyView(BaseModel):
    """The policy in force."""

    version: str
    rules: list[RuleView]
    packs: list[PackView]
    not_looked_at: list[str]
    reevaluating: bool = Field(description="Whether approved items are still being looked at under it.")


class VersionView(BaseModel):
    """One version of a tenant's pack."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    version: str
    description: str
    sha256: str
    rules: int
    made_by: str
    made_at: datetime


class ChangeView(BaseModel):
    """Who put the pack in force or out of it."""

    model_config = ConfigDict(from_attributes=True)

    action: PolicyAction
    number: int | None
    policy_version: str
    made_by: str
    made_at: datetime


class PackDetail(BaseModel):
    """A pack with its rules, its versions and its history."""

    pack: PackView
    rules: list[RuleView]
    versions: list[VersionView]
    changes: list[ChangeView]


class SourceView(VersionView):
    """A version with its YAML."""

    source: str


class SourceBody(BaseModel):
    """A pack's YAML."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1, max_length=TEXT_LIMIT)


class ActivateBody(BaseModel):
    """Which version; the newest when nothing is said."""

    model_config = ConfigDict(extra="forbid")

    number: int | None = Field(default=None, ge=1)


class ActiveView(BaseModel):
    """The policy in force after a change."""

    version: str
    packs: list[str]


class KitsView(BaseModel):
    """Brand kits by the names of their packs."""

    kits: list[str]


class PromptBody(BaseModel):
    """What a vendor would be asked to make, and by which step of which run."""

    model_config = ConfigDict(extra="forbid")

    prompt: str = Field(min_length=1, max_length=PROMPT_LIMIT)
    run_id: UUID
    step_id: UUID


class DraftBody(BaseModel):
    """A draft to try: on its own tests, on given content, and on the tenant's items of the last days."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1, max_length=TEXT_LIMIT)
    content: JsonObject | None = None
    past_days: int | None = Field(default=None, ge=1, le=PAST_DAYS_LIMIT)


class PastItem(BaseModel):
    """An item of the past that the draft has something to say about."""

    item_id: UUID
    title: str
    gate: str
    status: ItemStatus
    opened_at: datetime
    findings: list[Finding]


class PastView(BaseModel):
    """What the draft would find in the past. `items` are the first 50 it would find something in."""

    looked_at: int
    found_in: int
    would_block: int
    would_ask: int
    by_rule: dict[str, int]
    complete: bool = Field(description="False when there were more items than are tried at once.")
    items: list[PastItem]


class DraftView(BaseModel):
    """What a draft would do. Nothing was changed."""

    pack: str
    version: str
    policy_version: str = Field(description="What the policy would be called with it.")
    failed_tests: list[str]
    untested: list[str]
    verdict: Verdict | None
    past: PastView | None


def rule_view(rule: Rule) -> RuleView:
    """A rule as everybody may read it."""
    scope = rule.scope
    return RuleView(
        id=rule.id,
        severity=rule.severity,
        text=rule.text,
        remedy=rule.remedy,
        pack=rule.pack,
        basis=rule.basis,
        confidence=rule.confidence,
        scope=ScopeView(
            kinds=sorted(scope.kinds),
            fields=list(scope.fields),
            platforms=sorted(scope.platforms),
            languages=sorted(scope.languages),
            stages=sorted(scope.stages),
        ),
    )


def shipped_view(pack: Pack, policy: Policy) -> PackView:
    """A pack that comes with Greenlight."""
    return PackView(
        pack=pack.name,
        version=pack.version,
        description=pack.description,
        shipped=True,
        active=pack.name in {each.name for each in policy.packs},
        in_force=pack.in_force,
        rules=len(pack.rules),
    )
