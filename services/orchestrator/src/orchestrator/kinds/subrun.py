"""`subrun`: another workflow as one step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from common.contracts.values import Problem, RunStatus
from pydantic import Field

from orchestrator.engine.happenings import SubrunEnded
from orchestrator.engine.spending import costs, take_cost
from orchestrator.engine.state import At, Phase
from orchestrator.kinds.step import StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course

DEPTH_LIMIT = 10


class SubrunStep(StepKind):
    """Starts a run of `workflow` and waits for its end. The output is what that workflow gives."""

    kind: Literal["subrun"] = "subrun"
    workflow: str
    inputs: dict[str, Any] = Field(default_factory=dict)

    works: ClassVar[bool] = True

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        return cls(**shared, workflow=node.take("subrun", str), inputs=node.take("with", dict, {}))

    def templates(self) -> Iterator[tuple[str, Any]]:
        yield "with", self.inputs

    def enter(self, course: Course, at: At) -> None:
        part = course.write(at)
        part.phase = Phase.WAITING
        part.attempt += 1
        if course.facts.depth >= DEPTH_LIMIT:
            detail = f"Runs inside of runs go {DEPTH_LIMIT} deep at most."
            course.fail(at, Problem(code="too_deep", detail=detail))
            return
        run_id = course.start_run(at, self.workflow, course.fill(at, self.inputs))
        course.record("subrun.started", at, workflow=self.workflow, run_id=str(run_id))

    def subrun_ended(self, course: Course, at: At, ended: SubrunEnded) -> None:
        said = costs(take_cost(course, ended))
        run = {"workflow": self.workflow, "run_id": str(ended.run_id), "status": ended.status.value}
        course.record("subrun.ended", at, **run, **said)
        if ended.status is RunStatus.COMPLETED:
            course.finish(at, ended.output)
            return
        detail = f"The run of {self.workflow} is {ended.status.value}."
        if ended.problem is not None:
            detail = f"{detail} {ended.problem.detail}"
        course.fail(at, Problem(code=f"subrun_{ended.status.value}", detail=detail))

    def withdrawn(self, course: Course, at: At) -> None:
        course.end_run(at)

    def held(self, course: Course, at: At) -> None:
        course.hold_run(at)

    def revive(self, course: Course, at: At) -> None:
        # A run that is over stays over: the next try is a run of its own.
        course.renew(at)
        self.enter(course, at)
