"""A gate that opens again: what was approved there does not hold any more, so what came after it is not wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from common.contracts.gates import WAITS_FOR_GATE
from common.contracts.values import Decision, Problem, RunStatus

from orchestrator.engine.happenings import Reopened
from orchestrator.engine.state import At, Phase
from orchestrator.kinds.gate import GateStep

if TYPE_CHECKING:
    from orchestrator.engine.course import Course


def take_reopened(course: Course, reopened: Reopened) -> None:
    """Wait for a decision at the gate again. What came behind it is let go, and begins anew after the next approval.

    A gate that the run has passed by another way since, or that is another run's, is left as it is.
    """
    if str(reopened.item_id) in course.state.signals:
        # The approval was kept for when the run is tried again; it does not hold any more.
        course.take_signal(str(reopened.item_id))
    found = _approved_gate(course, reopened.item_id)
    if found is None:
        return
    at, step = found
    course.come_back_to(at)
    part = course.write(at)
    part.phase, part.handle = Phase.OPEN, str(reopened.item_id)
    course.record(
        "gate.reopened",
        at,
        gate=step.gate,
        item_id=part.handle,
        cause=reopened.cause,
        by=reopened.actor,
        changes=reopened.changes,
    )
    failed = any(other.phase is Phase.FAILED for other in course.state.steps.values())
    if course.state.status is RunStatus.FAILED and not failed:
        # All that had failed came behind the gate.
        course.state.status, course.state.error = RunStatus.RUNNING, None
        course.revive_all()


def waits_for_gate(course: Course, at: At, problem: Problem) -> bool:
    """A refusal because its gate opened again is no failure: the step waits until the airlock says so.

    → whether that is what the problem says. The airlock's own word may come before or after this one.
    """
    item = problem.extra.get(WAITS_FOR_GATE)
    if not isinstance(item, str) or _approved_gate(course, _as_uuid(item)) is None:
        return False
    part = course.write(at)
    part.phase, part.handle, part.problem = Phase.PENDING, f"gate:{item}", problem
    course.record("step.pending", at, handle=part.handle, code=problem.code, detail=problem.detail)
    return True


def _approved_gate(course: Course, item: UUID | None) -> tuple[At, GateStep] | None:
    at = course.find_ended(item) if item else None
    step = course.definition.step(at.step) if at else None
    if at is None or not isinstance(step, GateStep):
        return None
    part = course.state.at(at)
    approved = part.decision is not None and part.decision["decision"] == Decision.APPROVED.value
    return (at, step) if part.phase is Phase.DONE and approved else None


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
