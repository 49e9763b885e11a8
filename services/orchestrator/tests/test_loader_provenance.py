"""What decides comes from people: a workflow that lets text from outside decide is refused, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from common.contracts.agents import AgentInput
from common.contracts.catalogue import CAPABILITIES
from common.contracts.provenance import Deciding, Source, Untrusted, labelled
from orchestrator.definitions.files import WorkflowInvalid
from orchestrator.definitions.loader import load_workflow

HELD = "{{title: Tides, caption: x, platforms: {platforms}}}"
LETTER = """\
workflow_name: letter
input:
  brief: str
  account: {{type: str, default: ""}}
  places: {{type: "list[str]", default: [local_feed]}}
  any: {{type: object, default: {{}}}}
steps:
  - id: think
    run: ideation.propose_ideas
    with: {{brief: "${{input.brief}}"}}
  - id: agree
    gate: publish
    holds: {holds}
  - id: out
    run: publisher.publish
    with:
      item_id: {item}
      policy_version: "${{steps.agree.decision.policy_version}}"
      post: {post}
"""
ITEM, POST = '"${steps.agree.decision.item_id}"', '"${steps.agree.output}"'


def written(
    tmp_path: Path, *, platforms: str = "[local_feed]", item: str = ITEM, post: str = POST, holds: str = ""
) -> Path:
    held = holds or HELD.format(platforms=platforms)
    folder = tmp_path / "letter"
    folder.mkdir()
    (folder / "orchestrator.yaml").write_text(LETTER.format(holds=held, item=item, post=post))
    return folder


@pytest.mark.parametrize(
    "platforms", ["[local_feed]", '"${input.places}"', "[\"${input.account == '' ? 'local_feed' : input.account}\"]"]
)
def test_what_files_and_people_say_may_decide(tmp_path: Path, platforms: str) -> None:
    assert load_workflow(written(tmp_path, platforms=platforms)).has("out")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"item": '"${input.brief}"'}, "'item_id' decides which approval is used"),
        ({"item": '"${steps.think.output.ideas[0].id}"'}, "'item_id' decides which approval is used"),
        ({"item": '"${input.account}"'}, "not 'input.account'"),
        ({"item": "\"${steps['agree'].decision.item_id}\""}, "'item_id' decides"),
        ({"post": '"${steps.think.output}"'}, "'post' decides what goes out"),
        ({"post": '"${input.any}"'}, "'post' decides what goes out"),
        ({"post": '{title: "${steps.think.output.ideas[0].title}"}'}, "'post' decides what goes out"),
        ({"post": '"${steps.agree.decision == null ? steps.think.output : steps.agree.output}"'}, "'post' decides"),
        ({"platforms": '["${input.brief}"]'}, "input.brief is text from outside"),
        ({"platforms": '["${steps.think.output.ideas[0].title}"]'}, "steps.think is text from outside"),
        ({"platforms": '"${input}"'}, "input is text from outside"),
        ({"holds": '"${steps.think.output}"'}, "held member by member"),
        ({"holds": '{caption: x, account: "${steps.think.output.language}"}'}, "decides whose post it is"),
        ({"holds": '{caption: x, visibility: "${steps.think.output.language}"}'}, "decides who sees a post"),
        ({"holds": '{caption: x, window: "${steps.think.output}"}'}, "decides when a post goes out"),
    ],
)
def test_what_comes_from_outside_may_not(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(WorkflowInvalid) as refused:
        load_workflow(written(tmp_path, **changed))
    assert said in str(refused.value)
    assert "line" in str(refused.value)


@pytest.mark.parametrize("above", ['"${steps.think.output.chosen}"', '"${input.brief}"', '"${size(input.brief)}"'])
def test_a_limit_of_cost_is_not_worked_out_from_text(tmp_path: Path, above: str) -> None:
    folder = written(tmp_path)
    path = folder / "orchestrator.yaml"
    path.write_text(
        path.read_text()
        + "  - id: dear\n    run: ideation.run_agent\n    with: {prompt: x}\n"
        + f"    cost: {{estimate: 1, approve_above: {above}}}\n"
    )
    with pytest.raises(WorkflowInvalid, match="from which cost on people are asked"):
        load_workflow(folder)


def test_nobody_orders_a_gate(tmp_path: Path) -> None:
    folder = written(tmp_path)
    path = folder / "orchestrator.yaml"
    given = "{gate: publish, title: t, content: {}, requested_by: nobody}"
    path.write_text(path.read_text() + f"  - id: mine\n    run: compliance.open_gate\n    with: {given}\n")
    with pytest.raises(WorkflowInvalid, match="people decide at a gate"):
        load_workflow(folder)


def test_every_field_of_free_text_is_labelled() -> None:
    """`str` fields of what capabilities take: untrusted, deciding, or one of these few that are no text: a name
    out of a list, or a tag."""
    words = {
        "compliance.open_gate": {"gate", "requested_by", "place"},
        "compliance.read_brand": {"name"},
        "ideation.develop_characters": {"language", "model"},
        "ideation.propose_ideas": set(),
        "ideation.write_screenplay": {"language", "model"},
        "producer.plan_production": {"language"},
    }
    for name, capability in CAPABILITIES.items():
        fields = capability.input.model_fields
        plain = {field for field, info in fields.items() if info.annotation in {str, str | None}}
        known = labelled(capability.input, Untrusted).keys() | labelled(capability.input, Deciding).keys()
        assert plain - known <= words.get(name, set()), name
        assert not labelled(capability.input, Untrusted).keys() & labelled(capability.input, Deciding).keys()
    assert labelled(AgentInput, Untrusted) == {"prompt": Untrusted(Source.CONTENT), "context": Untrusted(Source.AGENT)}
