"""A new policy looks at everything that was approved under an old one and has not left yet."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from common.clock import Clock
from common.contracts.gates import Change, ContentType, Finding, Verdict
from common.db.work import Transaction, Work
from common.errors import GreenlightError, NotFound, Unavailable
from common.observability.logging import get_logger
from safety.policy import Policy

from compliance import trail
from compliance.domain import RELEASABLE, ItemStatus, news_in, seal
from compliance.errors import NotApproved
from compliance.examiner import Examiner
from compliance.policies import Policies
from compliance.reopening import reopen
from compliance.repository.items import Item, Items
from compliance.repository.policies import (
    PolicyStore,
    Reevaluations,
    Waiting,
    claim_reevaluation,
    keep_claim,
)
from compliance.risk import Circumstances

log = get_logger(__name__)
ACTOR = "service:compliance"
BATCH = 25
CLAIM_SECONDS = 10.0
_STAGE = "publish"
_MAY_LEAVE = RELEASABLE | {ItemStatus.RELEASING}
_LEAVES = frozenset({ContentType.POST, ContentType.CUT, ContentType.CAMPAIGN, ContentType.IMAGE})
"""Ideas and scripts stay inside: what is made of them is looked at, under the policy of then, before it leaves."""


class Reevaluation:
    """Second looks, over all tenants. Any number of replicas may run it; one at a time works on a tenant.

    A crash loses nothing: what was looked at is written down batch by batch, and the rest is found by what is missing.
    """

    def __init__(
        self, work: Work, *, policies: Policies, examiner: Examiner, clock: Clock, every_seconds: float
    ) -> None:
        self._work = work
        self._policies = policies
        self._examiner = examiner
        self._clock = clock
        self._every_seconds = every_seconds

    async def run(self) -> None:
        """Look again and again whether something was asked for."""
        while True:
            if not await self.look():
                await asyncio.sleep(self._every_seconds)

    async def look(self) -> bool:
        """Do what one tenant asked for. → whether there was something to do."""
        async with self._work.system() as tx:
            claimed = await claim_reevaluation(tx, now=self._clock(), seconds=CLAIM_SECONDS)
        if claimed is None:
            return False
        tenant, version = claimed
        try:
            await self._finish(tenant, version)
        except GreenlightError as error:
            # The claim runs out and somebody tries again; until then no permit is granted for what was not seen.
            log.warning("policy.reevaluation_stopped", tenant=tenant, error=str(error))
        return True

    async def must_have_seen(self, tx: Transaction, item: Item) -> None:
        """Raises `Unavailable` unless the policy in force has seen the approved item as it is. For granting permits."""
        policy = await self._policies.active_in(tx)
        if not await _was_seen(tx, item, policy):
            raise Unavailable("The policy changed a moment ago; the item is being looked at again.", retry_after_ms=500)

    async def settle(self, tenant: str, item_id: UUID) -> str:
        """Look at one approved item now, if the policy in force has not: it stays approved, or is open afterwards.

        One that is being released cannot be open yet, so of that `refuses` says what came of it. → the version of the
        policy that it was looked at under.
        """
        async with self._work.transaction(tenant) as tx:
            policy = await self._policies.active_in(tx)
            item = await Items(tx).get(item_id)
            if item.status not in _MAY_LEAVE or await _was_seen(tx, item, policy):
                return policy.version
        waiting = Waiting(item.id, item.content, item.content_type, item.manifest_sha256, item.verdict, item.downgrades)
        await self._reevaluate(tenant, policy, [waiting])
        return policy.version

    async def refuses(self, tx: Transaction, item: Item, *, looked: str) -> bool:
        """Whether the policy in force, which `settle` looked under, takes back what it says of an item.

        Raises `Unavailable` when another came into force since.
        """
        policy = await self._policies.active_in(tx)
        if policy.version != looked:
            await self.must_have_seen(tx, item)
        return not await _was_seen(tx, item, policy)

    async def _finish(self, tenant: str, version: str) -> None:
        policy = await self._policies.active(tenant)
        looked_at = reopened = 0
        while policy.version == version:
            async with self._work.transaction(tenant) as tx:
                waiting = await Reevaluations(tx).list_waiting(policy_version=version, limit=BATCH)
            if not waiting:
                break
            reopened += await self._reevaluate(tenant, policy, waiting)
            looked_at += len(waiting)
            async with self._work.system() as tx:
                await keep_claim(tx, tenant, until=self._clock() + timedelta(seconds=CLAIM_SECONDS))
        async with self._work.transaction(tenant) as tx:
            # When something newer is in force, its own row is there and is worked on next.
            if await Reevaluations(tx).close(policy_version=version) and looked_at:
                trail.note(
                    tx,
                    "policy.reevaluated",
                    actor=ACTOR,
                    resource=f"policy:{version}",
                    at=self._clock(),
                    detail={"policy_version": version, "looked_at": looked_at, "reopened": reopened},
                )

    async def _reevaluate(self, tenant: str, policy: Policy, waiting: Sequence[Waiting]) -> int:
        """Look at these and write down what became of each. → how many are open again."""
        kept: list[tuple[Waiting, Verdict]] = []
        failing: list[tuple[Waiting, Verdict]] = []
        share = await self._policies.refused_share(tenant)
        # Side by side, because most of the time goes into reading files.
        verdicts = await asyncio.gather(*(self._examine(tenant, policy, item, share) for item in waiting))
        for item, verdict in zip(waiting, verdicts, strict=True):
            leaves = item.content_type is None or item.content_type in _LEAVES
            (failing if leaves and news_in(verdict, item.verdict) else kept).append((item, verdict))
        now = self._clock()
        async with self._work.transaction(tenant) as tx:
            await Reevaluations(tx).add_seen(
                [(item, verdict.level) for item, verdict in kept], policy_version=policy.version, at=now
            )
        done = [await self._reopen(tenant, item, policy, verdict) for item, verdict in failing]
        return sum(done)

    async def _examine(self, tenant: str, policy: Policy, item: Waiting, share: float) -> Verdict:
        circumstances = Circumstances(downgrades=item.downgrades, refused_share=share)
        return await self._examiner.examine(
            tenant, item.content, policy=policy, stage=_STAGE, circumstances=circumstances
        )

    async def _reopen(self, tenant: str, waiting: Waiting, policy: Policy, verdict: Verdict) -> bool:
        """Take the approval back. → False when there was none any more."""
        async with self._work.transaction(tenant) as tx:
            try:
                item = await Items(tx).get(waiting.id, lock=True)
            except NotFound:
                return False
            if item.status not in RELEASABLE or item.manifest_sha256 != waiting.manifest_sha256:
                return False
            choice = await PolicyStore(tx).choice()
            found = news_in(verdict, item.verdict)
            cause = _cause(found, by=choice.changed_by)
            changes = [Change(path="/policy_version", before=item.policy_version, after=policy.version)]
            sealed = seal(item.content, policy_version=policy.version)
            try:
                await reopen(
                    tx,
                    item,
                    cause=cause,
                    actor=ACTOR,
                    changes=changes,
                    sealed=sealed,
                    verdict=verdict,
                    now=self._clock(),
                )
            except NotApproved:
                return False
        return True


async def _was_seen(tx: Transaction, item: Item, policy: Policy) -> bool:
    if item.policy_version == policy.version:
        return True
    return await Reevaluations(tx).has_seen(
        item.id, policy_version=policy.version, manifest_sha256=item.manifest_sha256
    )


def _cause(found: Sequence[Finding], *, by: str | None) -> str:
    rules = ", ".join(dict.fromkeys(finding.rule for finding in found))
    return f"The policy was changed{f' by {by}' if by else ''}: {rules}; look again."
