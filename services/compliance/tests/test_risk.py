"""A risk is the sum of its parts, and nothing that is found besides ever makes it smaller."""

from __future__ import annotations

import pytest
from common.contracts.gates import Finding
from common.contracts.values import Downgrade
from compliance.risk import Circumstances, RiskLevel, assess, level_of
from hypothesis import given
from hypothesis import strategies as st
from safety.about import About, about
from safety.pack import RiskSpec
from safety.policy import load_policy

SPEC = load_policy().risk
SEVERITIES = ("info", "review", "blocking")


def table() -> RiskSpec:
    assert SPEC is not None
    return SPEC


def finding(severity: str, confidence: float | None = None) -> Finding:
    return Finding(rule="a.b", severity=severity, message="m", where="/", confidence=confidence)


findings = st.lists(st.builds(finding, st.sampled_from(SEVERITIES), st.none() | st.floats(0, 1)), max_size=12)
platforms = st.frozensets(st.sampled_from(["local_feed", "tiktok", "youtube", "x", "mastodon", "elsewhere"]))
abouts = st.builds(About, stage=st.sampled_from(["", "publish", "ideation"]), platforms=platforms, minors=st.booleans())
downgrades = st.lists(st.just(Downgrade(code="c", detail="d", stage="s")), max_size=5).map(tuple)
circumstances = st.builds(Circumstances, downgrades=downgrades, refused_share=st.none() | st.floats(0, 1))


@pytest.mark.feature("A9", "A46")
@given(findings, st.builds(finding, st.sampled_from(SEVERITIES), st.none() | st.floats(0, 1)), abouts, circumstances)
def test_another_finding_never_lowers_it(
    found: list[Finding], another: Finding, subject: About, around: Circumstances
) -> None:
    before, after = (assess(table(), each, subject, around) for each in (found, [*found, another]))
    assert 0 <= before.points <= after.points <= 100
    assert list(RiskLevel).index(before.level) <= list(RiskLevel).index(after.level)


@given(findings, st.integers(0, 11), abouts, circumstances)
def test_a_severer_or_surer_finding_never_lowers_it(
    found: list[Finding], place: int, subject: About, around: Circumstances
) -> None:
    if place >= len(found):
        return
    rank = SEVERITIES.index(found[place].severity)
    severer = found[place].model_copy(update={"severity": SEVERITIES[min(2, rank + 1)]})
    surer = found[place].model_copy(update={"confidence": None})
    for changed in (severer, surer):
        after = [*found[:place], changed, *found[place + 1 :]]
        assert assess(table(), after, subject, around).points >= assess(table(), found, subject, around).points


@given(findings, abouts, circumstances, st.sampled_from(["tiktok", "nowhere"]))
def test_a_wider_reach_or_a_worse_past_never_lowers_it(
    found: list[Finding], subject: About, around: Circumstances, platform: str
) -> None:
    before = assess(table(), found, subject, around).points
    wider = About(subject.kind, subject.stage, subject.platforms | {platform}, subject.languages, subject.minors)
    younger = About(subject.kind, subject.stage, subject.platforms, subject.languages, minors=True)
    worse = Circumstances((*around.downgrades, Downgrade(code="c", detail="d", stage="s")), 1.0)
    assert assess(table(), found, wider, around).points >= before
    assert assess(table(), found, younger, around).points >= before
    assert assess(table(), found, subject, worse).points >= before


@given(findings, abouts, circumstances)
def test_the_parts_add_up(found: list[Finding], subject: About, around: Circumstances) -> None:
    risk = assess(table(), found, subject, around)
    assert risk.points == min(100, sum(part.points for part in risk.parts))
    assert all(part.points > 0 and part.why for part in risk.parts)


def test_what_blocks_is_critical_and_nothing_is_low() -> None:
    nothing = assess(table(), [], About(), Circumstances())
    assert (nothing.points, nothing.level, nothing.parts) == (0, RiskLevel.LOW, ())
    assert assess(table(), [finding("blocking")], About(), Circumstances()).level is RiskLevel.CRITICAL
    assert assess(table(), [finding("review")], About(), Circumstances()).level is RiskLevel.MEDIUM
    assert [level_of(table(), points) for points in (24, 25, 49, 50, 69, 70)] == [
        RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.MEDIUM, RiskLevel.HIGH, RiskLevel.HIGH, RiskLevel.CRITICAL,
    ]  # fmt: skip


def test_who_is_meant_to_see_it_is_read_from_the_content() -> None:
    assert about({"settings": {"youtube": {"selfDeclaredMadeForKids": True}}}).minors
    assert about({"audience": "Kids from 6 to 9"}).minors
    assert not about({"audience": "kidney patients"}).minors
