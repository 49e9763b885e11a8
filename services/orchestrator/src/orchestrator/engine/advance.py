"""`advance`: what a happening does to a run. Pure: the same three arguments always give the same two results."""

from __future__ import annotations

from typing import assert_never

from common.contracts.values import TERMINAL_STATUSES

from orchestrator.definitions.model import Definition
from orchestrator.engine.course import Course
from orchestrator.engine.effects import Effect
from orchestrator.engine.happenings import (
    Answered,
    CancelRequested,
    Decided,
    Happening,
    Signalled,
    Started,
    TimerFired,
)
from orchestrator.engine.state import RunFacts, RunState


def advance(
    definition: Definition, facts: RunFacts, state: RunState, happening: Happening
) -> tuple[RunState, list[Effect]]:
    """The state after the happening, and what follows from it.

    What comes late, twice, or for an older attempt changes nothing: the state is returned as it was, with no effects.
    """
    if state.status in TERMINAL_STATUSES:
        return state, []
    course = Course(definition, facts, state.model_copy(deep=True), happening.at)
    match happening:
        case Started():
            course.start()
        case Answered():
            course.answer(happening)
        case Decided():
            course.decide(happening)
        case Signalled():
            course.signal(happening)
        case TimerFired():
            course.timer(happening)
        case CancelRequested():
            course.cancel(happening.by)
        case _:
            assert_never(happening)  # type: ignore[arg-type]
    if not course.effects and course.state == state:
        return state, []
    return course.state, course.effects
