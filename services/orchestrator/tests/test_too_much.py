"""What is too long, too far off or too dear for the database fails the run with a reason, or is not taken at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from common.contracts.message import Finished, Outcome
from common.contracts.values import SAFE_INTEGER, RunStatus
from common.errors import Invalid
from orchestrator.definitions.loader import load_workflow
from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import Effect, Order, SetTimer
from orchestrator.engine.happenings import Answered, Started
from orchestrator.engine.state import HANDLE_LIMIT, RunFacts, RunState
from orchestrator.inputs import check_input
from testkit.engine import write_workflow

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
HEAD = "workflow_name: much\ninput: {said: str, n: {type: int, default: 0}, x: {type: float, default: 0}, o: object}\n"
PAID = 'run: compliance.check_brief, with: {brief: "x"}, cost: {estimate: "${input.said}"}'


def workflow(tmp_path: Path, step: str) -> Definition:
    return load_workflow(write_workflow(tmp_path, f"{HEAD}steps:\n  - {{id: a, {step}}}\n"))


def begun(definition: Definition, said: str) -> tuple[RunFacts, RunState, list[Effect]]:
    given = {"said": said}
    facts = RunFacts(id=uuid4(), tenant="t", workflow="much", input=given, created_by="ann", created_at=NOW)
    state, effects = advance(definition, facts, RunState(), Started(at=NOW))
    return facts, state, effects


@pytest.mark.parametrize(
    ("step", "said", "reason"),
    [
        ('sleep: "${input.said}"', "99999999d", "'99999999d' is neither a duration such as 10m nor an instant"),
        ('sleep: "${input.said}"', "9" * 9_000 + "d", "is neither a duration"),
        ('sleep: "${input.said}"', "9999-12-31T23:59:59-14:00", "in ten years at most"),
        (PAID, "1e20", "'1e20' is no amount of dollars below 1,000,000"),
        (PAID, "1e999999", "is no amount of dollars"),
        (PAID, "nan", "is no amount of dollars"),
        (PAID, "-1", "is no amount of dollars"),
        (
            "wait: {signal: \"${input.said + '\\\\x00'}\"}",
            "x",
            r"gives a text with the character '\x00', which cannot be kept",
        ),
        ("subrun: other, with: {n: \"${{'a': [input.said, '\\\\x00']}}\"}", "x", "which cannot be kept"),
        ('wait: {signal: "shop:${input.said}"}', "x" * HANDLE_LIMIT, f"gives 505 characters; {HANDLE_LIMIT} are"),
    ],
)
def test_the_run_fails_with_a_reason(tmp_path: Path, step: str, said: str, reason: str) -> None:
    _, state, effects = begun(workflow(tmp_path, step), said)
    assert state.error is not None
    assert (state.status, state.error.code, state.error.stage) == (RunStatus.FAILED, "expression_failed", "a")
    assert reason in state.error.detail
    assert not [one for one in effects if isinstance(one, SetTimer | Order)]


@pytest.mark.parametrize(
    ("said", "pause"),
    [("3650d", timedelta(days=3650)), ("0001-01-01T00:00:00+14:00", timedelta(0)), ("1ms", timedelta(milliseconds=1))],
)
def test_a_sleep_ends_at_a_date_that_everybody_knows(tmp_path: Path, said: str, pause: timedelta) -> None:
    _, _, effects = begun(workflow(tmp_path, 'sleep: "${input.said}"'), said)
    assert [one.due_at for one in effects if isinstance(one, SetTimer)] == [NOW + pause]


def test_a_worker_cannot_have_a_run_wait_for_what_no_index_takes(tmp_path: Path) -> None:
    definition = workflow(tmp_path, 'run: compliance.check_brief, with: {brief: "x"}')
    facts, state, effects = begun(definition, "")
    [order] = [one for one in effects if isinstance(one, Order)]
    pending = Finished(outcome=Outcome.PENDING, handle="shop:" + "x" * HANDLE_LIMIT)
    state, _ = advance(
        definition, facts, state, Answered(at=NOW, step_id=order.step_id, attempt=order.attempt, finished=pending)
    )
    assert state.error is not None
    assert (state.error.code, "a handle of 505 characters" in state.error.detail) == ("answer_not_understood", True)


@pytest.mark.parametrize(
    "given",
    [
        {"n": 10**30},
        {"n": -SAFE_INTEGER - 1},
        {"x": 10**400},
        {"x": float("inf")},
        {"x": float("nan")},
        {"o": {"deep": [{"n": 10**30}]}},
    ],
)
def test_a_number_that_not_everybody_reads_alike_starts_nothing(tmp_path: Path, given: dict[str, Any]) -> None:
    definition = workflow(tmp_path, "sleep: 1s")
    [name] = given
    with pytest.raises(Invalid, match=f"^'{name}' has to be a number between -{SAFE_INTEGER} and {SAFE_INTEGER}"):
        check_input(definition, {"said": "x", "o": {}} | given)
    assert check_input(definition, {"said": "x", "o": {}, "n": SAFE_INTEGER, "x": -0.5})["n"] == SAFE_INTEGER
