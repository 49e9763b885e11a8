"""What the policy in force refuses before anything is spent on it: put on record, told, and raised with its remedy."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from common.contracts.gates import Verdict, VerdictLevel
from common.contracts.safety import Side, Violation
from common.db.work import Transaction
from common.errors import ContentBlocked
from common.shield import SHOWN_FINDINGS

from compliance import trail
from compliance.domain import blocking_rules
from compliance.violating import tell_if_blocked

What = Literal["brief", "prompt"]


def refusal_of(verdict: Verdict, what: What) -> ContentBlocked | None:
    """The refusal of a brief or a prompt with rules, places and remedies; None when the verdict lets it pass."""
    if verdict.level is not VerdictLevel.BLOCKED:
        return None
    rules = blocking_rules(verdict)
    findings = [Violation.of(one) for one in verdict.findings if one.severity == "blocking"][:SHOWN_FINDINGS]
    remedy = next((one.remedy for one in findings if one.remedy), "")
    return ContentBlocked(
        f"The checks refuse this {what}: {', '.join(rules)}. {remedy}".strip(),
        reason=rules[0] if rules else "",
        rules=rules,
        remedy=remedy,
        policy_version=verdict.policy_version,
        findings=[one.model_dump() for one in findings],
    )


def record_refusal(
    tx: Transaction, verdict: Verdict, what: What, *, actor: str, side: Side, resource: str, run: UUID, at: datetime
) -> None:
    """Tell of it and put it on record, without the words. `resource` is where the text was on its way to."""
    tell_if_blocked(tx, verdict, side=side, actor=actor, resource=resource, run=run)
    trail.note(
        tx,
        f"{what}.blocked",
        actor=actor,
        resource=f"run:{run}",
        at=at,
        result=ContentBlocked("").code,
        run_id=run,
        detail={"rules": blocking_rules(verdict), "policy_version": verdict.policy_version},
    )
