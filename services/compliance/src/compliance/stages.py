"""How content is reviewed: who may take part at each stage, whose voices count, and what is said where nobody says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.contracts.gates import GateInput, Review, ReviewStage
from common.contracts.values import Decision, Role
from common.service.principal import Principal

from compliance.domain import may_decide
from compliance.errors import ReasonRequired

REASON_REQUIRED = (Decision.CHANGES_REQUESTED, Decision.REJECTED)
ONLY_STAGE = "review"
ROLES = frozenset(role.value for role in Role)


@dataclass(frozen=True)
class Circle:
    """Who may take part: people with one of the roles, and people by name."""

    roles: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Roles and user ids, to be told."""
        return (*self.roles, *self.people)


@dataclass(frozen=True)
class Plan:
    """The review that a new item gets: nothing of it is missing any more, except what need not be."""

    review: Review
    tenant_version: int | None
    """Of the tenant's definition, when something of it was used."""

    @property
    def stages(self) -> tuple[ReviewStage, ...]:
        """At least one."""
        return self.review.stages or ()


def plan(input: GateInput, *, tenant: Review | None, tenant_version: int | None, due_after_ms: int) -> Plan:
    """What the workflow says comes first, then what the tenant says, then what we say."""
    said = input.review or Review(
        stages=(ReviewStage(name=ONLY_STAGE, reviewers=input.reviewers),), remind_after_ms=input.remind_after_ms
    )
    missing = {name for name in Review.model_fields if getattr(said, name) is None}
    used = tenant is not None and any(getattr(tenant, name) is not None for name in missing)
    values = {name: getattr(said, name) for name in Review.model_fields}
    if tenant is not None:
        values |= {name: getattr(tenant, name) for name in missing}
    values["stages"] = values["stages"] or (ReviewStage(name=ONLY_STAGE, reviewers=(Role.REVIEWER.value,)),)
    if values["require_reason"] is None:
        values["require_reason"] = REASON_REQUIRED
    values["due_after_ms"] = values["due_after_ms"] or due_after_ms
    return Plan(Review(**values), tenant_version if used else None)


def stages_of(review: Review, reviewers: Sequence[str]) -> tuple[ReviewStage, ...]:
    """Who looks, in which order; items of old have one stage."""
    return review.stages or (ReviewStage(name=ONLY_STAGE, reviewers=tuple(reviewers)),)


def circle_of(stage: ReviewStage, review: Review, *, escalated: bool) -> Circle:
    """Who may take part at a stage; those who were called when nobody did may, too."""
    called = review.escalate.to if escalated and review.escalate else ()
    return Circle(
        (*stage.reviewers, *(name for name in called if name in ROLES)),
        (*stage.any_of, *(name for name in called if name not in ROLES)),
    )


def must_be_in(circle: Circle, principal: Principal, *, requested_by: str) -> None:
    """Raises `NotAReviewer` or `OwnWork` for who may not decide there; see `domain.may_decide`."""
    may_decide(
        principal.user_id,
        roles=principal.roles,
        reviewers=circle.roles,
        people=circle.people,
        requested_by=requested_by,
    )


def open_to(review: Review) -> tuple[str, ...]:
    """Who takes part at any stage, or is called when nobody does, as shares name them: `role:…` and `user:…`."""
    circles = [circle_of(stage, review, escalated=True) for stage in review.stages or ()]
    names = [f"role:{role}" for circle in circles for role in circle.roles]
    return tuple(dict.fromkeys(names + [f"user:{name}" for circle in circles for name in circle.people]))


def is_agreed(stage: ReviewStage, voices: Sequence[str]) -> bool:
    """Whether those who approved are enough. Each person counts once."""
    approved = set(voices)
    return approved >= set(stage.any_of) if stage.quorum == "all" else len(approved) >= stage.quorum


def missing_of(stage: ReviewStage, voices: Sequence[str]) -> int:
    """How many more have to approve."""
    approved = set(voices)
    return len(set(stage.any_of) - approved) if stage.quorum == "all" else max(0, stage.quorum - len(approved))


def must_say_why(decision: Decision, comment: str, review: Review) -> None:
    """Raises `ReasonRequired` where the review wants a reason and there is none."""
    wanted = REASON_REQUIRED if review.require_reason is None else review.require_reason
    if decision in wanted and not comment:
        raise ReasonRequired(f"Say in the comment why: this gate wants a reason with {decision.value!r}.")
