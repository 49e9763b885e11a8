"""Notes on what is held: writing and answering them, changing one's own or taking it back, resolving them.

Each of these leaves an entry in the audit trail.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from common.clock import Clock
from common.contracts.notes import UserMentioned
from common.contracts.rework import ReworkStage
from common.contracts.values import JsonObject
from common.db.work import Transaction, Work
from common.errors import Conflict, Forbidden, Invalid
from common.ids import new_id
from common.service.idempotency import answer_once
from common.service.principal import Principal
from pydantic import BaseModel

from compliance import trail
from compliance.domain import ItemStatus
from compliance.places import NoteState, Place, Pointed, guess_stage, mentions_in, place
from compliance.repository.items import Item, Items
from compliance.repository.notes import Note, Notes, Reply

NOTES_LIMIT = 500
REPLIES_LIMIT = 100
EARLIER_LIMIT = 20
_NOTABLE = frozenset({ItemStatus.OPEN, ItemStatus.APPROVED, ItemStatus.CHANGES_REQUESTED, ItemStatus.RELEASE_FAILED})


class NoMoreNotes(Invalid):
    """There are as many notes, or as many replies to one, as may be kept."""


class NothingToReview(Conflict):
    """The item is over: it was released, rejected, withdrawn or has run out of time."""


class NoteChanged(Conflict):
    """The note is not the one that was looked at; `version` says which it is now."""


class Stored(BaseModel):
    """What a repeated order is answered with: the note's id."""

    note_id: UUID


@dataclass(frozen=True)
class NoteDraft:
    """What a person writes. Without a stage it is guessed."""

    text: str
    pointed: Pointed
    stage: ReworkStage | None = None


