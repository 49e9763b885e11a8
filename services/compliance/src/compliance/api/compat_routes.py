"""What clients of the agent suite before us ask of its compliance engine: `/validate-action` and the like.

Their shapes, our rules: content is looked at, and what a caller says about itself (`approved: true`) changes nothing.
On this service's own port the paths are as they were; at the edge they are under `/compat/agent-os`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal
from uuid import UUID

from common.clock import Clock
from common.contracts.gates import Finding, Verdict
from common.contracts.values import JsonObject
from common.db.work import Work
from common.ids import new_id
from common.merging import may_be_walked
from common.service.principal import Principal, current_principal
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from safety.about import about
from safety.policy import Policy

from compliance import trail
from compliance.examiner import Examiner

PREFIX = "/compat/agent-os"
PENALTY = {"blocking": 0.5, "review": 0.3, "info": 0.1}
BRAND_THRESHOLD = 0.8
_LEAVING = ("post", "publish", "upload", "campaign", "share", "send")

Framework = Literal[
    "external_post_approval", "brand_guidelines", "content_policy", "data_privacy", "regulatory_compliance"
]
FRAMEWORKS: dict[Framework, str] = {
    "external_post_approval": "What leaves the house waits in the airlock for somebody to approve exactly that.",
    "brand_guidelines": "Content keeps to the tenant's brand kit, by what was measured in it.",
    "content_policy": "Nothing dangerous, hateful, or harmful to children; limits of the platforms.",
    "data_privacy": "No personal data, passwords or keys.",
    "regulatory_compliance": "Claims, disclosures and political advertising.",
}
_BY_PREFIX: dict[str, Framework] = {
    "brand": "brand_guidelines",
    "personal": "data_privacy",
    "privacy": "data_privacy",
    "credentials": "data_privacy",
    "claims": "regulatory_compliance",
    "disclosure": "regulatory_compliance",
    "political": "regulatory_compliance",
    "copyright": "regulatory_compliance",
}


class Violation(BaseModel):
    """One finding, under the rule that clients know and the rule of ours that found it."""

    rule_id: Framework
    check: str
    severity: str
    description: str
    location: str
    evidence: str
    recommendation: str


class Validation(BaseModel):
    """What the checks say about an action. `approved` is never what the caller says."""

    approved: bool
    validation_id: UUID
    violations: list[Violation]
    required_approvals: list[str]
    compliance_score: float = Field(ge=0, le=1)
    recommendations: list[str]
    policy_version: str


class CompatRule(BaseModel):
    """One rule that clients know, and which of ours stand behind it."""

    rule_id: Framework
    name: str
    description: str
    enabled: bool
    threshold: float | None = None
    checks: list[str]


class CompatRules(BaseModel):
    """All of them."""

    rules: list[CompatRule]
    policy_version: str


def router(work: Work, *, examiner: Examiner, clock: Clock) -> APIRouter:
    """The routes, at both places."""
    routes = APIRouter(tags=["compatible"])
    for prefix in ("", PREFIX):
        _add(routes, prefix, work, examiner, clock)
    return routes


def _add(routes: APIRouter, prefix: str, work: Work, examiner: Examiner, clock: Clock) -> None:
    # The edge's paths are the documented ones; those of the own port are the same under their old names.
    shown = bool(prefix)

    @routes.post(f"{prefix}/validate-action", summary="May this be done?", include_in_schema=shown)
    async def validate_action(body: JsonObject, principal: Principal = Depends(current_principal)) -> Validation:
        return await _validate(body, principal, work, examiner, clock)

    @routes.post(f"{prefix}/check-compliance", summary="Does this content comply?", include_in_schema=shown)
    async def check_compliance(body: JsonObject, principal: Principal = Depends(current_principal)) -> Validation:
        return await _validate(body, principal, work, examiner, clock)

    @routes.get(f"{prefix}/rules", summary="The rules.", include_in_schema=shown)
    async def rules(principal: Principal = Depends(current_principal)) -> CompatRules:
        return _rules(await examiner.policy(principal.tenant))

    @routes.get(f"{prefix}/compliance-rules", summary="The same rules.", include_in_schema=shown)
    async def compliance_rules(principal: Principal = Depends(current_principal)) -> CompatRules:
        return _rules(await examiner.policy(principal.tenant))


async def _validate(body: JsonObject, principal: Principal, work: Work, examiner: Examiner, clock: Clock) -> Validation:
    may_be_walked(body)
    verdict = await examiner.examine(principal.tenant, body)
    validation_id, violations = new_id(), [_violation(finding) for finding in verdict.findings]
    approvals = list(_approvals(body, verdict))
    answer = Validation(
        approved=not approvals and verdict.level.value == "allowed",
        validation_id=validation_id,
        violations=violations,
        required_approvals=approvals,
        compliance_score=score(verdict.findings),
        recommendations=list(dict.fromkeys(finding.remedy for finding in verdict.findings if finding.remedy)),
        policy_version=verdict.policy_version,
    )
    async with work.transaction(principal.tenant) as tx:
        trail.note(
            tx,
            "content.validated",
            actor=principal.user_id,
            resource=f"validation:{validation_id}",
            at=clock(),
            result="ok" if answer.approved else "refused",
            detail={
                "rules": sorted({finding.rule for finding in verdict.findings}),
                "policy_version": verdict.policy_version,
            },
        )
    return answer


def score(findings: Sequence[Finding]) -> float:
    """1 without findings; each takes away 0.5, 0.3 or 0.1, by how severe it is."""
    return round(max(0.0, 1.0 - sum(PENALTY.get(finding.severity, 0.5) for finding in findings)), 3)


def framework_of(rule: str) -> Framework:
    """The rule that clients know, for one of ours."""
    return _BY_PREFIX.get(rule.split(".", 1)[0], "content_policy")


def _violation(finding: Finding) -> Violation:
    return Violation(
        rule_id=framework_of(finding.rule),
        check=finding.rule,
        severity=finding.severity,
        description=finding.message,
        location=finding.where,
        evidence=finding.quote,
        recommendation=finding.remedy,
    )


def _approvals(body: JsonObject, verdict: Verdict) -> Iterator[str]:
    """Who has to say yes first. Leaving the house always needs somebody, whatever flags the caller sends."""
    said = (body.get(name) for name in ("action", "action_type", "type"))
    leaves = any(isinstance(action, str) and any(word in action.casefold() for word in _LEAVING) for action in said)
    if leaves or about(body).platforms:
        yield "external_post_approval"
    if verdict.level.value == "needs_review":
        yield from sorted({framework_of(each.rule) for each in verdict.findings if each.severity == "review"})


def _rules(policy: Policy) -> CompatRules:
    checks: dict[Framework, list[str]] = {name: [] for name in FRAMEWORKS}
    for rule in policy.rules:
        checks[framework_of(rule.id)].append(rule.id)
    return CompatRules(
        rules=[
            CompatRule(
                rule_id=name,
                name=name.replace("_", " ").capitalize(),
                description=description,
                enabled=bool(checks[name]) or name == "external_post_approval",
                threshold=(policy.brand.adherence if policy.brand else BRAND_THRESHOLD)
                if name == "brand_guidelines"
                else None,
                checks=checks[name],
            )
            for name, description in FRAMEWORKS.items()
        ],
        policy_version=policy.version,
    )
