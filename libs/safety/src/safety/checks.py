"""Content and a policy in, a verdict out. Pure. A rule that breaks blocks: nobody knows what it would have said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from common.contracts.gates import Finding, Verdict, VerdictLevel
from common.contracts.values import JsonObject
from common.observability.logging import get_logger

from safety.about import About, about
from safety.brand import values
from safety.expressions import Values
from safety.policy import Policy, Rule
from safety.rules.passage import Passage, passages_of

log = get_logger(__name__)
CHECK_FAILED = "check_failed"
QUOTE_LIMIT = 120
WHERE_LIMIT = 200
FINDINGS_PER_RULE = 5
FINDINGS_LIMIT = 40
_ORDER = {"blocking": 0, "review": 1, "info": 2}


@dataclass(frozen=True)
class _Looking:
    """One content while the rules look at it: read once, shared by all of them."""

    content: JsonObject
    passages: Sequence[Passage]
    awake: Sequence[Mapping[int, set[int]]]
    """For each passage, the rules whose words may be in it, and their phrases."""
    about: About
    values: Values


def check(  # noqa: PLR0917 - a pool of processes takes positional arguments only
    policy: Policy,
    content: JsonObject,
    texts: Sequence[Passage] = (),
    failed: Sequence[Finding] = (),
    facts: JsonObject | None = None,
    stage: str = "",
) -> Verdict:
    """What the policy says about every string of the content and about `texts`, read from the files it names.

    `failed` are findings of others: checks that could not even begin, such as a caption file that could not be read,
    and what scanners saw. `facts` were measured from the content's files; `stage` is the gate it is looked at for.
    """
    passages = [*passages_of(content), *texts]
    subject = about(content, stage=stage)
    looking = _Looking(
        content,
        passages,
        [policy.index.awake(passage) for passage in passages],
        subject,
        Values(content, about=_shown(subject), facts=facts or {}, brand=values(policy.brand, facts or {})),
    )
    findings = [*failed]
    for number, rule in enumerate(policy.rules):
        if rule.scope.covers(subject):
            findings += _apply(rule, number, looking)
    findings.sort(key=lambda finding: _ORDER[finding.severity])
    return Verdict(
        level=level_of(findings),
        findings=tuple(findings[:FINDINGS_LIMIT]),
        policy_version=policy.version,
        checked_rules=len(policy.rules),
        unchecked=policy.unchecked,
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


def level_of(findings: Sequence[Finding]) -> VerdictLevel:
    """Anything blocking blocks; anything to review asks for a person; what is only info does neither."""
    severities = {finding.severity for finding in findings}
    if "blocking" in severities:
        return VerdictLevel.BLOCKED
    return VerdictLevel.NEEDS_REVIEW if "review" in severities else VerdictLevel.ALLOWED


def _apply(rule: Rule, number: int, looking: _Looking) -> list[Finding]:
    found: list[Finding] = []
    try:
        for finding in _findings(rule, number, looking):
            # A text that can be read in several ways says some of it in each.
            if finding not in found:
                found.append(finding)
            if len(found) == FINDINGS_PER_RULE:
                break
    except Exception:
        # Whatever a rule may raise, the safe answer is the same: what was not looked at may not leave.
        log.exception("check.failed", rule=rule.id)
        found.append(check_failed(f"Rule {rule.id}", where="/"))
    return found


def _findings(rule: Rule, number: int, looking: _Looking) -> Iterator[Finding]:
    if rule.lexicon or rule.in_text:
        for passage, awake in zip(looking.passages, looking.awake, strict=True):
            if (rule.in_text or number in awake) and rule.scope.covers_field(passage.where):
                yield from _in_passage(rule, passage, awake.get(number))
    for look in rule.in_content:
        for where in look(looking.content):
            yield _finding(rule, where=where, quote="")
    for condition in rule.conditions:
        for where, evidence in looking.values.hits(condition):
            yield _finding(rule, where=where, quote=rule.mask(evidence))


def _in_passage(rule: Rule, passage: Passage, phrases: set[int] | None) -> Iterator[Finding]:
    if rule.lexicon is not None and phrases:
        for start, end in rule.lexicon.find(passage, only=phrases):
            yield _finding(rule, where=passage.where, quote=rule.mask(passage.text[start:end]))
    for find in rule.in_text:
        for start, end in find(passage):
            yield _finding(rule, where=passage.where, quote=rule.mask(passage.text[start:end]))


def _finding(rule: Rule, *, where: str, quote: str) -> Finding:
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.text,
        where=where[:WHERE_LIMIT],
        quote=quote.replace("\0", "�")[:QUOTE_LIMIT],
        remedy=rule.remedy,
        confidence=rule.confidence,
    )


def _shown(subject: About) -> JsonObject:
    return {
        "kind": subject.kind,
        "stage": subject.stage,
        "platforms": sorted(subject.platforms),
        "languages": sorted(subject.languages),
        "minors": subject.minors,
    }
