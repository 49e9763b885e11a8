"""A fork: a new run that begins at a step of another one, with what was done before it."""

from __future__ import annotations

from typing import Any

from orchestrator.definitions.model import Definition
from orchestrator.engine.state import ENDED_WELL, LIVE, At, Phase, RunState, StepState


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
    if busy := next((key for key, part in kept.items() if part.phase in LIVE | {Phase.FAILED}), None):
        raise CannotFork(f"What {busy.partition('.')[0]!r} started has not ended well.")
    return RunState(
        steps=kept,
        downgrades=[one for one in state.downgrades if one.stage.partition(".")[0] in before],
        origins=list(state.origins),
        overrides={from_step: edits} if edits else {},
    )
