"""What people do to a run: pause, retry, fork, move to a newer definition. In every kind of step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from common.contracts.values import Decision, RunStatus
from orchestrator.definitions.loader import load_workflow
from orchestrator.definitions.model import Definition
from orchestrator.engine.advance import advance
from orchestrator.engine.effects import EndRun, Hold, HoldRun, Order
from orchestrator.engine.forking import CannotFork, forked
from orchestrator.engine.happenings import CancelRequested, Forked, HeldAbove, PauseRequested, ResumeRequested
from orchestrator.engine.migration import compare

if TYPE_CHECKING:
    from services.orchestrator.tests.kinds.conftest import Story

    Begin = Callable[..., Story]

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
INSIDE = {
    "branch": "- {id: x, branch: [{else: [{id: a, WORK}, {id: b, WORK}]}]}\n",
    "parallel": "- {id: x, parallel: {left: [{id: a, WORK}, {id: b, WORK}], right: [{id: c, WORK}]}}\n",
    "loop": "- {id: x, loop: {at_most: 2, steps: [{id: a, WORK}, {id: b, WORK}]}}\n",
    "late": "- {id: x, wait: {signal: go}, timeout: {after: 1h, steps: [{id: a, WORK}, {id: b, WORK}]}}\n",
    "top": "- {id: a, WORK}\n- {id: b, WORK}\n",
}


@pytest.mark.parametrize("kind", list(INSIDE))
def test_a_run_that_failed_inside_goes_on_where_it_failed(begin: Begin, kind: str) -> None:
    story = begin(INSIDE[kind])
    for timer in story.timers("give_up"):
        story.tell(timer)
    story.answer("a", 1)
    story.fail("b")
    assert story.shows(RunStatus.FAILED)
    again = {one.step: one.attempt for one in story.retry() if isinstance(one, Order)}
    assert again == ({"b": 2, "c": 2} if kind == "parallel" else {"b": 2})
    assert story.shows(RunStatus.RUNNING)
    assert story.output("a") == {"n": 1}


def test_items_that_failed_or_were_stopped_go_on(begin: Begin) -> None:
    story = begin('- {id: x, foreach: "${[1, 2, 3]}", steps: [{id: a, WORK}]}\n')
    story.answer("a#0", 0)
    story.fail("a#1")
    story.retry()
    assert story.ordered == ["a#1", "a#2"]
    story.answer("a#2", 2)
    story.answer("a#1", 1)
    assert story.state.output == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_what_failed_after_its_parts_had_ended_is_not_stuck(begin: Begin) -> None:
    """The last step of a run is a loop that was not done in time; another try is another round."""
    story = begin('- {id: x, loop: {at_most: 1, then: fail, until: "steps.a.output.n == 1", steps: [{id: a, WORK}]}}\n')
    story.answer("a", 0)
    assert story.shows(RunStatus.FAILED)
    story.retry()
    assert story.ordered == ["a"]
    story.answer("a", 1)
    assert story.shows(RunStatus.COMPLETED)


def test_a_loop_that_was_left_and_could_not_say_whether_to_leave_the_next_one_is_not_stuck(begin: Begin) -> None:
    story = begin("""
- id: outer
  loop:
    at_most: 1
    steps:
      - id: inner
        exit_loop_when: "steps.later.output.n == 1"
        loop:
          at_most: 1
          steps: [{id: all, foreach: "${[1]}", steps: [{id: a, WORK, exit_loop_when: "item == 1"}]}, {id: later, WORK}]
""")
    story.answer("a#0", 0)
    assert story.shows(RunStatus.FAILED)
    story.retry()
    assert story.ordered == ["later"]


def test_an_output_that_cannot_be_worked_out_fails_again_and_is_not_stuck(begin: Begin) -> None:
    story = begin("- {id: a, WORK}\n", tail='output: "${steps.a.output.gone}"\n')
    story.answer("a", 0)
    assert story.shows(RunStatus.FAILED)
    story.retry()
    assert story.shows(RunStatus.FAILED)


def test_a_condition_that_could_not_be_worked_out_is_asked_again(begin: Begin) -> None:
    story = begin('- {id: a, WORK}\n- {id: b, when: "steps.a.output.gone == 1", WORK}\n')
    story.answer("a", 0)
    assert story.shows(RunStatus.FAILED)
    assert [one for one in story.retry() if isinstance(one, Order)] == []
    assert story.shows(RunStatus.FAILED)


def test_what_nobody_waits_for_any_more_is_not_started_again(begin: Begin) -> None:
    story = begin("""
