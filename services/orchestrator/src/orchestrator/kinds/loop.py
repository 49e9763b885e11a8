"""`loop`: a block again and again, until a condition holds or it was often enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self

from common.contracts.values import Problem
from pydantic import Field

from orchestrator.definitions.expressions import constant_in
from orchestrator.engine.state import At, Phase
from orchestrator.kinds.step import StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.checks import Checks
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course

BODY = "body"


class LoopStep(StepKind):
    """Repeats its block. Inside, `index` is the number of the round from 0, and outputs are those of the newest one.

    The output is that of the last step of the last round. A step inside may leave the loop by `exit_loop_when`: that
    ends this loop alone, with what the step gave.
    """

    kind: Literal["loop"] = "loop"
    until: str | None = None
    at_most: int = Field(ge=1, le=1_000)
    then: Literal["continue", "fail"] = "continue"
    """When it was often enough and `until` never held."""

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        loop = node.child("loop")
        if loop is None:
            raise node.place("loop").error("expected {until, at_most, steps}")
        if not loop.has("at_most"):
            raise loop.place().error("'at_most' is missing: a loop needs a bound")
        then = loop.take("then", str, "continue")
        if then not in {"continue", "fail"}:
            raise loop.place("then").error("'continue' or 'fail'")
        at_most = loop.take("at_most", int)
        if not 1 <= at_most <= 1_000:
            raise loop.place("at_most").error("between 1 and 1000 rounds")
        until = loop.take("until", str, None)
        if until is not None and constant_in(until) is not None:
            raise loop.place("until").error(f"{until!r} is always the same; 'at_most' alone says how often")
        reading.block(loop, "steps", parent=shared["id"], block=BODY)
        loop.finish()
        return cls(**shared, until=until, at_most=at_most, then=then)

    def check(self, checks: Checks) -> None:
        if self.until is not None:
            checks.expression(self.id, self.until, "loop", "until", inside=True)

    def enter(self, course: Course, at: At) -> None:
        course.write(at).attempt = 0
        self._begin_round(course, at)

    def _begin_round(self, course: Course, at: At) -> None:
        """`attempt` counts the rounds."""
        course.write(at).attempt += 1
        course.record("loop.round", at, round=course.state.at(at).attempt)
        course.renew_block(at, BODY)
        course.start_block(at, BODY)

    def block_done(self, course: Course, at: At, part: str, output: Any) -> None:
        course.set_part(at, part, Phase.DONE)
        if self.until is not None and course.holds(at, self.until, inside=True):
            course.finish(at, output)
        elif course.state.at(at).attempt < self.at_most:
            self._begin_round(course, at)
        elif self.then == "continue":
            course.finish(at, output)
        else:
            detail = f"{course.label(at)} went round {self.at_most} times and its condition never held."
            course.fail(at, Problem(code="loop_exhausted", detail=detail))

    def leave(self, course: Course, at: At, output: Any) -> None:
        """A step inside left the loop: what else goes on inside is ended, and the run goes on behind it."""
        course.withdraw_parts(at)
        course.record("loop.left", at, round=course.state.at(at).attempt)
        course.finish(at, output)

    def revive(self, course: Course, at: At) -> None:
        if (course.state.at(at).parts or {}).get(BODY) is Phase.DONE:
            self._begin_round(course, at)
        else:
            super().revive(course, at)
