"""What any service tells when its shield, or a check at a gate, stops something."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field

from common.contracts.gates import Finding
from common.contracts.message import Event
from common.contracts.values import Value

TOLD_FINDINGS = 20


class Side(StrEnum):
    """Where text was looked at: in a person's request, or going into or coming out of what an agent does."""

    REQUEST = "request"
    INPUT = "input"
    OUTPUT = "output"


class Violation(Value):
    """One finding that stopped it, without the words it was found in."""

    rule: str
    severity: str
    where: str = Field(description="Path into what was looked at, such as `/body/brief`.")
    remedy: str = ""

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """The same, as it may be told. Halves of characters, which names in JSON may hold, no message can."""
        where = finding.where.encode(errors="replace").decode()
        return cls(rule=finding.rule, severity=finding.severity, where=where, remedy=finding.remedy)


class ContentViolated(Event, subject="evt.compliance.violation.v1"):
    """A shield or a gate's checks stopped something. It is not repeated: rules, places, remedies are enough to act on.

    Told by whichever service stopped it, and so the one fact that all of them may tell.
    """

    service: str
    side: Side
    actor: str = Field(description="User id from a verified token, or `service:<name>`.")
    resource: str = Field(description="The route, the capability or the held item, such as `POST /v1/runs`.")
    rules: tuple[str, ...] = Field(min_length=1, description="Ids, the first is the one that is told as the reason.")
    agent: str | None = None
    findings: tuple[Violation, ...] = Field(default=(), description=f"The first {TOLD_FINDINGS} that block.")


def rules_of(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The rules of the findings, each once, in order."""
    return tuple(dict.fromkeys(finding.rule for finding in findings))
