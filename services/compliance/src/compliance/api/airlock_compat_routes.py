"""What clients of the agent suite before us ask of its airlock: `/api/v1/airlock/items` and what is below.

Their shapes, our airlock: who decides is in the token and never in the body, and own work is refused as anywhere.
On this service's own port the paths are as they were; at the edge they are under `/compat/agent-os`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from common.clock import Clock
from common.contracts.gates import Priority
from common.db.work import Work
from common.errors import Conflict, Forbidden, Invalid
from common.manifest import state_sha256
from common.service.pages import Word
from common.service.principal import Principal, Role, current_principal, requires
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from compliance.airlock import DecisionOrder
from compliance.api import airlock_compat_shapes as shapes
from compliance.api.airlock_routes import looks
from compliance.api.notes_routes import writes
from compliance.api.review_routes import arranges
from compliance.domain import WITHDRAWABLE, ItemStatus
from compliance.notes import NOTES_LIMIT, NoteBook, NoteDraft
from compliance.places import Pointed
from compliance.repository.history import History
from compliance.repository.items import Item, Items
from compliance.repository.notes import Note, Notes
from compliance.repository.queue import Wanted, list_newest
from compliance.repository.tallies import tally
from compliance.reviewing import Reviewing

PREFIX = "/compat/agent-os"
asks = requires(Role.CREATOR, Role.SERVICE)
Reviewer = Annotated[str | None, Query(max_length=200, pattern=r"^[^\x00]*$")]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=10_000)]


class Made(BaseModel):
    """An item that is held."""

    item_id: UUID
    status: str = "created"


class MadeRevision(BaseModel):
    """Another item in the place of the first."""

    revision_id: UUID
    status: str = "created"


class Added(BaseModel):
    """A note that was written."""

    status: str = "added"
    message_id: UUID | None = None
    feedback_id: UUID | None = None


class Updated(BaseModel):
    """It is so now."""

    status: str = "updated"


def routers(work: Work, *, reviewing: Reviewing, notes: NoteBook, clock: Clock) -> Sequence[APIRouter]:
    """The routes, at both places."""
    return tuple(_router(f"{prefix}/api/v1/airlock", work, reviewing, notes, clock=clock) for prefix in ("", PREFIX))


def _router(prefix: str, work: Work, reviewing: Reviewing, notes: NoteBook, *, clock: Clock) -> APIRouter:
    routes = APIRouter(prefix=prefix, tags=["compatible"])
    _add_views(routes, work, clock)
    _add_items(routes, work, reviewing, clock)
    _add_words(routes, work, notes)
    return routes


def _add_views(routes: APIRouter, work: Work, clock: Clock) -> None:
    @routes.get("/items", summary="Items, the newest first.")
    async def list_airlock_items(
        *,
        principal: Principal = Depends(looks),
        status: shapes.Status | None = None,
        assigned_reviewer: Reviewer = None,
        source_service: Reviewer = None,
        content_type: Word = None,
        priority: Priority | None = None,
        limit: Limit = 50,
        offset: Offset = 0,
    ) -> list[shapes.ItemView]:
        if content_type is not None and content_type not in shapes.CONTENT_TYPES:
            raise Invalid(f"There are items of these types: {', '.join(sorted(shapes.CONTENT_TYPES))}.")
        wanted = Wanted(
            statuses=tuple(ours for ours, theirs in shapes.STATUSES.items() if theirs is status) if status else None,
            assigned_to=assigned_reviewer,
            gate=source_service,
            content_type=shapes.CONTENT_TYPES[content_type] if content_type else None,
            priority=priority,
        )
        async with work.transaction(principal.tenant) as tx:
            return [shapes.item_view(item) for item in await list_newest(tx, wanted, offset=offset, limit=limit)]

    @routes.get("/items/{item_id}", summary="An item.")
    async def show_airlock_item(item_id: UUID, principal: Principal = Depends(looks)) -> shapes.ItemView:
        async with work.transaction(principal.tenant) as tx:
            return shapes.item_view(await Items(tx).get(item_id))

    @routes.get("/items/{item_id}/revisions", summary="An item and those before it, the newest first.")
    async def list_airlock_revisions(
        item_id: UUID, principal: Principal = Depends(looks), limit: Limit = 200, offset: Offset = 0
    ) -> list[shapes.RevisionView]:
        async with work.transaction(principal.tenant) as tx:
            items = Items(tx)
            await items.get(item_id)
            chain = await Notes(tx).chain_of(item_id)
            wanted = chain[::-1][offset : offset + limit]
            return [shapes.revision_view(await items.get(each.item_id)) for each in wanted]

    @routes.get("/dashboard/stats", summary="How full the airlock is.")
    async def airlock_dashboard(
        principal: Principal = Depends(looks), reviewer_id: Reviewer = None
    ) -> shapes.DashboardView:
        async with work.transaction(principal.tenant) as tx:
            return shapes.dashboard_view(await tally(tx, assigned_to=reviewer_id, now=clock()))


def _add_items(routes: APIRouter, work: Work, reviewing: Reviewing, clock: Clock) -> None:
    @routes.post("/items", status_code=201, summary="Hold something until a person decides.")
    async def hold_airlock_item(body: shapes.ItemBody, principal: Principal = Depends(asks)) -> Made:
        asked = body.input(requested_by=principal.user_id, now=clock())
        item = await reviewing.submissions.submit(body.key, asked, principal=principal, run_id=None, supersedes=None)
        if body.assigned_reviewer_id is not None and item.status is ItemStatus.OPEN:
            await reviewing.claims.arrange(
                item.id, principal=principal, assigned_to=body.assigned_reviewer_id, priority=None
            )
        return Made(item_id=item.id)

    @routes.put("/items/{item_id}", summary="Decide, as the one whose token it is, or say whom it is meant for.")
    async def update_airlock_item(
        item_id: UUID,
        body: shapes.ItemUpdate,
        principal: Principal = Depends(current_principal),
        updated_by: Reviewer = None,
    ) -> Updated:
        if updated_by not in {None, principal.user_id}:
            raise Forbidden(f"This token is {principal.user_id}'s; nobody decides or arranges for somebody else.")
        if body.assigned_reviewer_id is not None:
            await arranges(principal)
            await reviewing.claims.arrange(
                item_id, principal=principal, assigned_to=body.assigned_reviewer_id, priority=None
            )
        if body.status is not None:
            order = DecisionOrder(
                decision=shapes.DECISIONS[body.status],
                comment=body.comment,
                seen_sha256=body.manifest_sha256,
                accepts_downgrades=body.accepts_downgrades,
            )
            await reviewing.airlock.decide(item_id, order, principal=principal, key=None)
        return Updated()

    @routes.post("/items/{item_id}/revisions", status_code=201, summary="Other content in its place, by its author.")
    async def revise_airlock_item(
        item_id: UUID, body: shapes.RevisionBody, principal: Principal = Depends(asks)
    ) -> MadeRevision:
        async with work.transaction(principal.tenant) as tx:
            item = await Items(tx).get(item_id)
        _must_be_theirs(item, principal)
        if item.status in WITHDRAWABLE:
            await reviewing.withdrawals.withdraw(item_id, principal=principal, reason="There is a revision of it.")
        made = await reviewing.submissions.submit(
            f"revision:{item_id}:{state_sha256(body.content)}",
            shapes.revised(item, body),
            principal=principal,
            run_id=None,
            supersedes=item_id,
        )
        return MadeRevision(revision_id=made.id)


def _add_words(routes: APIRouter, work: Work, notes: NoteBook) -> None:
    async def said(item_id: UUID, principal: Principal) -> Sequence[Note]:
        async with work.transaction(principal.tenant) as tx:
            await Items(tx).get(item_id)
            chain = await Notes(tx).chain_of(item_id)
            return await Notes(tx).list_page(chain[0].item_id, state=None, after=None, limit=NOTES_LIMIT)

    async def write(item_id: UUID, text: str, body: BaseModel, principal: Principal) -> UUID:
        note = await notes.write(item_id, NoteDraft(text, Pointed()), principal=principal, key=None, request=body)
        return note.id

    @routes.get("/items/{item_id}/messages", summary="Notes and replies, the oldest first.")
    async def list_airlock_messages(
        item_id: UUID, principal: Principal = Depends(looks), limit: Limit = 50, offset: Offset = 0
    ) -> list[shapes.MessageView]:
        return shapes.messages_of(await said(item_id, principal))[offset : offset + limit]

    @routes.post("/items/{item_id}/messages", status_code=201, summary="Write a note.")
    async def write_airlock_message(
        item_id: UUID, body: shapes.MessageBody, principal: Principal = Depends(writes)
    ) -> Added:
        return Added(message_id=await write(item_id, body.content, body, principal))

    @routes.get("/items/{item_id}/feedback", summary="Decisions and notes, the newest first.")
    async def list_airlock_feedback(item_id: UUID, principal: Principal = Depends(looks)) -> list[shapes.FeedbackView]:
        found = await said(item_id, principal)
        async with work.transaction(principal.tenant) as tx:
            return shapes.feedback_of(await History(tx).list_newest_decisions(item_id, limit=NOTES_LIMIT), found)

    @routes.post("/items/{item_id}/feedback", status_code=201, summary="Write what you think of it, as a note.")
    async def write_airlock_feedback(
        item_id: UUID, body: shapes.FeedbackBody, principal: Principal = Depends(writes)
    ) -> Added:
        return Added(feedback_id=await write(item_id, body.text, body, principal))


def _must_be_theirs(item: Item, principal: Principal) -> None:
    if item.requested_by != principal.user_id:
        raise Forbidden("Only who asked for an item may put something else in its place.")
    if item.run_id is not None:
        raise Conflict("This is a run's item: ask for changes, and the run makes the next revision.")
    if item.status in {ItemStatus.RELEASING, ItemStatus.RELEASED}:
        raise Conflict("It is out, or on its way; a revision would be of nothing that waits.")
