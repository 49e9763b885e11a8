"""What knowledge does when ordered."""

from __future__ import annotations

from common.bus.connection import Bus
from common.bus.step import Done, Step
from common.clock import Clock, rfc3339
from common.contracts.audit import AuditEntry
from common.contracts.erasing import ERASED_ACTION, RunForgotten
from common.contracts.ideation import Claim, PastFilm
from common.contracts.knowledge import Archived, ArchiveInput, Recalled, RecallInput
from common.contracts.publishing import Visibility
from common.db.work import Transaction, Work
from common.observability.calls import seen_call
from common.service.hearing import hear
from common.service.holding import HeldRuns

from knowledge.domain import any_word_of, cleaned
from knowledge.repository import Entry, Library, entry_id_for

ACTOR = "service:knowledge"
CITED = 3
"""How many films are cited at most: what the web and feeds say needs room beside them."""
CLAIM_CHARACTERS = 600
NOTHING = "Asked the library: it has no film about this."


async def archive_film(input: ArchiveInput, step: Step) -> Done[Archived]:
    """Keep a finished film, to be found again. The same run always makes the same entry."""
    film = cleaned(input)

    async def save(tx: Transaction) -> None:
        await Library(tx).archive(step.run_id, film, private_of=step.private_of)

    return Done(Archived(entry_id=entry_id_for(step.tenant, step.run_id)), save)


async def recall_films(input: RecallInput, step: Step, *, edge_url: str) -> Recalled:
    """Films that share words with a brief, the nearest first, and what the very nearest say, with where to see it.

    Those of other private runs are not among them.
    """
    question = any_word_of(input.brief)
    if question is None:
        return Recalled(said=NOTHING)
    with seen_call(step.work.service, "library", "tool"):
        async with step.work.transaction(step.tenant) as tx:
            found = await Library(tx).recall(question, private_of=step.private_of, limit=input.limit, but=step.run_id)
    claims = tuple(_claim(entry, edge_url=edge_url) for entry in found[:CITED] if entry.snippet.strip())
    told = f"Asked the library: {len(claims)} of its films can be cited." if claims else NOTHING
    return Recalled(films=tuple(_past(entry) for entry in found), claims=claims, said=told)


def _claim(entry: Entry, *, edge_url: str) -> Claim:
    """What a film says, and where: at its public post, or else on the page of its run."""
    public = (post.url for post in entry.film.posts if post.visibility is Visibility.PUBLIC)
    return Claim(
        text=" ".join(entry.snippet.split())[:CLAIM_CHARACTERS],
        title=entry.film.post.title or entry.film.idea.title,
        url=next(public, f"{edge_url}/runs/{entry.run_id}"),
        found_by="library",
        published=rfc3339(entry.created_at),
    )


def _past(entry: Entry) -> PastFilm:
    idea = entry.film.idea
    return PastFilm(
        entry_id=entry.id,
        title=entry.film.post.title or idea.title,
        hook=idea.hook,
        angle=idea.angle,
        summary=idea.summary,
        points=idea.points,
    )


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
