"""A part of ours that is away: what it did not answer is tried until it is back, and that is no failure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from common.contracts.message import Finished, Outcome
from common.contracts.values import Problem, RunStatus
from orchestrator.engine.effects import Effect, SetTimer
from orchestrator.engine.happenings import Answered, TimerFired
from orchestrator.engine.state import At

if TYPE_CHECKING:
    from services.orchestrator.tests.kinds.conftest import Story

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
AWAY = Problem(code="unavailable", detail="Compliance does not answer.", retryable=True)


def answer(story: Story, after: timedelta, **finished: Any) -> list[Effect]:
    """What a worker says about `one` so long after the run began."""
    at = At("one")
    told = Finished(**finished)
    attempt = story.state.at(at).attempt
    return story.tell(Answered(at=NOW + after, step_id=story.id_of("one"), attempt=attempt, finished=told))


def meet(story: Story, after: timedelta, problem: Problem = AWAY) -> timedelta | None:
    """Meet the problem so long after the run began. → the pause before the next attempt, which then begins."""
    effects = answer(story, after, outcome=Outcome.FAILED, problem=problem)
    timers = [effect for effect in effects if isinstance(effect, SetTimer)]
    for timer in timers:
        story.tell(timer.timer)
    return timers[0].due_at - (NOW + after) if timers else None


def test_an_outage_of_ours_uses_up_no_attempts_and_is_not_waited_for_much_longer_than_it_lasts(
    begin: Callable[..., Story],
) -> None:
    story = begin("  - {id: one, WORK}\n")
    passed, pauses = timedelta(), 0
    while passed < timedelta(minutes=30):
        pause = meet(story, passed)
        assert pause is not None
        assert pause <= max(timedelta(seconds=1), passed * 0.32), passed
        assert pause <= timedelta(seconds=75)
        passed, pauses = passed + pause, pauses + 1
    assert story.shows(RunStatus.RUNNING)
    assert pauses < 100
    assert answer(story, passed, outcome=Outcome.DONE, output={"n": 1})
    assert story.shows(RunStatus.COMPLETED)


def test_after_an_hour_it_fails_like_anything_else(begin: Callable[..., Story]) -> None:
    story = begin("  - {id: one, WORK}\n")
    meet(story, timedelta())
    assert meet(story, timedelta(minutes=61)) is not None
    assert meet(story, timedelta(minutes=62)) is None
    assert story.shows(RunStatus.FAILED)
    assert story.state.error is not None
    assert story.state.error.code == "unavailable"


def test_other_failures_count_beside_an_outage_and_end_it(begin: Callable[..., Story]) -> None:
    story = begin("  - {id: one, WORK}\n")
    meet(story, timedelta())
    broken = Problem(code="vendor_unavailable", detail="It is away.", retryable=True)
    assert meet(story, timedelta(minutes=50), broken) is not None
    # An outage of its own: an hour begins anew.
    assert meet(story, timedelta(minutes=70)) is not None
    assert story.phase("one") == "ordered"
    assert meet(story, timedelta(minutes=71), broken) is None
    assert story.shows(RunStatus.FAILED)


def test_what_was_waited_for_in_between_is_no_outage(begin: Callable[..., Story]) -> None:
    story = begin("  - {id: one, WORK}\n")
    meet(story, timedelta())
    check = NOW + timedelta(days=1)
    answer(story, timedelta(seconds=1), outcome=Outcome.PENDING, handle="sora:1", check_after=check)
    story.tell(story.timers("check")[0])
    pause = meet(story, timedelta(days=1))
    assert pause is not None
    assert pause < timedelta(seconds=1)
    for minute in range(1, 40):
        assert meet(story, timedelta(days=1, minutes=minute)) is not None


def test_an_author_may_forbid_to_wait_for_it_and_the_part_may_say_when_to_ask_again(
    begin: Callable[..., Story],
) -> None:
    asked = AWAY.model_copy(update={"retry_after_ms": 5_000})
    story = begin("  - {id: one, WORK}\n")
    assert meet(story, timedelta(), asked) == timedelta(seconds=5)
    strict = begin('  - {id: one, run: compliance.check_brief, with: {brief: "x"}, retry: {never_on: [unavailable]}}\n')
    assert meet(strict, timedelta()) is None
    assert strict.shows(RunStatus.FAILED)


@pytest.mark.parametrize("again", [1, 3])
def test_its_timer_counts_once_and_for_its_attempt_only(begin: Callable[..., Story], again: int) -> None:
    story = begin("  - {id: one, WORK}\n")
    effects = answer(story, timedelta(), outcome=Outcome.FAILED, problem=AWAY)
    (timer,) = [effect.timer for effect in effects if isinstance(effect, SetTimer)]
    assert isinstance(timer, TimerFired)
    orders = [story.tell(timer) for _ in range(again)]
    assert story.state.at(At("one")).attempt == 2
    assert all(not one for one in orders[1:])
