"""Kinds that wait for somebody outside: run, gate, wait, subrun, sleep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from common.contracts.message import Finished, Outcome
from common.contracts.values import Decision, RunStatus
from orchestrator.engine.effects import EndRun, Order, Record, Retract, StartRun
from orchestrator.engine.happenings import Answered, OverBudget, SubrunEnded, SubrunSpent

if TYPE_CHECKING:
    from services.orchestrator.tests.kinds.conftest import Story

    Begin = Callable[..., Story]

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WAIT = "- {id: hold, wait: {signal: go}, timeout: TIMEOUT}\n- {id: last, WORK}\n"
SUBRUN = '- {id: film, subrun: short_video, with: {brief: "${input.n}"}}\n- {id: last, WORK}\n'


def wait(begin: Begin, timeout: str = "1h") -> Story:
    return begin(WAIT.replace("TIMEOUT", timeout))


def test_a_signal_ends_the_wait_and_is_its_output(begin: Begin) -> None:
    story = wait(begin)
    assert story.shows(RunStatus.WAITING)
    story.signal("go", by="vendor")
    assert (story.output("hold"), story.ordered) == ({"by": "vendor"}, ["last"])


def test_a_signal_that_comes_early_is_kept(begin: Begin) -> None:
    story = begin("- {id: before, WORK}\n" + WAIT.replace("TIMEOUT", "1h"))
    story.signal("go", by="vendor")
    story.signal("go", by="somebody else")
    story.answer("before", 0)
    assert (story.output("hold"), story.ordered) == ({"by": "vendor"}, ["last"])


def test_signals_that_are_late_foreign_or_repeated_change_nothing(begin: Begin) -> None:
    story = wait(begin)
    story.signal("elsewhere")
    assert story.phase("hold") == "waiting"
    story.signal("go", by="vendor")
    assert story.signal("go", by="vendor") == []
    assert story.output("hold") == {"by": "vendor"}


def test_a_signal_while_the_run_had_failed_counts_once_it_is_tried_again(begin: Begin) -> None:
    story = begin("- {id: side, parallel: {a: [{id: hold, wait: {signal: go}}], b: [{id: work, WORK}]}}\n")
    story.fail("work")
    story.signal("go", by="vendor")
    story.retry()
    assert (story.output("hold"), story.ordered) == ({"by": "vendor"}, ["work"])


def test_a_wait_that_takes_too_long_fails(begin: Begin) -> None:
    story = wait(begin)
    (timer,) = story.timers("give_up")
    assert timer.at == NOW + timedelta(hours=1)
    story.tell(timer)
    assert story.state.error is not None
    assert story.state.error.code == "timed_out"


def test_a_wait_that_takes_too_long_goes_on(begin: Begin) -> None:
    story = wait(begin, "{after: 1h, then: continue}")
    story.tell(story.timers("give_up")[0])
    assert (story.phase("hold"), story.output("hold"), story.ordered) == ("timed_out", None, ["last"])


def test_a_wait_that_takes_too_long_does_something_else(begin: Begin) -> None:
    story = wait(begin, "{after: 1h, steps: [{id: instead, WORK}]}")
    story.tell(story.timers("give_up")[0])
    assert story.ordered == ["instead"]
    story.signal("go")
    assert story.ordered == ["instead"], "it came too late"
    story.answer("instead", 4)
    assert (story.phase("hold"), story.output("hold"), story.ordered) == ("timed_out", {"n": 4}, ["last"])


def test_a_wait_for_what_was_skipped_is_skipped(begin: Begin) -> None:
    story = begin("""
