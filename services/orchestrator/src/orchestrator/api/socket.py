"""`/ws`: runs as they happen. One frame shape; history first, then the boundary, then live.

`?protocol=seed` and `?protocol=chat` say the same in the words of the originals (`common.contracts.outward`).
With `?together=true` each message is an array of the frames that waited: less work for both sides when much happens.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Annotated, Any, Literal
from uuid import UUID

from common.contracts.outward import Protocol
from common.errors import Unauthenticated, Unavailable
from common.observability.metrics import SOCKETS
from common.service.auth import Authenticator
from common.service.principal import Principal, current_principal
from common.service.problems import refusals
from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from orchestrator.mailbox import say
from orchestrator.stream import ALL, Hub, Subscriber

TICKET_SECONDS = 30
TICKET_PROTOCOL = "greenlight.ticket."
STREAM_PROTOCOL = "greenlight.v1"
FELL_BEHIND, UNSUPPORTED, UNAUTHENTICATED, TRY_AGAIN = 4008, 1003, 1008, 1013
LOOK_SECONDS = 5.0
"""How often it is looked whether those who listen still may."""
_MOST_RUNS = 200


class Operation(BaseModel):
    """What a client says."""

    model_config = ConfigDict(extra="forbid")

    op: Literal["subscribe", "unsubscribe", "ping"]
    run_id: UUID | Literal["*"] | None = None
    from_seq: int = Field(default=0, ge=0)


class Ticket(BaseModel):
    """A single-use way into the socket, for clients that cannot send headers."""

    ticket: str = Field(description="Offer `greenlight.ticket.<ticket>` in Sec-WebSocket-Protocol within 30 s.")
    expires_in: int


def router(*, hub: Hub, redis: Redis, authenticator: Authenticator) -> APIRouter:
    """The socket, and tickets for it."""
    routes = APIRouter(tags=["stream"])

    @routes.post("/v1/tickets", status_code=201, summary="A single-use ticket for the socket", responses=refusals(401))
    async def ticket(caller: Annotated[Principal, Depends(current_principal)]) -> Ticket:
        name = secrets.token_urlsafe(24)
        try:
            await redis.set(_key(name), caller.token, ex=TICKET_SECONDS)
        except RedisError as error:
            raise Unavailable("No ticket can be had now; a client that can send headers needs none.") from error
        return Ticket(ticket=name, expires_in=TICKET_SECONDS)

    @routes.websocket("/ws")
    async def stream(socket: WebSocket) -> None:
        try:
            principal = await _who(socket, redis, authenticator)
        except Unauthenticated as error:
            await socket.close(UNAUTHENTICATED, error.code)
            return
        except (Unavailable, RedisError):
            await socket.close(TRY_AGAIN, "unavailable")
            return
        try:
            protocol = Protocol(socket.query_params.get("protocol", Protocol.GREENLIGHT))
        except ValueError:
            await socket.close(UNSUPPORTED, "unknown protocol")
            return
        together = socket.query_params.get("together") == "true"
        offered = socket.scope.get("subprotocols", ())
        await socket.accept(subprotocol=STREAM_PROTOCOL if STREAM_PROTOCOL in offered else None)
        subscriber = Subscriber(principal.tenant, principal.viewer)
        hub.add(subscriber)
        SOCKETS.labels("orchestrator").inc()
        try:
            writing = _write(socket, subscriber, protocol, together=together)
            await _converse(socket, subscriber, hub, writing, leave=_until_not_allowed(principal, authenticator))
        finally:
            hub.remove(subscriber)
            SOCKETS.labels("orchestrator").dec()

    return routes


async def _who(socket: WebSocket, redis: Redis, authenticator: Authenticator) -> Principal:
    """The caller from a ticket, which is used up by this, or else from the request's own credentials."""
    for protocol in socket.scope.get("subprotocols", ()):
        if protocol.startswith(TICKET_PROTOCOL):
            token = await redis.getdel(_key(protocol.removeprefix(TICKET_PROTOCOL)))
            if token is None:
                raise Unauthenticated("The ticket is unknown, used or too old.")
            return await authenticator.by_token(_text(token))
    return await authenticator.by_headers(socket.headers)


async def _until_not_allowed(principal: Principal, authenticator: Authenticator) -> None:
    """Return when what the listener may do was changed. They may come again, as who they are by then."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        if not await authenticator.may_stay(principal):
            return


async def _converse(
    socket: WebSocket,
    subscriber: Subscriber,
    hub: Hub,
    writing: Coroutine[Any, Any, None],
    *,
    leave: Coroutine[Any, Any, None],
) -> None:
    """Read operations and write frames until either side ends, `leave` does, or the reader falls too far behind."""
    leaving = asyncio.create_task(leave)
    tasks = {
        leaving,
        asyncio.create_task(writing),
        asyncio.create_task(_read(socket, subscriber, hub)),
        asyncio.create_task(subscriber.behind.wait()),
    }
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if subscriber.behind.is_set():
        await socket.close(FELL_BEHIND, "fell behind; come again and resume")
    elif not leaving.cancelled():
        await socket.close(UNAUTHENTICATED, "what you may do was changed; come again")


async def _write(socket: WebSocket, subscriber: Subscriber, protocol: Protocol, *, together: bool) -> None:
    while True:
        frames = await subscriber.mail.take()
        texts = [text for frame in frames if (text := frame.text(protocol)) is not None]
        for message in _arrays(texts) if together else texts:
            await socket.send_text(message)


def _arrays(texts: list[str]) -> list[str]:
    """All in one, if there are any."""
    return [f"[{','.join(texts)}]"] if texts else []


async def _read(socket: WebSocket, subscriber: Subscriber, hub: Hub) -> None:
    while True:
        try:
            operation = Operation.model_validate_json(await socket.receive_text())
        except WebSocketDisconnect:
            return
        except ValidationError as error:
            subscriber.put(say("error", {"error": "invalid", "detail": str(error.errors()[0]["msg"])}))
            continue
        match operation.op:
            case "ping":
                subscriber.put(say("pong", {}))
            case "subscribe":
                await _subscribe(operation, subscriber, hub)
            case "unsubscribe" if operation.run_id == ALL:
                subscriber.everything = False
            case "unsubscribe":
                subscriber.last_seq.pop(str(operation.run_id), None)


async def _subscribe(operation: Operation, subscriber: Subscriber, hub: Hub) -> None:
    if operation.run_id == ALL:
        subscriber.everything = True
    elif isinstance(operation.run_id, UUID):
        if len(subscriber.last_seq) >= _MOST_RUNS:
            subscriber.put(say("error", {"error": "too_many", "detail": f"At most {_MOST_RUNS} runs a socket."}))
        elif not await hub.follow(subscriber, operation.run_id, from_seq=operation.from_seq):
            subscriber.put(say("error", {"error": "not_found", "detail": f"There is no run {operation.run_id}."}))
    else:
        subscriber.put(say("error", {"error": "invalid", "detail": "subscribe needs run_id, or '*'."}))


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _key(ticket: str) -> str:
    return f"greenlight:ticket:{ticket}"
