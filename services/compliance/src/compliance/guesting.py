"""The part of the service for people without an account: what its routes and pages lean on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from common.artifacts import Artifacts
from common.clock import Clock
from common.contracts.gates import EXTERNAL
from common.db.work import Work
from common.service.limiter import Limiter
from common.shield import Guard

from compliance.guests import Guest
from compliance.links import ReviewLinks
from compliance.notes import NoteBook
from compliance.previews import PreviewRoom
from compliance.repository.items import Item
from compliance.repository.notes import Note, Notes
from compliance.reviewing import Reviewing
from compliance.settings import Settings

OPEN_PATHS = ("/review/",)
"""Whoever comes here has no token; each page asks for its own cookie."""
UNSHIELDED = {
    f"POST /review/{{link_id}}/{form}": "It passes the shield itself, to answer with a page, and as that guest."
    for form in ("decision", "note", "hold", "let-go", "leave", "player/{number}")
}
NOTES_SHOWN = 200


@dataclass(frozen=True)
class Guesting:
    """Links, notes of guests, marked copies, and the limits on all of it."""

    work: Work
    artifacts: Artifacts
    clock: Clock
    guard: Guard
    links: ReviewLinks
    notes: NoteBook
    previews: PreviewRoom
    opens: Limiter
    requests: Limiter
    edge_url: str

    @property
    def is_secure(self) -> bool:
        """Whether people reach the suite by https, so that cookies may insist on it."""
        return self.edge_url.startswith("https://")

    async def list_notes(self, guest: Guest, item: Item) -> Sequence[Note]:
        """The notes that guests wrote on the item. What people of the tenant write to each other is not among them."""
        async with self.work.transaction(guest.tenant) as tx:
            notes = Notes(tx)
            chain = await notes.chain_of(item.id)
            return await notes.list_page(
                chain[0].item_id, state=None, after=None, limit=NOTES_SHOWN, of_authors=f"{EXTERNAL}:"
            )

    async def close(self) -> None:
        """Give up copies in the making, and let go of connections."""
        await self.previews.stop()
        await self.opens.close()
        await self.requests.close()


def guesting_of(
    settings: Settings,
    *,
    work: Work,
    artifacts: Artifacts,
    guard: Guard,
    reviewing: Reviewing,
    notes: NoteBook,
    clock: Clock,
    scratch: Path,
) -> Guesting:
    """The parts on the platform's servers."""
    redis_url = settings.redis_url.get_secret_value()
    return Guesting(
        work=work,
        artifacts=artifacts,
        clock=clock,
        guard=guard,
        links=ReviewLinks(work, airlock=reviewing.airlock, release=reviewing.release, clock=clock),
        notes=notes,
        previews=PreviewRoom(
            work,
            artifacts,
            clock=clock,
            folder=scratch,
            timeout_seconds=settings.preview_timeout_seconds,
        ),
        opens=Limiter(redis_url, service="compliance", per_minute=settings.link_opens_per_minute),
        requests=Limiter(redis_url, service="compliance", per_minute=settings.link_requests_per_minute),
        edge_url=settings.edge_url,
    )
