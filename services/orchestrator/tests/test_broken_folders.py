"""A folder that cannot be read stops no other, whatever is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from common.contracts.values import SAFE_INTEGER
from orchestrator.library import load_folders
from testkit.engine import write_workflows

HEAD = "workflow_name: odd\ninput: {brief: str}\nsteps:\n"
RUN = '  - {id: a, run: compliance.check_brief, with: {brief: "x"}'
GATE = "  - {id: b, gate: publish, holds: {text: x}"
NUMBERS = f"expected a number between -{SAFE_INTEGER} and {SAFE_INTEGER}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEAD}{RUN}, retry: {{never_on: [404]}}}}", "line 4, 'steps[0].retry.never_on[0]': expected the code of"),
        (
            f"{HEAD}{RUN}}}\n{GATE}, decisions: {{changes: {{go_to: a, at_most: 0}}}}}}",
            "line 5, 'steps[1].decisions.changes.at_most': at least 1",
        ),
        (
            f"{HEAD}{GATE}, escalate: {{after: 1h, to: [{', '.join(f'p{number}' for number in range(21))}]}}}}",
            "line 4, 'steps[0].escalate.to': at most 20 names",
        ),
        (f"{HEAD}  - {{id: a, sleep: 9999999999d}}", "line 4, 'steps[0].sleep': '9999999999d' is neither"),
        (f"{HEAD}  - {{id: a, sleep: '9999-12-31T23:59:59-14:00'}}", "line 4, 'steps[0].sleep': "),
        (f"{HEAD}{RUN}, timeout: {'9' * 5_000}d}}", "line 4, 'steps[0].timeout': "),
        (f"{HEAD}{GATE}, timeout: {{after: 3651d, then: reject}}}}", "line 4, 'steps[0].timeout.after': '3651d' is no"),
        (f"timeout: 9999999999d\n{HEAD}{RUN}}}", "line 1, 'timeout': '9999999999d' is no duration"),
        (f"{HEAD}{RUN}, when: \x01}}", "line 4: the character '\\x01' is not allowed"),
        (f"{HEAD}{RUN}, when: \"input.brief == '\\0'\"}}", "line 4, 'steps[0].when': the character '\\x00' is not"),
        (f'{HEAD}{RUN}, shows_as: "\\ud800"}}', "line 4, 'steps[0].shows_as': the character '\\ud800' is not allowed"),
        (f"{HEAD}{RUN}, hidden: {'[' * 500}", "line 1: more than 60 levels deep"),
        (f"{HEAD}{RUN}, retry: {'{a: ' * 100}1{'}' * 100}}}", "more than 60 levels deep"),
        (f"{HEAD}{RUN}, hidden: 2026-99-99}}", "line 1: a value cannot be read: month must be in 1..12"),
        (f"{HEAD}{RUN}, hidden: !!bool perhaps}}", "line 1: a value cannot be read: 'perhaps'"),
        (f"{HEAD}{RUN}, retry: {{attempts: {10**30}}}}}", f"line 4, 'steps[0].retry.attempts': {NUMBERS}"),
        (f"{HEAD}{RUN}, retry: {{attempts: .nan}}}}", f"line 4, 'steps[0].retry.attempts': {NUMBERS}"),
    ],
)
def test_what_cannot_be_read_is_said_and_stops_no_other(tmp_path: Path, text: str, expected: str) -> None:
    write_workflows(tmp_path)
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "orchestrator.yaml").write_text(text)
    loaded, problems = load_folders(tmp_path)
    assert (list(problems), "thought" in loaded) == (["odd"], True)
    assert str(problems["odd"]).startswith("orchestrator.yaml, line ")
    assert expected in str(problems["odd"])


def test_a_file_that_is_no_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "odd" / "orchestrator.yaml").mkdir(parents=True)
    _, problems = load_folders(tmp_path)
    assert str(problems["odd"]) == "orchestrator.yaml, line 1: the file cannot be read: Is a directory"
