"""Kinds with steps inside: branch, parallel, foreach, loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from common.contracts.values import Decision, RunStatus
from orchestrator.engine.effects import Order, Retract, TellCancelled

if TYPE_CHECKING:
    from services.orchestrator.tests.kinds.conftest import Story

    Begin = Callable[..., Story]

BRANCH = """
- id: way
  branch:
    - {when: "input.n > 10", steps: [{id: high, WORK}]}
    - {when: "input.n > 5", steps: [{id: middle, WORK}, {id: more, WORK}]}
    - {else: [{id: low, WORK}]}
- {id: last, WORK}
"""
PARALLEL = """
- id: both
  parallel:
    left: [{id: a, WORK}, {id: b, WORK}]
    right: [{id: c, WORK}]
  join: JOIN
  on_failure: MODE
- {id: last, WORK}
"""
FOREACH = """
- id: all
  foreach: "${input.list}"
  at_once: 2
  on_failure: MODE
  steps:
    - {id: first, when: "item.number >= 0", WORK}
    - {id: second, WORK}
- {id: last, WORK}
"""
LOOP = """
- id: again
  loop:
    until: "steps.b.output.n >= 2"
    at_most: 3
    then: THEN
    steps:
      - {id: a, WORK}
      - {id: b, WORK}
