"""`parallel`: several blocks side by side, joined."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from common.contracts.values import Problem

from orchestrator.engine.state import At, Phase
from orchestrator.kinds.step import OnFailure, StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course


class ParallelStep(StepKind):
    """Runs its blocks at once. The output is the last output of each block that was joined, by the block's name."""

    kind: Literal["parallel"] = "parallel"
    blocks: tuple[str, ...]
    join: int
    """How many blocks have to end well; the others are then ended."""
    on_failure: OnFailure = "stop"

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        written = node.child("parallel")
        if written is None or not written.keys():
            raise node.place("parallel").error("expected a mapping of names to lists of steps")
        names = tuple(written.keys())
        for name in names:
            reading.block(written, name, parent=shared["id"], block=name)
        written.finish()
        join = node.take("join", (str, int), "all")
        count = {"all": len(names), "any": 1}.get(join, join) if isinstance(join, str) else join
        if not isinstance(count, int) or not 1 <= count <= len(names):
            raise node.place("join").error(f"'all', 'any', or a number from 1 to {len(names)}")
        return cls(**shared, blocks=names, join=count, on_failure=reading.on_failure(node))

    def enter(self, course: Course, at: At) -> None:
        course.write(at).phase = Phase.ACTIVE
        course.write(at).parts = dict.fromkeys(self.blocks, Phase.IDLE)
        course.record("step.started", at, blocks=list(self.blocks))
        for block in self.blocks:
            course.start_block(at, block)

    def block_done(self, course: Course, at: At, part: str, output: Any) -> None:
        course.set_part(at, part, Phase.DONE)
        self._settle(course, at)

    def block_failed(self, course: Course, at: At, part: str, problem: Problem) -> None:
        if self.on_failure == "stop":
            course.withdraw_parts(at)
            course.set_part(at, part, Phase.FAILED)
            course.fail(at, problem)
            return
        course.withdraw_part(at, part)
        course.set_part(at, part, Phase.FAILED)
        course.write(at).problem = problem
        self._settle(course, at)

    def _settle(self, course: Course, at: At) -> None:
        """Go on as soon as enough blocks ended well, fail as soon as that cannot be any more."""
        part = course.write(at)
        parts = part.parts or {}
        done = [name for name, phase in parts.items() if phase is Phase.DONE]
        live = [name for name, phase in parts.items() if phase is Phase.ACTIVE]
        failed = [name for name, phase in parts.items() if phase is Phase.FAILED]
        if len(done) >= self.join or (not live and done and self.on_failure == "accept"):
            course.withdraw_parts(at)
            if failed and self.on_failure == "accept":
                course.degrade(at, failed, part.problem)
            course.finish(at, {name: course.output_of_block(at, name) for name in done})
        elif not live:
            course.fail(at, part.problem or Problem(code="unknown", detail="A part of it failed."))
