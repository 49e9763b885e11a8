"""Notes on an item, what they would have redone, what one has seen, and what changed since."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from common.cursors import decode_cursor
from common.db.work import Work
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, Role, requires
from fastapi import APIRouter, Depends, Header, Query

from compliance.api.note_shapes import (
    ChangesView,
    LookView,
    NoteBody,
    NoteEdit,
    NoteView,
    ReplyBody,
    ReworkView,
    SeenBody,
    SoundView,
    changes_view,
    note_view,
    rework_view,
    sound_view,
)
from compliance.looks import LAST, LookBook
from compliance.notes import NoteBook
from compliance.noting import Noting
from compliance.orders import preview
from compliance.places import NoteState
from compliance.repository.items import Items
from compliance.repository.notes import Note, Notes

looks = requires(Role.CREATOR, Role.REVIEWER, Role.PUBLISHER, Role.COMPLIANCE_OFFICER, Role.OPERATOR, Role.SERVICE)
writes = requires(Role.REVIEWER, Role.CREATOR, Role.PUBLISHER, Role.COMPLIANCE_OFFICER)


def router(work: Work, *, noting: Noting) -> APIRouter:
    """The routes of notes and looks."""
    routes = APIRouter(prefix="/v1/airlock/items/{item_id}", tags=["notes"])
    _add_views(routes, work)
    _add_writing(routes, work, noting.notes)
    _add_looks(routes, noting.seen)
    return routes


def _add_views(routes: APIRouter, work: Work) -> None:
    @routes.get("/notes", summary="Notes on this revision and those before it, the oldest first.")
    async def list_notes(
        *,
        item_id: UUID,
        principal: Principal = Depends(looks),
        state: NoteState | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[NoteView]:
        after = decode_cursor(cursor, datetime, UUID)
        async with work.transaction(principal.tenant) as tx:
            item, notes = await Items(tx).get(item_id), Notes(tx)
            chain = await notes.chain_of(item_id)
            found = await notes.list_page(chain[0].item_id, state=state, after=after, limit=limit + 1)
        return page_of(
            found, limit=limit, view=lambda note: note_view(note, item), key=lambda note: (note.created_at, note.id)
        )

    @routes.get("/rework", summary="What asking for changes now would have done again.")
    async def show_rework(item_id: UUID, principal: Principal = Depends(looks)) -> ReworkView:
        async with work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            orders = await preview(tx, item)
        return rework_view(orders, item)


def _add_writing(routes: APIRouter, work: Work, notes: NoteBook) -> None:
    async def shown(note: Note, item_id: UUID, principal: Principal) -> NoteView:
        async with work.transaction(principal.tenant) as tx:
            return note_view(note, await Items(tx).get(item_id))

    @routes.post("/notes", summary="Write a note.", status_code=201)
    async def write(
        item_id: UUID,
        body: NoteBody,
        principal: Principal = Depends(writes),
        idempotency_key: str | None = Header(None, max_length=200),
    ) -> NoteView:
        note = await notes.write(item_id, body.draft(), principal=principal, key=idempotency_key, request=body)
        return await shown(note, item_id, principal)

    @routes.put("/notes/{note_id}", summary="Say your own note otherwise.")
    async def edit(item_id: UUID, note_id: UUID, body: NoteEdit, principal: Principal = Depends(writes)) -> NoteView:
        note = await notes.edit(item_id, note_id, body.draft(), version=body.version, principal=principal)
        return await shown(note, item_id, principal)

    @routes.post("/notes/{note_id}/withdraw", summary="Take your own note back; it stays to be read.")
    async def take_back(item_id: UUID, note_id: UUID, principal: Principal = Depends(writes)) -> NoteView:
        return await shown(await notes.withdraw(item_id, note_id, principal=principal), item_id, principal)

    @routes.post("/notes/{note_id}/replies", summary="Reply to a note.", status_code=201)
    async def reply(item_id: UUID, note_id: UUID, body: ReplyBody, principal: Principal = Depends(writes)) -> NoteView:
        return await shown(await notes.reply(item_id, note_id, body.text, principal=principal), item_id, principal)

    @routes.post("/notes/{note_id}/resolve", summary="It is good now, or was no point.")
    async def resolve(item_id: UUID, note_id: UUID, principal: Principal = Depends(writes)) -> NoteView:
        return await shown(await notes.settle(item_id, note_id, resolved=True, principal=principal), item_id, principal)

    @routes.post("/notes/{note_id}/reopen", summary="It is not good yet.")
    async def reopen(item_id: UUID, note_id: UUID, principal: Principal = Depends(writes)) -> NoteView:
        note = await notes.settle(item_id, note_id, resolved=False, principal=principal)
        return await shown(note, item_id, principal)


def _add_looks(routes: APIRouter, seen: LookBook) -> None:
    @routes.post("/seen", summary="Say that you have looked at what is held.")
    async def saw(item_id: UUID, body: SeenBody, principal: Principal = Depends(looks)) -> LookView:
        look = await seen.saw(item_id, manifest_sha256=body.manifest_sha256, principal=principal)
        return LookView.model_validate(look)

    @routes.get("/changes", summary="What changed since you last looked, or since a revision.")
    async def changes(
        item_id: UUID,
        principal: Principal = Depends(looks),
        since: str = Query(LAST, pattern=r"^(last|[1-9][0-9]{0,5})$", description="`last`, or a revision's number."),
    ) -> ChangesView:
        return changes_view(await seen.changes(item_id, since=since, principal=principal))

    @routes.get("/sound", summary="How loud the film is that is held, as a whole and from second to second.")
    async def sound(item_id: UUID, principal: Principal = Depends(looks)) -> SoundView:
        return sound_view(await seen.hear(item_id, principal=principal))
