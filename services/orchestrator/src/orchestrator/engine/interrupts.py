"""What a run waits for outside of itself."""

from __future__ import annotations

from pydantic import BaseModel, Field

from orchestrator.engine.state import Phase, RunState


class Interrupt(BaseModel):
    """What a run waits for."""

    id: str = Field(description="The airlock item, or the handle waited for.")
    kind: str = Field(description="`hitl` for a gate, `webhook` for a vendor.")
    gate: str | None = None
    step: str


def interrupts_of(state: RunState) -> list[Interrupt]:
    """What the run waits for outside of itself."""
    waiting = []
    for step, part in state.steps.items():
        if part.phase is Phase.OPEN and part.handle:
            waiting.append(Interrupt(id=part.handle, kind="hitl", gate=step, step=step))
        pending = [one.handle for one in (part, *(part.children or ())) if one.phase is Phase.PENDING and one.handle]
        waiting += [Interrupt(id=handle, kind="webhook", step=step) for handle in pending]
    return waiting
