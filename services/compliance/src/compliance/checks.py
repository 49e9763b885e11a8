"""Content and a policy in, a verdict out. Pure. A rule that breaks blocks: nobody knows what it would have said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from common.contracts.gates import Finding, Verdict, VerdictLevel
from common.contracts.values import JsonObject
from common.observability.logging import get_logger

from compliance.policy import Policy, Rule
from compliance.rules.passage import Passage, passages_of

log = get_logger(__name__)
CHECK_FAILED = "check_failed"
QUOTE_LIMIT = 120
WHERE_LIMIT = 200
FINDINGS_PER_RULE = 5
FINDINGS_LIMIT = 40
_ORDER = {"blocking": 0, "review": 1, "info": 2}


def check(
    policy: Policy, content: JsonObject, texts: Sequence[Passage] = (), failed: Sequence[Finding] = ()
) -> Verdict:
    """What the policy says about every string of the content and about `texts`, read from the files it names.

    `failed` are checks that could not even begin, such as a caption file that could not be read.
    """
    passages = [*passages_of(content), *texts]
    findings = [*failed]
    for rule in policy.rules:
        findings += _apply(rule, passages, content)
    findings.sort(key=lambda finding: _ORDER[finding.severity])
    return Verdict(
        level=_level(findings),
        findings=tuple(findings[:FINDINGS_LIMIT]),
        policy_version=policy.version,
        checked_rules=len(policy.rules),
    )


def check_failed(what: str, *, where: str) -> Finding:
    """The finding for something that could not be checked."""
    return Finding(
        rule=CHECK_FAILED,
        severity="blocking",
        message=f"{what} could not be checked, so it counts as refused.",
        where=where,
        remedy="Try again; if it stays, tell an operator.",
    )


def _apply(rule: Rule, passages: Sequence[Passage], content: JsonObject) -> list[Finding]:
    found: list[Finding] = []
    try:
        for finding in _findings(rule, passages, content):
            found.append(finding)
            if len(found) == FINDINGS_PER_RULE:
                break
    except Exception:
        # Whatever a rule may raise, the safe answer is the same: what was not looked at may not leave.
        log.exception("check.failed", rule=rule.id)
        found.append(check_failed(f"Rule {rule.id}", where="/"))
    return found


def _findings(rule: Rule, passages: Sequence[Passage], content: JsonObject) -> Iterator[Finding]:
    for passage in passages:
        for find in rule.in_text:
            for start, end in find(passage):
                quote = rule.mask(passage.text[start:end]).replace("\0", "�")
                yield _finding(rule, where=passage.where, quote=quote[:QUOTE_LIMIT])
    for look in rule.in_content:
        for where in look(content):
            yield _finding(rule, where=where, quote="")


def _finding(rule: Rule, *, where: str, quote: str) -> Finding:
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.text,
        where=where[:WHERE_LIMIT],
        quote=quote,
        remedy=rule.remedy,
    )


def _level(findings: Sequence[Finding]) -> VerdictLevel:
    severities = {finding.severity for finding in findings}
    if "blocking" in severities:
        return VerdictLevel.BLOCKED
    return VerdictLevel.NEEDS_REVIEW if "review" in severities else VerdictLevel.ALLOWED
