"""`wait`: until a signal comes, or until what an earlier step started is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, Self

from common.contracts.values import Problem

from orchestrator.definitions.expressions import ExpressionFailed
from orchestrator.engine.state import HANDLE_LIMIT, At, Phase
from orchestrator.kinds.run import STARTED, RunStep
from orchestrator.kinds.step import StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.checks import Checks
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course

LATE = "late"
"""The block that runs instead when the time is over."""


class WaitStep(StepKind):
    """Waits as rows only. The output is the signal's payload, or the list of what the joined parts gave."""

    kind: Literal["wait"] = "wait"
    joins: str | None = None
    signal: str | None = None
    timeout_ms: int | None = None
    then: Literal["fail", "continue", "late"] = "fail"
    """When the time is over: the step fails, or the run goes on with null, or through the `late` block."""

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        wait = node.child("wait")
        if wait is None or wait.has("for") == wait.has("signal"):
            raise node.place("wait").error("expected {for: step} or {signal: name}")
        joins, signal = wait.take("for", str, None), wait.take("signal", str, None)
        wait.finish()
        timeout = node.child("timeout") if node.is_mapping("timeout") else None
        if timeout is None:
            return cls(**shared, joins=joins, signal=signal, timeout_ms=reading.duration(node, "timeout"))
        after, then = reading.duration(timeout, "after", required=True), timeout.take("then", str, "fail")
        if timeout.has("steps"):
            then = LATE
            reading.block(timeout, "steps", parent=shared["id"], block=LATE)
        elif then not in {"fail", "continue"}:
            raise timeout.place("then").error("'fail' or 'continue', or 'steps' to do instead")
        timeout.finish()
        return cls.model_validate(shared | {"joins": joins, "signal": signal, "timeout_ms": after, "then": then})

    def templates(self) -> Iterator[tuple[str, Any]]:
        yield "wait", self.signal

    def check(self, checks: Checks) -> None:
        if self.joins is not None:
            earlier = checks.earlier_in_block(self.id)
            if not any(isinstance(step, RunStep) and step.starts and step.id == self.joins for step in earlier):
                raise checks.error(
                    self.id, f"'wait' is for {self.joins!r}, which is no earlier step beside it that starts something"
                )

    def enter(self, course: Course, at: At) -> None:
        part = course.write(at)
        part.phase, part.parts = Phase.WAITING, None
        part.attempt += 1
        if self.signal is not None:
            handle = course.fill_text(at, self.signal)
            if len(handle) > HANDLE_LIMIT:
                raise ExpressionFailed(f"{self.signal!r} gives {len(handle)} characters; {HANDLE_LIMIT} are allowed")
            part.handle = handle
        course.record("step.waiting", at, joins=self.joins, signal=part.handle, shows_as=self.shows_as)
        if self.timeout_ms is not None:
            course.set_timer(at, "give_up", in_ms=self.timeout_ms)
        if self.joins is not None:
            self.look(course, at)
        elif (payload := course.take_signal(part.handle or "")) is not None:
            self.signalled(course, at, payload)

    def look(self, course: Course, at: At) -> None:
        """Go on if what is joined has ended, fail if it failed; what was skipped started nothing."""
        joined = course.state.at(At(f"{self.joins}.{STARTED}", at.index))
        if self.joins is not None and course.state.at(At(self.joins, at.index)).phase is Phase.SKIPPED:
            course.finish(at, None, phase=Phase.SKIPPED)
            return
        if joined.phase is Phase.DONE:
            course.finish(at, joined.output)
        elif joined.phase is Phase.FAILED:
            course.fail(at, joined.problem or Problem(code="unknown", detail="A part of it failed."))

    def signalled(self, course: Course, at: At, payload: dict[str, Any]) -> None:
        course.finish(at, payload)

    def given_up(self, course: Course, at: At) -> None:
        if self.then == "fail":
            super().given_up(course, at)
            return
        course.record("step.timed_out", at)
        if self.then == "continue":
            course.finish(at, None, phase=Phase.TIMED_OUT)
        else:
            course.start_block(at, LATE)

    def block_done(self, course: Course, at: At, part: str, output: Any) -> None:
        course.set_part(at, part, Phase.DONE)
        course.finish(at, output, phase=Phase.TIMED_OUT)
