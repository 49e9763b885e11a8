"""What knowledge does when ordered."""

from __future__ import annotations

from common.bus.connection import Bus
from common.bus.step import Done, Step
from common.clock import Clock
from common.contracts.audit import AuditEntry
from common.contracts.erasing import ERASED_ACTION, RunForgotten
from common.contracts.knowledge import Archived, ArchiveInput
from common.db.work import Transaction, Work
from common.service.hearing import hear
from common.service.holding import HeldRuns

from knowledge.domain import cleaned
from knowledge.repository import Library, entry_id_for

ACTOR = "service:knowledge"


async def archive_film(input: ArchiveInput, step: Step) -> Done[Archived]:
    """Keep a finished film, to be found again. The same run always makes the same entry."""
    film = cleaned(input)

    async def save(tx: Transaction) -> None:
        await Library(tx).archive(step.run_id, film, private_of=step.private_of)

    return Done(Archived(entry_id=entry_id_for(step.tenant, step.run_id)), save)


class ForgettingRuns:
    """Reads the durable `knowledge-forgotten`: a film stays in the library without what its author asked for."""

    def __init__(self, work: Work, bus: Bus, *, holds: HeldRuns, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._holds = holds
        self._clock = clock

    async def run(self) -> None:
        """Listen for ever."""
        await hear(self._work, self._bus, RunForgotten, durable="forgotten", note=self._note)

    async def _note(self, tx: Transaction, fact: RunForgotten) -> None:
        if await self._holds.is_held(tx, fact.run_id) or not await Library(tx).forget_brief(fact.run_id):
            return
        resource = f"library_entry:{entry_id_for(tx.tenant, fact.run_id)}"
        tx.audit(AuditEntry(actor=ACTOR, action=ERASED_ACTION, resource=resource, at=self._clock(), run_id=fact.run_id))
