"""A safety server on a real port, without a model: Llama Stack's shields and OpenAI's moderations on the wire.

What it says follows from the text: words that a test calls harmful are violations. It can also fail in every way a
server fails.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from testkit.listening import listening

SHIELD = "llama-guard"
HARMFUL = "forbidden"
LLAMA_GUARD_CODE = "S9"
NONSENSE = (b"", b"{", b"[]", b"{}", b"null", b'"safe"', b"<html>safe</html>", b'{"violation": {}}', b"\xff\xfe")
"""Bodies of a 200 that are no answer on either wire."""


class Mood(StrEnum):
    """How the server behaves."""

    WELL = "well"
    SILENT = "silent"
    HANGS_UP = "hangs_up"
    BROKEN = "broken"
    NONSENSE = "nonsense"
    UNKNOWN_SHIELD = "unknown_shield"


@dataclass
class SafetyServer:
    """The stand-in, and what it was asked."""

    url: str = ""
    mood: Mood = Mood.WELL
    nonsense: bytes = b"{}"
    asked: list[dict[str, Any]] = field(default_factory=list)

    def app(self) -> Starlette:
        """Its routes."""
        routes = [
            Route("/v1/shields", self._shields),
            Route("/v1/safety/run-shield", self._run_shield, methods=["POST"]),
            Route("/v1/moderations", self._moderations, methods=["POST"]),
        ]
        return Starlette(routes=routes)

    async def _shields(self, request: Request) -> Response:
        names = [] if self.mood is Mood.UNKNOWN_SHIELD else [SHIELD]
        listed = {"data": [{"identifier": name, "type": "shield", "provider_id": "stand-in"} for name in names]}
        return await self._say(request, lambda _: listed)

    async def _run_shield(self, request: Request) -> Response:
        def judge(body: dict[str, Any]) -> Any:
            text = " ".join(message["content"] for message in body["messages"])
            if body["shield_id"] != SHIELD:
                return None
            metadata = {"violation_type": LLAMA_GUARD_CODE}
            violation = {"violation_level": "error", "user_message": "I cannot answer that.", "metadata": metadata}
            return {"violation": violation if HARMFUL in text else None}

        return await self._say(request, judge)

    async def _moderations(self, request: Request) -> Response:
        def judge(body: dict[str, Any]) -> Any:
            if body["model"] != SHIELD:
                return None
            bad = HARMFUL in body["input"]
            result = {"flagged": bad, "categories": {"hate/threatening": bad, "violence": False}, "category_scores": {}}
            return {"id": "modr-1", "model": SHIELD, "results": [result]}

        return await self._say(request, judge)

    async def _say(self, request: Request, judge: Callable[[dict[str, Any]], Any]) -> Response:
        raw = await request.body()
        body = orjson.loads(raw) if raw else {}
        self.asked.append(body)
        match self.mood:
            case Mood.SILENT:
                # Nothing was sent that could be answered: what comes next is that the asker goes.
                while (await request.receive())["type"] != "http.disconnect":
                    continue
                return Response(status_code=499)
            case Mood.HANGS_UP:
                return _CutOff()
            case Mood.BROKEN:
                return JSONResponse({"error": {"message": "The stand-in was told to say this."}}, status_code=500)
            case Mood.NONSENSE:
                return Response(self.nonsense, media_type="application/json")
        answer = judge(body)
        if answer is None:
            return JSONResponse({"error": {"message": "no such shield"}}, status_code=400)
        return JSONResponse(answer)


class _CutOff(Response):
    """An answer that breaks off in the middle."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"violation": null, ', "more_body": True})
        await asyncio.sleep(0)
        raise ConnectionAbortedError("the stand-in hangs up")


@asynccontextmanager
async def safety_server() -> AsyncIterator[SafetyServer]:
    """`async with safety_server() as server:` → a server at `server.url`."""
    server = SafetyServer()
    async with listening(server.app()) as url:
        server.url = url
        yield server
