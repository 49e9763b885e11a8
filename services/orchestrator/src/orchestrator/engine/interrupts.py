"""What a run waits for outside of itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from orchestrator.definitions.model import Definition
from orchestrator.engine.state import WORKING, At, Phase, RunState, step_id
from orchestrator.kinds.gate import GateStep


class Interrupt(BaseModel):
    """What a run waits for."""

    id: str = Field(description="The airlock item, or the handle waited for.")
    kind: str = Field(description="`hitl` for a gate, `webhook` for a vendor or another signal.")
    gate: str | None = None
    step: str


def interrupts_of(state: RunState) -> list[Interrupt]:
    """What the run waits for outside of itself."""
    waiting = []
    for key, part in state.steps.items():
        step = At.read(key).step.partition(".")[0]
        if part.handle is None:
            continue
        if part.phase is Phase.OPEN:
            waiting.append(Interrupt(id=part.handle, kind="hitl", gate=step, step=step))
        elif part.phase in {Phase.PENDING, Phase.WAITING}:
            waiting.append(Interrupt(id=part.handle, kind="webhook", step=step))
    return waiting


def gates_on_their_way(definition: Definition, run_id: UUID, state: RunState) -> list[Interrupt]:
    """Gates the run has come to without having heard yet that they are open; the airlock may already know them."""
    coming = []
    for key, part in state.steps.items():
        at = At.read(key)
        if part.phase in WORKING and isinstance(definition.step(at.step), GateStep):
            label = at.step.partition(".")[0]
            coming.append(Interrupt(id=str(step_id(run_id, at, part.visit)), kind="hitl", gate=label, step=label))
    return coming


def was_at_gate(definition: Definition, run_id: UUID, state: RunState, item: UUID) -> bool:
    """Whether an airlock item is of a gate of the run, or of the one it was forked from, at this visit or before."""
    for key, part in state.steps.items():
        at = At.read(key)
        if isinstance(definition.step(at.step), GateStep):
            decided = part.decision["item_id"] if part.decision else None
            if str(item) in {part.handle, decided}:
                return True
            if any(step_id(run_id, at, visit) == item for visit in range(1, part.visit + 1)):
                return True
    return False


def vendor_handle(type: str, data: Mapping[str, Any]) -> str | None:
    """The `vendor:id` that a step came to wait for with this entry, which only a signed delivery brings.

    None when it waits for nothing, for a signal of the run's own, or for one of our gates.
    """
    name = {"step.waiting": "signal", "step.pending": "handle"}.get(type)
    handle = str(data.get(name) or "") if name else ""
    return handle if ":" in handle and not handle.startswith("gate:") else None
