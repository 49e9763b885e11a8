"""What `/v2/runs` answers: a run as a graph with nodes, checkpoints and interrupts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from common.contracts.values import TERMINAL_STATUSES, PublicMoney
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.api.shapes import ArtifactAnswer, artifact_answer
from orchestrator.definitions.model import Definition
from orchestrator.engine.interrupts import interrupts_of
from orchestrator.engine.state import LIVE, At, Failure, Phase, RunState
from orchestrator.kinds import Step

OPENED = ("gate.opened", "step.waiting", "step.pending")
"""Entries of a history that tell of an interrupt."""
ENDED = ("agent.completed", "step.completed", "step.timed_out", "gate.decided")
"""Entries that tell of a step's end."""
DECIDED = "gate.decided"
_ID_MEMBERS = ("item_id", "signal", "handle")


class Strict(BaseModel):
    """Unknown members are refused."""

    model_config = ConfigDict(extra="forbid")


class Approval(Strict):
    """One decision at a gate. A run that was sent back has several for the same gate."""

    gate: str = Field(description="The node.", examples=["ideation_approval"])
    decision: str = Field(examples=["approved"])
    decided_by: str
    comment: str
    item_id: UUID
    at: datetime


class NodeError(Strict):
    """Something that went wrong for good."""

    node: str
    code: str
    detail: str


class VideoWorkflowState(Strict):
    """The whole of a run's state, typed. Beyond `errors` it is extension."""

    run_id: UUID
    brief: str | None = Field(description="Null for a workflow that takes none.")
    artifacts: list[ArtifactAnswer]
    approvals: list[Approval]
    status: str = Field(examples=["awaiting_ideation_approval"])
    errors: list[NodeError]
    workflow: str
    input: dict[str, Any]
    current_node: str | None
    output: Any = Field(default=None, description="Once it is completed.")
    degraded: bool
    cost_usd: PublicMoney


class GraphInterrupt(Strict):
    """What the run waits for. Answer it by its id."""

    id: str
    kind: str = Field(description="`hitl` for a gate, `webhook` for a vendor or another signal.")
    gate: str | None
    node: str
    payload: dict[str, Any] = Field(description="What the history says about it. A gate's content is in the airlock.")


class GraphState(Strict):
    """Where the graph stands."""

    state: VideoWorkflowState
    next: list[str] = Field(description="The nodes that are under way, else the one that comes; empty at the end.")
    interrupts: list[GraphInterrupt]


class GraphRun(Strict):
    """A run. Its thread is itself."""

    run_id: UUID
    thread_id: UUID
    status: str
    state: VideoWorkflowState
    next: list[str]
    interrupt: GraphInterrupt | None = Field(description="The first of `interrupts`.")
    interrupts: list[GraphInterrupt]


class Checkpoint(Strict):
    """A node ended here."""

    checkpoint_id: str = Field(description="The run and the number of the entry in its history.")
    node: str
    values: dict[str, Any] = Field(
        description="`state`, `output` and `decision`; `output` is null where a later visit has replaced it."
    )
    next: list[str]
    at: datetime


