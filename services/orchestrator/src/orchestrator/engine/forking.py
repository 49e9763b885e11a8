"""A fork: a new run that begins at a step of another one, with what was done before it."""

from __future__ import annotations

from typing import Any

from orchestrator.definitions.model import Definition
from orchestrator.engine.state import ENDED_WELL, LIVE, At, Phase, RunState, StepState
from orchestrator.kinds.run import STARTED


class CannotFork(ValueError):
    """Why a run cannot be forked there."""


def forked(definition: Definition, state: RunState, *, from_step: str, edits: dict[str, Any] | None) -> RunState:
    """The state of the new run before it begins. `edits` replace members of what the step is given, once.

    Raises `CannotFork` when the step is inside of another, or something before it has not ended well.
    """
    outline = [step.id for step in definition.outline()]
    if from_step not in outline:
        outer = definition.around(from_step)[-1].id if definition.has(from_step) else None
        hint = f"; {outer!r}, which it is inside of, can be" if outer else f"; there are {', '.join(outline)}"
        raise CannotFork(f"{from_step!r} cannot be begun at{hint}.")
    before = outline[: outline.index(definition.begins_at(from_step))]
    kept: dict[str, StepState] = {}
    for step in before:
        if state.at(At(step)).phase not in ENDED_WELL:
            raise CannotFork(f"{step!r} comes before {from_step!r} and has not ended well.")
        names = definition.inside(step) | {step}
        kept |= {key: part.model_copy() for key, part in state.steps.items() if At.read(key).step in names}
    if busy := next((key for key in kept if _is_open(definition, kept, At.read(key))), None):
        raise CannotFork(f"What {busy.partition('.')[0]!r} started has not ended well.")
    done = {At.read(key).step.partition(".")[0] for key in kept}
    return RunState(
        steps=kept,
        downgrades=[one for one in state.downgrades if one.stage.partition(".")[0] in done],
        origins=list(state.origins),
        overrides={from_step: edits} if edits else {},
    )


def _is_open(definition: Definition, kept: dict[str, StepState], at: At) -> bool:
    """Whether it is still at work, or has failed without that something around it went on all the same."""
    phase = kept[at.key].phase
    if phase is not Phase.FAILED:
        return phase in LIVE
    step = definition.step(at.step)
    for outer in definition.around(at.step):
        # What a step started in the background is no part of it.
        if step.block == STARTED:
            return True
        around = kept.get(At(outer.id, at.index[: len(definition.numbered_by(outer.id))]).key)
        if around is not None and around.phase in ENDED_WELL:
            return False
        step = outer
    return True
