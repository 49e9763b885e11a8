"""`sleep`: go on after a while, or at an instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self

from common.contracts.values import Problem

from orchestrator.definitions.durations import LONGEST, read_duration
from orchestrator.engine.state import At, Phase
from orchestrator.kinds.step import StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course

_NEITHER = "is neither a duration such as 10m nor an instant with its time zone, in ten years at most"


class SleepStep(StepKind):
    """Waits as a timer row. What it is told is a duration such as `10m`, or an instant (RFC 3339)."""

    kind: Literal["sleep"] = "sleep"
    until: str

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        until: str = node.take("sleep", str)
        if "${" not in until and _instant(until, datetime.now(UTC)) is None:
            raise node.place("sleep").error(f"{until!r} {_NEITHER}")
        return cls(**shared, until=until)

    def templates(self) -> Iterator[tuple[str, Any]]:
        yield "sleep", self.until

    def enter(self, course: Course, at: At) -> None:
        until = course.fill_text(at, self.until)
        due_at = _instant(until, course.now)
        if due_at is None:
            course.fail(at, Problem(code="expression_failed", detail=f"{until!r} {_NEITHER}."))
            return
        part = course.write(at)
        part.phase = Phase.WAITING
        part.attempt += 1
        course.record("step.sleeping", at, until=due_at.isoformat())
        course.set_timer_at(at, "wake", due_at)

    def woken(self, course: Course, at: At) -> None:
        course.finish(at, None)


def _instant(written: str, now: datetime) -> datetime | None:
    if (pause := read_duration(written)) is not None:
        return now + pause
    try:
        instant = datetime.fromisoformat(written)
    except ValueError:
        return None
    if not instant.tzinfo or instant > now + LONGEST:
        return None
    # Some dates of the first and the last year are none in another time zone.
    return max(instant, now)
