"""`branch`: the first case whose condition holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from orchestrator.definitions.expressions import constant_in
from orchestrator.engine.state import At, Phase
from orchestrator.kinds.step import Part, StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.checks import Checks
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course


class Case(Part):
    """One way a branch may go; `condition` is None for `else`."""

    block: str
    condition: str | None


class BranchStep(StepKind):
    """Goes one way. The output is that of the last step on it, or null when no case held."""

    kind: Literal["branch"] = "branch"
    cases: tuple[Case, ...]

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        cases: list[Case] = []
        for number, each in enumerate(node.children("branch")):
            if cases and cases[-1].condition is None:
                raise each.place().error("nothing can come here: an 'else' before it takes everything")
            block = f"case_{number + 1}"
            if each.has("else"):
                reading.block(each, "else", parent=shared["id"], block=block)
                cases.append(Case(block=block, condition=None))
            else:
                condition: str = each.take("when", str)
                if constant_in(condition) is not None:
                    raise each.place("when").error(f"{condition!r} is always the same; say 'else' for all that is left")
                cases.append(Case(block=block, condition=condition))
                reading.block(each, "steps", parent=shared["id"], block=block)
            each.finish()
        return cls(**shared, cases=tuple(cases))

    def check(self, checks: Checks) -> None:
        for number, case in enumerate(self.cases):
            if case.condition is not None:
                checks.expression(self.id, case.condition, "branch", number, "when")

    def enter(self, course: Course, at: At) -> None:
        for case in self.cases:
            if case.condition is None or course.holds(at, case.condition):
                course.record("branch.taken", at, case=case.block, when=case.condition)
                course.start_block(at, case.block)
                return
        course.finish(at, None, phase=Phase.SKIPPED)

    def block_done(self, course: Course, at: At, part: str, output: Any) -> None:
        course.set_part(at, part, Phase.DONE)
        course.finish(at, output)