class Graph:
    """Reads a run, its artifacts and the telling part of its history as a graph."""

    def __init__(
        self, row: Any, definition: Definition, *, artifacts: Sequence[Any] = (), history: Sequence[Any] = ()
    ) -> None:
        self._row = row
        self._state = RunState.model_validate(row["state"])
        self._artifacts = artifacts
        self._history = history
        self._nodes: dict[str, Step] = {step.id: step for step in definition.outline() if not step.hidden}

    def run(self) -> GraphRun:
        """The whole."""
        stands = self.state()
        return GraphRun(
            run_id=self._row["id"],
            thread_id=self._row["id"],
            status=stands.state.status,
            state=stands.state,
            next=stands.next,
            interrupt=next(iter(stands.interrupts), None),
            interrupts=stands.interrupts,
        )

    def state(self) -> GraphState:
        """Where it stands."""
        row, state = self._row, self._state
        brief = row["input"].get("brief")
        whole = VideoWorkflowState(
            run_id=row["id"],
            brief=brief if isinstance(brief, str) else None,
            artifacts=[artifact_answer(one) for one in self._artifacts],
            approvals=[_approval(entry) for entry in self._history if entry["type"] == DECIDED],
            status=row["shown_status"],
            errors=_errors(state),
            workflow=row["workflow"],
            input=row["input"],
            current_node=row["current_step"],
            output=state.output,
            degraded=bool(state.downgrades),
            cost_usd=Decimal(row["cost_usd_micros"]) / 1_000_000,
        )
        return GraphState(state=whole, next=self._next(), interrupts=self._interrupts())

    def checkpoints(self) -> list[Checkpoint]:
        """One for each time a node ended, in order."""
        ends = [entry for entry in self._history if self._ends_a_node(entry)]
        newest = {entry["data"]["step"]: entry["seq"] for entry in ends}
        following = [[entry["data"]["step"]] for entry in ends[1:]] + [self._next()]
        told = []
        # Before the first node has ended there is none for what follows.
        for entry, after in zip(ends, following[: len(ends)], strict=True):
            node = entry["data"]["step"]
            part = self._state.at(At(node))
            values = {
                # A node that was come to again is not what it was, and neither is what it gave.
                "state": Phase.TIMED_OUT.value if entry["type"] == "step.timed_out" else Phase.DONE.value,
                "output": part.output if newest[node] == entry["seq"] else None,
                "decision": _decision(entry),
            }
            told.append(
                Checkpoint(
                    checkpoint_id=f"{self._row['id']}:{entry['seq']}",
                    node=node,
                    values=values,
                    next=after,
                    at=entry["at"],
                )
            )
        return told

    def _next(self) -> list[str]:
        if self._state.status in TERMINAL_STATUSES:
            return []
        phases = {node: self._state.at(At(node)).phase for node in self._nodes}
        under_way = [node for node, phase in phases.items() if phase in LIVE]
        return under_way or [node for node, phase in phases.items() if phase is Phase.IDLE][:1]

    def _interrupts(self) -> list[GraphInterrupt]:
        if self._state.status in TERMINAL_STATUSES:
            return []
        told = {opened_id(entry): entry["data"] for entry in self._history if entry["type"] in OPENED}
        return [
            GraphInterrupt(id=one.id, kind=one.kind, gate=one.gate, node=one.step, payload=told.get(one.id, {}))
            for one in interrupts_of(self._state)
        ]

    def _ends_a_node(self, entry: Any) -> bool:
        node = self._nodes.get(entry["data"].get("step", ""))
        if node is None or "index" in entry["data"]:
            return False
        match node.kind:
            case "run":
                return bool(entry["type"] == "agent.completed")
            case "gate":
                return bool(entry["type"] == DECIDED)
            case _:
                return entry["type"] in {"step.completed", "step.timed_out"}


def opened_id(entry: Any) -> str | None:
    """The id of the interrupt that an entry of a history tells of."""
    return next((str(entry["data"][name]) for name in _ID_MEMBERS if name in entry["data"]), None)


def _approval(entry: Any) -> Approval:
    said = _decision(entry) or {}
    wanted = {name: said[name] for name in ("decision", "decided_by", "comment", "item_id")}
    return Approval(gate=entry["data"]["step"], at=entry["at"], **wanted)


def _decision(entry: Any) -> dict[str, Any] | None:
    if entry["type"] != DECIDED:
        return None
    return {name: value for name, value in entry["data"].items() if name not in {"step", "gate"}}


def _errors(state: RunState) -> list[NodeError]:
    """Why the run failed, and what had gone wrong in it for good."""
    told = []
    if isinstance(failure := state.error, Failure):
        told.append(NodeError(node=failure.stage, code=failure.code, detail=failure.detail))
    for key, part in state.steps.items():
        if part.phase is Phase.FAILED and part.problem is not None:
            node = At.read(key).step.partition(".")[0]
            error = NodeError(node=node, code=part.problem.code, detail=part.problem.detail)
            if error not in told:
                told.append(error)
    return told
