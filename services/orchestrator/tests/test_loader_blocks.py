"""Nested steps, and workflows that start each other: what cannot work is refused with file, line and field."""

from __future__ import annotations

from pathlib import Path

import pytest
from orchestrator.definitions.files import WorkflowInvalid
from orchestrator.definitions.loader import load_workflow
from orchestrator.library import load_folders

HEAD = "workflow_name: tale\ninput: {brief: str, n: {type: int, default: 1}}\nsteps:\n"
WORK = 'run: compliance.check_brief, with: {brief: "x"}'


def refusal(tmp_path: Path, steps: str) -> str:
    folder = tmp_path / "tale"
    folder.mkdir()
    (folder / "orchestrator.yaml").write_text(HEAD + steps.replace("WORK", WORK))
    with pytest.raises(WorkflowInvalid) as caught:
        load_workflow(folder)
    return str(caught.value)


@pytest.mark.feature("M25")
@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            '  - {id: a, branch: [{when: "steps.gone.output == 1", steps: [{id: b, WORK}]}]}',
            "line 4, 'steps[0].branch[0].when': 'steps.gone.output == 1' names the step gone, which does not exist",
        ),
        (
            "  - id: a\n    branch:\n      - {else: [{id: b, WORK}]}\n      - {else: [{id: c, WORK}]}",
            "line 7, 'steps[0].branch[1]': nothing can come here",
        ),
        (
            '  - id: a\n    branch:\n      - {when: "true", steps: [{id: b, WORK}]}',
            "line 6, 'steps[0].branch[0].when': 'true' is always the same",
        ),
        ('  - {id: a, when: "1 == 2", WORK}', "line 4, 'steps[0].when': '1 == 2' is always the same"),
        (
            '  - {id: a, loop: {at_most: 2, steps: [{id: b, WORK, exit_loop_when: "true"}, {id: c, WORK}]}}',
            "line 4, 'steps[0].loop.steps[0].exit_loop_when': 'true' is always the same: what follows",
        ),
        ("  - {id: a, branch: [{else: []}]}", "line 4, 'steps[0].branch[0].else': expected at least one step"),
        ("  - {id: a, loop: {steps: [{id: b, WORK}]}}", "line 4, 'steps[0].loop': 'at_most' is missing: a loop needs"),
        ("  - {id: a, loop: {at_most: 0, steps: [{id: b, WORK}]}}", "'steps[0].loop.at_most': between 1 and 1000"),
        (
            '  - {id: a, loop: {at_most: 2, until: "size(", steps: [{id: b, WORK}]}}',
            "line 4, 'steps[0].loop.until': 'size(' is not a valid expression",
        ),
        ("  - {id: a, WORK, exit_loop_when: \"input.n > 1\"}", "'exit_loop_when' is for steps inside of a loop"),
        ("  - {id: a, parallel: {}}", "line 4, 'steps[0].parallel': expected a mapping of names to lists of steps"),
        ("  - {id: a, parallel: {x: [{id: b, WORK}]}, join: 2}", "'steps[0].join': 'all', 'any', or a number"),
        ("  - {id: a, parallel: {x: [{id: b, WORK}]}, on_failure: no}", "'steps[0].on_failure': "),
        ("  - {id: a, parallel: {x: [{id: b, WORK}], y: [{id: b, WORK}]}}", "step 'b' is declared twice"),
        ('  - {id: a, foreach: "${[1]}"}', "line 4, 'steps[0]': 'foreach' needs 'run' or 'steps'"),
        ('  - {id: a, foreach: "${[1]}", at_once: 0, WORK}', "'steps[0].at_once': at least 1"),
        (
            '  - {id: a, foreach: "${steps.b.output}", steps: [{id: b, WORK}]}',
            "line 4, 'steps[0].foreach': 'steps.b.output' names b, which is inside of it",
        ),
        (
            '  - {id: a, foreach: "${[1]}", steps: [{id: b, WORK}]}\n'
            '  - {id: c, run: compliance.check_brief, with: {brief: "${steps.b.output}"}}',
            "line 5, 'steps[1].with': 'steps.b.output' names b, of which there is one for each item; name the foreach",
        ),
        (
            '  - {id: a, loop: {at_most: 2, until: "false", steps: [{id: b, WORK}]}}',
            "line 4, 'steps[0].loop.until': 'false' is always the same",
        ),
        ('  - {id: a, foreach: "${input.n}", WORK}', "line 4, 'steps[0].foreach': ${input.n} is of type int"),
        ("  - {id: a, foreach: abc, WORK}", "line 4, 'steps[0].foreach': Input should be a valid list"),
        ('  - {id: a, foreach: "${3}", WORK}', "line 4, 'steps[0].foreach': Input should be a valid list"),
        ('  - {id: a, foreach: "all ${input.n}", WORK}', "'steps[0].foreach': all ${input.n} is text"),
        (
            '  - {id: c, WORK}\n  - {id: a, foreach: "${steps.c.output}", WORK}',
            "line 5, 'steps[1].foreach': ${steps.c.output} is an object, and a list is needed",
        ),
        ('  - {id: a, foreach: "${item}", WORK}', "'steps[0].foreach': 'item': there is an 'item' only"),
        ('  - {id: a, foreach: "${[1]}", WORK, when: "index > 0"}', "'steps[0].when': 'index > 0': there is an"),
        ("  - {id: a, sleep: soon}", "line 4, 'steps[0].sleep': 'soon' is neither a duration"),
        ('  - {id: a, sleep: "2026-12-24T18:00:00"}', "'steps[0].sleep': "),
        ("  - {id: a, wait: {signal: go}, timeout: {after: 1h, then: reject}}", "'steps[0].timeout.then': 'fail' or"),
        ("  - {id: a, run: compliance.check_brief}", "line 4, 'steps[0]': compliance.check_brief needs brief"),
        (
            '  - {id: a, run: compliance.check_brief, with: {brief: "${input.n}"}}',
            "line 4, 'steps[0].with.brief': 'brief' of compliance.check_brief: ${input.n} is of type int, and text",
        ),
        (
            '  - {id: a, run: compliance.check_brief, with: {brief: "${input.gone}"}}',
            "the workflow takes no 'gone'; it takes brief, n",
        ),
        ("  - {id: a, run: compliance.check_brief, with: {brief: [1]}}", "'steps[0].with.brief': 'brief' of"),
        (
            '  - {id: a, WORK}\n  - {id: b, run: compliance.check_brief, with: {brief: "${steps.a.output.text}"}}',
            "line 5, 'steps[1].with.brief': 'brief' of compliance.check_brief: steps.a.output.text: CheckResult has no",
        ),
        ("  - {id: a, loop: {at_most: 2, steps: [{id: b, WORK}], extra: 1}}", "'steps[0].loop.extra': this key is not"),
        ("  - {id: a, WORK, subrun: other}", "line 4, 'steps[0]': a step has exactly one of"),
        ("  - {id: a, subrun: other, with: {brief: \"${steps.gone.output}\"}}", "'steps[0].with': 'steps.gone.output'"),
        (
            "  - {id: a, WORK}\n  - {id: x, branch: [{else: [{id: g, gate: i, holds: {a: b}, "
            "decisions: {changes: {go_to: later}}}]}]}\n  - {id: later, WORK}",
            "line 5, 'steps[1].branch[0].else[0].decisions.changes.go_to': 'go_to' names 'later', which is no earlier",
        ),
        (
            "  - {id: a, run: compliance.check_brief, with: {brief: \"${'x\\\\u0000'}\"}}",
            r"""'steps[0].with': "'x\\u0000'" gives a text with the character '\x00', which cannot be kept""",
        ),
        ("  - {id: a, WORK, retry: {attempts: 99}}", "'steps[0].retry.attempts': between 1 and 20 attempts"),
        ("  []", "line 3, 'steps': expected at least one step"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_refused_where_it_stands(tmp_path: Path, steps: str, expected: str) -> None:
    problem = refusal(tmp_path, steps)
    assert problem.startswith("orchestrator.yaml, line ")
    assert expected in problem


def test_what_is_there_only_inside_is_seen_there(tmp_path: Path) -> None:
    steps = """  - {id: a, foreach: "${[1]}", steps: [{id: b, WORK, when: "item > index"}]}
  - {id: c, loop: {at_most: 2, until: "index > 0", steps: [{id: d, WORK, when: "index == 0"}]}}
  - {id: e, WORK, when: "[1].all(item, item > 0) && 'input.nope' != input.brief"}
"""
    folder = tmp_path / "tale"
    folder.mkdir()
    (folder / "orchestrator.yaml").write_text(HEAD + steps.replace("WORK", WORK))
    assert load_workflow(folder).has("e")


def write(folder: Path, name: str, steps: str) -> None:
    (folder / name).mkdir(parents=True)
    text = f"workflow_name: {name}\nsteps:\n  - {{id: work, {WORK}}}\n{steps}"
    (folder / name / "orchestrator.yaml").write_text(text)


def test_workflows_that_start_each_other_for_ever_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "fine", "  - {id: next, subrun: last}\n")
    write(tmp_path, "last", "")
    write(tmp_path, "one", "  - {id: next, subrun: two}\n")
    write(tmp_path, "two", "  - id: again\n    branch:\n      - {else: [{id: next, subrun: one}]}\n")
    write(tmp_path, "self", "  - {id: next, subrun: self}\n")
    _, problems = load_folders(tmp_path)
    assert {name: str(error) for name, error in problems.items()} == {
        "one": "orchestrator.yaml, line 4, 'steps[1].subrun': "
        "one starts two, two starts one: a run of it would never end",
        "two": "orchestrator.yaml, line 6, 'steps[1].branch[0].else[0].subrun': "
        "two starts one, one starts two: a run of it would never end",
        "self": "orchestrator.yaml, line 4, 'steps[1].subrun': self starts self: a run of it would never end",
    }