- {id: last, WORK}
"""


@pytest.mark.parametrize(("n", "way"), [(11, ["high"]), (6, ["middle"]), (0, ["low"])])
def test_a_branch_goes_the_first_way_that_is_open(begin: Begin, n: int, way: list[str]) -> None:
    assert begin(BRANCH, n=n).ordered == way


def test_a_branch_gives_what_the_last_step_on_its_way_gave(begin: Begin) -> None:
    story = begin(BRANCH, n=6)
    story.answer("middle", 1)
    story.answer("more", 2)
    assert (story.output("way"), story.ordered) == ({"n": 2}, ["last"])


def test_a_branch_without_an_open_way_is_skipped(begin: Begin) -> None:
    story = begin('- {id: way, branch: [{when: "input.n > 1", steps: [{id: a, WORK}]}]}\n- {id: last, WORK}\n')
    assert (story.phase("way"), story.output("way"), story.ordered) == ("skipped", None, ["last"])


def parallel(begin: Begin, *, join: str = "all", mode: str = "stop") -> Story:
    return begin(PARALLEL.replace("JOIN", join).replace("MODE", mode))


@pytest.mark.feature("F31", "P14", "P32")
def test_parallel_blocks_overlap_and_join_under_their_own_keys(begin: Begin) -> None:
    story = parallel(begin)
    assert story.ordered == ["a", "c"]
    story.answer("c", 3)
    story.answer("a", 1)
    assert story.ordered == ["b"]
    story.answer("b", 2)
    assert story.output("both") == {"left": {"n": 2}, "right": {"n": 3}}
    assert story.ordered == ["last"]


@pytest.mark.parametrize("join", ["any", "1"])
def test_as_soon_as_enough_blocks_ended_the_others_are_ended(begin: Begin, join: str) -> None:
    story = parallel(begin, join=join)
    effects = story.answer("c", 3)
    assert Retract(story.id_of("a")) in effects
    assert TellCancelled(steps=(story.id_of("a"),)) in effects
    assert (story.output("both"), story.phase("a"), story.ordered) == ({"right": {"n": 3}}, "cancelled", ["last"])
    assert story.answer("a", 1) == []


@pytest.mark.feature("F31")
def test_a_failed_block_stops_the_others_and_fails(begin: Begin) -> None:
    story = parallel(begin, mode="stop")
    effects = story.fail("c")
    assert Retract(story.id_of("a")) in effects
    assert (story.phase("a"), story.phase("both"), story.state.status) == ("cancelled", "failed", RunStatus.FAILED)


def test_a_retry_goes_on_with_what_a_block_that_is_done_had_started(begin: Begin) -> None:
    started = "starts: {each: '${[1, 2]}', run: ideation.propose_ideas, with: {brief: x}}"
    story = begin(f"- id: both\n  parallel:\n    left: [{{id: a, WORK, {started}}}]\n    right: [{{id: c, WORK}}]\n")
    story.answer("a", 1)
    story.answer("a.started.each#0", 1)
    story.fail("c")
    assert story.shows(RunStatus.FAILED)
    again = {one.step_id for one in story.retry() if isinstance(one, Order)}
    assert again == {story.id_of("a.started.each#1"), story.id_of("c")}


@pytest.mark.feature("F31")
def test_a_failed_block_lets_the_others_finish_and_then_fails(begin: Begin) -> None:
    story = parallel(begin, mode="finish")
    assert not any(isinstance(effect, Retract) for effect in story.fail("c"))
    story.answer("a", 1)
    assert story.shows(RunStatus.RUNNING)
    story.answer("b", 2)
    assert story.shows(RunStatus.FAILED)


@pytest.mark.feature("F31")
def test_a_failed_block_is_accepted_and_the_run_is_degraded(begin: Begin) -> None:
    story = parallel(begin, mode="accept")
    story.fail("c")
    story.answer("a", 1)
    story.answer("b", 2)
    assert (story.output("both"), story.ordered) == ({"left": {"n": 2}}, ["last"])
    assert [one.code for one in story.state.downgrades] == ["part_failed"]


def test_when_every_block_failed_there_is_nothing_to_accept(begin: Begin) -> None:
    story = parallel(begin, mode="accept", join="any")
    story.fail("c")
    story.fail("a")
    assert story.shows(RunStatus.FAILED)


def foreach(begin: Begin, *, items: int, mode: str = "stop") -> Story:
    return begin(FOREACH.replace("MODE", mode), list=[{"number": number} for number in range(items)])


def test_a_foreach_goes_through_its_steps_for_each_item_a_few_at_once(begin: Begin) -> None:
    story = foreach(begin, items=3)
    assert story.ordered == ["first#0", "first#1"]
    story.answer("first#1", 1)
    assert story.ordered == ["first#0", "second#1"]
    story.answer("second#1", 11)
    assert story.ordered == ["first#0", "first#2"]
    for place, number in (("first#0", 0), ("first#2", 2), ("second#2", 12), ("second#0", 10)):
        story.answer(place, number)
    assert story.output("all") == [{"n": 10}, {"n": 11}, {"n": 12}]


def test_no_items_are_an_empty_list(begin: Begin) -> None:
    story = foreach(begin, items=0)
    assert (story.output("all"), story.ordered) == ([], ["last"])


def test_more_items_than_are_allowed_fail(begin: Begin) -> None:
    story = foreach(begin, items=1_001)
    assert story.state.error is not None
    assert story.state.error.code == "too_many_items"


def test_a_failed_item_stops_the_others(begin: Begin) -> None:
    story = foreach(begin, items=3)
    story.fail("first#0")
    assert (story.phase("first#1"), story.phase("first#2"), story.state.status) == (
        "cancelled", "idle", RunStatus.FAILED,
    )  # fmt: skip


def test_a_failed_item_lets_those_that_began_finish(begin: Begin) -> None:
    story = foreach(begin, items=3, mode="finish")
    story.fail("first#0")
    assert story.ordered == ["first#1"]
    story.answer("first#1", 1)
    story.answer("second#1", 1)
    assert (story.phase("first#2"), story.state.status) == ("idle", RunStatus.FAILED)


def test_an_accepted_failure_leaves_a_hole_in_the_list(begin: Begin) -> None:
    story = foreach(begin, items=2, mode="accept")
    story.fail("first#0")
    story.answer("first#1", 1)
    story.answer("second#1", 2)
    assert story.output("all") == [None, {"n": 2}]
    assert [one.stage for one in story.state.downgrades] == ["all"]


def test_a_foreach_inside_of_a_loop_looks_at_its_list_in_every_round(begin: Begin) -> None:
    story = begin("""
- id: rounds
  loop:
    at_most: 2
    steps:
      - {id: all, foreach: "${index == 0 ? [] : [1, 2]}", WORK}
""")
    assert story.ordered == ["all.each#0", "all.each#1"]


def test_items_that_are_gone_fail_the_step_and_not_the_engine(begin: Begin) -> None:
    story = begin("""
- id: side
  parallel:
    list: [{id: again, loop: {at_most: 2, steps: [{id: source, WORK}]}}]
    work:
      - {id: wait, wait: {signal: go}}
      - id: all
        foreach: "${steps.source.output.verdict.findings}"
        at_once: 1
        run: compliance.check_brief
        with: {brief: "${item.rule}"}
