"""Shipped packs keep their own promises, packs are read strictly, and composing them only ever makes rules stricter."""

from __future__ import annotations

import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from common.contracts.gates import VerdictLevel
from hypothesis import given
from hypothesis import strategies as st
from safety.about import EVERYWHERE, about
from safety.brand import adherence, colour_distance
from safety.checks import check
from safety.expressions import Condition, must_be_usable
from safety.loading import read_pack
from safety.measuring import labelled_texts, score_rules, total, whole_policy
from safety.pack import BrandSpec
from safety.policy import BadPolicy, Policy, compose, load_policy, shipped
from safety.rules.lexicon import BadPhrase, phrase
from safety.trials import run_tests, untested

LABELLED = Path(__file__).with_name("labelled")
WHOLE = whole_policy()
HOUSE = """\
pack: house
version: 1.0.0
description: A house.
rules:
  - id: house.word
    severity: review
    text: A word.
    remedy: Another.
    phrases: [acme]
"""


@pytest.mark.feature("A44")
@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_shipped_pack_passes_its_own_tests_and_tests_every_rule(name: str) -> None:
    pack = shipped()[name]
    assert run_tests(pack) == []
    assert untested(pack) == []
    assert any(test.expect == "none" for test in pack.tests)
    assert all(rule.text.endswith((".", "!")) and rule.remedy for rule in pack.rules)


def test_what_always_blocks_looks_everywhere() -> None:
    """A scope is read from the content, so it must not be a way around what keeps people safe."""
    for pack in shipped().values():
        for rule in pack.rules if pack.in_force == "always" else ():
            assert rule.severity != "blocking" or rule.scope == EVERYWHERE, rule.id


@pytest.mark.feature("M12", "A45")
@pytest.mark.parametrize("text", [text for text in labelled_texts(LABELLED) if not text.rules], ids=lambda t: t.text)
def test_no_trap_is_stopped(text: Any) -> None:
    verdict = check(load_policy(), {"brief": text.text, "post": {"hashtags": [text.text]}})
    assert verdict.level is not VerdictLevel.BLOCKED, verdict.findings


