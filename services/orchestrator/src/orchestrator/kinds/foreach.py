"""`foreach`: the same block for each item of a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from common.contracts.values import Problem

from orchestrator.engine.state import LIVE, At, Phase
from orchestrator.kinds.step import OnFailure, StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.checks import Checks
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course

ITEMS_LIMIT = 1_000
"""A run's state is one document, so what it fans out to has an end; larger work is a `subrun` for each chunk."""
EACH = "each"


class ForeachStep(StepKind):
    """Runs its block once for each item, at most `at_once` of them at a time. The output is a list in item order."""

    kind: Literal["foreach"] = "foreach"
    each: str
    at_once: int | None = None
    on_failure: OnFailure = "stop"

    numbers_items: ClassVar[bool] = True

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        each: str = node.take("foreach" if node.has("foreach") else "each", str)
        if node.has("steps"):
            reading.block(node, "steps", parent=shared["id"], block=EACH)
        else:
            reading.single(node, id=f"{shared['id']}.{EACH}", parent=shared["id"], block=EACH)
        at_once = node.take("at_once", int, None)
        if at_once is not None and at_once < 1:
            raise node.place("at_once").error("at least 1")
        return cls(**shared, each=each, at_once=at_once, on_failure=reading.on_failure(node))

    @property
    def revived(self) -> frozenset[Phase]:
        return super().revived - {Phase.FAILED} if self.on_failure == "accept" else super().revived

    def templates(self) -> Iterator[tuple[str, Any]]:
        yield "foreach", self.each

    def check(self, checks: Checks) -> None:
        checks.goes_through(self.id, self.each)

    def enter(self, course: Course, at: At) -> None:
        items = course.items(at)
        if len(items) > ITEMS_LIMIT:
            detail = f"{course.label(at)} has {len(items)} items; {ITEMS_LIMIT} are allowed."
            course.fail(at, Problem(code="too_many_items", detail=detail))
            return
        part = course.write(at)
        part.phase, part.parts = Phase.ACTIVE, {str(number): Phase.IDLE for number in range(len(items))}
        course.record("step.started", at, items=len(items))
        self._go_on(course, at)

    def block_done(self, course: Course, at: At, part: str, output: Any) -> None:
        course.set_part(at, part, Phase.DONE)
        self._go_on(course, at)

    def block_failed(self, course: Course, at: At, part: str, problem: Problem) -> None:
        if self.on_failure == "stop":
            course.withdraw_parts(at)
            course.set_part(at, part, Phase.FAILED)
            course.fail(at, problem)
            return
        course.withdraw_part(at, part)
        course.set_part(at, part, Phase.FAILED)
        course.write(at).problem = problem
        self._go_on(course, at)

    def _go_on(self, course: Course, at: At) -> None:
        """Start items while there is room; end when all have ended."""
        parts = course.state.at(at).parts or {}
        live = sum(phase in LIVE for phase in parts.values())
        failed = [name for name, phase in parts.items() if phase is Phase.FAILED]
        idle = (
            [] if failed and self.on_failure == "finish" else [n for n, phase in parts.items() if phase is Phase.IDLE]
        )
        for name in idle[: len(idle) if self.at_once is None else max(0, self.at_once - live)]:
            course.start_block(at, name)
            live += 1
        if live:
            return
        problem = course.state.at(at).problem
        if failed and self.on_failure != "accept":
            course.fail(at, problem or Problem(code="unknown", detail="A part of it failed."))
            return
        if failed:
            course.degrade(at, failed, problem)
        outputs = [None if name in failed else course.output_of_block(at, name) for name in parts]
        course.finish(at, outputs)
