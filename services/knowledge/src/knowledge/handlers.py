"""What knowledge does when ordered."""

from __future__ import annotations

from common.bus.step import Done, Step
from common.contracts.knowledge import Archived, ArchiveInput
from common.db.work import Transaction

from knowledge.domain import cleaned
from knowledge.repository import Library, entry_id_for


async def archive_film(input: ArchiveInput, step: Step) -> Done[Archived]:
    """Keep a finished film, to be found again. The same run always makes the same entry."""
    film = cleaned(input)

    async def save(tx: Transaction) -> None:
        await Library(tx).archive(step.run_id, film, private_of=step.private_of)

    return Done(Archived(entry_id=entry_id_for(step.tenant, step.run_id)), save)
