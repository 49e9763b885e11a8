"""An edit has to fit what comes next: refused at the door, and nothing decided."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from common.contracts.gates import Accepts, VerdictLevel
from compliance.conditions import unmet
from ruamel.yaml import YAML

IDEAS = {"ideas": [{"title": "Moon"}, {"title": "Sea"}], "chosen": 0}
AN_INDEX = Accepts(
    when="content.chosen >= 0 && content.chosen < size(content.ideas)",
    otherwise="Choose one of the ideas by its index.",
)
FEW = Accepts(when="size(content.ideas) < 4", otherwise="Keep at most three ideas.")


async def is_undecided(airlock: Any, opened: Any) -> bool:
    """Whether nothing happened to the item."""
    shown = await airlock.item(opened.item_id)
    assert shown["content"] == IDEAS
    return (shown["item"]["status"], shown["decisions"]) == ("open", [])


@pytest.mark.parametrize(
    ("data", "path"),
    [({"ideas": 1}, "/ideas"), ({"chosen": None}, "/chosen"), ({"ideas": ["Moon"]}, "/ideas/0")],
)
async def test_an_edit_of_another_kind_is_refused_and_nothing_decided(
    airlock: Any, data: dict[str, Any], path: str
) -> None:
    opened = await airlock.open(IDEAS)
    answer = await airlock.decide(opened.item_id, decision="approved", data=data)
    assert (answer.status_code, answer.json()["error"]) == (422, "edit_does_not_fit")
    assert answer.json()["path"] == path
    assert path in answer.json()["detail"]
    assert await is_undecided(airlock, opened)


async def test_an_approval_counts_only_when_the_gates_conditions_hold(airlock: Any) -> None:
    opened = await airlock.open(IDEAS, accepts=(AN_INDEX, FEW))
    refused = await airlock.decide(opened.item_id, decision="approved", data={"chosen": 8})
    assert (refused.status_code, refused.json()["error"]) == (422, "conditions_not_met")
    assert refused.json()["detail"] == AN_INDEX.otherwise
    both = await airlock.decide(
        opened.item_id, decision="approved", data={"chosen": 5, "ideas": [{"title": "Moon"}] * 4}
    )
    assert both.json()["unmet"] == [AN_INDEX.otherwise, FEW.otherwise]
    assert await is_undecided(airlock, opened)
    accepted = await airlock.decide(opened.item_id, decision="approved", data={"chosen": 1})
    assert accepted.status_code == 200


async def test_content_as_it_was_held_has_to_meet_them_too(airlock: Any) -> None:
    opened = await airlock.open({**IDEAS, "chosen": 2}, accepts=(AN_INDEX,))
    assert (await airlock.decide(opened.item_id, decision="approved")).json()["detail"] == AN_INDEX.otherwise
    rejected = await airlock.decide(opened.item_id, decision="rejected", comment="There is no such idea.")
    assert rejected.status_code == 200


@pytest.mark.parametrize("when", ["content.nothing > 1", "content.chosen", "no such thing"])
async def test_a_condition_that_cannot_be_worked_out_refuses(airlock: Any, when: str) -> None:
    opened = await airlock.open(IDEAS, accepts=(Accepts(when=when, otherwise="Ask an operator."),))
    answer = await airlock.decide(opened.item_id, decision="approved")
    assert (answer.status_code, answer.json()["detail"]) == (422, "Ask an operator.")
    assert await is_undecided(airlock, opened)


async def test_a_decided_gate_says_so_before_anything_else(airlock: Any) -> None:
    opened = await airlock.open(IDEAS, accepts=(AN_INDEX,))
    (await airlock.decide(opened.item_id, decision="rejected", comment="No.")).raise_for_status()
    late = await airlock.decide(opened.item_id, decision="approved", data={"chosen": 8})
    assert (late.status_code, late.json()["error"]) == (409, "gate_already_decided")


async def test_what_the_policy_forbids_is_said_before_what_the_gate_asks(airlock: Any) -> None:
    opened = await airlock.open({**IDEAS, "caption": "How to make a pipe bomb at home"}, accepts=(AN_INDEX,))
    assert opened.verdict.level is VerdictLevel.BLOCKED
    answer = await airlock.decide(opened.item_id, decision="approved", data={"chosen": 8})
    assert (answer.status_code, answer.json()["error"]) == (409, "blocked_by_policy")


async def test_the_conditions_of_large_content_are_worked_out_all_the_same(airlock: Any) -> None:
    opened = await airlock.open({**IDEAS, "marks": [1] * 6_000}, accepts=(AN_INDEX,))
    refused = await airlock.decide(opened.item_id, decision="approved", data={"chosen": 2})
    assert (refused.status_code, refused.json()["detail"]) == (422, AN_INDEX.otherwise)
    assert (await airlock.decide(opened.item_id, decision="approved", data={"chosen": 1})).status_code == 200


def test_a_caption_that_does_not_name_who_is_owed_it_is_refused() -> None:
    workflow = Path(__file__).parents[3] / "workflows" / "short_video" / "orchestrator.yaml"
    gate = next(step for step in YAML(typ="safe").load(workflow.read_text())["steps"] if step.get("gate") == "publish")
    accepts = [Accepts(when=each["when"], otherwise=each["else"]) for each in gate["accepts"]]
    post: dict[str, Any] = {"title": "Tides", "caption": "Tides.", "hashtags": [], "platforms": ["local_feed"]}
    assert unmet(accepts, post | {"credits": []}) == []
    owed = post | {"credits": ["Ada Shore on Pexels", "Music: Cleo"]}
    [said] = unmet(accepts, owed | {"caption": "Tides.\n\nCredits:\nAda Shore on Pexels"})
    assert said.startswith("The attribution is missing")
    assert unmet(accepts, owed | {"caption": "Tides.\n\nCredits:\nAda Shore on Pexels\nMusic: Cleo"}) == []
