"""All SQL of knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from common import blanking
from common.contracts.erasing import ERASED
from common.contracts.knowledge import ArchiveInput
from common.db.shares import is_seen
from common.db.work import Transaction
from common.ids import derived_id
from sqlalchemy import ColumnElement, Float, Label, and_, cast, delete, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import REGCONFIG, insert

from knowledge.domain import MARK_OFF, MARK_ON, configuration_for, texts_of
from knowledge.models import KNOWN_CONFIGURATIONS, library_entries, run_shares

_HEADLINE = f'StartSel={MARK_ON}, StopSel={MARK_OFF}, MaxFragments=2, MinWords=6, MaxWords=24, FragmentDelimiter=" … "'
_PASSAGES = 'StartSel="", StopSel="", MaxFragments=2, MinWords=12, MaxWords=40, FragmentDelimiter=" … "'
_NORMALISED = 32
"""Ranks between 0 and 1, so that they compare across questions."""
EntryKey = tuple[float, datetime, UUID]
"""Best first, then newest first; without a question every rank is 0."""
e = library_entries.c


@dataclass(frozen=True)
class Entry:
    """A film in the library. `rank` and `snippet` are there when it was found by a question."""

    id: UUID
    run_id: UUID
    film: ArchiveInput
    created_at: datetime
    updated_at: datetime
    rank: float = 0.0
    snippet: str = ""
    """Where it answers: marked in lists; plain, and from what the film says, where it was recalled."""

    @property
    def key(self) -> EntryKey:
        """Where it stands in the list it came from."""
        return self.rank, self.created_at, self.id


def entry_id_for(tenant: str, run_id: UUID) -> UUID:
    """The id of a run's entry: the same however often it is archived."""
    return derived_id("library", tenant, run_id)


