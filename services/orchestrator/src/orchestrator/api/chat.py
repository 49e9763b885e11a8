"""`/v1/chat`: saying to the supervisor what one wants, and one's conversations with it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import httpx
from common.clock import Clock
from common.cursors import decode_cursor
from common.db.work import Work
from common.service.pages import Cursor, Limit, Page, page_of
from common.service.principal import Principal, current_principal
from common.service.problems import refusals
from common.service.recording import address_of
from fastapi import APIRouter, Depends, Header, Query, Request

from orchestrator.chat.conversations import Conversations
from orchestrator.chat.doors import Doors
from orchestrator.chat.shapes import Conversation, SupervisorRequest, Turn, TurnAnswer
from orchestrator.chat.supervisor import Supervisor
from orchestrator.chat.wishes import wish_in

Caller = Annotated[Principal, Depends(current_principal)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
After = Annotated[int, Query(ge=0, le=2_147_483_647, description="The number of the turn to go on after.")]


def router(*, work: Work, airlock: httpx.AsyncClient, clock: Clock) -> APIRouter:
    """Routes of the supervisor. What it does, it does through the other routes, with the speaker's own token."""
    routes = APIRouter(prefix="/v1/chat", tags=["supervisor"])

    @routes.post(
        "/supervisor",
        summary="Say what you want, or confirm what was proposed",
        responses=refusals(403, 404, 409, 422, 503),
    )
    async def say(said: SupervisorRequest, caller: Caller, request: Request, key: Key = None) -> TurnAnswer:
        async with work.transaction(caller.tenant) as tx:
            conversations = Conversations(tx, caller.user_id)
            turn = await conversations.claim(said.conversation_id, said.message, key=key, now=clock())
        reply = turn.reply
        if reply is None:
            doors = Doors(
                request.app,
                airlock,
                caller,
                request_id=str(request.scope.get("request_id", "")),
                address=address_of(request.scope),
            )
            supervisor = Supervisor(doors, caller, turn.memory, turn_id=turn.turn_id)
            reply, memory = await supervisor.answer(wish_in(said.message))
            async with work.transaction(caller.tenant) as tx:
                await Conversations(tx, caller.user_id).close(turn, reply, memory, now=clock())
        return TurnAnswer(**dict(reply), conversation_id=turn.conversation_id, number=turn.number)

    @routes.get("/conversations", summary="Your conversations, the latest first", responses=refusals(422))
    async def conversations(caller: Caller, limit: Limit = 50, cursor: Cursor = None) -> Page[Conversation]:
        after = decode_cursor(cursor, datetime, UUID)
        async with work.transaction(caller.tenant) as tx:
            rows = await Conversations(tx, caller.user_id).list_newest(limit=limit + 1, after=after)
        return page_of(
            rows, limit=limit, view=Conversation.model_validate, key=lambda row: (row["updated_at"], row["id"])
        )

    @routes.get("/conversations/{conversation_id}", summary="What was said, in order", responses=refusals(404, 422))
    async def turns(conversation_id: UUID, caller: Caller, after: After = 0, limit: Limit = 50) -> list[Turn]:
        async with work.transaction(caller.tenant) as tx:
            rows = await Conversations(tx, caller.user_id).turns(conversation_id, limit=limit, after=after)
        return [Turn.model_validate(row) for row in rows]

    @routes.delete(
        "/conversations/{conversation_id}",
        status_code=204,
        summary="Forget it; what was done stays done",
        responses=refusals(403, 404, 422),
    )
    async def forget(conversation_id: UUID, caller: Caller) -> None:
        async with work.transaction(caller.tenant) as tx:
            await Conversations(tx, caller.user_id).delete(conversation_id)

    return routes