def test_a_subrun_of_nothing_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "one", "  - {id: next, subrun: gone}\n")
    write(tmp_path, "two", "  - {id: next, subrun: broken}\n")
    write(tmp_path, "broken", "  - {id: Next}\n")
    _, problems = load_folders(tmp_path)
    assert set(problems) == {"one", "two", "broken"}
    assert "there is no workflow 'gone' that can be loaded; there are one, two" in str(problems["one"])


@pytest.mark.parametrize(
    ("given", "field", "problem"),
    [
        ("", "with", "taker needs brief in 'with'"),
        ("brief: x, tone: y", "with.tone", "taker takes no tone; it takes brief, n"),
        ("brief: [x]", "with.brief", "taker: 'brief' must be of type str."),
        ("brief: \"${['x']}\"", "with.brief", "taker: 'brief' must be of type str."),
        ("brief: \"${'  '}\"", "with.brief", "taker: 'brief' is empty."),
        ("brief: x, n: 3", "with.n", "taker: 'n' cannot be 3; it is one of 1, 2."),
        ('brief: x, n: "${input.word}"', "with.n", "taker: ${input.word} is text, and of type int is needed"),
        ('brief: "${input.count}"', "with.brief", "taker: ${input.count} is of type int, and text is needed"),
    ],
)
def test_a_subrun_that_gives_what_is_not_taken_is_refused(tmp_path: Path, given: str, field: str, problem: str) -> None:
    write(tmp_path, "taker", "input: {brief: str, n: {type: int, default: 1, choices: [1, 2]}}\n")
    write(tmp_path, "giver", f"  - {{id: next, subrun: taker, with: {{{given}}}}}\ninput: {{word: str, count: int}}\n")
    write(tmp_path, "fine", '  - {id: next, subrun: taker, with: {brief: "${run.id}", n: 2}}\n')
    _, problems = load_folders(tmp_path)
    line = f"orchestrator.yaml, line 4, 'steps[1].{field}': "
    assert {name: str(error) for name, error in problems.items()} == {"giver": line + problem}


@pytest.mark.feature("Z53")
def test_a_folder_without_an_orchestrator_file_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, "whole", "")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "agents.yaml").write_text("agents: what is no workflow is not read")
    (tmp_path / "notes.md").write_text("Nothing.")
    loaded, problems = load_folders(tmp_path)
    assert (list(loaded), problems) == (["whole"], {})
    # Files that may be missing have their defaults.
    assert (loaded["whole"].definition.title, loaded["whole"].definition.agents) == ("whole", {})


@pytest.mark.feature("M60")
def test_twenty_folders_are_loaded_at_once(tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path, f"project_{number}", f"  - {{id: nap, sleep: {number + 1}m}}\n")
    loaded, problems = load_folders(tmp_path)
    assert (len(loaded), problems) == (20, {})
    assert len({one.definition.digest for one in loaded.values()}) == 20
