"""From notes to work: what a request for changes asks to have redone, and what the next revision says became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from common.contracts.rework import REWORK_LIMIT, Rework, Reworked, ReworkStage
from common.contracts.values import JsonObject
from common.db.work import Transaction
from common.errors import Invalid
from common.manifest import canonical_json
from pydantic import TypeAdapter, ValidationError

from compliance.places import NoteState, film_of, is_script
from compliance.repository.items import Item
from compliance.repository.notes import Note, Notes

ACTOR = "service:compliance"
ORDERS_BYTES = 6 * 1024
"""A decision is told in one message with the content and its comment; this much is left for its orders."""

_OF_THE_FILM = frozenset({ReworkStage.SOUND})
_REMARKS = TypeAdapter(tuple[Reworked, ...])


class TooManyNotes(Invalid):
    """The open notes do not fit into one request for changes. Nothing was decided."""


@dataclass(frozen=True)
class Asked:
    """What goes with a request for changes: orders for scenes of a film or script, or words for who wrote the text."""

    rework: tuple[Rework, ...] = ()
    words: str = ""


def orders_of(notes: Sequence[Note]) -> tuple[Rework, ...]:
    """One order for each scene and stage, in the order of the film; notes on the same thing go together.

    Raises `TooManyNotes`.
    """
    gathered: dict[tuple[int | None, ReworkStage], list[Note]] = {}
    for note in notes:
        scenes: Iterable[int | None] = note.place.scenes or (None,)
        for scene in [None] if note.stage in _OF_THE_FILM else scenes:
            gathered.setdefault((scene, note.stage), []).append(note)
    orders = tuple(
        Rework(
            scene=scene,
            stage=stage,
            instruction="\n".join(note.text for note in said),
            note_ids=tuple(note.id for note in said),
        )
        for (scene, stage), said in sorted(gathered.items(), key=lambda entry: _place(*entry[0]))
    )
    size = len(canonical_json({"rework": [order.model_dump(mode="json") for order in orders]}))
    if len(orders) > REWORK_LIMIT or size > ORDERS_BYTES:
        raise TooManyNotes(
            f"The {len(notes)} open notes make {len(orders)} orders of {size} bytes; {REWORK_LIMIT} orders of"
            f" {ORDERS_BYTES} bytes fit into one request. Resolve some, or say them shorter.",
            orders=len(orders),
            bytes=size,
        )
    return orders


def asked_by(notes: Sequence[Note], content: JsonObject) -> Asked:
    """What the open notes on this content ask for. Raises `TooManyNotes`."""
    film = film_of(content)
    if (film is not None and film.scenes) or is_script(content):
        return Asked(rework=orders_of(notes))
    words = "\n".join(f"{note.place.path or 'In general'}: {note.text}" for note in notes)
    if len(words.encode()) > ORDERS_BYTES:
        raise TooManyNotes(
            f"The {len(notes)} open notes have {len(words.encode())} bytes; {ORDERS_BYTES} fit into one request.",
            bytes=len(words.encode()),
        )
    return Asked(words=words)


async def preview(tx: Transaction, item: Item) -> tuple[Rework, ...]:
    """What a request for changes would have redone just now. Raises `TooManyNotes`."""
    chain = await Notes(tx).chain_of(item.id)
    return asked_by(await Notes(tx).list_in(chain[0].item_id, NoteState.OPEN), item.content).rework


async def ask(tx: Transaction, item: Item, *, by: str, now: datetime) -> Asked:
    """Take the open notes of an item into a request for changes: they are `requested` from then on."""
    notes = Notes(tx)
    chain = await notes.chain_of(item.id)
    wanted = await notes.list_in(chain[0].item_id, NoteState.OPEN, lock=True)
    asked = asked_by(wanted, item.content)
    for note in wanted:
        await notes.change(replace(note, state=NoteState.REQUESTED, state_by=by, state_at=now, answer=""))
    return asked


async def carry_over(tx: Transaction, item: Item, *, now: datetime) -> None:
    """Say on a new revision what became of the notes that were asked for. What nobody answers is open again."""
    if item.supersedes is None:
        return
    notes = Notes(tx)
    chain = await notes.chain_of(item.id)
    told = _told(item.content)
    for note in await notes.list_in(chain[0].item_id, NoteState.REQUESTED, lock=True):
        remarks = told.get(note.id, [])
        done = bool(remarks) and all(remark.done for remark in remarks)
        answer = " ".join(dict.fromkeys(remark.said for remark in remarks))
        if not remarks:
            answer = "This was made again as a whole; look whether the note still holds."
        state = NoteState.ADDRESSED if done else NoteState.OPEN
        await notes.change(replace(note, state=state, state_by=ACTOR, state_at=now, answer=answer))


def _told(content: JsonObject) -> dict[UUID, list[Reworked]]:
    try:
        remarks = _REMARKS.validate_python(content.get("remarks") or ())
    except ValidationError:
        # Whatever else a workflow calls its remarks says nothing about notes.
        return {}
    told: dict[UUID, list[Reworked]] = {}
    for remark in remarks:
        for note_id in remark.note_ids:
            told.setdefault(note_id, []).append(remark)
    return told


def _place(scene: int | None, stage: ReworkStage) -> tuple[int, int]:
    return (-1 if scene is None else scene, list(ReworkStage).index(stage))