class NoteBook:
    """The notes of all tenants; each call is for one, by the person whose token it is."""

    def __init__(self, work: Work, *, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def write(
        self, item_id: UUID, draft: NoteDraft, *, principal: Principal, key: str | None, request: BaseModel
    ) -> Note:
        """Write a note on an item. With an idempotency `key` a repeat of the same `request` gives the first note.

        Raises `PlaceNotThere` when it points to nothing, `NothingToReview` and `NoMoreNotes`.
        """
        now, note_id = self._clock(), new_id()
        async with self._work.transaction(principal.tenant) as tx:
            item, notes = await Items(tx).get(item_id), Notes(tx)
            chain = await notes.chain_of(item_id)
            if key is not None:
                route = f"POST /v1/airlock/items/{item_id}/notes"
                stored = Stored(note_id=note_id).model_dump(mode="json")
                earlier = await answer_once(
                    tx, principal=principal.user_id, route=route, key=key, request=request, response=stored
                )
                if earlier is not None:
                    return await notes.get(Stored.model_validate(earlier).note_id, chain_id=chain[0].item_id)
            _must_be_notable(item)
            if await notes.count(chain[0].item_id) >= NOTES_LIMIT:
                raise NoMoreNotes(f"There are {NOTES_LIMIT} notes already; that is more than anybody reads.")
            where = place(draft.pointed, item.content)
            note = Note(
                id=note_id,
                chain_id=chain[0].item_id,
                item_id=item_id,
                manifest_sha256=item.manifest_sha256,
                author=principal.user_id,
                created_at=now,
                text=draft.text,
                mentions=mentions_in(draft.text),
                place=where,
                stage=draft.stage or guess_stage(draft.text, where),
                stage_is_guess=draft.stage is None,
            )
            await notes.add(note)
            self._tell(tx, item, note.id, note.mentions, by=principal)
            self._record(tx, "note.written", item, note, principal, after=note.text)
        return note

    async def edit(
        self, item_id: UUID, note_id: UUID, draft: NoteDraft, *, version: int | None, principal: Principal
    ) -> Note:
        """Say one's own note otherwise, or point elsewhere; what it said before stays to be read.

        Raises `Forbidden` for another's, `NoteChanged`, and `NothingToReview` while it is being worked on or withdrawn.
        """
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            note = await self._locked(tx, item_id, note_id)
            _must_be_by(principal, note)
            if version not in {None, note.version}:
                raise NoteChanged(f"The note has version {note.version} by now; look again.", version=note.version)
            _must_be_notable(item)
            _must_be_at_rest(note)
            if note.state is NoteState.WITHDRAWN:
                raise NothingToReview("The note is withdrawn; open it again, or write another.")
            where = place(draft.pointed, item.content)
            named = mentions_in(draft.text)
            changed = replace(
                note,
                text=draft.text,
                earlier=note.earlier if note.text == draft.text else (*note.earlier, note.text)[-EARLIER_LIMIT:],
                place=where,
                mentions=named,
                stage=draft.stage or guess_stage(draft.text, where),
                stage_is_guess=draft.stage is None,
                edited_at=self._clock(),
                # It points into what is held now, so it is a note on that.
                item_id=item.id,
                manifest_sha256=item.manifest_sha256,
            )
            await Notes(tx).change(changed)
            self._tell(tx, item, note.id, tuple(name for name in named if name not in note.mentions), by=principal)
            self._record(tx, "note.edited", item, changed, principal, before=note.text, after=changed.text)
            return await Notes(tx).get(note_id, chain_id=note.chain_id)

    async def reply(self, item_id: UUID, note_id: UUID, text: str, *, principal: Principal) -> Note:
        """Answer below a note; its state stays. Raises `NoMoreNotes`."""
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            # Locked, so that two who reply at once are counted one after the other.
            note = await self._locked(tx, item_id, note_id)
            if len(note.replies) >= REPLIES_LIMIT:
                raise NoMoreNotes(f"There are {REPLIES_LIMIT} replies already; write another note.")
            reply = Reply(new_id(), note_id, principal.user_id, self._clock(), text, mentions_in(text))
            await Notes(tx).add_reply(reply)
            self._tell(tx, item, note_id, reply.mentions, by=principal)
            self._record(tx, "note.replied", item, note, principal, after=text)
            return await Notes(tx).get(note_id, chain_id=note.chain_id)

    async def withdraw(self, item_id: UUID, note_id: UUID, *, principal: Principal) -> Note:
        """Take one's own note back: it asks for nothing any more, and stays to be read. A repeat changes nothing.

        Raises `Forbidden` for another's, and `NothingToReview` while it is being worked on.
        """
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            note = await self._locked(tx, item_id, note_id)
            _must_be_by(principal, note)
            if note.state is NoteState.WITHDRAWN:
                return note
            _must_be_at_rest(note)
            changed = replace(note, state=NoteState.WITHDRAWN, state_by=principal.user_id, state_at=self._clock())
            await Notes(tx).change(changed)
            self._record(tx, "note.withdrawn", item, changed, principal)
            return await Notes(tx).get(note_id, chain_id=note.chain_id)

    async def settle(self, item_id: UUID, note_id: UUID, *, resolved: bool, principal: Principal) -> Note:
        """Resolve a note, or open it again. What is so already stays as it is, with who made it so.

        Raises `Forbidden` for what somebody else withdrew.
        """
        to = NoteState.RESOLVED if resolved else NoteState.OPEN
        async with self._work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
            note = await self._locked(tx, item_id, note_id)
            if note.state is to:
                return note
            if note.state is NoteState.WITHDRAWN:
                _must_be_by(principal, note)
            changed = replace(note, state=to, state_by=principal.user_id, state_at=self._clock())
            await Notes(tx).change(changed)
            action = "note.resolved" if resolved else "note.reopened"
            self._record(tx, action, item, changed, principal)
            return await Notes(tx).get(note_id, chain_id=note.chain_id)

    async def _locked(self, tx: Transaction, item_id: UUID, note_id: UUID) -> Note:
        chain = await Notes(tx).chain_of(item_id)
        return await Notes(tx).get(note_id, chain_id=chain[0].item_id, lock=True)

    def _tell(self, tx: Transaction, item: Item, note_id: UUID, named: Sequence[str], *, by: Principal) -> None:
        if named:
            event = UserMentioned(
                item_id=item.id, gate=item.gate, note_id=note_id, mentioned=tuple(named), by=by.user_id
            )
            tx.tell(event, run=item.run_id)

    def _record(
        self,
        tx: Transaction,
        action: str,
        item: Item,
        note: Note,
        principal: Principal,
        *,
        before: str | None = None,
        after: str | None = None,
    ) -> None:
        detail: JsonObject = {
            "gate": item.gate,
            "note_id": str(note.id),
            "state": note.state.value,
            "stage": note.stage.value,
            **_shown(note.place),
        }
        trail.note(
            tx,
            action,
            actor=principal.user_id,
            resource=f"airlock_item:{item.id}",
            at=self._clock(),
            run_id=item.run_id,
            before_sha256=_sha256(before),
            after_sha256=_sha256(after),
            detail=detail,
        )


def _must_be_notable(item: Item) -> None:
    if item.status not in _NOTABLE:
        raise NothingToReview(f"The item is {item.status.value}; nobody will look at a note on it.")


def _must_be_by(principal: Principal, note: Note) -> None:
    if note.author != principal.user_id:
        raise Forbidden(f"This note was written by {note.author}; only they may change it. Reply to it.")


def _must_be_at_rest(note: Note) -> None:
    if note.state is NoteState.REQUESTED:
        raise NothingToReview("The note is being worked on; wait for the next revision, or write another.")


def _shown(where: Place) -> JsonObject:
    frames = [where.span.first, where.span.last] if where.span else None
    return {"frames": frames, "path": where.path, "scenes": list(where.scenes)}


def _sha256(text: str | None) -> str | None:
    """What was said is not for the chain, which outlives it; its hash shows that it was changed."""
    return hashlib.sha256(text.encode()).hexdigest() if text is not None else None
