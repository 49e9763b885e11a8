"""Content that a service holds by itself, without a gate of a workflow: the same airlock, reusable for anything."""

from __future__ import annotations

from uuid import UUID

from common.clock import Clock
from common.contracts.gates import GateInput
from common.db.work import Work
from common.ids import derived_id
from common.manifest import canonical_json
from common.service.principal import Principal

from compliance.defining import must_be_decidable
from compliance.errors import ItemDiffers
from compliance.examiner import Examiner
from compliance.examining import examined
from compliance.opening import Holding, hold, must_be_nameable
from compliance.repository.history import History
from compliance.repository.items import Item, Items


class Submissions:
    """Of all tenants; each call is for one."""

    def __init__(self, work: Work, *, examiner: Examiner, clock: Clock, due_after_ms: int) -> None:
        self._work = work
        self._examiner = examiner
        self._clock = clock
        self._due_after_ms = due_after_ms

    async def submit(
        self, key: str, input: GateInput, *, principal: Principal, run_id: UUID | None, supersedes: UUID | None
    ) -> Item:
        """Hold content under a key of the service's own. The same again is the same item, whatever became of it.

        Raises `ItemDiffers` when other content is held under the key.
        """
        must_be_nameable(input)
        if input.review is not None:
            must_be_decidable(input.review)
        item_id = derived_id("item", principal.tenant, principal.user_id, key)
        sealed, verdict = await examined(
            self._examiner, principal.tenant, input.content, stage=input.gate, downgrades=input.downgrades
        )
        holding = Holding(item_id, run_id, input, sealed, verdict, supersedes)
        async with self._work.transaction(principal.tenant) as tx:
            new = await hold(tx, holding, now=self._clock(), due_after_ms=self._due_after_ms, by=principal.user_id)
            if new is not None:
                return new
            known = await Items(tx).get(item_id)
            # A reviewer may have edited it since: what was held before counts, too, under whatever policy.
            held = [known.content, *await History(tx).list_contents_before(item_id)]
        if canonical_json(input.content) not in map(canonical_json, held):
            raise ItemDiffers(f"Under the key {key!r} other content is held.", item_id=str(item_id))
        return known
