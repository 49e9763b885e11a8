"""The fuzzer: random workflows and faults, played to the engine and to a model that decides what has to come of it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from cli.fuzz.hunt import hunt, play
from common.contracts.values import RunStatus
from hypothesis import given, settings
from hypothesis import strategies as st
from orchestrator.engine import attempts, forking
from orchestrator.engine.advance import _TAKE
from orchestrator.engine.course import Course
from orchestrator.engine.happenings import Answered, CancelRequested, Happening, Migrated, Reopened, SubrunSpent
from orchestrator.engine.state import LIVE, At, Phase
from orchestrator.kinds.foreach import ForeachStep
from orchestrator.kinds.gate import GateStep
from orchestrator.kinds.loop import LoopStep
from orchestrator.kinds.parallel import ParallelStep
from orchestrator.kinds.step import StepKind
from orchestrator.kinds.wait import WaitStep

FOUND_WITHIN_SECONDS = 60


@settings(max_examples=120, deadline=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_whatever_happens_the_run_does_what_the_model_says(seed: int) -> None:
    _, finding = play(seed)
    assert finding is None, str(finding)


def nothing(self: StepKind, course: Course, at: At, *told: Any) -> None:
    """A rule that was forgotten."""


def one_round_more(self: LoopStep, course: Course, at: At, part: str, output: Any) -> None:
    course.set_part(at, part, Phase.DONE)
    if course.state.at(at).attempt <= self.at_most:
        self._begin_round(course, at)
    else:
        course.finish(at, output)


def the_others_go_on(self: ParallelStep, course: Course, at: At, part: str, problem: Any) -> None:
    course.set_part(at, part, Phase.FAILED)
    course.fail(at, problem)


def all_at_once(self: ForeachStep, course: Course, at: At) -> None:
    for name, phase in (course.state.at(at).parts or {}).items():
        if phase is Phase.IDLE:
            course.start_block(at, name)


def twice(course: Course, answered: Answered) -> None:
    attempts.take_answer(course, answered.model_copy(update={"outstanding": True}))


@pytest.mark.parametrize(
    ("kind", "method", "mutant"),
    [
        (LoopStep, "block_done", one_round_more),
        (ParallelStep, "block_failed", the_others_go_on),
        (ForeachStep, "_go_on", all_at_once),
        (WaitStep, "look", nothing),
        (GateStep, "revive", nothing),
        (StepKind, "revive", nothing),
        (StepKind, "again", nothing),
    ],
)
def test_a_rule_that_is_broken_is_found(
    monkeypatch: pytest.MonkeyPatch, kind: type[StepKind], method: str, mutant: Any
) -> None:
    monkeypatch.setattr(kind, method, mutant)
    found = hunt(0, seconds=FOUND_WITHIN_SECONDS)
    assert found.finding is not None
    assert play(found.finding.seed)[1] is not None, "the case that is printed shows it again"


def spent_again(course: Course, told: SubrunSpent) -> None:
    course.changed = True
    course.state.cost_usd_micros += told.cost_usd_micros


def time_to_clean_up(course: Course, asked: CancelRequested) -> None:
    course.end(RunStatus.CANCELLED)
    course.record("run.cancelled", by=asked.by)


def open_again_and_no_more(course: Course, reopened: Reopened) -> None:
    if (at := course.find_ended(reopened.item_id)) is not None:
        course.write(at).phase = Phase.OPEN


@pytest.mark.parametrize(
    ("happening", "mutant"),
    [
        (SubrunSpent, spent_again),
        (CancelRequested, time_to_clean_up),
        (Reopened, open_again_and_no_more),
        (Migrated, lambda course, _: course.end(RunStatus.CANCELLED)),
    ],
)
def test_a_happening_that_is_taken_wrongly_is_found(
    monkeypatch: pytest.MonkeyPatch, happening: type[Happening], mutant: Any
) -> None:
    monkeypatch.setitem(cast(dict[Any, Any], _TAKE), happening, mutant)
    assert hunt(0, seconds=FOUND_WITHIN_SECONDS).finding is not None


def test_a_fork_that_takes_an_accepted_failure_for_an_open_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forking, "_is_open", lambda _, kept, at: kept[at.key].phase in LIVE | {Phase.FAILED})
    assert hunt(0, seconds=FOUND_WITHIN_SECONDS).finding is not None


def test_an_answer_that_counts_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cast(dict[Any, Any], _TAKE), Answered, twice)
    assert hunt(0, seconds=FOUND_WITHIN_SECONDS).finding is not None
