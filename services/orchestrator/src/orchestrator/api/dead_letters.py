"""`/admin/dlq`: the messages that were given up, for operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from common.bus.dead import NOBODY
from common.contracts.dead import Death
from common.cursors import decode_cursor
from common.db.work import Work
from common.errors import Forbidden
from common.masking import masked, shown_body
from common.service.pages import STORABLE, Cursor, Limit, Page, Word, page_of
from common.service.principal import Principal, Role, requires
from common.service.problems import refusals
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.dead_letters import Wanted, find_letters
from orchestrator.models import LetterState
from orchestrator.redriving import Redriver

Operator = Annotated[Principal, Depends(requires(Role.OPERATOR, Role.ADMIN))]
BULK_LIMIT = 200


class LetterAnswer(BaseModel):
    """A message that was given up."""

    id: UUID
    service: str = Field(description="Who gave it up.")
    subject: str
    capability: str | None
    code: Death
    reason: str
    state: LetterState
    times: int = Field(description="How often it was given up.")
    run_id: UUID | None
    step: str | None
    attempt: int | None
    first_seen: datetime
    last_seen: datetime
    handled_by: str | None
    handled_at: datetime | None
    note: str | None


class WholeLetter(LetterAnswer):
    """The same with what was in it. Secrets are hidden."""

    headers: dict[str, str]
    body: Any
    size: int


class Handled(BaseModel):
    """A letter, and whether this request did something about it: a repeat changes nothing."""

    letter: LetterAnswer
    changed: bool


class Note(BaseModel):
    """Why nothing is to be done."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "The client has withdrawn the order."}]}
    )

    note: str = Field(min_length=1, max_length=2_000)


class Filter(BaseModel):
    """Which letters. At least the state is always given: those that are open."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"capability": "ideation.propose_ideas"}]}
    )

    service: str | None = Field(default=None, max_length=200, pattern=STORABLE)
    capability: str | None = Field(default=None, max_length=200, pattern=STORABLE)
    run_id: UUID | None = None
    nobodys: bool = False


class BulkNote(Filter):
    """Why nothing is to be done about all of these."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"service": "editor", "note": "They were sent while it was being moved."}]}
    )

    note: str = Field(min_length=1, max_length=2_000)


class Refusal(BaseModel):
    """A letter that it could not be done to."""

    id: UUID
    detail: str


class BulkAnswer(BaseModel):
    """What was done to many. `more`: there were more than are treated at once; ask again."""

    done: list[UUID]
    refused: list[Refusal]
    more: bool


def router(*, work: Work, redriver: Redriver) -> APIRouter:
    """Routes of dead letters."""
    routes = APIRouter(tags=["dead letters"])
    listing = refusals(403, 422)
    handling = refusals(403, 404, 409, 422)

    async def listed(
        caller: Principal,
        wanted: Filter,
        state: LetterState | None,
        *,
        limit: int,
        after: tuple[datetime, UUID] | None = None,
    ) -> Sequence[Any]:
        if wanted.nobodys and NOBODY not in redriver.tenants_of(caller):
            raise Forbidden("Messages that name no tenant are for the operators of the platform.")
        only = Wanted(wanted.service, wanted.capability, wanted.run_id, state)
        async with work.transaction(NOBODY if wanted.nobodys else caller.tenant) as tx:
            return await find_letters(tx, only, limit=limit, after=after)

    @routes.get("/admin/dlq", summary="Dead letters, the newest first", responses=listing)
    async def index(
        caller: Operator,
        wanted: Annotated[Filter, Depends(_filter)],
        state: LetterState | None = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Page[LetterAnswer]:
        after = decode_cursor(cursor, datetime, UUID)
        found = await listed(caller, wanted, state, limit=limit + 1, after=after)
        return page_of(found, limit=limit, view=_answer, key=lambda row: (row["last_seen"], row["id"]))

    @routes.get(
        "/admin/dlq/{letter_id}", summary="One dead letter, with what was in it", responses=refusals(403, 404, 422)
    )
    async def show(letter_id: UUID, caller: Operator) -> WholeLetter:
        row = await redriver.show(letter_id, caller)
        inside = {"headers": masked(row["headers"]), "body": shown_body(row["body"])}
        return WholeLetter.model_validate({**row, **inside})

    @routes.post(
        "/admin/dlq/{letter_id}/replay",
        summary="Send it on its way again. Repeating it changes nothing",
        responses=handling,
    )
    async def replay(letter_id: UUID, caller: Operator) -> Handled:
        row, changed = await redriver.redrive(letter_id, caller)
        return Handled(letter=_answer(row), changed=changed)

    @routes.post(
        "/admin/dlq/{letter_id}/resolve", summary="Note that nothing is to be done about it", responses=handling
    )
    async def resolve(letter_id: UUID, note: Note, caller: Operator) -> Handled:
        row, changed = await redriver.resolve(letter_id, caller, note=note.note)
        return Handled(letter=_answer(row), changed=changed)

    @routes.post(
        "/admin/dlq/replay",
        summary="Send all open letters of a kind on their way again, up to 200 at once",
        responses=listing,
    )
    async def replay_all(wanted: Filter, caller: Operator) -> BulkAnswer:
        found = await listed(caller, wanted, LetterState.OPEN, limit=BULK_LIMIT + 1)
        ids = [row["id"] for row in found[:BULK_LIMIT]]
        return _bulk(await redriver.each(ids, lambda one: redriver.redrive(one, caller)), more=len(found) > BULK_LIMIT)

    @routes.post(
        "/admin/dlq/resolve",
        summary="Note that nothing is to be done about all open letters of a kind",
        responses=listing,
    )
    async def resolve_all(wanted: BulkNote, caller: Operator) -> BulkAnswer:
        found = await listed(caller, wanted, LetterState.OPEN, limit=BULK_LIMIT + 1)
        ids = [row["id"] for row in found[:BULK_LIMIT]]
        treated = await redriver.each(ids, lambda one: redriver.resolve(one, caller, note=wanted.note))
        return _bulk(treated, more=len(found) > BULK_LIMIT)

    return routes


async def _filter(
    service: Annotated[str | None, Query(max_length=200, pattern=STORABLE, description="Who gave it up.")] = None,
    capability: Word = None,
    run_id: UUID | None = None,
    nobodys: Annotated[bool, Query(description="Those that name no tenant; for the platform's operators.")] = False,
) -> Filter:
    return Filter(service=service, capability=capability, run_id=run_id, nobodys=nobodys)


def _bulk(treated: tuple[list[UUID], list[tuple[UUID, str]]], *, more: bool) -> BulkAnswer:
    done, refused = treated
    return BulkAnswer(done=done, refused=[Refusal(id=one, detail=detail) for one, detail in refused], more=more)


def _answer(row: Any) -> LetterAnswer:
    return LetterAnswer.model_validate(dict(row))
