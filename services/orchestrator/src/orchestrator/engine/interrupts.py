"""What a run waits for outside of itself."""

from __future__ import annotations

from pydantic import BaseModel, Field

from orchestrator.engine.state import At, Phase, RunState


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
