"""Attempts: what is ordered from a worker, what it answers, and when it is tried again."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any, assert_never

import orjson
from common.contracts.message import BODY_LIMIT, CommandBody, Finished, Outcome
from common.contracts.values import TERMINAL_STATUSES, Problem

from orchestrator.definitions.dollars import micros
from orchestrator.engine.effects import Order
from orchestrator.engine.endings import away_pause_ms, is_away, pause_ms
from orchestrator.engine.happenings import Answered
from orchestrator.engine.reopening import waits_for_gate
from orchestrator.engine.spending import costs, count
from orchestrator.engine.state import HANDLE_LIMIT, WORKING, At, Phase, Spent
from orchestrator.kinds.run import Cost, RunStep
from orchestrator.kinds.step import Retry

if TYPE_CHECKING:
    from orchestrator.engine.course import Course

SAME_LIMIT = 8
"""A step that asks for exactly the same this often, visit after visit, goes in circles."""
AWAY_AT_MOST = timedelta(hours=1)
"""How long a part of ours may be away before that counts as a failure."""
_MOVES_BY_ITSELF = frozenset({"spent_usd_micros", "redo_usd_micros", "takes_changes", "timeout_at"})
"""What a gate is told of the time and of money is other at each visit, and makes nothing new of it."""


def order(
    course: Course, at: At, capability: str, *, agent: str | None, values: dict[str, Any], cost: Cost | None
) -> None:
    """Put the next attempt of a step into the backlog.

    `values` are worked out already. They hold what people and models wrote; worked out twice, `${…}` in it would count.
    """
    if edits := course.state.overrides.pop(at.step, None):
        values = {**values, **edits}
    spec = course.definition.agents.get(agent) if agent else None
    size = len(CommandBody(input=values, agent=spec).model_dump_json().encode())
    if size > BODY_LIMIT:
        detail = f"The input of {capability} has {size} bytes; {BODY_LIMIT} are allowed."
        course.fail(at, Problem(code="input_too_large", detail=detail))
        return
    part = course.write(at)
    if part.phase is Phase.IDLE and _goes_in_circles(course, at, values):
        detail = f"{course.label(at)} asked for exactly the same {SAME_LIMIT} times."
        course.fail(at, Problem(code="goes_in_circles", detail=detail))
        return
    # Looking again at what was begun needs only what is not paid yet.
    paid = part.cost_usd_micros if part.phase is Phase.PENDING else 0
    part.attempt += 1
    part.phase, part.handle = Phase.ORDERED, None
    estimate = max(0, (micros(course.fill(at, cost.estimate)) if cost else part.asked_usd_micros) - paid)
    ordered = Order(course.id_of(at), course.label(at), capability, part.attempt, values, spec, estimate)
    course.effects.append(ordered)
    course.record(
        "agent.started",
        at,
        step_id=str(ordered.step_id),
        capability=capability,
        attempt=part.attempt,
        agent=agent,
        estimate_usd_micros=estimate or None,
    )


def _goes_in_circles(course: Course, at: At, values: dict[str, Any]) -> bool:
    """Whether this visit asks for the same as so many before it that another one is no use."""
    part = course.write(at)
    told = {name: value for name, value in values.items() if name not in _MOVES_BY_ITSELF}
    asked = hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
    part.same = part.same + 1 if part.asked == asked else 1
    part.asked = asked
    return part.same > SAME_LIMIT


def take_answer(course: Course, answered: Answered) -> None:
    """Take a worker's answer, if it is to the newest attempt of something that is still open.

    A late one counts only for its cost: the money was spent.
    """
    finished = answered.finished
    at = course.find(answered.step_id)
    part = course.state.at(at) if at else None
    over = course.state.status in TERMINAL_STATUSES
    late = at is None or part is None or over or part.attempt != answered.attempt or part.phase not in WORKING
    if not answered.outstanding or (late and not finished.cost_usd_micros):
        return
    spent = Spent(cost_usd_micros=finished.cost_usd_micros, unknown_usd_micros=finished.unknown_usd_micros)
    count(course, spent)
    if late or at is None:
        course.record("agent.stopped", at, attempt=answered.attempt, **costs(spent))
        return
    if spent.unknown_usd_micros:
        # How a call ended is not known: all that it may have cost counts.
        course.record(
            "agent.outcome_unknown", at, attempt=answered.attempt, unknown_usd_micros=spent.unknown_usd_micros
        )
    part = course.write(at)
    part.cost_usd_micros += finished.cost_usd_micros
    if not is_away(finished.problem):
        part.away_since = None
    if finished.origin and finished.origin not in course.state.origins:
        course.state.origins.append(finished.origin)
    course.add_downgrades(finished.downgrades)
    match finished.outcome:
        case Outcome.DONE:
            course.let(at, course.definition.step(at.step).answered, finished.output)
        case Outcome.PENDING:
            _pend(course, at, finished)
        case Outcome.FAILED | Outcome.REFUSED:
            problem = finished.problem or Problem(code="unknown", detail="No reason was given.")
            if _may_ask_for_money(course, at, finished):
                _ask_for_money(course, at, problem, finished.needs_usd_micros)
            else:
                _failed(course, at, problem)
        case _:
            assert_never(finished.outcome)


def _pend(course: Course, at: At, finished: Finished) -> None:
    """The step stays open until its handle is signalled, it is time to look again, or time is over."""
    if finished.handle is not None and len(finished.handle) > HANDLE_LIMIT:
        detail = f"It waits for a handle of {len(finished.handle)} characters; {HANDLE_LIMIT} are allowed."
        course.fail(at, Problem(code="answer_not_understood", detail=detail))
        return
    part = course.write(at)
    part.phase, part.handle = Phase.PENDING, finished.handle
    course.record("step.pending", at, handle=finished.handle)
    if course.take_signal(finished.handle or "") is not None:
        course.order_again(at)
        return
    if finished.check_after is not None:
        course.set_timer_at(at, "check", finished.check_after)
    if finished.deadline is not None:
        course.set_timer_at(at, "give_up", finished.deadline)


def _may_ask_for_money(course: Course, at: At, finished: Finished) -> bool:
    """Whether more money may help: the worker needs some, the step's file sets no bound, and the last was of use."""
    step = course.definition.step(at.step)
    is_bound = isinstance(step, RunStep) and step.cost is not None
    in_vain = finished.needs_usd_micros <= course.state.at(at).asked_usd_micros and not finished.cost_usd_micros
    return finished.needs_usd_micros > 0 and not is_bound and not in_vain


