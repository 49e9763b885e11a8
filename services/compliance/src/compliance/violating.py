"""A verdict that blocks is told and counted as what a shield stops, by whichever way content came to the checks."""

from __future__ import annotations

from uuid import UUID

from common.contracts.gates import Verdict, VerdictLevel
from common.contracts.safety import TOLD_FINDINGS, ContentViolated, Side, Violation, rules_of
from common.db.work import Transaction
from common.observability.metrics import VIOLATIONS

SERVICE = "compliance"


def tell_if_blocked(
    tx: Transaction, verdict: Verdict, *, side: Side, actor: str, resource: str, run: UUID | None
) -> None:
    """Tell that the checks block this, if they do. Call it where a verdict is new, so that each is told once.

    The counter goes up at once, also when `tx` does not commit in the end.
    """
    blocking = [finding for finding in verdict.findings if finding.severity == "blocking"]
    if verdict.level is not VerdictLevel.BLOCKED or not blocking:
        return
    rules = rules_of(blocking)
    for rule in rules:
        VIOLATIONS.labels(SERVICE, rule).inc()
    event = ContentViolated(
        service=SERVICE,
        side=side,
        actor=actor,
        resource=resource,
        rules=rules,
        findings=tuple(map(Violation.of, blocking[:TOLD_FINDINGS])),
    )
    tx.tell(event, run=run)
