"""Finding one's way in a definition and in the state of a run."""

from __future__ import annotations

from uuid import UUID

from orchestrator.definitions.model import Children, Definition, ForeachStep, Retry, RunStep, Step
from orchestrator.engine.state import RunState, step_id


def locate(definition: Definition, run: UUID, state: RunState, wanted: UUID) -> tuple[Step, int | None] | None:
    """Which step of the current visits, or which child of it, has this id; None when it is of an older visit."""
    for step in definition.steps:
        part = state.steps.get(step.id)
        if part is None:
            continue
        for child in (None, *range(len(part.children or ()))):
            if step_id(run, step.id, part.visit, child) == wanted:
                return step, child
    return None


def children_of(step: Step) -> Children | None:
    """What the step orders for each item, if it does."""
    if isinstance(step, ForeachStep):
        return step.children
    return step.starts if isinstance(step, RunStep) else None


def retry_of(step: Step) -> Retry:
    """How often the step is tried."""
    if isinstance(step, RunStep):
        return step.retry
    return step.children.retry if isinstance(step, ForeachStep) else Retry()
