"""What every kind of step has and can do. A kind is one class in one file: what an author writes, what is refused when
the folder is loaded, and what the step does in a run."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from common.contracts.values import Problem
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.engine.state import LIVE, At, Phase

if TYPE_CHECKING:
    from orchestrator.definitions.checks import Checks
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course
    from orchestrator.engine.happenings import Decided, SubrunEnded

OnFailure = Literal["stop", "finish", "accept"]
"""What a failed part does to the others: `stop` ends them and fails, `finish` lets them end and then fails, `accept`
goes on without what failed, which makes the run `degraded`."""


class Part(BaseModel):
    """A frozen part of a definition. Unknown members are an error: nothing that is written is ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Retry(Part):
    """How often a step is tried, and the first pause; each further pause is twice as long, up to ten minutes."""

    attempts: int = Field(default=3, ge=1, le=20)
    backoff_ms: int = Field(default=2_000, ge=0)
    never_on: tuple[str, ...] = ()
    """Codes of problems that are not tried again, though they may get better."""


class StepKind(Part):
    """One step of a definition. Steps inside of others follow them in the definition's list and name their `parent`."""

    kind: str
    id: str
    parent: str | None = None
    """The step that this one is inside of."""
    block: str = ""
    """Which of the parent's blocks: steps of one block follow each other."""
    when: str | None = None
    """CEL; where it does not hold, the step is skipped and its output is null."""
    exit_loop_when: str | None = None
    """CEL; where it holds after the step, the innermost loop around it ends and the run goes on behind that loop."""
    shows_as: str | None = None
    hidden: bool = False

    numbers_items: ClassVar[bool] = False
    """Whether its block runs once for each item, so that places inside have one number more."""
    works: ClassVar[bool] = False
    """Whether a run that waits at this step counts as running."""

    @property
    def is_own(self) -> bool:
        """Whether an author wrote it; the others stand for a short form of something."""
        return "." not in self.id

    # What an author writes

    @classmethod
    @abstractmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        """The step in a file. Raises `WorkflowInvalid` naming file, line and field."""

    def templates(self) -> Iterator[tuple[str, Any]]:
        """What of it has expressions in it, by its key in the file; each is checked."""
        yield from ()

    def check(self, checks: Checks) -> None:
        """Raises `WorkflowInvalid` for what could not work in any run."""

    @property
    def revived(self) -> frozenset[Phase]:
        """Parts in these phases go on when a failed run is tried again."""
        return LIVE | {Phase.FAILED, Phase.CANCELLED}

    # What happens to it in a run

    @abstractmethod
    def enter(self, course: Course, at: At) -> None:
        """The run came to the step."""

    def answered(self, course: Course, at: At, output: Any) -> None:
        """A worker did what was ordered."""
        course.finish(at, output)

    def decided(self, course: Course, at: At, decided: Decided) -> None:
        """A person decided at it; only gates are decided at."""

    def again(self, course: Course, at: At) -> None:
        """Another attempt: the pause before it is over, or it is time to look how far a vendor is."""
        self.enter(course, at)

    def signalled(self, course: Course, at: At, payload: dict[str, Any]) -> None:
        """What it waited for came."""
        course.order_again(at)

    def subrun_ended(self, course: Course, at: At, ended: SubrunEnded) -> None:
        """The run it started is over; only subruns start one."""

    def given_up(self, course: Course, at: At) -> None:
        """It took longer than it may."""
        course.fail(at, Problem(code="timed_out", detail=f"{course.label(at)} took longer than it may."))

    def woken(self, course: Course, at: At) -> None:
        """The time it waited for has come; only sleep waits for a time."""

    def withdrawn(self, course: Course, at: At) -> None:
        """It is not wanted any more: the run has ended, or goes another way."""

    def held(self, course: Course, at: At) -> None:
        """The run was paused at it, or goes on."""

    def revoked(self, course: Course, at: At) -> None:
        """It had ended well, and its run was cancelled."""

    def block_done(self, course: Course, at: At, part: str, output: Any) -> None:
        """The last step of a block ended well. `part` is the block's name, or the item's number."""

    def block_failed(self, course: Course, at: At, part: str, problem: Problem) -> None:
        """A step of a block failed for good."""
        course.fail(at, problem)

    def revive(self, course: Course, at: At) -> None:
        """Go on where the run ended: what is inside and did not end well is tried again, else the step itself."""
        part = course.write(at)
        part.failures = part.same = 0
        part.away_since = None
        if part.parts is None:
            # What never began comes again, so that its `when` is asked.
            begun = self.when is None or part.attempt
            self.enter(course, at) if begun else course.enter(at)
            return
        stopped = [name for name, phase in part.parts.items() if phase in self.revived]
        for name in part.parts:
            if name not in stopped:
                course.revive_background_of(at, name)
        if not stopped:
            course.finish(at, part.output)
            return
        part.phase, part.problem = Phase.ACTIVE, None
        for name in stopped:
            course.set_part(at, name, Phase.ACTIVE)
        for name in stopped:
            now = course.state.at(at)
            if now.phase is Phase.ACTIVE and (now.parts or {}).get(name) is Phase.ACTIVE:
                course.revive_block(at, name)
