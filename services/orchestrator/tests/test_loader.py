"""Workflow folders: what cannot work is refused with file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest
from common.errors import Invalid
from orchestrator.definitions.expressions import ExpressionFailed, check, evaluate, expressions_in, fill
from orchestrator.definitions.files import WorkflowInvalid
from orchestrator.definitions.loader import load_workflow
from orchestrator.inputs import check_input
from orchestrator.kinds.gate import GateStep
from orchestrator.kinds.wait import WaitStep

ROOT = Path(__file__).parents[3]
GOOD = """\
workflow_name: tale
input: {brief: str}
steps:
  - id: think
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
  - id: agree
    gate: ideation
    holds: "${steps.think.output}"
"""


def write(tmp_path: Path, text: str, **others: str) -> Path:
    folder = tmp_path / "tale"
    folder.mkdir()
    (folder / "orchestrator.yaml").write_text(text)
    for name, content in others.items():
        (folder / f"{name}.yaml").write_text(content)
    return folder


@pytest.mark.feature("M28")
def test_short_video_has_exactly_the_shown_steps() -> None:
    definition = load_workflow(ROOT / "workflows" / "short_video")
    shown = [step.id for step in definition.outline() if not step.hidden]
    assert shown == [
        "ideation", "ideation_approval", "production", "wait_for_videos",
        "editing", "wait_for_render", "publish_approval", "publishing",
    ]  # fmt: skip
    statuses = [step.shows_as for step in definition.steps if isinstance(step, GateStep | WaitStep)]
    assert statuses == [
        "awaiting_script_approval", "awaiting_ideation_approval", "awaiting_video_generation", "awaiting_render",
        "awaiting_publish_approval",
    ]  # fmt: skip


def test_a_gate_that_holds_what_somebody_asked_for_holds_it_where_forgetting_looks() -> None:
    asked, files = "${input.brief}", (ROOT / "workflows").rglob("orchestrator.yaml")
    gates = [step for file in files for step in load_workflow(file.parent).steps if isinstance(step, GateStep)]
    holding = [gate.holds for gate in gates if asked in gate.holds.values()]
    assert len(holding) > 1
    assert [holds for holds in holding if holds.get("brief") != asked] == []


def test_an_input_may_be_one_of_its_choices_and_nothing_else(tmp_path: Path) -> None:
    declared = """
  brief: str
  to: {type: "list[str]", default: [feed], choices: [feed, page]}
  tone: {type: str, default: "", choices: ["", dry]}"""
    definition = load_workflow(write(tmp_path, GOOD.replace(" {brief: str}", declared)))
    assert check_input(definition, {"brief": "x"})["to"] == ["feed"]
    assert check_input(definition, {"brief": "x", "to": ["page", "feed"], "tone": "dry"})["tone"] == "dry"
    for given, said in (
        ({"to": ["feed", "tv"]}, "'to' cannot be 'tv'; it is one of feed, page."),
        ({"tone": "wet"}, "dry"),
    ):
        with pytest.raises(Invalid, match=said):
            check_input(definition, {"brief": "x", **given})


def test_a_default_that_is_no_choice_is_refused_where_it_stands(tmp_path: Path) -> None:
    declared = "\n  brief: str\n  tone: {type: str, default: wet, choices: [dry]}"
    with pytest.raises(WorkflowInvalid, match=r"orchestrator.yaml, line 4, .*'tone' cannot be 'wet'; it is one of dry"):
        load_workflow(write(tmp_path, GOOD.replace(" {brief: str}", declared)))


@pytest.mark.feature("P13")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("with: {brief:", "wiht: {brief:"), "line 6, 'steps[0].wiht': this key is not known here"),
        (
            ("ideation.propose_ideas", "ideation.dream"),
            "line 5, 'steps[0].run': there is no capability 'ideation.dream'",
        ),
        (('"${input.brief}"', '"${input.brief"'), "needs brief"),
        (('"${input.brief}"', '"${nope.brief}"'), "uses nope"),
        (('"${input.brief}"', '"${steps.gone.output}"'), "names the step gone"),
        (('{brief: "${input.brief}"}', "{}"), "ideation.propose_ideas needs brief"),
        (('{brief: "${input.brief}"}', '{brief: "x", speed: 3}'), "takes no speed"),
        (("id: agree", "id: think"), "step 'think' is declared twice"),
        (("input: {brief: str}", "input: {brief: text}"), "expected one of str, int"),
        (("workflow_name: tale", "workflow_name: other"), "must be the folder's name"),
        (("input: {brief: str}", "input: {brief: str}\ninput: {}"), "duplicate key"),
        (
            ('    holds: "${steps.think.output}"', "    holds: x\n    timeout: {after: 1h, then: approve}"),
            "never approves",
        ),
        (('    holds: "${steps.think.output}"', "    holds: x\n    remind: soon"), "is no duration"),
        (
            ('    holds: "${steps.think.output}"', "    holds: x\n    decisions: {changes: {go_to: agree}}"),
            "is no earlier step",
        ),
        (
            ('    gate: ideation\n    holds: "${steps.think.output}"', "    wait: {for: think}"),
            "which is no earlier step beside it that starts something",
        ),
        (
            ('    gate: ideation\n    holds: "${steps.think.output}"', "    wait: {}"),
            "expected {for: step} or {signal: name}",
        ),
        (
            ("    gate: ideation\n", "    gate: ideation\n    when: input.nope == 1\n"),
            "takes no 'nope'; it takes brief",
        ),
        (('holds: "${steps.think.output}"', 'holds: {a: [{b: "${input.nope}"}]}'), "takes no 'nope'; it takes brief"),
        (('"${input.brief}"', '"About ${input.nope}."'), "'input.nope': the workflow takes no 'nope'; it takes brief"),
        (("steps:\n", 'output: "${size(input.nope)}"\nsteps:\n'), "line 3, 'output': 'size(input.nope)': the workflow"),
        (("steps:\n", 'output: {a: "${item}"}\nsteps:\n'), "there is an 'item' only inside of a foreach"),
        (('"${input.brief}"', '"${item}"'), "there is an 'item' only inside of a foreach"),
        (('"${input.brief}"', '"${string(index)}"'), "there is an 'index' only inside of a foreach or a loop"),
        (("{brief: str}", "{brief: {type: int, default: abc}}"), "line 2, 'input.brief.default': 'brief' must be of"),
        (("{brief: str}", "{brief: {type: bool, default: 'no'}}"), "'brief' must be of type bool"),
        (("{brief: str}", "{brief: {type: 'list[str]', default: [1]}}"), "'brief' must be a list[str]"),
        (("    with:", "    cost: {estimate: banana}\n    with:"), "'steps[0].cost.estimate': 'banana' is no amount"),
        (("    with:", "    cost: {estimate: -5}\n    with:"), "'steps[0].cost.estimate': '-5' is no amount"),
        (
            ("    with:", "    cost: {estimate: 1, approve_above: much}\n    with:"),
            "'steps[0].cost.approve_above': 'much' is no amount",
        ),
        (("    gate: ideation\n", "    gate: ideation\n    run: ideation.propose_ideas\n"), "exactly one of"),
    ],
)
def test_what_cannot_work_is_refused_where_it_stands(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    text = GOOD.replace(*change)
    assert text != GOOD
    if expected == "needs brief":
        # An unclosed hole is plain text, as it is in a shell.
        assert load_workflow(write(tmp_path, text)).name == "tale"
        return
    with pytest.raises(WorkflowInvalid) as caught:
        load_workflow(write(tmp_path, text))
    assert expected in str(caught.value)
    assert str(caught.value).startswith("orchestrator.yaml, line ")


@pytest.mark.parametrize(
    ("accepts", "expected"),
    [
        ('{when: "size(content.ideas) >", else: No.}', "line 11, 'steps[1].accepts[0].when': 'size"),
        ('{when: "${content.chosen}", else: No.}', "is not a valid expression"),
        ('{when: "size(steps.think.output) > 0", else: No.}', "uses steps; known are content"),
        ('{when: "content.chosn >= 0", else: No.}', "asks for chosn, which 'holds' does not give"),
        ('{when: "true"}', "line 11, 'steps[1].accepts[0]': 'else' is missing"),
        ('{else: No.}', "'when' is missing"),
        ('{when: "true", else: " "}', "line 11, 'steps[1].accepts[0].else': say in a sentence"),
        ('{when: "true", else: No., why: x}', "'steps[1].accepts[0].why': this key is not known here"),
        ("true", "line 10, 'steps[1].accepts': item 1 is not a mapping"),
    ],
)  # fmt: skip
def test_a_gates_condition_that_cannot_hold_is_refused_where_it_stands(
    tmp_path: Path, accepts: str, expected: str
) -> None:
    holds = '    holds: {ideas: "${steps.think.output.ideas}", chosen: 0}'
    text = GOOD.replace('    holds: "${steps.think.output}"', f"{holds}\n    accepts:\n      - {accepts}")
    with pytest.raises(WorkflowInvalid) as caught:
        load_workflow(write(tmp_path, text))
    assert expected in str(caught.value)


def test_a_gate_keeps_its_conditions_in_order(tmp_path: Path) -> None:
    written = """
    accepts:
      - {when: "type(content.a) == int && content.b != 'content.c'", else: One.}
      - {when: "content.d.exists(each, each == content.a)", else: Two.}
