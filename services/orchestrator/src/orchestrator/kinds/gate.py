"""`gate`: hold content at the airlock until a person decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, Self, assert_never

from common.contracts.gates import Accepts, ContentType, GateOpened, OpenGate, Priority, Review, ReviewStage
from common.contracts.values import Decision, Problem, Role, RunStatus
from pydantic import Field, ValidationError

from orchestrator.definitions.reviews import read_content_type, read_priority, read_review, read_roles
from orchestrator.engine.effects import WithdrawGate
from orchestrator.engine.endings import decision_of
from orchestrator.engine.happenings import Decided
from orchestrator.engine.state import At, Phase
from orchestrator.kinds.step import Part, StepKind

if TYPE_CHECKING:
    from orchestrator.definitions.checks import Checks
    from orchestrator.definitions.files import Node
    from orchestrator.definitions.reading import Reading
    from orchestrator.engine.course import Course


_REVIEWERS = (Role.REVIEWER.value,)


class ChangesRule(Part):
    """Where a run goes back to when changes are requested, and how often at most."""

    go_to: str
    at_most: int = Field(default=5, ge=1)


class GateStep(StepKind):
    """Opens an airlock item. Approved: the run goes on with what was approved. Rejected: the run ends.

    Changes requested: the run goes back, and until the next approval the gate's output is what the reviewer saw.
    """

    kind: Literal["gate"] = "gate"
    gate: str
    title: str = ""
    holds: Any
    reviewers: tuple[str, ...] | None = None
    """Roles; None where the file does not say, so that the tenant may."""
    remind_ms: int | None = None
    timeout_ms: int | None = None
    changes: ChangesRule | None = None
    accepts: tuple[Accepts, ...] = ()
    review: Review | None = None
    content_type: ContentType | None = None
    priority: Priority = Priority.MEDIUM

    @classmethod
    def read(cls, node: Node, reading: Reading, shared: dict[str, Any]) -> Self:
        review = read_review(node, reading)
        return cls(
            **shared,
            gate=node.take("gate", str),
            title=node.take("title", str, ""),
            holds=node.take("holds", (str, dict)),
            reviewers=_read_reviewers(node),
            remind_ms=review.remind_after_ms,
            timeout_ms=_read_timeout(node, reading),
            changes=_read_changes(node),
            accepts=tuple(_read_accepts(each) for each in node.children("accepts")) if node.has("accepts") else (),
            review=review,
            content_type=read_content_type(node),
            priority=read_priority(node),
        )

    def named_reviewers(self) -> list[str]:
        """Roles and user ids that the file names, stage by stage; none where it leaves that to the tenant."""
        stages = (self.review and self.review.stages) or ()
        named = [name for stage in stages for name in (*stage.reviewers, *stage.any_of)]
        return list(dict.fromkeys([*(self.reviewers or ()), *named]))

    def templates(self) -> Iterator[tuple[str, Any]]:
        yield "holds", self.holds
        yield "title", self.title

    def check(self, checks: Checks) -> None:
        for number, condition in enumerate(self.accepts):
            checks.acceptance(self.id, number, condition.when, holds=self.holds)
        if self.changes is not None:
            checks.goes_back(self.id, self.changes.go_to)

    def enter(self, course: Course, at: At) -> None:
        timeout_at = course.now + timedelta(milliseconds=self.timeout_ms) if self.timeout_ms else None
        asked = {
            "gate": self.gate,
            "title": course.fill(at, self.title) or course.definition.title,
            "content": course.fill(at, self.holds),
            "requested_by": course.facts.created_by,
            "reviewers": list(self.reviewers or _REVIEWERS),
            "review": self._review(),
            "place": at.key,
            "content_type": self.content_type,
            "priority": self.priority,
            "spent_usd_micros": course.state.cost_usd_micros,
            "takes_changes": self._takes_changes(course, at),
            "redo_usd_micros": course.cost_since(at, self.changes.go_to) if self.changes else None,
            "accepts": [condition.model_dump() for condition in self.accepts],
            "remind_after_ms": self.remind_ms,
            "timeout_at": timeout_at.isoformat() if timeout_at else None,
            "downgrades": [downgrade.model_dump(mode="json") for downgrade in course.state.downgrades],
        }
        course.order(at, OpenGate.name, agent=None, values=asked)

    def _takes_changes(self, course: Course, at: At) -> bool:
        return self.changes is not None and course.state.at(at).sent_back < self.changes.at_most

    def _review(self) -> dict[str, Any]:
        review = self.review or Review(remind_after_ms=self.remind_ms)
        if review.stages is None and self.reviewers is not None:
            alone = ReviewStage(name=self.gate, reviewers=self.reviewers)
            review = review.model_copy(update={"stages": (alone,)})
        return review.model_dump(mode="json")

    def answered(self, course: Course, at: At, output: Any) -> None:
        try:
            opened = GateOpened.model_validate(output)
        except ValidationError as error:
            course.fail(at, Problem(code="answer_not_understood", detail=f"{OpenGate.name} answered: {error}"))
            return
        part = course.write(at)
        part.phase, part.handle, part.open_to = Phase.OPEN, str(opened.item_id), opened.open_to
        level = opened.verdict.level.value
        course.record("gate.opened", at, gate=self.gate, item_id=part.handle, verdict=level)
        self._take_kept(course, at)

    def decided(self, course: Course, at: At, decided: Decided) -> None:
        part = course.write(at)
        part.decision = decision_of(decided)
        course.record("gate.decided", at, gate=self.gate, **part.decision)
        match decided.decision:
            case Decision.APPROVED:
                course.finish(at, decided.content)
            case Decision.REJECTED:
                course.reject(decided.comment or "rejected")
            case Decision.CHANGES_REQUESTED if self.changes is None or not self._takes_changes(course, at):
                # The airlock refuses it; it can only have come from an item of before it did.
                course.reject(decided.comment or "changes were requested more often than the workflow allows")
            case Decision.CHANGES_REQUESTED:
                # What was edited on the way here would be lost if the steps began again with what they had made.
                part.output = decided.content
                course.go_back(at, self.changes.go_to)
            case _:
                assert_never(decided.decision)

    def withdrawn(self, course: Course, at: At) -> None:
        self._withdraw(course, at)

    def revoked(self, course: Course, at: At) -> None:
        self._withdraw(course, at)

    def _withdraw(self, course: Course, at: At) -> None:
        decision = course.state.at(at).decision or {}
        refused = decision.get("decision") in {Decision.REJECTED.value, Decision.CHANGES_REQUESTED.value}
        if refused and decision["item_id"] == str(course.id_of(at)):
            return
        ended = course.state.status is RunStatus.CANCELLED
        reason = "The run was cancelled." if ended else "The run goes another way."
        course.effects.append(WithdrawGate(course.id_of(at), reason, f"run:{course.facts.id}"))

    def revive(self, course: Course, at: At) -> None:
        if not self._take_kept(course, at) and course.state.at(at).phase is not Phase.OPEN:
            super().revive(course, at)

    def _take_kept(self, course: Course, at: At) -> bool:
        """Take what was decided while the run had failed; the airlock tells a decision once."""
        kept = course.take_signal(str(course.id_of(at)))
        if kept is not None:
            self.decided(course, at, Decided.model_validate(kept))
        return kept is not None


def _read_reviewers(node: Node) -> tuple[str, ...] | None:
    if not node.has("reviewers"):
        return None
    reviewers = read_roles(node, "reviewers")
    if not reviewers:
        raise node.place("reviewers").error("name at least one role")
    return reviewers


def _read_timeout(node: Node, reading: Reading) -> int | None:
    timeout = node.child("timeout")
    if timeout is None:
        return None
    after = reading.duration(timeout, "after", required=True)
    if timeout.take("then", str) != "reject":
        raise timeout.place("then").error("a gate's time-out can only 'reject'; it never approves")
    timeout.finish()
    return after


def _read_accepts(node: Node) -> Accepts:
    condition = Accepts(when=node.take("when", str), otherwise=node.take("else", str).strip())
    node.finish()
    if not condition.otherwise:
        raise node.place("else").error("say in a sentence what a reviewer can do about it")
    return condition


def _read_changes(node: Node) -> ChangesRule | None:
    decisions = node.child("decisions")
    if decisions is None:
        return None
    if decisions.take("reject", str, "rejected") != "rejected":
        raise decisions.place("reject").error("a rejected gate ends the run as 'rejected'")
    changes = decisions.child("changes")
    decisions.finish()
    if changes is None:
        return None
    go_to, at_most = changes.take("go_to", str), changes.take("at_most", int, 5)
    if at_most < 1:
        raise changes.place("at_most").error("at least 1; without 'changes', nobody can request any")
    changes.finish()
    return ChangesRule(go_to=go_to, at_most=at_most)