- id: side
  parallel:
    a: [{id: plan, WORK, starts: {each: "${[1]}", WORK}}, {id: join, wait: {for: plan}}]
    b: [{id: quick, WORK}]
  join: any
- {id: last, WORK}
""")
    story.answer("plan", 0)
    story.answer("quick", 0)
    story.fail("last")
    assert [one.step for one in story.retry() if isinstance(one, Order)] == ["last"]


def test_what_was_started_in_the_background_goes_on(begin: Begin) -> None:
    story = begin("""
- {id: plan, WORK, starts: {each: "${[1, 2]}", WORK}}
- {id: between, WORK}
- {id: join, wait: {for: plan}}
""")
    story.answer("plan", 0)
    story.fail("plan.started.each#0")
    story.fail("between")
    story.retry()
    assert set(story.ordered) == {"plan.started.each#0", "plan.started.each#1", "between"}


@pytest.mark.parametrize("status", [RunStatus.COMPLETED, RunStatus.CANCELLED])
def test_only_a_failed_run_can_be_tried_again(begin: Begin, status: RunStatus) -> None:
    story = begin("- {id: a, WORK}\n")
    story.answer("a", 0) if status is RunStatus.COMPLETED else story.tell(CancelRequested(at=NOW, by="ann"))
    assert (story.retry(), story.state.status) == ([], status)


def test_a_paused_run_takes_what_comes_in_and_hands_nothing_out(begin: Begin) -> None:
    story = begin("- {id: a, WORK}\n- {id: b, WORK}\n")
    assert Hold(held=True) in story.tell(PauseRequested(at=NOW, by="ann"))
    assert story.tell(PauseRequested(at=NOW, by="ann")) == []
    story.answer("a", 1)
    assert (story.state.status, story.state.paused, story.ordered) == (RunStatus.PAUSED, True, ["b"])
    assert Hold(held=False) in story.tell(ResumeRequested(at=NOW, by="ann"))
    assert story.tell(ResumeRequested(at=NOW, by="ann")) == []
    assert story.shows(RunStatus.RUNNING)


FAMILY = """
- id: side
  parallel:
    a: [{id: films, foreach: "${[1, 2]}", at_once: 1, steps: [{id: film, subrun: short_video}]}]
    b: [{id: work, WORK}, {id: late, subrun: short_video}]
