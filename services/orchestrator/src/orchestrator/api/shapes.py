"""What the orchestrator's HTTP answers look like."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from common.contracts.values import PublicMoney
from pydantic import BaseModel, Field

from orchestrator.definitions.model import Definition
from orchestrator.engine.interrupts import Interrupt, interrupts_of
from orchestrator.engine.state import At, Failure, Phase, RunState
from orchestrator.kinds.run import STARTED


class RunAnswer(BaseModel):
    """A run, as people see it."""

    run_id: UUID
    workflow: str
    status: str = Field(description="The status, or the name its step gives to it while it waits.")
    state: str = Field(description="The status of the state machine.")
    current_step: str | None
    degraded: bool
    downgrades: list[dict[str, Any]]
    origins: list[str] = Field(description="`offline` where a stand-in made something, and says so.")
    input: dict[str, Any]
    interrupts: list[Interrupt]
    error: Failure | None
    rejection: str | None
    cost_usd: PublicMoney
    created_by: str
    created_at: datetime
    updated_at: datetime
    finished_at: datetime | None
    last_seq: int


class Started(BaseModel):
    """A run that was started, now or by the same key before."""

    run_id: UUID
    status: str


class HistoryAnswer(BaseModel):
    """One entry of a run's history."""

    seq: int
    type: str
    at: datetime
    data: dict[str, Any]


class StepAnswer(BaseModel):
    """One step of a run."""

    id: str
    kind: str
    state: str
    visit: int
    attempt: int
    children: list[str] | None = None
    output: Any = None
    decision: dict[str, Any] | None = None


class StateAnswer(BaseModel):
    """Where a run stands, step by step."""

    run_id: UUID
    status: str
    steps: list[StepAnswer]
    next: list[str]
    interrupts: list[Interrupt]


class ArtifactAnswer(BaseModel):
    """An artifact of a run; its bytes are at `/v1/artifacts/{id}`."""

    id: str
    type: str
    name: str
    size: int
    media_type: str
    step: str
    made_by: str
    origin: str
    licence: str | None
    announced_at: datetime


class WorkflowAnswer(BaseModel):
    """A workflow that may be started, or the reason why it may not."""

    name: str
    title: str
    description: str
    status: str
    problem: str | None = None
    digest: str | None = None
    steps: list[str] = []
    inputs: dict[str, Any] = {}


def run_answer(row: Any) -> RunAnswer:
    """A row of `runs` for people."""
    state = RunState.model_validate(row["state"])
    return RunAnswer(
        run_id=row["id"],
        workflow=row["workflow"],
        status=row["shown_status"],
        state=row["status"],
        current_step=row["current_step"],
        degraded=bool(state.downgrades),
        downgrades=[downgrade.model_dump(mode="json") for downgrade in state.downgrades],
        origins=state.origins,
        input=row["input"],
        interrupts=interrupts_of(state),
        error=state.error,
        rejection=state.rejection,
        cost_usd=Decimal(row["cost_usd_micros"]) / 1_000_000,
        created_by=row["created_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        finished_at=row["finished_at"],
        last_seq=state.seq,
    )


def state_answer(row: Any, definition: Definition) -> StateAnswer:
    """A run step by step; hidden steps are left out."""
    state = RunState.model_validate(row["state"])
    steps = []
    for step in definition.steps:
        part = state.at(At(step.id))
        if step.hidden or not step.is_own or definition.numbered_by(step.id):
            continue
        steps.append(
            StepAnswer(
                id=step.id,
                kind=step.kind,
                state=part.phase.value,
                visit=part.visit,
                attempt=part.attempt,
                children=_children(state, definition, step.id),
                output=part.output,
                decision=part.decision,
            )
        )
    after = [step.id for step in definition.outline() if not step.hidden and state.at(At(step.id)).phase is Phase.IDLE]
    return StateAnswer(
        run_id=row["id"], status=row["shown_status"], steps=steps, next=after[:1], interrupts=interrupts_of(state)
    )


def _children(state: RunState, definition: Definition, step_id: str) -> list[str] | None:
    """How far each part of a step is: what it started, or its own."""
    started = f"{step_id}.{STARTED}"
    parts = state.at(At(started if definition.has(started) else step_id)).parts
    return None if parts is None else [phase.value for phase in parts.values()]
