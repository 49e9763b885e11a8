"""The socket of one item, as clients of the agent suite know it: what happens to it, and what is said about it.

It reads the tables, so it tells of what any replica did. The gatekeeper has verified who the caller is; what they
have to say goes to the routes, where the shield looks at it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import orjson
from common.clock import rfc3339, utc_now
from common.db.work import Work
from common.errors import NotFound
from common.service.principal import Principal
from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from compliance.api.airlock_compat_routes import PREFIX
from compliance.api.airlock_compat_shapes import STATUSES, messages_of
from compliance.api.airlock_routes import LOOKERS
from compliance.notes import NOTES_LIMIT
from compliance.repository.history import History
from compliance.repository.items import Items
from compliance.repository.notes import Notes

LOOK_SECONDS = 1.0
OPEN_SECONDS = 60.0
"""Then a client comes again, with a token that is good by then: nobody listens for longer after losing their rights."""
REFUSED, COME_AGAIN = 1008, 1012
Frame = dict[str, Any]


def router(work: Work) -> APIRouter:
    """The socket, at both places."""
    routes = APIRouter(tags=["compatible"])

    async def listen(socket: WebSocket, item_id: UUID) -> None:
        principal: Principal = socket.scope["principal"]
        told = _Told(work, principal.tenant, item_id)
        try:
            await told.look()
        except NotFound as error:
            await socket.close(REFUSED, error.code)
            return
        if not principal.may(*LOOKERS):
            await socket.close(REFUSED, "forbidden")
            return
        await socket.accept()
        await _converse(socket, told)

    for prefix in ("", PREFIX):
        routes.add_api_websocket_route(f"{prefix}/api/v1/airlock/items/{{item_id}}/ws", listen)
    return routes


class _Told:
    """An item, and what of it was told already."""

    def __init__(self, work: Work, tenant: str, item_id: UUID) -> None:
        self._work = work
        self._tenant = tenant
        self._item_id = item_id
        self._seen = 0
        self._messages: set[UUID] = set()

    async def look(self) -> list[Frame]:
        """What is new since the last look. Raises `NotFound`."""
        async with self._work.transaction(self._tenant) as tx:
            item = await Items(tx).get(self._item_id)
            events = await History(tx).list_events(self._item_id, after=self._seen)
            chain = await Notes(tx).chain_of(self._item_id)
            notes = await Notes(tx).list_page(chain[0].item_id, state=None, after=None, limit=NOTES_LIMIT)
        new = [
            {
                "type": "item_updated",
                "item_id": str(item.id),
                "changes": {"status": STATUSES[item.status], "what": event.what, "note": event.note},
                "updated_by": event.actor,
                "timestamp": rfc3339(event.at),
            }
            for event in events
        ]
        for message in messages_of(notes):
            if message.id not in self._messages:
                said = message.model_dump(mode="json", exclude={"id", "created_at"})
                at = rfc3339(message.created_at)
                new.append({"type": "new_message", "message_id": str(message.id), **said, "timestamp": at})
                self._messages.add(message.id)
        self._seen = events[-1].seq if events else self._seen
        return new

    async def __aiter__(self) -> AsyncIterator[Frame]:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for frame in await self.look():
                yield frame


async def _converse(socket: WebSocket, told: _Told) -> None:
    """Tell and answer until the client goes, the item is no longer for them, or it is time to come again."""
    tasks = {asyncio.create_task(_tell(socket, told)), asyncio.create_task(_answer(socket))}
    done, left = await asyncio.wait(tasks, timeout=OPEN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    for task in left:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    gone = any(isinstance(task.exception(), WebSocketDisconnect) for task in done)
    if not gone:
        await socket.close(COME_AGAIN, "come again")


async def _tell(socket: WebSocket, told: _Told) -> None:
    async for frame in told:
        await _send(socket, frame)


async def _answer(socket: WebSocket) -> None:
    while True:
        try:
            asked = orjson.loads(await socket.receive_text())
        except orjson.JSONDecodeError:
            asked = None
        if isinstance(asked, dict) and asked.get("type") == "ping":
            await _send(socket, {"type": "pong", "timestamp": rfc3339(utc_now())})
        else:
            await _send(socket, {"type": "error", "message": "Send a ping; messages are posted to …/messages."})


async def _send(socket: WebSocket, frame: Frame) -> None:
    await socket.send_text(orjson.dumps(frame).decode())