class Library:
    """The tenant's films."""

    def __init__(self, tx: Transaction) -> None:
        self._session = tx.session
        self._tenant = tx.tenant

    async def archive(self, run_id: UUID, film: ArchiveInput, *, private_of: UUID | None = None) -> UUID:
        """Keep a run's film; a second one of the same run takes its place. → the entry's id, always the same."""
        entry_id = entry_id_for(self._tenant, run_id)
        values = _values(film) | {"private_of": private_of}
        await self._session.execute(
            insert(library_entries)
            .values(id=entry_id, tenant_id=self._tenant, run_id=run_id, **values)
            .on_conflict_do_update(index_elements=["id"], set_={**values, "updated_at": func.now()})
        )
        return entry_id

    async def forget_brief(self, run_id: UUID) -> bool:
        """Blank what a run was asked for wherever its film repeats it. → whether there was anything to blank."""
        mine = (e.tenant_id == self._tenant, e.run_id == run_id)
        found = (await self._session.execute(select(e.film).where(*mine).with_for_update())).first()
        if found is None or found.film["brief"] == ERASED:
            return False
        kept = blanking.blanked(found.film, blanking.texts_of(found.film["brief"])) | {"brief": ERASED}
        film = ArchiveInput.model_validate(kept)
        await self._session.execute(update(library_entries).where(*mine).values(_values(film)))
        return True

    async def find(self, entry_id: UUID) -> Entry | None:
        """One entry of this tenant that is for the viewer to see."""
        found = await self._session.execute(select(library_entries).where(e.id == entry_id, _is_visible()))
        row = found.mappings().first()
        return None if row is None else _entry(row)

    async def remove(self, entry_id: UUID) -> bool:
        """Forget an entry. → whether there was one."""
        removed = await self._session.execute(delete(library_entries).where(e.id == entry_id).returning(e.id))
        return removed.first() is not None

    async def list_newest(self, *, limit: int, after: EntryKey | None) -> list[Entry]:
        """The next films of all, newest first."""
        statement = select(library_entries).where(e.tenant_id == self._tenant, _is_visible())
        if after is not None:
            statement = statement.where(tuple_(e.created_at, e.id) < after[1:])
        found = await self._session.execute(statement.order_by(e.created_at.desc(), e.id.desc()).limit(limit))
        return [_entry(row) for row in found.mappings()]

    async def recall(self, question: str, *, private_of: UUID | None, limit: int, but: UUID) -> list[Entry]:
        """The films that answer the question best, for a step of a run: those of the tenant, and of its private run.

        A run's own film is not among them.
        """
        rank = _rank(question)
        is_ours = or_(e.private_of.is_(None), e.private_of == private_of) if private_of else e.private_of.is_(None)
        nearest = (
            select(library_entries, rank)
            .where(e.tenant_id == self._tenant, e.run_id != but, is_ours, _answers(question))
            .order_by(rank.desc(), e.created_at.desc(), e.id)
            .limit(limit)
            .subquery()
        )
        n = nearest.c
        said = func.ts_headline(n.configuration, n.script_text, _query(n.configuration, question), _PASSAGES)
        found = await self._session.execute(
            select(nearest, said.label("snippet")).order_by(n.rank.desc(), n.created_at.desc(), n.id)
        )
        return [_entry(row) for row in found.mappings()]

    async def search(self, question: str, *, limit: int, after: EntryKey | None) -> list[Entry]:
        """The next films that answer the question, best first.

        Each film is asked in its own language. The question is read once a language and not once a film.
        """
        ranked = (
            select(library_entries, _rank(question))
            .where(e.tenant_id == self._tenant, _is_visible(), _answers(question))
            .subquery()
        )
        r = ranked.c
        statement = select(ranked)
        if after is not None:
            rank_before, *newest_before = after
            statement = statement.where(
                tuple_(r.rank, r.created_at, r.id) < tuple_(literal(rank_before, Float(53)), *newest_before)
            )
        best = statement.order_by(r.rank.desc(), r.created_at.desc(), r.id.desc()).limit(limit).subquery()
        b = best.c
        # Snippets are cut for the rows of this page only: that is the dear part of a search.
        text = func.concat_ws("\n", b.summary_text, b.script_text, b.brief_text)
        snippet = func.ts_headline(b.configuration, text, _query(b.configuration, question), _HEADLINE)
        found = await self._session.execute(
            select(best, snippet.label("snippet")).order_by(b.rank.desc(), b.created_at.desc(), b.id.desc())
        )
        return [_entry(row) for row in found.mappings()]


def _values(film: ArchiveInput) -> dict[str, Any]:
    """The columns that follow from the film."""
    texts = texts_of(film)
    return {
        "title": film.post.title,
        "language": film.post.language,
        "film": film.model_dump(mode="json"),
        "configuration": configuration_for(film.post.language),
        "title_text": texts.title,
        "summary_text": texts.summary,
        "script_text": texts.script,
        "brief_text": texts.brief,
    }


def _answers(question: str) -> ColumnElement[bool]:
    return or_(
        *(
            and_(
                e.configuration == cast(name, REGCONFIG),
                e.search.op("@@")(_query(cast(name, REGCONFIG), question)),
            )
            for name in KNOWN_CONFIGURATIONS
        )
    )


def _rank(question: str) -> Label[float]:
    return cast(func.ts_rank_cd(e.search, _query(e.configuration, question), _NORMALISED), Float(53)).label("rank")


def _is_visible() -> ColumnElement[bool]:
    return is_seen(e.private_of, run_shares)


def _query(configuration: ColumnElement[Any], question: str) -> ColumnElement[Any]:
    # Of all PostgreSQL's query functions this one takes any text: what it does not understand it leaves out.
    return func.websearch_to_tsquery(configuration, question)


def _entry(row: Any) -> Entry:
    return Entry(
        id=row["id"],
        run_id=row["run_id"],
        film=ArchiveInput.model_validate(row["film"]),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        rank=row.get("rank", 0.0),
        snippet=row.get("snippet", ""),
    )