def _ask_for_money(course: Course, at: At, problem: Problem, needs: int) -> None:
    """Order again with what the worker says it needs. Whether there is so much, the dispatcher finds out."""
    part = course.write(at)
    part.asked_usd_micros = needs
    said = {"code": problem.code, "detail": problem.detail, "attempt": part.attempt}
    course.record("agent.retrying", at, **said, in_ms=0, needs_usd_micros=needs)
    course.order_again(at)


def _failed(course: Course, at: At, problem: Problem) -> None:
    """An attempt failed: try again if that may help and is allowed, else the step has failed.

    That a part of ours is away is nobody's failure: for an hour it uses up no attempt.
    """
    if waits_for_gate(course, at, problem):
        return
    part = course.write(at)
    part.problem = problem
    step = course.definition.step(at.step)
    retry = step.retry if isinstance(step, RunStep) else Retry()
    said = {"code": problem.code, "detail": problem.detail, "attempt": part.attempt}
    may_help = problem.retryable and problem.code not in retry.never_on
    if is_away(problem):
        part.away_since = part.away_since or course.now
        if may_help and (away := course.now - part.away_since) < AWAY_AT_MOST:
            until_back = problem.retry_after_ms is None
            _try_again(course, at, said, away_pause_ms(away, problem, course.id_of(at)), until_back=until_back)
            return
    part.failures += 1
    if may_help and part.failures < retry.attempts:
        _try_again(course, at, said, pause_ms(retry, part.failures, problem, course.id_of(at)), until_back=False)
        return
    course.record("agent.failed", at, **said)
    course.fail(at, problem)


def _try_again(course: Course, at: At, said: dict[str, Any], pause: int, *, until_back: bool) -> None:
    """Another attempt after a pause, which `until_back` ends as soon as a part of ours is back."""
    course.write(at).phase = Phase.RETRYING
    course.record("agent.retrying", at, **said, in_ms=pause)
    course.set_timer(at, "return" if until_back else "retry", in_ms=pause)
