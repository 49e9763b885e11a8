"""What a workflow is once it is loaded: frozen data, stored as JSON, all the engine ever reads."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Literal

from common.contracts.gates import Accepts
from common.contracts.message import AgentSpec
from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A frozen part of a definition. Unknown members are an error: nothing that is written is ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class InputField(Part):
    """One declared input of a workflow."""

    type: Literal["str", "int", "float", "bool", "list[str]"]
    required: bool = True
    default: Any = None


class Retry(Part):
    """How often a step is tried, and the first pause; each further pause is twice as long."""

    attempts: int = Field(default=3, ge=1, le=20)
    backoff_ms: int = Field(default=2_000, ge=0)


class Children(Part):
    """Steps that a step starts when it is done, one for each item; a later `wait` joins them."""

    each: str
    capability: str
    agent: str | None = None
    inputs: dict[str, Any]
    retry: Retry = Retry()


class StepPart(Part):
    """What all steps have."""

    id: str
    shows_as: str | None = None
    hidden: bool = False


class RunStep(StepPart):
    """Order one capability and go on when it has answered."""

    kind: Literal["run"] = "run"
    capability: str
    agent: str | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    retry: Retry = Retry()
    starts: Children | None = None


class ForeachStep(StepPart):
    """Order one capability for each item, all at once; the output is a list in item order."""

    kind: Literal["foreach"] = "foreach"
    children: Children


class ChangesRule(Part):
    """Where a run goes back to when changes are requested, and how often at most."""

    go_to: str
    at_most: int = Field(default=5, ge=1)


class GateStep(StepPart):
    """Hold content at the airlock until a person decides."""

    kind: Literal["gate"] = "gate"
    gate: str
    title: str = ""
    holds: Any
    reviewers: tuple[str, ...] = ("reviewer",)
    remind_ms: int | None = None
    timeout_ms: int | None = None
    changes: ChangesRule | None = None
    accepts: tuple[Accepts, ...] = ()


class WaitStep(StepPart):
    """Join the children that an earlier step started; the output is the list of theirs, in item order."""

    kind: Literal["wait"] = "wait"
    joins: str
    timeout_ms: int | None = None


Step = Annotated[RunStep | ForeachStep | GateStep | WaitStep, Field(discriminator="kind")]


class Definition(Part):
    """A workflow, whole and checked."""

    name: str
    description: str = ""
    title: str = ""
    inputs: dict[str, InputField]
    steps: tuple[Step, ...] = Field(min_length=1)
    agents: dict[str, AgentSpec] = Field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the whole; a run keeps the one it was started with."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def step(self, step_id: str) -> Step:
        """The step with this id. Raises `KeyError`."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def position(self, step_id: str) -> int:
        """Where the step stands, from 0. Raises `KeyError`."""
        for position, step in enumerate(self.steps):
            if step.id == step_id:
                return position
        raise KeyError(step_id)
