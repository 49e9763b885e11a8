"""How a tenant reviews what its workflows say nothing about: definitions as data, versioned and on record."""

from __future__ import annotations

from collections.abc import Sequence

from common.clock import Clock
from common.contracts.gates import EXTERNAL, Review, ReviewStage
from common.contracts.values import Role
from common.db.work import Transaction, Work
from common.errors import Invalid, NotFound
from common.manifest import state_sha256
from common.service.principal import Principal

from compliance import trail
from compliance.errors import VersionChanged
from compliance.repository.reviews import ReviewDefinition, Reviews
from compliance.stages import ROLES

VERSIONS_SHOWN = 50


class Definitions:
    """The review definitions of all tenants; each call is for one. Items that are open keep the review they have."""

    def __init__(self, work: Work, *, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def define(self, gate: str, review: Review, *, principal: Principal, seen: int | None) -> ReviewDefinition:
        """Write a new version. The same as the newest changes nothing.

        `seen` is the version it was made from (0: there was none). Raises `VersionChanged`, and `Invalid` for what
        could never be decided.
        """
        must_be_decidable(review)
        now = self._clock()
        async with self._work.transaction(principal.tenant) as tx:
            reviews = Reviews(tx)
            await reviews.lock()
            newest = await reviews.find(gate)
            version = newest.version if newest else 0
            if seen is not None and seen != version:
                raise VersionChanged(f"The review of {gate!r} is at version {version}.", version=version)
            if newest and newest.review == review:
                return newest
            definition = ReviewDefinition(gate, version + 1, review, principal.user_id, now)
            await reviews.add(definition)
            self._note(tx, definition, before=newest)
            return definition

    async def list_newest(self, *, principal: Principal) -> Sequence[ReviewDefinition]:
        """What is in force, by gate."""
        async with self._work.transaction(principal.tenant) as tx:
            return await Reviews(tx).list_newest()

    async def list_versions(self, gate: str, *, principal: Principal) -> Sequence[ReviewDefinition]:
        """The newest versions for a gate. Raises `NotFound` where there is none."""
        async with self._work.transaction(principal.tenant) as tx:
            versions = await Reviews(tx).list_versions(gate, limit=VERSIONS_SHOWN)
        if not versions:
            raise NotFound(f"Nobody has said how {gate!r} is reviewed.")
        return versions

    def _note(self, tx: Transaction, new: ReviewDefinition, *, before: ReviewDefinition | None) -> None:
        was = before.review.model_dump(mode="json") if before else None
        is_now = new.review.model_dump(mode="json")
        trail.note(
            tx,
            "review.defined",
            actor=new.set_by,
            resource=f"review:{new.gate}",
            at=new.set_at,
            before_sha256=state_sha256(was),
            after_sha256=state_sha256(is_now),
            detail={"version": new.version, "review": is_now, "before": was},
        )


def must_be_decidable(review: Review) -> None:
    """Raises `Invalid` for stages that nobody could ever pass, or that name what is no role."""
    stages = review.stages or ()
    if review.stages is not None and not stages:
        raise Invalid("A review needs at least one stage, or says nothing of stages.")
    if len({stage.name for stage in stages}) < len(stages):
        raise Invalid("Two stages have the same name.")
    for stage in stages:
        _must_be_passable(stage)
    if review.escalate and Role.SERVICE.value in review.escalate.to:
        raise Invalid("A service cannot decide, so it cannot be called.")


def _must_be_passable(stage: ReviewStage) -> None:
    if unknown := [role for role in stage.reviewers if role not in {*ROLES, EXTERNAL} or role == Role.SERVICE.value]:
        raise Invalid(f"Stage {stage.name!r}: {', '.join(unknown)} is no role of a person.")
    if not stage.reviewers and not stage.any_of:
        raise Invalid(f"Stage {stage.name!r} needs 'reviewers' (roles), 'any_of' (user ids), or both.")
    if stage.quorum == "all" and not stage.any_of:
        raise Invalid(f"Stage {stage.name!r}: 'all' means everybody in 'any_of', and nobody is named there.")
    if stage.quorum != "all" and not stage.reviewers and stage.quorum > len(set(stage.any_of)):
        raise Invalid(f"Stage {stage.name!r}: {stage.quorum} of {len(set(stage.any_of))} people can never approve.")