"""


def test_what_a_run_started_is_paused_and_goes_on_with_it(begin: Begin) -> None:
    story = begin(FAMILY)
    film, above = story.id_of("film#0"), f"run:{story.facts.id}"
    told = story.tell(PauseRequested(at=NOW, by="ann"))
    assert [one for one in told if isinstance(one, HoldRun)] == [HoldRun(film, above, held=True)]
    # What came while it was paused changes nothing about who is told that it goes on.
    story.answer("work", 1)
    told = story.tell(ResumeRequested(at=NOW, by="ann"))
    late = HoldRun(story.id_of("late"), above, held=False)
    assert [one for one in told if isinstance(one, HoldRun)] == [HoldRun(film, above, held=False), late]


def test_a_run_goes_on_when_neither_it_nor_the_run_above_is_paused(begin: Begin) -> None:
    def above(held: bool, seq: int) -> HeldAbove:
        return HeldAbove(at=NOW, by="run:above", held=held, seq=seq)

    story = begin("- {id: film, subrun: short_video}\n")
    assert Hold(held=True) in story.tell(above(True, 4))
    assert story.shows(RunStatus.PAUSED)
    # Its own pause stays when the one above goes on, and the other way round; only the last of both lets it out.
    story.tell(PauseRequested(at=NOW, by="ann"))
    assert not [one for one in story.tell(above(False, 6)) if isinstance(one, Hold | HoldRun)]
    story.tell(above(True, 8))
    assert not [one for one in story.tell(ResumeRequested(at=NOW, by="ann")) if isinstance(one, Hold | HoldRun)]
    assert story.shows(RunStatus.PAUSED)
    assert story.tell(above(True, 8)) == []
    told = [one for one in story.tell(above(False, 9)) if isinstance(one, Hold | HoldRun)]
    assert told == [Hold(held=False), HoldRun(story.id_of("film"), f"run:{story.facts.id}", held=False)]
    # What was said before that, and comes after it, is void.
    assert (story.tell(above(True, 7)), story.state.status) == ([], RunStatus.RUNNING)


@pytest.mark.parametrize("now", [False, True])
def test_what_a_run_started_ends_as_it_does(begin: Begin, now: bool) -> None:
    story = begin(FAMILY)
    told = story.tell(CancelRequested(at=NOW, by="ann", now=now))
    assert [(one.id, one.now) for one in told if isinstance(one, EndRun)] == [(story.id_of("film#0"), now)]


TALE = """
- {id: a, WORK}
- {id: b, run: compliance.check_brief, with: {brief: "${string(input.n)}"}, cost: {estimate: 2, approve_above: 1}}
- {id: agree, gate: ideation, holds: {a: "${steps.b.output}"}}
"""


def test_a_fork_begins_at_a_step_with_edited_input_and_what_was_done_before(begin: Begin) -> None:
    story = begin(TALE)
    story.answer("a", 4)
    story.decide("b.spending")
    story.answer("b", 5)
    facts = story.facts.model_copy(update={"id": uuid4()})
    state = forked(story.definition, story.state, from_step="b", edits={"brief": "edited"})
    happening = Forked(at=NOW, by="ann", step="b", source=story.facts.id)
    state, effects = advance(story.definition, facts, state, happening)
    assert [one.capability for one in effects if isinstance(one, Order)] == ["compliance.open_gate"], (
        "asked about again"
    )
    other = story
    other.facts, other.state = facts, state
    (order,) = [one for one in other.decide("b.spending") if isinstance(one, Order)]
    assert (order.input, other.output("a")) == ({"brief": "edited"}, {"n": 4})


def test_a_fork_cannot_begin_inside_or_behind_what_is_not_done(begin: Begin) -> None:
    story = begin("- {id: x, branch: [{else: [{id: a, WORK}]}]}\n- {id: b, WORK}\n")
    with pytest.raises(CannotFork, match="'x', which it is inside of, can be"):
        forked(story.definition, story.state, from_step="a", edits=None)
    with pytest.raises(CannotFork, match="'x' comes before 'b' and has not ended well"):
        forked(story.definition, story.state, from_step="b", edits=None)


def newer(tmp_path: Path, steps: str) -> Definition:
    folder = tmp_path / "newer" / "tale"
    folder.mkdir(parents=True)
    work = 'run: compliance.check_brief, with: {brief: "x"}, retry: {attempts: 2, backoff: 1s}'
    head = (
        "workflow_name: tale\ninput: {n: {type: int, default: 0}, list: {type: 'list[object]', default: []}}\nsteps:\n"
    )
    (folder / "orchestrator.yaml").write_text(head + steps.replace("WORK", work))
    return load_workflow(folder)


def test_a_report_says_what_a_newer_definition_would_change(begin: Begin, tmp_path: Path) -> None:
    story = begin("- {id: a, WORK}\n- {id: agree, gate: ideation, holds: {a: b}}\n- {id: c, WORK}\n")
    story.answer("a", 0)
    story.open("agree")
    gate = "- {id: agree, gate: ideation, title: Now?, holds: {a: b}}\n"
    report = compare(story.definition, newer(tmp_path, f"- {{id: a, WORK}}\n{gate}- {{id: d, WORK}}\n"), story.state)
    assert report.possible
    assert [(one.step, one.change) for one in report.changes] == [
        ("agree", "changed"),
        ("c", "removed"),
        ("d", "added"),
    ]
    assert report.changes[0].members == ["title"]


def test_a_run_cannot_move_to_a_definition_without_the_step_it_is_at(begin: Begin, tmp_path: Path) -> None:
    story = begin("- {id: a, WORK}\n- {id: agree, gate: ideation, holds: {a: b}}\n")
    story.answer("a", 0)
    report = compare(story.definition, newer(tmp_path, "- {id: a, WORK}\n"), story.state)
    assert (report.possible, "agree" in report.obstacles[0]) == (False, True)


@pytest.mark.feature("M29")
def test_changes_go_back_out_of_a_block(begin: Begin) -> None:
    story = begin("""
- {id: write, WORK}
- id: check
  parallel:
    a: [{id: agree, gate: ideation, holds: {a: b}, decisions: {changes: {go_to: write}}}]
    b: [{id: other, WORK}]
""")
    story.answer("write", 0)
    story.decide("agree", Decision.CHANGES_REQUESTED)
    assert (story.ordered, story.phase("other")) == (["write"], "idle")