def test_the_labelled_texts_are_many_and_mostly_right() -> None:
    texts = labelled_texts(LABELLED)
    scores = total(list(score_rules(WHOLE, texts).values()))
    assert len(texts) >= 150
    assert {rule for text in texts for rule in text.rules} <= {rule.id for rule in WHOLE.rules}
    assert scores.precision is not None
    assert scores.recall is not None
    assert scores.precision >= 0.95
    assert scores.recall >= 0.8


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (HOUSE + "colour: red\n", "pack.yaml:10: colour: Extra inputs"),
        (HOUSE.replace("severity: review", "severity: fatal"), "pack.yaml:6: rules.0.severity"),
        (HOUSE.replace("    text: A word.\n", ""), "pack.yaml:5: rules.0.text: Field required"),
        (HOUSE.replace("[acme]", "['{nobody} x']"), "pack.yaml:9: rules.0.phrases"),
        (HOUSE.replace("[acme]", "['two--words x y']"), "pack.yaml:9: rules.0.phrases"),
        (HOUSE.replace("phrases: [acme]", "when: content.x >"), "pack.yaml:9: rules.0.when"),
        (HOUSE.replace("phrases: [acme]", "when: item.x > 1"), "needs `for_each`"),
        (HOUSE.replace("phrases: [acme]", "when: run.x > 1"), "names run"),
        (HOUSE.replace("phrases: [acme]", "when: lower(content.x) == 'a'"), "calls lower"),
        (
            HOUSE.replace("phrases: [acme]", "when: content.a.all(x, content.b.all(y, x == y))"),
            "a loop inside a loop",
        ),
        (HOUSE.replace("phrases: [acme]", "phrases: [acme]\n    scope: {kinds: [song]}"), "there is no kind song"),
        (HOUSE.replace("phrases: [acme]", "phrases: [acme]\n    phrases: [b]"), "pack.yaml:10"),
        (HOUSE.replace("house.word", "other.word"), "pack.yaml:5: rules.0.id"),
        (HOUSE + "tests:\n  - {text: a, expect: [house.nothing]}\n", "pack.yaml:11: tests.0.expect"),
        (HOUSE + "tests:\n  - {expect: none}\n", "pack.yaml:11: tests.0"),
        (HOUSE.replace("1.0.0", "one"), "pack.yaml:2: version"),
        (HOUSE.replace("[acme]", "[&x acme, *x]"), "aliases"),
        (HOUSE + "in_force: always\n", "pack.yaml:10: in_force"),
        (HOUSE + "brand: {colours: [blue]}\n", "pack.yaml:10: brand.colours.0"),
        ("[1, 2", "pack.yaml:1"),
        ("", "pack.yaml:1: pack: Field required"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_field(wrong: str, said: str) -> None:
    with pytest.raises(BadPolicy) as refused:
        read_pack(wrong)
    assert any(said in problem for problem in refused.value.problems), refused.value.problems
    assert pickle.loads(pickle.dumps(refused.value)).problems == refused.value.problems


def test_every_problem_is_said_at_once() -> None:
    with pytest.raises(BadPolicy) as refused:
        read_pack(HOUSE.replace("severity: review", "severity: fatal") + "colour: red\n")
    assert len(refused.value.problems) == 2


def test_packs_are_composed_and_only_made_stricter() -> None:
    house = read_pack(
        HOUSE + "tighten: {profanity.strong: blocking}\nextends: [political]\nrequires: ['base >=2.0.0']\n"
    )
    default = [pack for pack in shipped().values() if pack.in_force != "when_chosen"]
    policy = compose([*default, house])
    assert {rule.id: rule.severity for rule in policy.rules}["profanity.strong"] == "blocking"
    assert "political.rigged" in {rule.id for rule in policy.rules}
    assert policy.version == compose([*default, house]).version != compose(default).version
    for wrong, said in (
        ("tighten: {dangerous.explosives: review}", "would lower"),
        ("tighten: {nobody.knows: review}", "not in force"),
        ("extends: [nowhere]", "not shipped"),
        ("requires: [elsewhere]", "requires elsewhere"),
        ("requires: ['base >=9.0.0']", "9.0.0 or later"),
    ):
        with pytest.raises(BadPolicy, match=said):
            compose([*default, read_pack(f"{HOUSE}{wrong}\n")])
    with pytest.raises(BadPolicy, match="two packs of this name"):
        compose([house, read_pack(HOUSE)])


def test_a_pack_of_a_tenant_is_tested_with_what_it_extends() -> None:
    text = HOUSE + "extends: [political]\ntests:\n  - {text: Rigged elections, expect: [political.rigged]}\n"
    assert run_tests(read_pack(text)) == []
    wrong = run_tests(read_pack(text.replace("[political.rigged]", "[house.word]")))
    assert str(wrong[0]) == "tests.0: 'Rigged elections': did not find house.word and found political.rigged"
    assert untested(read_pack(text)) == ["house.word"]


@pytest.mark.feature("A30", "A32")
def test_a_brand_kit_is_held_to_by_what_was_measured() -> None:
    kit = (
        "extends: [brand]\nbrand:\n  colours: ['#0B3D91']\n  forbidden_words: [cheap]\n  tone: {avoid: ['hey guys']}\n"
    )
    policy = compose([read_pack(HOUSE + kit)])
    content = {"caption": "Hey guys, this is cheap", "video": {}, "says_its_colours_are": ["#0B3D91"]}
    red = {"colours": [{"hex": "#c1121f", "share": 0.9}]}
    found = {finding.rule: finding.where for finding in check(policy, content, (), (), red).findings}
    assert found == {"house.forbidden_words": "/caption", "house.tone": "/caption", "brand.adherence": "/"}
    assert {each.rule for each in check(policy, {"caption": "x", "video": {}}).findings} == {"brand.unmeasured"}
    with pytest.raises(BadPolicy, match="a tenant has one"):
        compose([read_pack(HOUSE + kit), read_pack((HOUSE + kit).replace("house", "other"))])


def test_adherence_is_the_share_of_colours_that_are_the_brands() -> None:
    brand = BrandSpec(colours=["#0B3D91"])
    facts: dict[str, Any] = {
        "colours": [
            {"hex": "#0c3e92", "share": 0.3},
            {"hex": "#c1121f", "share": 0.1},
            {"hex": "#fefefe", "share": 0.6},
        ],
    }
    kept = adherence(brand, facts)
    assert kept.colours == pytest.approx(0.75)
    assert kept.off == ("#c1121f",)
    shades = {"colours": [{"hex": "#072961", "share": 0.6}, {"hex": "#6a89bd", "share": 0.4}]}
    assert adherence(BrandSpec(colours=["#0B3D91"]), shades).colours == 1.0, "shades of a colour are the brand's own"
    assert adherence(brand, {}).colours is None
    assert adherence(brand, {"colours": "blue"}).colours is None
    assert colour_distance("#000000", "#FFFFFF") == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize(
    ("content", "kind", "platforms"),
    [
        ({"brief": "x"}, "brief", set()),
        ({"ideas": [{"hook": "x"}]}, "ideas", set()),
        ({"beats": []}, "script", set()),
        ({"post": {"caption": "x", "video": {}}, "platforms": ["TikTok"]}, "post", {"tiktok"}),
        ({"posts": [{"platform": "x"}, {"platform": "youtube"}]}, "campaign", {"x", "youtube"}),
        ({"kind": "brief", "caption": "x", "video": {}}, "post", set()),
    ],
)
def test_content_is_what_is_in_it(content: dict[str, Any], kind: str, platforms: set[str]) -> None:
    subject = about(content)
    assert (subject.kind, set(subject.platforms)) == (kind, platforms)


def test_a_rule_with_a_scope_keeps_to_it() -> None:
    scoped = HOUSE + "    scope: {fields: [caption, '/scenes/*/overlay'], languages: [en], stages: [publish]}\n"
    policy = compose([read_pack(scoped)])
    content = {"caption": "acme", "title": "acme", "scenes": [{"overlay": "acme", "narration": "acme"}]}
    assert [each.where for each in check(policy, content).findings] == ["/caption", "/scenes/0/overlay"]
    assert check(policy, {**content, "language": "de"}).findings == ()
    assert check(policy, content, stage="ideation").findings == ()
    assert len(check(policy, content, stage="publish").findings) == 2


def test_a_condition_that_cannot_be_worked_out_blocks() -> None:
    broken = HOUSE.replace("phrases: [acme]", "for_each: [caption]\n    when: characters(item.caption) > 3")
    policy = compose([read_pack(broken)])
    assert check(policy, {"caption": "four"}).level is VerdictLevel.NEEDS_REVIEW
    verdict = check(policy, {"caption": ["no", "text"]})
    assert (verdict.level, verdict.findings[0].rule) == (VerdictLevel.BLOCKED, "check_failed")


def test_evidence_says_the_values() -> None:
    text = HOUSE.replace(
        "phrases: [acme]",
        "for_each: [a]\n    threshold: {most: 2.5}\n    when: item.a > threshold.most\n"
        '    evidence: "${item.a} > ${threshold.most}"',
    )
    found = check(compose([read_pack(text)]), {"x": [{"a": 1}, {"a": 4}]}).findings
    assert [(each.where, each.quote) for each in found] == [("/x/1", "4 > 2.5")]


@pytest.mark.parametrize("when", ["content.a.all(x, x > 1) && content.b.exists(y, y == '(')", "'.all(' == content.x"])
def test_loops_side_by_side_are_fine(when: str) -> None:
    must_be_usable(Condition(when))


@pytest.mark.parametrize("text", ["", "... x", "x ...", "kill* it", "[a|b", "two--words|c d e f", "[|x] y"])
def test_a_phrase_that_nothing_can_match_is_refused(text: str) -> None:
    try:
        made = phrase(text, {})
    except BadPhrase:
        return
    assert all(element.words or element.beginnings for element in made)


def test_accents_and_capitals_are_the_same_to_both_sides() -> None:
    policy = compose([read_pack(HOUSE.replace("[acme]", "['Größte Überraschung']"))])
    for text in ("größte überraschung", "GRÖSSTE ÜBERRASCHUNG", "grosste uberraschung"):
        assert len(check(policy, {"a": text}).findings) == 1, text


words = st.lists(st.sampled_from(["how", "to", "make", "a", "bomb", "bath", "the", "kill", "lights", "x"]), max_size=8)


@given(words)
def test_the_index_never_hides_a_match(text: list[str]) -> None:
    """Each lexicon by itself finds what all of them find together."""
    content = {"text": " ".join(text)}
    together = {finding.rule for finding in check(WHOLE, content).findings}
    assert together == {rule.id for rule in _alone(WHOLE, content)}


def _alone(policy: Policy, content: dict[str, str]) -> Iterable[Any]:
    from safety.rules.passage import passages_of

    for rule in policy.rules:
        for passage in passages_of(content):
            in_text = [span for find in rule.in_text for span in find(passage)]
            if in_text or (rule.lexicon and rule.lexicon.find(passage)):
                yield rule
