"""The door in front of all vendors: it writes every request down, and does to it what a planted fault says."""

from __future__ import annotations

import asyncio
import hashlib
import re
from typing import Any

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.kit.clock import Clock
from sandbox.kit.faults import Fault, FaultKind, Faults
from sandbox.kit.ledger import Asked, Ledger, masked

CONTROL = "/__sim/"
BODY_LIMIT = 256 * 1024 * 1024
_BEFORE = frozenset({FaultKind.STATUS, FaultKind.DROP_BEFORE, FaultKind.DELAY})
_AFTER = frozenset(
    {FaultKind.STATUS_AFTER, FaultKind.DROP_AFTER, FaultKind.SILENCE_AFTER, FaultKind.TRUNCATE, FaultKind.BAD_JSON}
)
_KEY_IN_QUERY = re.compile(r"(?<=key=)[^&]+")


class Door:
    """An ASGI middleware. Faults that are the vendor's own to do are in `scope["state"]["faults"]`."""

    def __init__(self, app: ASGIApp, *, clock: Clock, faults: Faults, ledger: Ledger) -> None:
        self._app = app
        self._clock = clock
        self._faults = faults
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        asked = self._write_down(scope, body)
        met = self._faults.meet(scope["method"], scope["path"])
        for fault in met:
            if fault.kind in _BEFORE and await self._refuse(fault, asked, send):
                return
        scope.setdefault("state", {})["faults"] = [one for one in met if one.kind not in _BEFORE | _AFTER]
        after = next((one for one in met if one.kind in _AFTER), None)
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                asked.status = message["status"]
            await send(message)

        await self._app(scope, _again(body, receive), keep if after else tell)
        if after:
            await self._spoil(after, asked, answer, receive, send)

    def _write_down(self, scope: Scope, body: bytes) -> Asked:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = _KEY_IN_QUERY.sub("…", scope["query_string"].decode())
        digest = hashlib.sha256(body).hexdigest()
        known = _json(body) if "json" in headers.get("content-type", "") else None
        asked = Asked(self._clock.now(), scope["method"], scope["path"], query, masked(headers), digest, known)
        self._ledger.ask(asked)
        return asked

    async def _refuse(self, fault: Fault, asked: Asked, send: Send) -> bool:
        if fault.kind is FaultKind.DELAY:
            await self._clock.until(self._clock.now() + fault.delay_ms / 1000)
            return False
        if fault.kind is FaultKind.DROP_BEFORE:
            await _hang_up(send)
            return True
        asked.status = fault.code
        await _say(fault, send)
        return True

    async def _spoil(self, fault: Fault, asked: Asked, answer: list[Message], receive: Receive, send: Send) -> None:
        match fault.kind:
            case FaultKind.STATUS_AFTER:
                asked.status = fault.code
                await _say(fault, send)
            case FaultKind.SILENCE_AFTER:
                # The whole request was read: what comes next is that its asker goes.
                while (await receive())["type"] != "http.disconnect":
                    continue
            case FaultKind.BAD_JSON:
                asked.status = 200
                await _answer(send, 200, {"content-type": "application/json"}, b'{"id": "')
            case FaultKind.TRUNCATE:
                await _cut(answer, send)
            case _:
                await _hang_up(send)


async def _say(fault: Fault, send: Send) -> None:
    body = fault.body
    if body is None:
        body = orjson.dumps({"error": {"message": "The sandbox was told to say this.", "code": fault.code}}).decode()
    await _answer(send, fault.code, {"content-type": "application/json"} | fault.headers, body.encode())


async def _answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


async def _hang_up(send: Send) -> None:
    """Begin an answer and go: the server then closes the connection, and the asker has nothing to go by."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4096")]})
    # The head has to be on its way before the connection is closed, or a server would send a 500 instead.
    await asyncio.sleep(0)


async def _cut(answer: list[Message], send: Send) -> None:
    start, *pieces = answer
    await send(start)
    body = b"".join(piece.get("body", b"") for piece in pieces)
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return bytes(body[:BODY_LIMIT])


def _again(body: bytes, receive: Receive) -> Receive:
    """What was read, for the app behind the door."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
