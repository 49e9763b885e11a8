"""`advance`: what a happening does to a run. Pure: the same arguments always give the same results."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from common.contracts.erasing import ERASED
from common.contracts.values import TERMINAL_STATUSES, Problem, RunStatus

from orchestrator.definitions.model import Definition
from orchestrator.engine.attempts import take_answer
from orchestrator.engine.course import Course
from orchestrator.engine.effects import Effect, Retract, SetTimer, WithdrawGate
from orchestrator.engine.happenings import (
    Answered,
    CancelRequested,
    Decided,
    Forked,
    Happening,
    HeldAbove,
    Migrated,
    OverBudget,
    PauseRequested,
    Reopened,
    ResumeRequested,
    RetryRequested,
    Signalled,
    Started,
    SubrunEnded,
    SubrunSpent,
    TimerFired,
)
from orchestrator.engine.reopening import take_reopened
from orchestrator.engine.spending import costs, take_cost
from orchestrator.engine.state import WORKING, At, Phase, RunFacts, RunState
from orchestrator.kinds.gate import GateStep
from orchestrator.kinds.wait import WaitStep


def advance(
    definition: Definition, facts: RunFacts, state: RunState, happening: Happening
) -> tuple[RunState, list[Effect]]:
    """The state after the happening, and what follows from it.

    What comes late, twice, or for an older attempt changes nothing: the state is returned as it was, with no effects.
    A run that is over can only be told what late work, or a run that it started, had cost; one that failed can be
    tried again, and keeps what is decided and signalled until then.
    """
    over = state.status in TERMINAL_STATUSES
    if over and not isinstance(happening, _OF_A_FAILED_RUN if state.status is RunStatus.FAILED else _OF_AN_ENDED_RUN):
        return state, []
    course = Course(definition, facts, state, happening.at)
    _TAKE[type(happening)](course, happening)
    course.settle()
    if course.state.held is not state.held:
        course.hold()
    if not course.changed:
        return state, []
    if course.state.status is RunStatus.FAILED:
        # It can be tried again, and then goes on with what was decided in the meantime.
        return course.state, [effect for effect in course.effects if not isinstance(effect, WithdrawGate)]
    return course.state, course.effects


def _start(course: Course, _started: Started) -> None:
    """Begin with the first step. A second start changes nothing."""
    if course.state.status is not RunStatus.PENDING:
        return
    _begin(course)
    course.record("run.started", workflow=course.facts.workflow)
    course.enter(At(course.definition.outline()[0].id))


def _fork(course: Course, forked: Forked) -> None:
    """Begin at a step, with what was done before it in another run."""
    if course.state.status is not RunStatus.PENDING:
        return
    _begin(course)
    course.record("run.started", workflow=course.facts.workflow, forked_from=str(forked.source), from_step=forked.step)
    course.enter(At(course.definition.begins_at(forked.step)))


def _begin(course: Course) -> None:
    course.changed = True
    course.state.status = RunStatus.RUNNING
    if course.state.above is not None and course.state.above.held:
        course.record("run.paused", by=course.state.above.by)
    if course.definition.timeout_ms is not None:
        due_at = course.now + timedelta(milliseconds=course.definition.timeout_ms)
        timer = TimerFired(at=due_at, purpose="give_up", step_id=course.facts.id, attempt=0)
        course.effects.append(SetTimer(due_at, timer))


def _decide(course: Course, decided: Decided) -> None:
    """Take a person's decision, if the gate it belongs to is still closed; while the run has failed, keep it."""
    if course.state.status is RunStatus.FAILED:
        course.keep_signal(str(decided.item_id), decided.model_dump(mode="json"))
        return
    at = course.find(decided.item_id)
    if at is None or not isinstance(step := course.definition.step(at.step), GateStep):
        return
    if course.state.at(at).phase in WORKING | {Phase.OPEN}:
        course.effects.append(Retract(decided.item_id))
        course.let(at, step.decided, decided)


def _signal(course: Course, signalled: Signalled) -> None:
    """Wake the step that waits for this handle, or keep the signal for one that will."""
    at = None if course.state.status is RunStatus.FAILED else course.waiting_for(signalled.handle)
    if at is None:
        course.keep_signal(signalled.handle, signalled.payload)
    else:
        course.let(at, course.definition.step(at.step).signalled, signalled.payload)