"""
    gate = load_workflow(write(tmp_path, GOOD + written.lstrip("\n"))).step("agree")
    assert isinstance(gate, GateStep)
    assert [condition.otherwise for condition in gate.accepts] == ["One.", "Two."]


def test_an_agent_that_is_not_declared_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace("    with:", "    agent: muse\n    with:")
    with pytest.raises(WorkflowInvalid, match="no agent 'muse'"):
        load_workflow(write(tmp_path, text, agents="agents: [{name: bard, instructions: Sing.}]"))


@pytest.mark.parametrize("name", ["handoffs", "tools", "context_variables", "structured_outputs", "hooks"])
def test_files_this_version_does_not_read_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkflowInvalid, match=rf"{name}\.yaml, line 1"):
        load_workflow(write(tmp_path, GOOD, **{name: f"{name}: []"}))


def test_the_same_folder_has_the_same_digest(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    assert load_workflow(folder).digest == load_workflow(folder).digest


def test_whole_expressions_keep_their_type_and_others_become_text() -> None:
    names = {"input": {"n": 3, "list": [1, 2], "none": None}}
    assert fill({"a": "${input.n}", "b": "n=${input.n}", "c": ["${input.list}"]}, lambda _: names) == {
        "a": 3, "b": "n=3", "c": [[1, 2]],
    }  # fmt: skip
    assert fill("$${input.n} costs ${input.n}${input.none}", lambda _: names) == "${input.n} costs 3"
    assert fill("${input.list.map(x, {'v': x})}", lambda _: names) == [{"v": 1}, {"v": 2}]
    assert fill("n${input.n}: ${size([{'a': {'b': 1}}])}", lambda _: names) == "n3: 1"
    assert list(expressions_in("${[1].map(x, {'v': {'w': x}})} and ${input.n}")) == [
        "[1].map(x, {'v': {'w': x}})", "input.n",
    ]  # fmt: skip


def test_user_text_is_never_an_expression() -> None:
    names = {"input": {"brief": "${steps.secret}"}}
    assert fill("${input.brief}", lambda _: names) == "${steps.secret}"
    assert fill("Brief: ${input.brief}", lambda _: names) == "Brief: ${steps.secret}"


def test_bad_expressions_say_what_is_wrong() -> None:
    with pytest.raises(ExpressionFailed, match="not a valid expression"):
        check("steps.")
    with pytest.raises(ExpressionFailed, match="cannot be worked out"):
        evaluate("input.gone", {"input": {}})
    with pytest.raises(ExpressionFailed, match="cannot be worked out"):
        evaluate("1 / input.n", {"input": {"n": 0}})
    assert check("steps.a.output.map(x, x.y) + steps.b.output").steps == {"a", "b"}
