"""How risky an item is, 0 to 100, and of which parts that is made. Pure; what counts how much is data (`risk.yaml`).

Monotonic: another finding, a severer or surer one, another platform or downgrade never makes the risk smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from common.contracts.gates import Finding, RiskPart, Verdict
from common.contracts.values import Downgrade
from safety.about import About
from safety.pack import RiskSpec, Severity

_SURE = 1.0
_LEAST_SURE = 0.25
"""A rule that is hardly sure counts a quarter: nobody wrote it to be ignored."""


class RiskLevel(StrEnum):
    """What a risk means."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True)
class Circumstances:
    """What else is known about an item beside what the checks found."""

    downgrades: tuple[Downgrade, ...] = ()
    refused_share: float | None = None
    """Of the tenant's recent items, how many were sent back, from 0 to 1; None when nobody counted."""


@dataclass(frozen=True)
class Risk:
    """A risk and the parts that add up to it, before it is cut at 100."""

    points: int
    level: RiskLevel
    parts: tuple[RiskPart, ...]


def assess(table: RiskSpec, findings: Sequence[Finding], about: About, circumstances: Circumstances) -> Risk:
    """The risk of content that these findings were made in."""
    parts = tuple(part for part in _parts(table, findings, about, circumstances) if part.points)
    points = min(100, sum(part.points for part in parts))
    return Risk(points, level_of(table, points), parts)


def with_risk(verdict: Verdict, risk: Risk) -> Verdict:
    """The verdict, carrying it."""
    return verdict.model_copy(update={"risk": risk.points, "risk_parts": risk.parts})


def level_of(table: RiskSpec, points: int) -> RiskLevel:
    """Low below the first threshold, and so on."""
    reached = [name for name, least in sorted(table.levels.items(), key=lambda each: each[1]) if points >= least]
    return RiskLevel(reached[-1]) if reached else RiskLevel.LOW


def _parts(
    table: RiskSpec, findings: Sequence[Finding], about: About, circumstances: Circumstances
) -> Iterator[RiskPart]:
    if findings:
        worst = max(findings, key=lambda finding: _first_points(table, finding))
        first = _first_points(table, worst)
        others = sorted(_more_points(table, finding) for finding in findings)[:-1]
        more = max(first, _cut(table, "findings", first + sum(others))) - first
        yield RiskPart(name="worst finding", points=first, why=f"{worst.rule}: {worst.message}"[:300])
        yield RiskPart(name="further findings", points=more, why=f"{len(findings) - 1} more.")
        yield RiskPart(name="stage", points=table.stage.get(about.stage, 0), why=f"It leaves at {about.stage}.")
    platforms = {name: table.platforms.get(name, table.other_platform) for name in sorted(about.platforms)}
    yield RiskPart(
        name="platforms", points=_cut(table, "platforms", sum(platforms.values())), why=f"{', '.join(platforms)}."
    )
    if about.minors:
        yield RiskPart(name="audience", points=table.minors_in_audience, why="Children are meant to see it.")
    downgrades = len(circumstances.downgrades)
    yield RiskPart(
        name="downgrades",
        points=_cut(table, "downgrades", table.downgrade * downgrades),
        why=f"{downgrades} fallbacks on the way.",
    )
    share = min(1.0, max(0.0, circumstances.refused_share or 0.0))
    yield RiskPart(
        name="history", points=round(table.history * share), why=f"{share:.0%} of recent items were sent back."
    )


def _first_points(table: RiskSpec, finding: Finding) -> int:
    return round(table.severity[_severity(finding)] * _sureness(finding))


def _more_points(table: RiskSpec, finding: Finding) -> int:
    return round(table.another[_severity(finding)] * _sureness(finding))


def _severity(finding: Finding) -> Severity:
    match finding.severity:
        case "info" | "review":
            return finding.severity
        case _:
            # A severity nobody knows is taken for the worst.
            return "blocking"


def _sureness(finding: Finding) -> float:
    return _SURE if finding.confidence is None else max(_LEAST_SURE, finding.confidence)


def _cut(table: RiskSpec, name: str, points: int) -> int:
    return min(points, table.at_most.get(name, points))