- {id: plan, when: "input.n > 0", WORK, starts: {each: "${[1]}", WORK}}
- {id: join, wait: {for: plan}}
- {id: last, WORK}
""")
    assert (story.phase("join"), story.ordered) == ("skipped", ["last"])


def test_a_sleep_ends_after_its_time(begin: Begin) -> None:
    story = begin('- {id: nap, sleep: "${string(input.n)}m"}\n- {id: last, WORK}\n', n=5)
    (timer,) = story.timers("wake")
    assert timer.at == NOW + timedelta(minutes=5)
    story.tell(timer)
    assert story.ordered == ["last"]
    assert story.tell(timer) == []


def test_a_sleep_ends_at_an_instant(begin: Begin) -> None:
    story = begin('- {id: nap, sleep: "2026-12-24T18:00:00+01:00"}\n')
    assert story.timers("wake")[0].at == datetime(2026, 12, 24, 17, 0, tzinfo=UTC)


def test_a_sleep_that_is_no_time_fails(begin: Begin) -> None:
    story = begin("- {id: nap, sleep: \"${input.n > 0 ? 'soon' : 'later'}\"}\n")
    assert story.state.error is not None
    assert "neither a duration" in story.state.error.detail


def test_a_subrun_that_ended_well_gives_its_output_and_its_cost(begin: Begin) -> None:
    story = begin(SUBRUN, n=3)
    (started,) = [effect for effect in story.effects if isinstance(effect, StartRun)]
    assert (started.id, started.workflow, started.input) == (story.id_of("film"), "short_video", {"brief": 3})
    story.subrun("film", RunStatus.COMPLETED, {"film": 1}, cost_usd_micros=7)
    assert (story.output("film"), story.state.cost_usd_micros, story.ordered) == ({"film": 1}, 7, ["last"])


def test_what_a_subrun_costs_counts_once_whenever_it_is_told(begin: Begin) -> None:
    story = begin("- {id: side, parallel: {a: [{id: film, subrun: short_video}], b: [{id: b, WORK}]}, join: any}\n")
    run = story.id_of("film")
    spent = SubrunSpent(at=NOW, step_id=run, run_id=run, cost_usd_micros=5, unknown_usd_micros=2)
    story.tell(spent)
    assert story.tell(spent) == []
    story.answer("b", 1)
    assert (story.state.status, story.state.cost_usd_micros) == (RunStatus.COMPLETED, 5)
    # It was ended with the run, and had cost more by then.
    ended = SubrunEnded(at=NOW, step_id=run, run_id=run, status=RunStatus.CANCELLED, cost_usd_micros=7)
    (entry,) = story.tell(ended)
    assert isinstance(entry, Record)
    assert (entry.type, entry.data["cost_usd_micros"]) == ("subrun.spent", 2)
    assert story.tell(ended) == story.tell(spent) == []
    assert (story.state.cost_usd_micros, story.state.unknown_usd_micros) == (7, 2)


def test_a_call_whose_outcome_nobody_knows_is_in_the_history(begin: Begin) -> None:
    story = begin("- {id: a, WORK}\n- {id: b, WORK}\n")
    effects = story.answer("a", 1, cost_usd_micros=9, unknown_usd_micros=4)
    said = [one.data for one in effects if isinstance(one, Record) and one.type == "agent.outcome_unknown"]
    assert said == [{"step": "a", "attempt": 1, "unknown_usd_micros": 4}]
    assert (story.state.cost_usd_micros, story.state.unknown_usd_micros) == (9, 4)


@pytest.mark.parametrize("status", [RunStatus.FAILED, RunStatus.REJECTED, RunStatus.CANCELLED])
def test_a_subrun_that_did_not_end_well_fails_the_step(begin: Begin, status: RunStatus) -> None:
    story = begin(SUBRUN)
    story.subrun("film", status)
    assert story.state.error is not None
    assert story.state.error.code == f"subrun_{status.value}"


def test_a_subrun_ends_with_the_run_and_begins_anew_when_it_is_tried_again(begin: Begin) -> None:
    story = begin("- {id: side, parallel: {a: [{id: film, subrun: short_video}], b: [{id: work, WORK}]}}\n")
    first = story.id_of("film")
    assert [effect.id for effect in story.fail("work") if isinstance(effect, EndRun)] == [first]
    (again,) = [effect for effect in story.retry() if isinstance(effect, StartRun)]
    assert again.id == story.id_of("film") != first


def test_runs_inside_of_runs_have_an_end(begin: Begin) -> None:
    story = begin(SUBRUN, depth=10)
    assert story.state.error is not None
    assert story.state.error.code == "too_deep"


def test_a_step_whose_condition_does_not_hold_is_skipped(begin: Begin) -> None:
    story = begin('- {id: a, when: "input.n > 0", WORK}\n- {id: b, when: "steps.a.output == null", WORK}\n')
    assert (story.phase("a"), story.ordered) == ("skipped", ["b"])


def test_a_condition_that_is_no_condition_fails_the_step(begin: Begin) -> None:
    story = begin('- {id: a, when: "input.n", WORK}\n')
    assert story.state.error is not None
    assert "gives int and not true or false" in story.state.error.detail


LIMITED = "- {id: a, run: compliance.check_brief, with: {brief: x}, timeout: 10m, retry: {attempts: 5, backoff: 1s}}\n"


def test_a_time_limit_is_for_all_attempts_together(begin: Begin) -> None:
    story = begin(LIMITED)
    story.tell(story.timers("retry", story.fail("a", retryable=True))[0])
    (limit,) = story.timers("give_up")
    assert Retract(story.id_of("a")) in story.tell(limit)
    assert story.state.error is not None
    assert story.state.error.code == "timed_out"


def test_a_run_that_is_tried_again_has_its_whole_time_again(begin: Begin) -> None:
    story = begin(LIMITED)
    story.fail("a")
    (old,) = story.timers("give_up")
    (new,) = story.timers("give_up", story.retry())
    assert story.tell(old) == []
    story.tell(new)
    assert story.shows(RunStatus.FAILED)


def test_a_second_answer_to_the_same_attempt_counts_no_failure(begin: Begin) -> None:
    story = begin("- {id: a, WORK}\n")
    story.fail("a", retryable=True)
    finished = Finished(outcome=Outcome.FAILED, cost_usd_micros=5)
    again = Answered(at=NOW, step_id=story.id_of("a"), attempt=1, finished=finished, outstanding=False)
    assert story.tell(again) == []
    assert story.phase("a") == "retrying"


def test_a_late_answer_counts_for_its_cost_alone(begin: Begin) -> None:
    story = begin("- {id: side, parallel: {a: [{id: a, WORK}], b: [{id: b, WORK}]}, join: any}\n- {id: last, WORK}\n")
    late = Answered(
        at=NOW, step_id=story.id_of("a"), attempt=1,
        finished=Finished(outcome=Outcome.DONE, output={"n": 1}, cost_usd_micros=5),
    )  # fmt: skip
    story.answer("b", 1)
    story.tell(late)
    assert (story.state.cost_usd_micros, story.phase("a"), story.output("a")) == (5, "cancelled", None)


def test_what_cannot_be_paid_for_fails_and_can_be_tried_again(begin: Begin) -> None:
    story = begin("- {id: a, WORK}\n")
    refused = OverBudget(at=NOW, step_id=story.id_of("a"), attempt=1, detail="The day has 0.10 USD left.")
    story.tell(refused)
    assert story.state.error is not None
    assert (story.state.error.code, story.state.error.next_action) == (
        "over_budget", "Raise the budget, or start something smaller.",
    )  # fmt: skip
    assert story.tell(refused) == []
    assert [one.attempt for one in story.retry() if isinstance(one, Order)] == [2]


DEAR = """
- {id: write, WORK}
- id: film
  run: compliance.check_brief
  with: {brief: x}
  cost: {estimate: "${input.n}", approve_above: 1}
