"""Decisions without I/O: edits, seals, the chain's bytes, risk."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from common.contracts.gates import Accepts, Finding, Verdict, VerdictLevel
from common.contracts.values import Decision, Downgrade
from common.errors import Invalid
from common.merging import merge_patch
from compliance.chain import GENESIS, entry_sha256, link
from compliance.conditions import unmet
from compliance.domain import ItemStatus, edited, must_fit, risk_of, seal, status_after
from compliance.errors import EditDoesNotFit


# The table of RFC 7396, appendix A.
@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_rfc_says(target: Any, patch: Any, merged: Any) -> None:
    assert merge_patch(target, patch) == merged


def test_an_edit_leaves_what_was_held_as_it_was() -> None:
    held = {"post": {"title": "a", "tags": ["x"]}}
    assert edited(held, {"post": {"title": "b"}}) == {"post": {"title": "b", "tags": ["x"]}}
    assert held == {"post": {"title": "a", "tags": ["x"]}}


HELD: dict[str, Any] = {
    "chosen": 0,
    "live": True,
    "feedback": None,
    "ideas": [{"title": "a", "note": None, "tags": ["x"]}, {"title": "b", "note": "n", "tags": []}],
    "mixed": [1, "a"],
    "empty": [],
    "post": {"a/b": "c"},
}


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        ({"chosen": "0"}, "/chosen"),
        ({"chosen": True}, "/chosen"),
        ({"chosen": None}, "/chosen"),
        ({"live": 1}, "/live"),
        ({"ideas": 1}, "/ideas"),
        ({"ideas": {}}, "/ideas"),
        ({"ideas": None}, "/ideas"),
        ({"post": "x"}, "/post"),
        ({"post": None}, "/post"),
        ({"post": {"a/b": 1}}, "/post/a~1b"),
        ({"ideas": ["a"]}, "/ideas/0"),
        ({"ideas": [None]}, "/ideas/0"),
        ({"ideas": [{"title": "a", "tags": []}, {"title": 1, "tags": []}]}, "/ideas/1/title"),
        ({"ideas": [{"title": "a"}]}, "/ideas/0/tags"),
        ({"ideas": [{"title": "a", "tags": ["x", 1]}]}, "/ideas/0/tags/1"),
        ({"mixed": [True]}, "/mixed/0"),
    ],
)
def test_an_edit_may_not_make_something_else_of_a_value(edit: dict[str, Any], path: str) -> None:
    with pytest.raises(EditDoesNotFit) as caught:
        must_fit(edited(HELD, edit), held=HELD)
    assert caught.value.extra == {"path": path}
    assert f" {path} " in caught.value.detail


@pytest.mark.parametrize(
    "edit",
    [
        {},
        {"chosen": 1.5, "live": False, "post": {"a/b": "", "new": 1}, "more": {"x": [1]}},
        {"feedback": None},
        {"feedback": {"a": 1}},
        {"feedback": "b", "gone": None},
        {"ideas": []},
        {"ideas": [HELD["ideas"][1], HELD["ideas"][0], {"title": "c", "tags": ["y"], "more": 1}]},
        {"mixed": ["a", 1, 2], "empty": [1, "a", {}]},
    ],
)
def test_an_edit_that_keeps_the_kinds_fits(edit: dict[str, Any]) -> None:
    must_fit(edited(HELD, edit), held=HELD)


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ("content.chosen < size(content.ideas)", True),
        ("content.chosen > size(content.ideas)", False),
        ("characters(content.word) == 4 && size(content.ideas) == 1", True),
        ("content.ideas[9].title == 'a'", False),
        ("content.nothing == 1", False),
        ("content.word > 1", False),
        ("1 / content.chosen == 1", False),
        ("content.word", False),
        ("characters(content.ideas) == 1", False),
        ("content.word.matches('(')", False),
        ("no such thing", False),
        ("secrets == null", False),
    ],
)
def test_only_a_condition_that_is_true_holds(when: str, holds: bool) -> None:
    content = {"chosen": 0, "ideas": [{"title": "a"}], "word": "caf\u00e9"}
    assert unmet([Accepts(when=when, otherwise="No.")], content) == ([] if holds else ["No."])


def test_a_seal_depends_on_content_and_policy_and_not_on_order() -> None:
    first = seal({"a": 1, "b": 2}, policy_version="p")
    assert seal({"b": 2, "a": 1}, policy_version="p").manifest_sha256 == first.manifest_sha256
    assert seal({"b": 2, "a": 1}, policy_version="q").manifest_sha256 != first.manifest_sha256
    assert seal({"b": 2, "a": "1"}, policy_version="p").manifest_sha256 != first.manifest_sha256


@pytest.mark.parametrize("content", [{"a": 2**53}, {"a": "\ud800"}, {"a": float("nan")}, {"a": "x" * 65_536}])
def test_what_has_no_canonical_form_or_is_too_large_cannot_be_sealed(content: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        seal(content, policy_version="p")


def test_the_chain_is_what_the_page_says_byte_for_byte() -> None:
    at = datetime(2026, 11, 21, 9, 30, 0, 123456, tzinfo=UTC)
    salt, body = b"\x01" * 32, b'{"action":"gate.decided"}'
    entry = hashlib.sha256(salt + body).digest()
    by_hand = hashlib.sha256(
        bytes(32)
        + (5).to_bytes(4, "big")
        + "zoë1".encode()
        + (7).to_bytes(8, "big")
        + (1_795_253_400_123_456).to_bytes(8, "big")
        + entry
    ).digest()
    assert entry_sha256(salt, body) == entry
    assert link(GENESIS, tenant="zoë1", seq=7, recorded_at=at, entry_sha256=entry) == by_hand


def test_every_part_of_a_link_counts() -> None:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    whole: dict[str, Any] = {"tenant": "t", "seq": 1, "recorded_at": at, "entry_sha256": bytes(32)}
    changes: list[dict[str, Any]] = [
        {"tenant": "u"},
        {"seq": 2},
        {"recorded_at": at + timedelta(microseconds=1)},
        {"entry_sha256": b"\x01" * 32},
    ]
    hashes = {link(GENESIS, **whole), link(b"\x01" * 32, **whole), *(link(GENESIS, **whole | c) for c in changes)}
    assert len(hashes) == 6


def test_every_decision_leads_somewhere() -> None:
    assert {status_after(decision) for decision in Decision} == {
        ItemStatus.APPROVED,
        ItemStatus.CHANGES_REQUESTED,
        ItemStatus.REJECTED,
    }


def test_risk_grows_with_what_was_found() -> None:
    def verdict(level: VerdictLevel, findings: int) -> Verdict:
        finding = Finding(rule="a.b", severity="review", message="m", where="/")
        return Verdict(level=level, findings=(finding,) * findings, policy_version="p")

    downgrade = Downgrade(code="c", detail="d", stage="s")
    risks = [
        risk_of(verdict(VerdictLevel.ALLOWED, 0), ()),
        risk_of(verdict(VerdictLevel.ALLOWED, 0), (downgrade,)),
        risk_of(verdict(VerdictLevel.NEEDS_REVIEW, 1), ()),
        risk_of(verdict(VerdictLevel.NEEDS_REVIEW, 3), ()),
        risk_of(verdict(VerdictLevel.BLOCKED, 1), ()),
        risk_of(verdict(VerdictLevel.BLOCKED, 30), (downgrade,) * 9),
    ]
    assert risks == sorted(set(risks))
    assert risks[-1] == 100