""")
    story.answer("source", {"verdict": {"findings": [{"rule": "x"}, {"rule": "y"}]}})
    story.signal("go")
    story.answer("source", {"verdict": {"findings": []}})
    story.answer("all.each#0", 1)
    assert story.state.error is not None
    assert (story.state.error.code, "fewer items" in story.state.error.detail) == ("expression_failed", True)


@pytest.mark.feature("F31")
def test_a_loop_stops_when_its_condition_holds_and_the_run_goes_on(begin: Begin) -> None:
    story = begin(LOOP.replace("THEN", "fail"))
    for number in (0, 2):
        story.answer("a", 9)
        story.answer("b", number)
    assert (story.phase("again"), story.output("again"), story.ordered) == ("done", {"n": 2}, ["last"])


@pytest.mark.feature("F31")
@pytest.mark.parametrize(("then", "status"), [("continue", RunStatus.RUNNING), ("fail", RunStatus.FAILED)])
def test_a_loop_ends_after_as_many_rounds_as_it_may_have(begin: Begin, then: str, status: RunStatus) -> None:
    story = begin(LOOP.replace("THEN", then))
    for _ in range(3):
        story.answer("a", 0)
        story.answer("b", 0)
    assert story.shows(status)
    assert (story.ordered == ["last"]) is (then == "continue")


def test_each_round_is_a_visit_of_its_own(begin: Begin) -> None:
    story = begin(LOOP.replace("THEN", "fail"))
    first = story.id_of("a")
    story.answer("a", 0)
    story.answer("b", 0)
    assert story.id_of("a") != first
    assert story.state.steps["a"].output == {"n": 0}, "what the last round gave can still be seen"


NESTED = """
- id: outer
  loop:
    at_most: 2
    steps:
      - id: inner
        loop:
          at_most: 5
          steps:
            - id: room
              parallel:
                writer: [{id: writer, WORK}]
                critic: [{id: critic, WORK, exit_loop_when: "steps.critic.output.n == 1"}]
      - {id: after, WORK}
- {id: last, WORK}
"""


@pytest.mark.feature("F31")
def test_leaving_a_loop_leaves_one_level_and_ends_what_is_beside(begin: Begin) -> None:
    story = begin(NESTED)
    effects = story.answer("critic", 1)
    assert Retract(story.id_of("writer")) in effects
    assert (story.phase("inner"), story.phase("outer"), story.ordered) == ("done", "active", ["after"])
    assert story.output("inner") == {"n": 1}
    story.answer("after", 0)
    assert story.ordered == ["writer", "critic"], "the outer loop goes on with its next round"


def test_a_step_that_was_skipped_leaves_no_loop(begin: Begin) -> None:
    story = begin("""
- id: again
  loop:
    at_most: 2
    steps:
      - {id: leave, when: "input.n == 1", WORK, exit_loop_when: "input.n == 0"}
      - {id: work, WORK}
""")
    assert story.ordered == ["work"]


def test_what_a_step_started_ends_with_the_loop_it_left(begin: Begin) -> None:
    story = begin("""
- id: again
  loop:
    at_most: 2
    steps:
      - id: plan
        WORK_
        exit_loop_when: "true || input.n == 0"
        starts: {each: "${[1, 2]}", WORK}
      - {id: join, wait: {for: plan}}
- {id: last, WORK}
""".replace("WORK_", 'run: compliance.check_brief\n        with: {brief: "x"}'))  # fmt: skip
    assert [effect.step for effect in story.answer("plan", 0) if isinstance(effect, Order)] == ["last"]


def test_asking_for_the_same_again_and_again_is_stopped(begin: Begin) -> None:
    story = begin("- {id: again, loop: {at_most: 50, steps: [{id: ask, WORK}]}}\n")
    for _ in range(8):
        story.answer("ask", 0)
    assert story.state.error is not None
    assert story.state.error.code == "goes_in_circles"


def test_loops_in_which_nothing_is_done_keep_nobody_busy(begin: Begin) -> None:
    story = begin("""
- id: outer
  loop: {at_most: 1000, steps: [{id: inner, loop: {at_most: 1000, steps: [{id: a, when: "input.n > 0", WORK}]}}]}
""")
    assert story.state.error is not None
    assert (story.state.error.code, story.state.error.detail[:26]) == ("goes_in_circles", "The run came to 10000 step")


def test_a_gate_counts_the_changes_of_each_round_on_their_own(begin: Begin) -> None:
    story = begin("""
- id: rounds
  loop:
    at_most: 3
    steps:
      - {id: write, WORK}
      - {id: agree, gate: ideation, holds: {a: "${index}"}, decisions: {changes: {go_to: write, at_most: 1}}}
""")
    for _ in range(2):
        story.answer("write", 0)
        story.decide("agree", Decision.CHANGES_REQUESTED)
        story.answer("write", 0)
        story.decide("agree", Decision.APPROVED, n=1)
    story.answer("write", 0)
    story.decide("agree", Decision.CHANGES_REQUESTED)
    assert story.ordered == ["write"]
    story.answer("write", 0)
    story.decide("agree", Decision.CHANGES_REQUESTED)
    assert story.shows(RunStatus.REJECTED)