- id: agree
  gate: publish
  holds: {a: b}
  decisions: {changes: {go_to: film}}
"""


def test_what_is_dear_is_asked_about_first(begin: Begin) -> None:
    story = begin(DEAR, n=2)
    (order,) = [one for one in story.answer("write", 0) if isinstance(one, Order)]
    assert (order.capability, order.input["content"]["estimate_usd"]) == ("compliance.open_gate", 2)
    (film,) = [one for one in story.decide("film.spending") if isinstance(one, Order)]
    assert (film.capability, film.estimate_usd_micros) == ("compliance.check_brief", 2_000_000)


def test_what_is_cheap_is_not_asked_about(begin: Begin) -> None:
    story = begin(DEAR, n=1)
    story.answer("write", 0)
    assert story.ordered == ["film"]


def test_going_back_to_what_is_dear_asks_again(begin: Begin) -> None:
    story = begin(DEAR, n=2)
    story.answer("write", 0)
    story.decide("film.spending")
    story.answer("film", 0)
    story.decide("agree", Decision.CHANGES_REQUESTED)
    assert story.ordered == ["film.spending"]


def test_nobody_pays_for_what_a_person_refused(begin: Begin) -> None:
    story = begin(DEAR, n=2)
    story.answer("write", 0)
    story.decide("film.spending", Decision.REJECTED)
    assert (story.state.status, story.ordered) == (RunStatus.REJECTED, ["film.spending"])
    assert Retract(story.id_of("film.spending")) in story.effects


def test_a_decision_while_the_run_had_failed_counts_once_it_is_tried_again(begin: Begin) -> None:
    story = begin("""
- id: side
  parallel:
    a: [{id: agree, gate: ideation, holds: {a: b}}, {id: next, WORK}]
    b: [{id: work, WORK}]
""")
    story.open("agree")
    story.fail("work")
    story.decide("agree", n=1)
    story.decide("agree", Decision.REJECTED)
    story.retry()
    assert (story.output("agree"), sorted(story.ordered)) == ({"n": 1}, ["next", "work"])


def test_happenings_of_nobody_change_nothing(begin: Begin) -> None:
    story = begin("- {id: a, WORK}\n")
    finished = Finished(outcome=Outcome.DONE)
    assert story.tell(Answered(at=NOW, step_id=uuid4(), attempt=1, finished=finished)) == []