def _subrun_spent(course: Course, told: SubrunSpent | SubrunEnded) -> None:
    """Money was spent, whatever has become of the step, or of this run."""
    new = take_cost(course, told)
    if new.cost_usd_micros:
        course.record("subrun.spent", course.find(told.step_id), run_id=str(told.run_id), **costs(new))


def _subrun_ended(course: Course, ended: SubrunEnded) -> None:
    at = None if course.state.status in TERMINAL_STATUSES else course.find(ended.step_id)
    if at is not None and course.state.at(at).phase is Phase.WAITING:
        course.let(at, course.definition.step(at.step).subrun_ended, ended)
    else:
        _subrun_spent(course, ended)


def _timer(course: Course, fired: TimerFired) -> None:
    """Try again, look again, wake or give up; a timer of an older attempt changes nothing."""
    if fired.step_id == course.facts.id:
        course.fail_run(
            course.state.current or "", Problem(code="timed_out", detail="The run took longer than it may.")
        )
        return
    at = course.find(fired.step_id)
    if at is None:
        return
    part, step = course.state.at(at), course.definition.step(at.step)
    if fired.attempt not in {part.attempt, -part.since}:
        return
    match fired.purpose:
        case "retry" | "return" if part.phase is Phase.RETRYING:
            course.order_again(at)
        case "check" if part.phase is Phase.PENDING:
            course.order_again(at)
        case "wake" if part.phase is Phase.WAITING:
            course.let(at, step.woken)
        case "give_up" if part.phase in WORKING or (isinstance(step, WaitStep) and part.phase is Phase.WAITING):
            if part.phase in WORKING:
                course.let_go(at)
            course.let(at, step.given_up)
        case _:
            return


def _over_budget(course: Course, refused: OverBudget) -> None:
    """An order could not be paid for. The step fails, and can be retried when there is money."""
    at = course.find(refused.step_id)
    if at is None:
        return
    part = course.state.at(at)
    if part.attempt == refused.attempt and part.phase is Phase.ORDERED:
        course.effects.append(Retract(refused.step_id))
        course.fail(at, Problem(code="over_budget", detail=refused.detail))


def _cancel(course: Course, asked: CancelRequested) -> None:
    course.end(RunStatus.CANCELLED, now=asked.now)
    course.record("run.cancelled", by=asked.by, at_once=asked.now or None)


def _pause(course: Course, asked: PauseRequested) -> None:
    if not course.state.paused:
        course.state.paused = True
        course.record("run.paused", by=asked.by)


def _resume(course: Course, asked: ResumeRequested) -> None:
    if course.state.paused:
        course.state.paused = False
        course.record("run.resumed", by=asked.by)


def _held_above(course: Course, told: HeldAbove) -> None:
    """Do as the run above does. What it said earlier, and comes later, changes nothing."""
    before = course.state.above
    if before is not None and told.seq <= before.seq:
        return
    course.state.above, course.changed = told, True
    if told.held is not (before is not None and before.held):
        course.record("run.paused" if told.held else "run.resumed", by=told.by)


def _retry(course: Course, asked: RetryRequested) -> None:
    """Try again what failed, and go on with what was under way beside it. Only a failed run can be retried.

    One whose author was forgotten cannot: its brief is gone, and with it who may not decide on what it makes.
    """
    if course.state.status is not RunStatus.FAILED or course.facts.created_by == ERASED:
        return
    course.state.status, course.state.error = RunStatus.RUNNING, None
    course.record("run.retried", by=asked.by)
    course.revive_all()


def _migrated(course: Course, migrated: Migrated) -> None:
    course.record("run.migrated", by=migrated.by, from_digest=migrated.from_digest, to_digest=migrated.to_digest)


_OF_AN_ENDED_RUN = (Answered, SubrunSpent, SubrunEnded, Migrated)
_OF_A_FAILED_RUN = (*_OF_AN_ENDED_RUN, Decided, Reopened, Signalled, RetryRequested)
_TAKE: dict[type[Happening], Callable[[Course, Any], None]] = {
    Started: _start,
    Forked: _fork,
    Answered: take_answer,
    Decided: _decide,
    Reopened: take_reopened,
    Signalled: _signal,
    SubrunSpent: _subrun_spent,
    SubrunEnded: _subrun_ended,
    TimerFired: _timer,
    CancelRequested: _cancel,
    PauseRequested: _pause,
    ResumeRequested: _resume,
    HeldAbove: _held_above,
    RetryRequested: _retry,
    OverBudget: _over_budget,
    Migrated: _migrated,
}
"""What each happening does."""
