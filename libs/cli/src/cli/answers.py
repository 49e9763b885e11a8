"""The orchestrator's and the airlock's answers, as far as the command line reads them. Unknown members are ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from common.contracts.gates import Verdict
from common.contracts.values import TERMINAL_STATUSES, Downgrade
from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """A part of an answer over HTTP or the socket."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Failure(Answer):
    """Why a run failed."""

    stage: str
    code: str
    detail: str
    kept: list[str] = []
    next_action: str = ""


class Interrupt(Answer):
    """What a run waits for outside of itself."""

    id: str
    kind: str
    gate: str | None = None
    step: str


class Run(Answer):
    """A run."""

    run_id: UUID
    workflow: str
    status: str
    state: str
    current_step: str | None = None
    degraded: bool = False
    downgrades: list[dict[str, Any]] = []
    origins: list[str] = []
    input: dict[str, Any] = {}
    interrupts: list[Interrupt] = []
    error: Failure | None = None
    rejection: str | None = None
    cost_usd: str = "0"
    created_by: str = ""
    created_at: datetime
    finished_at: datetime | None = None
    last_seq: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in TERMINAL_STATUSES

    @property
    def gate(self) -> Interrupt | None:
        """The gate it waits at."""
        return next((one for one in self.interrupts if one.kind == "hitl"), None)

    @property
    def brief(self) -> str:
        """What was asked for, as far as the workflow has a brief."""
        return str(self.input.get("brief", ""))


class StepView(Answer):
    """One step of a run."""

    id: str
    kind: str
    state: str
    visit: int = 1
    attempt: int = 0
    children: list[str] | None = None
    output: Any = None
    decision: dict[str, Any] | None = None


class RunSteps(Answer):
    """A run step by step."""

    run_id: UUID
    status: str
    steps: list[StepView]

    def output(self, step: str) -> Any:
        """What a step gave; None while it gave nothing."""
        return next((one.output for one in self.steps if one.id == step), None)


class Artifact(Answer):
    """An artifact of a run. Its id is the SHA-256 of its bytes."""

    id: str
    type: str
    name: str
    size: int
    media_type: str
    step: str
    made_by: str
    origin: str


class Workflow(Answer):
    """A workflow that may be started, or the reason why not."""

    name: str
    title: str = ""
    description: str = ""
    status: str
    problem: str | None = None
    steps: list[str] = []
    inputs: dict[str, dict[str, Any]] = {}


class HeldItem(Answer):
    """What a reviewer decides about."""

    content: dict[str, Any]
    verdict: Verdict
    policy_version: str
    downgrades: tuple[Downgrade, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """What an approval has to accept, each code once."""
        return tuple(dict.fromkeys(one.code for one in self.downgrades))


class Frame(Answer):
    """One frame of the stream: history has a `seq`, live events have none."""

    type: str
    run_id: str | None = None
    seq: int | None = None
    at: datetime | None = None
    data: dict[str, Any] = {}
