"""Forgetting what a person asked a run for, in what the airlock held of it: hashes, verdicts and decisions stay."""

from __future__ import annotations

from functools import partial

from common.blanking import blanked, texts_of
from common.bus.connection import Bus
from common.clock import Clock
from common.contracts.erasing import RunForgotten
from common.db.work import Transaction, Work
from common.service.hearing import hear

from compliance import trail
from compliance.repository.contents import Contents
from compliance.repository.holds import Holds

ACTOR = "service:compliance"
BLANKED = "erasure.content_blanked"
"""The entry that excuses, item by item, that a content does not fit its hash any more."""


class ForgettingRuns:
    """Reads the durable `compliance-forgotten`. The runs have ended: nothing of them is released any more."""

    def __init__(self, work: Work, bus: Bus, *, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._clock = clock

    async def run(self) -> None:
        """Listen for ever."""
        await hear(self._work, self._bus, RunForgotten, durable="forgotten", note=self.forget)

    async def forget(self, tx: Transaction, fact: RunForgotten) -> None:
        """Blank the run's brief wherever its items repeat it, unless the run is on legal hold."""
        await Holds(tx).lock()
        held = await Holds(tx).held()
        if held.tenant or str(fact.run_id) in held.runs:
            return
        contents = Contents(tx)
        for item_id, content in await contents.list_of_run(fact.run_id):
            if not (texts := texts_of(content.get("brief"))):
                continue
            await contents.change(item_id, partial(blanked, texts=texts))
            resource = f"airlock_item:{item_id}"
            trail.note(tx, BLANKED, actor=ACTOR, resource=resource, run_id=fact.run_id, at=self._clock())
