"""Notes and their replies, by the chain of revisions they stay with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from common.contracts.gates import Region
from common.contracts.rework import ReworkStage
from common.db.work import Transaction
from common.errors import NotFound
from media.timecode import parse_rate
from sqlalchemy import Row, func, insert, select, tuple_, update

from compliance.models import airlock_items, note_replies, notes
from compliance.places import NoteState, Place, Span


@dataclass(frozen=True)
class Reply:
    """One answer below a note."""

    id: UUID
    note_id: UUID
    author: str
    created_at: datetime
    text: str
    mentions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Note:
    """What somebody said about held content, where it points, and what became of it."""

    id: UUID
    chain_id: UUID
    item_id: UUID
    manifest_sha256: str
    author: str
    created_at: datetime
    edited_at: datetime | None = None
    version: int = 1
    text: str
    earlier: tuple[str, ...] = ()
    """What it said before, the oldest first."""
    mentions: tuple[str, ...]
    place: Place
    stage: ReworkStage
    stage_is_guess: bool
    state: NoteState = NoteState.OPEN
    state_by: str | None = None
    state_at: datetime | None = None
    answer: str = ""
    replies: Sequence[Reply] = field(default=(), compare=False)


@dataclass(frozen=True)
class Revision:
    """One item of a chain."""

    item_id: UUID
    revision: int
    opened_at: datetime


class Notes:
    """The notes of the transaction's tenant."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._mine = notes.c.tenant_id == tx.tenant

    async def chain_of(self, item_id: UUID) -> Sequence[Revision]:
        """An item and all revisions before it, the first first. Raises `NotFound`."""
        one = airlock_items.c
        columns = (one.id, one.revision, one.opened_at, one.supersedes)
        mine = one.tenant_id == self._tx.tenant
        chain = select(*columns).where(mine, one.id == item_id).cte(recursive=True)
        chain = chain.union_all(select(*columns).where(mine, one.id == chain.c.supersedes))
        rows = await self._tx.session.execute(select(chain.c.id, chain.c.revision, chain.c.opened_at))
        found = [Revision(row.id, row.revision, row.opened_at) for row in rows]
        if not found:
            raise NotFound(f"There is no airlock item {item_id}.")
        return found[::-1]

    async def add(self, note: Note) -> None:
        """Write a note down."""
        await self._tx.session.execute(insert(notes).values(tenant_id=self._tx.tenant, **_columns(note)))

    async def get(self, note_id: UUID, *, chain_id: UUID, lock: bool = False) -> Note:
        """A note of a chain, with its replies; with `lock` nobody else changes it. Raises `NotFound`."""
        query = select(notes).where(self._mine, notes.c.id == note_id, notes.c.chain_id == chain_id)
        row = (await self._tx.session.execute(query.with_for_update() if lock else query)).first()
        if row is None:
            raise NotFound(f"There is no note {note_id} here.")
        return (await self._with_replies([row]))[0]

    async def list_page(
        self,
        chain_id: UUID,
        *,
        state: NoteState | None,
        after: tuple[datetime, UUID] | None,
        limit: int,
        of_authors: str = "",
    ) -> Sequence[Note]:
        """Notes of a chain with their replies, the oldest first: of authors whose ids begin with `of_authors`."""
        query = select(notes).where(self._mine, notes.c.chain_id == chain_id)
        if of_authors:
            query = query.where(notes.c.author.startswith(of_authors, autoescape=True))
        query = query.order_by(notes.c.created_at, notes.c.id).limit(limit)
        if state:
            query = query.where(notes.c.state == state.value)
        if after:
            query = query.where(tuple_(notes.c.created_at, notes.c.id) > after)
        return await self._with_replies(list(await self._tx.session.execute(query)))

    async def list_in(self, chain_id: UUID, state: NoteState, *, lock: bool = False) -> Sequence[Note]:
        """All notes of a chain in a state, the oldest first, without their replies."""
        query = select(notes).where(self._mine, notes.c.chain_id == chain_id, notes.c.state == state.value)
        query = query.order_by(notes.c.id)
        rows = list(await self._tx.session.execute(query.with_for_update() if lock else query))
        return sorted((_note(row, ()) for row in rows), key=lambda note: (note.created_at, note.id))

    async def count(self, chain_id: UUID) -> int:
        """How many notes a chain has."""
        query = select(func.count()).select_from(notes).where(self._mine, notes.c.chain_id == chain_id)
        return (await self._tx.session.execute(query)).scalar_one()

    async def change(self, note: Note) -> None:
        """Write all of a note again, one version on. Read it with `lock` in the same transaction."""
        values = _columns(note) | {"version": notes.c.version + 1}
        await self._tx.session.execute(update(notes).where(self._mine, notes.c.id == note.id).values(**values))

    async def add_reply(self, reply: Reply) -> None:
        """Write a reply down."""
        await self._tx.session.execute(
            insert(note_replies).values(
                tenant_id=self._tx.tenant,
                id=reply.id,
                note_id=reply.note_id,
                author=reply.author,
                created_at=reply.created_at,
                text=reply.text,
                mentions=list(reply.mentions),
            )
        )

    async def _with_replies(self, rows: Sequence[Row[Any]]) -> list[Note]:
        if not rows:
            return []
        query = (
            select(note_replies)
            .where(note_replies.c.tenant_id == self._tx.tenant, note_replies.c.note_id.in_([row.id for row in rows]))
            .order_by(note_replies.c.created_at, note_replies.c.id)
        )
        said: dict[UUID, list[Reply]] = {}
        for row in await self._tx.session.execute(query):
            reply = Reply(row.id, row.note_id, row.author, row.created_at, row.text, tuple(row.mentions))
            said.setdefault(row.note_id, []).append(reply)
        return [_note(row, said.get(row.id, ())) for row in rows]


def _columns(note: Note) -> dict[str, Any]:
    span, region = note.place.span, note.place.region
    return {
        "id": note.id,
        "chain_id": note.chain_id,
        "item_id": note.item_id,
        "manifest_sha256": note.manifest_sha256,
        "author": note.author,
        "created_at": note.created_at,
        "edited_at": note.edited_at,
        "text": note.text,
        "earlier": list(note.earlier),
        "mentions": list(note.mentions),
        "rate": str(span.rate) if span else None,
        "first_frame": span.first if span else None,
        "last_frame": span.last if span else None,
        "scene_offset": note.place.scene_offset,
        "region": region.model_dump(mode="json") if region else None,
        "path": note.place.path,
        "scenes": list(note.place.scenes),
        "stage": note.stage.value,
        "stage_is_guess": note.stage_is_guess,
        "state": note.state.value,
        "state_by": note.state_by,
        "state_at": note.state_at,
        "answer": note.answer,
    }


def _note(row: Row[Any], replies: Sequence[Reply]) -> Note:
    span = Span(parse_rate(row.rate), row.first_frame, row.last_frame) if row.rate else None
    region = Region.model_validate(row.region) if row.region else None
    return Note(
        id=row.id,
        chain_id=row.chain_id,
        item_id=row.item_id,
        manifest_sha256=row.manifest_sha256,
        author=row.author,
        created_at=row.created_at,
        edited_at=row.edited_at,
        version=row.version,
        text=row.text,
        earlier=tuple(row.earlier),
        mentions=tuple(row.mentions),
        place=Place(span, region, row.path, tuple(row.scenes), row.scene_offset),
        stage=ReworkStage(row.stage),
        stage_is_guess=row.stage_is_guess,
        state=NoteState(row.state),
        state_by=row.state_by,
        state_at=row.state_at,
        answer=row.answer,
        replies=replies,
    )
