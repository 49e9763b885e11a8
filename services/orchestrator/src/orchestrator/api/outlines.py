"""What the orchestrator answers about workflows and their steps: how they hang together, and where a run stands."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from common.contracts.message import AgentSpec
from common.contracts.values import PublicMoney
from pydantic import BaseModel, Field

from orchestrator.definitions.model import Definition
from orchestrator.engine.interrupts import Interrupt, interrupts_of
from orchestrator.engine.state import At, Phase, RunState
from orchestrator.kinds import Step
from orchestrator.kinds.branch import BranchStep
from orchestrator.kinds.gate import GateStep
from orchestrator.kinds.loop import LoopStep
from orchestrator.kinds.run import STARTED, RunStep
from orchestrator.kinds.subrun import SubrunStep


class StepOutline(BaseModel):
    """A step as its file has it. Those inside of another follow it and name it."""

    id: str
    kind: str
    parent: str | None = Field(description="The step it is inside of.")
    block: str = Field(description="In which of that step's blocks; steps of one block follow each other.")
    when: str | None = Field(description="A condition without which the run, or the case of a branch, passes it by.")
    capability: str | None = None
    agent: str | None = Field(default=None, description="One of the workflow's agents.")
    workflow: str | None = Field(default=None, description="What a subrun starts.")
    at_most: int | None = Field(default=None, description="How often a loop goes round.")
    reviewers: list[str] = Field(
        default=[], description="Roles and people that a gate's file names, stage by stage; none: whom the tenant says."
    )
    cases: dict[str, str | None] = Field(default={}, description="Block → condition of a branch; null for `else`.")


class StepAnswer(BaseModel):
    """One step of a run."""

    id: str
    kind: str
    state: str
    visit: int
    attempt: int
    cost_usd: PublicMoney = Field(description="What its present visit has cost, with all that is inside of it.")
    children: list[str] | None = None
    output: Any = None
    decision: dict[str, Any] | None = None


class StateAnswer(BaseModel):
    """Where a run stands, step by step."""

    run_id: UUID
    status: str
    steps: list[StepAnswer]
    outline: list[StepOutline]
    trace_url: str | None = Field(default=None, description="Where its trace is shown, if this installation has one.")
    next: list[str]
    interrupts: list[Interrupt]


class WorkflowAnswer(BaseModel):
    """A workflow that may be started, or the reason why it may not."""

    name: str
    title: str
    description: str
    status: str
    problem: str | None = None
    hidden: bool = Field(default=False, description="Left out of the list unless asked for; it may be started by name.")
    digest: str | None = None
    steps: list[str] = []
    outline: list[StepOutline] = []
    agents: list[AgentSpec] = []
    inputs: dict[str, Any] = {}


def outline_of(definition: Definition) -> list[StepOutline]:
    """The steps that people are shown, in the order of the file."""
    return [_outlined(step) for step in definition.steps if not step.hidden]


def workflow_answers(current: Iterable[Definition], broken: Iterable[Any], *, hidden: bool) -> list[WorkflowAnswer]:
    """Those that can be started, with what is wrong with their folders now; then those that cannot."""
    current, problems = list(current), {one.name: one.problem for one in broken}
    ready = [
        WorkflowAnswer(
            name=definition.name,
            title=definition.title,
            description=definition.description,
            status="ready",
            problem=problems.get(definition.name),
            hidden=definition.hidden,
            digest=definition.digest,
            steps=[step.id for step in definition.steps if not step.hidden],
            outline=outline_of(definition),
            agents=list(definition.agents.values()),
            inputs={name: field.model_dump() for name, field in definition.inputs.items()},
        )
        for definition in current
        if hidden or not definition.hidden
    ]
    startable = {definition.name for definition in current}
    return ready + [
        WorkflowAnswer(name=name, title=name, description="", status="error", problem=problem)
        for name, problem in problems.items()
        if name not in startable
    ]


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
                cost_usd=Decimal(_cost(state, definition, step.id)) / 1_000_000,
                children=_children(state, definition, step.id),
                output=part.output,
                decision=part.decision,
            )
        )
    after = [step.id for step in definition.outline() if not step.hidden and state.at(At(step.id)).phase is Phase.IDLE]
    return StateAnswer(
        run_id=row["id"],
        status=row["shown_status"],
        steps=steps,
        outline=outline_of(definition),
        next=after[:1],
        interrupts=interrupts_of(state),
    )


def _children(state: RunState, definition: Definition, step_id: str) -> list[str] | None:
    """How far each part of a step is: what it started, or its own."""
    started = f"{step_id}.{STARTED}"
    parts = state.at(At(started if definition.has(started) else step_id)).parts
    return None if parts is None else [phase.value for phase in parts.values()]


def _cost(state: RunState, definition: Definition, step_id: str) -> int:
    """In micro-dollars."""
    names = definition.inside(step_id) | {step_id}
    return sum(part.cost_usd_micros for key, part in state.steps.items() if At.read(key).step in names)


def _outlined(step: Step) -> StepOutline:
    known: dict[str, Any] = {
        "kind": step.kind,
        "id": step.id,
        "parent": step.parent,
        "block": step.block,
        "when": step.when,
    }
    match step:
        case RunStep():
            return StepOutline(**known, capability=step.capability, agent=step.agent)
        case SubrunStep():
            return StepOutline(**known, workflow=step.workflow)
        case LoopStep():
            return StepOutline(**known, at_most=step.at_most)
        case GateStep():
            return StepOutline(**known, reviewers=step.named_reviewers())
        case BranchStep():
            return StepOutline(**known, cases={case.block: case.condition for case in step.cases})
        case _:
            return StepOutline(**known)
