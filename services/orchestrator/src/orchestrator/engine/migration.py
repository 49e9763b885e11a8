"""Moving a run to a newer definition: what would change, and whether it can be."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from orchestrator.definitions.model import Definition
from orchestrator.engine.state import ENDED_WELL, WORKING, At, Phase, RunState
from orchestrator.kinds import Step

_PLACE = {"id", "parent", "block", "kind"}


class StepChange(BaseModel):
    """What is different about one step, and what that means for this run."""

    step: str
    change: Literal["added", "removed", "changed"]
    members: list[str] = Field(default_factory=list, description="What of it is written differently.")
    effect: str


class MigrationReport(BaseModel):
    """What moving a run to another definition would do."""

    from_digest: str
    to_digest: str
    possible: bool
    obstacles: list[str]
    changes: list[StepChange]


def compare(old: Definition, new: Definition, state: RunState) -> MigrationReport:
    """The report for a run in this state."""
    visited = {At.read(key).step for key, part in state.steps.items() if part.phase is not Phase.IDLE}
    obstacles = [problem for step in old.steps if step.id in visited if (problem := _obstacle(step, new, state))]
    changes = []
    for step in old.steps:
        if not new.has(step.id):
            effect = "It is kept in the history." if step.id in visited else "It will not be done."
            changes.append(StepChange(step=step.id, change="removed", effect=effect))
        elif members := _differences(step, new.step(step.id)):
            changes.append(StepChange(step=step.id, change="changed", members=members, effect=_effect(step, state)))
    added = [step for step in new.steps if not old.has(step.id)]
    changes += [StepChange(step=step.id, change="added", effect=_effect_of_new(step, new, visited)) for step in added]
    if set(new.inputs) != set(old.inputs):
        obstacles.append("The inputs are others.")
    return MigrationReport(
        from_digest=old.digest, to_digest=new.digest, possible=not obstacles, obstacles=obstacles, changes=changes
    )


def _obstacle(step: Step, new: Definition, state: RunState) -> str | None:
    """Why a step that the run came to cannot be found again in the new definition."""
    if not new.has(step.id):
        return f"The run was at {step.id!r}, which is not there any more." if _live(step, state) else None
    moved = new.step(step.id)
    if (moved.kind, moved.parent, moved.block) != (step.kind, step.parent, step.block):
        return f"{step.id!r} is of another kind or in another place."
    if _working(step, state) and getattr(moved, "capability", None) != getattr(step, "capability", None):
        return f"{step.id!r} is being worked on by another capability than the new one."
    return None


def _phases(step: Step, state: RunState) -> set[Phase]:
    return {part.phase for key, part in state.steps.items() if At.read(key).step == step.id}


def _live(step: Step, state: RunState) -> bool:
    return bool(_phases(step, state) - ENDED_WELL - {Phase.IDLE, Phase.CANCELLED})


def _working(step: Step, state: RunState) -> bool:
    return bool(_phases(step, state) & WORKING)


def _differences(step: Step, other: Step) -> list[str]:
    before, after = step.model_dump(), other.model_dump()
    return sorted(name for name in (before.keys() | after.keys()) - _PLACE if before.get(name) != after.get(name))


def _effect(step: Step, state: RunState) -> str:
    if _live(step, state):
        return "It is under way; the new form counts from its next attempt on."
    if _phases(step, state) & ENDED_WELL:
        return "It is done and is not done again."
    return "It will be done in its new form."


def _effect_of_new(step: Step, new: Definition, visited: set[str]) -> str:
    block = new.block(step.parent, step.block)
    passed = any(other.id in visited for other in block[block.index(step) + 1 :])
    return "The run is past it; it will not be done." if passed else "It will be done when the run comes to it."
