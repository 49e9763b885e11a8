"""`run`: order one capability from a worker, and go on when it has answered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, Self

from common.contracts.catalogue import CAPABILITIES
from common.contracts.values import Problem
from pydantic import Field

from orchestrator.engine.state import At, Phase
from orchestrator.kinds.step import Part, Retry, StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.checks import Checks
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course

STARTED = "started"
"""The block of what a step starts in the background; its one step is a `foreach`."""

SPENDING = "spending"
"""What the gate before a step is called at which a person agrees to what it costs."""


class Cost(Part):
    """What an author says a step may cost, in dollars: a number, or an expression that gives one."""

    estimate: str
    approve_above: str | None = None


class RunStep(StepKind):
    """Orders one capability. What it `starts` then runs in the background until a `wait` joins it."""

    kind: Literal["run"] = "run"
    capability: str
    agent: str | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    retry: Retry = Retry()
    timeout_ms: int | None = None
    """For all attempts together."""
    cost: Cost | None = None
    starts: bool = False

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        capability: str = node.take("run", str)
        if capability not in CAPABILITIES:
            known = ", ".join(sorted(CAPABILITIES))
            raise node.place("run").error(f"there is no capability {capability!r}; known are {known}")
        started = node.child("starts")
        if started is not None:
            reading.foreach(started, id=f"{shared['id']}.{STARTED}", parent=shared["id"], block=STARTED)
        return cls(
            **shared,
            capability=capability,
            agent=node.take("agent", str, None),
            inputs=node.take("with", dict, {}),
            retry=reading.retry(node),
            timeout_ms=reading.duration(node, "timeout"),
            cost=_read_cost(node),
            starts=started is not None,
        )

    def templates(self) -> Iterator[tuple[str, Any]]:
        yield "with", self.inputs
        if self.cost:
            yield "cost", [self.cost.estimate, self.cost.approve_above]

    def check(self, checks: Checks) -> None:
        checks.order(self.id, capability=self.capability, inputs=self.inputs, agent=self.agent)
        if self.cost:
            checks.cost(self.id, estimate=self.cost.estimate, above=self.cost.approve_above)

    def enter(self, course: Course, at: At) -> None:
        self.again(course, at)
        if self.timeout_ms is not None and course.state.at(at).phase is Phase.ORDERED:
            since = course.write(at).since = course.state.at(at).attempt
            course.set_timer(at, "give_up", in_ms=self.timeout_ms, attempt=-since)

    def again(self, course: Course, at: At) -> None:
        course.order(at, self.capability, agent=self.agent, values=course.fill(at, self.inputs), cost=self.cost)

    def answered(self, course: Course, at: At, output: Any) -> None:
        cost = course.state.at(at).cost_usd_micros
        course.record("agent.completed", at, capability=self.capability, cost_usd_micros=cost or None)
        if self.starts:
            course.enter(At(f"{self.id}.{STARTED}", at.index))
        course.finish(at, output)

    def block_done(self, course: Course, at: At, part: str, output: Any) -> None:
        course.joined(at)

    def block_failed(self, course: Course, at: At, part: str, problem: Problem) -> None:
        course.joined(at)


def _read_cost(node: Node) -> Cost | None:
    written = node.child("cost")
    if written is None:
        return None
    above = written.take("approve_above", (str, int, float), None)
    cost = Cost(
        estimate=str(written.take("estimate", (str, int, float))), approve_above=None if above is None else str(above)
    )
    written.finish()
    return cost
