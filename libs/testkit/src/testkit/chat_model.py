"""A model behind a real HTTP server: `/v1/chat/completions` as OpenAI-compatible endpoints speak it, without a model.

It also stands there as a Llama Stack server, of the generation that it is told.
What it answers follows from what it was asked, so the same question has the same answer.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from sandbox.kit.completions import as_asked, completion, function_call, text_of
from sandbox.kit.questions import members_wanted
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from testkit.drafts import draft
from testkit.listening import listening

MODEL = "stand-in-1"
USD_A_CALL = 0.00125


@dataclass
class ChatModel:
    """The stand-in, and what it was asked. A test says in advance how it answers otherwise than well."""

    url: str = ""
    stack: str = ""
    """The version of Llama Stack that it stands there as; empty for any other endpoint."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    troubles: dict[int, Trouble] = field(default_factory=dict)
    """Question (counted from 0) → what it is answered with instead of an answer."""
    keys: list[str] = field(default_factory=list)
    """The `authorization` of each request."""
    says_cost: bool = True
    silent_from: int | None = None
    """From this question on (counted from 0) nothing is answered."""
    spoken_to: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a question has come in."""
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once somebody whose question was not answered went away."""

    @property
    def speaks(self) -> str:
        """What its endpoint's settings say that it speaks."""
        return "llama_stack" if self.stack else "openai"

    @property
    def questions(self) -> list[str]:
        """The last thing a person said in each question, in order."""
        return [last_said(body) for body in self.asked]

    async def answer(self, request: Request) -> Response:
        """One question, answered; a question with tools is answered by calling the first, and then in words."""
        body = orjson.loads(await request.body())
        number = len(self.asked)
        self.asked.append(body)
        self.keys.append(request.headers.get("authorization", ""))
        self.spoken_to.set()
        if self.silent_from is not None and number >= self.silent_from:
            # The whole question was read: what comes next is that its asker goes.
            while (await request.receive())["type"] != "http.disconnect":
                continue
            self.hung_up.set()
            return Response(status_code=499)
        if trouble := self.troubles.get(number):
            return trouble.response(body, says_cost=self.says_cost)
        return _as_asked(body, _answer_to(body), says_cost=self.says_cost, headers={})

    async def version(self, request: Request) -> Response:
        """Which Llama Stack it stands there as."""
        self.keys.append(request.headers.get("authorization", ""))
        return JSONResponse({"version": self.stack})

    async def models(self, request: Request) -> Response:
        """Which models there are."""
        self.keys.append(request.headers.get("authorization", ""))
        if self.stack.startswith("0.2."):
            named = {"identifier": MODEL, "provider_resource_id": MODEL, "provider_id": "local", "type": "model"}
            return JSONResponse({"data": [named | {"metadata": {}, "model_type": "llm"}]})
        listed = [{"id": MODEL, "object": "model", "created": 1_763_700_000, "owned_by": "testkit"}]
        return JSONResponse({"object": "list", "data": listed})


@dataclass(frozen=True)
class Trouble:
    """An answer that is none, or not the one that was asked for."""

    status: int = 200
    refusal: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "The stand-in was told to say this."
    """What an error says."""
    code: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    text: str | None = None
    """What is answered instead."""
    finish: str = "stop"
    body: bytes | None = None
    """What the answer is on the wire, whatever it is."""
    calls: tuple[tuple[str, str], ...] = ()
    """Tools that are called instead, each with its arguments as they are on the wire."""
    hangs_up: bool = False
    """The connection breaks in the middle of the answer."""

    def response(self, body: dict[str, Any], *, says_cost: bool) -> Response:
        """The answer as it is on the wire."""
        if self.hangs_up:
            return _CutOff()
        if self.body is not None:
            return Response(self.body, media_type="application/json", headers=self.headers)
        if self.status == 200:
            message: dict[str, Any] = {"role": "assistant", "content": self.text, "refusal": self.refusal}
            if self.calls:
                message["tool_calls"] = [
                    function_call(f"call_{place}", name, arguments)
                    for place, (name, arguments) in enumerate(self.calls)
                ]
            said = _completion(message, finish=self.finish, words=1)
            return _as_asked(body, said, says_cost=says_cost, headers=self.headers)
        error: dict[str, Any] = {"message": self.message, "type": "stand_in", "code": self.code or str(self.status)}
        error |= {"metadata": self.metadata} if self.metadata else {}
        return JSONResponse({"error": error}, status_code=self.status, headers=self.headers)


class _CutOff(Response):
    """An answer that breaks off in the middle, whole or streamed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"content-length", b"4096")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        piece = b'data: {"choices": [{"index": 0, "delta": {"content": "The sea. "}}]}\n\n'
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(0)
        raise ConnectionAbortedError("the stand-in hangs up")


def _as_asked(body: dict[str, Any], said: dict[str, Any], *, says_cost: bool, headers: dict[str, str]) -> Response:
    if not says_cost:
        said["usage"].pop("cost")
    return as_asked(body, said, headers=headers)


class _OwnClientOnly:
    """Refuses a client that says it is of another version, as Llama Stack does from the first number to the second."""

    def __init__(self, app: ASGIApp, *, version: str) -> None:
        self._app = app
        self._version = version

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = dict(scope.get("headers", ())).get(b"x-llamastack-client-version", b"").decode()
        if said and said.split(".")[:2] != self._version.split(".")[:2]:
            message = f"Client version {said} is not compatible with server version {self._version}."
            await JSONResponse({"error": {"message": message}}, status_code=426)(scope, receive, send)
            return
        await self._app(scope, receive, send)


@asynccontextmanager
async def chat_model(*, stack: str = "", port: int = 0) -> AsyncIterator[ChatModel]:
    """`async with chat_model() as model:` → the stand-in, listening at `model.url`.

    With `stack="0.2.12"` it stands there as a Llama Stack server of that version, and its address is without `/v1`.
    """
    model = ChatModel(stack=stack)
    base = "/v1/openai/v1" if stack.startswith("0.2.") else "/v1"
    routes = [Route(f"{base}/chat/completions", model.answer, methods=["POST"]), Route("/v1/models", model.models)]
    if stack:
        routes.append(Route("/v1/version", model.version))
    app = Starlette(routes=routes, middleware=[Middleware(_OwnClientOnly, version=stack)] if stack else [])
    async with listening(app, port=port) as url:
        model.url = url if stack else f"{url}/v1"
        yield model


def _answer_to(body: dict[str, Any]) -> dict[str, Any]:
    """What the stand-in answers to a question."""
    last = body["messages"][-1]
    if body.get("tools") and last["role"] != "tool":
        tool = body["tools"][0]["function"]
        wanted = tool.get("parameters", {}).get("properties", {})
        arguments = orjson.dumps({name: _example(kind) for name, kind in wanted.items()}).decode()
        call = function_call(f"call_{_short(body)}", tool["name"], arguments)
        return _completion({"role": "assistant", "content": None, "tool_calls": [call]}, finish="tool_calls", words=9)
    if members := members_wanted(body):
        return _completion(_assistant(orjson.dumps(draft(body, members)).decode()), finish="stop", words=40)
    said = f"The tool said {text_of(last)}." if last["role"] == "tool" else f"Heard: {last_said(body)}"
    return _completion(_assistant(said), finish="stop", words=len(said.split()))


def last_said(body: dict[str, Any]) -> str:
    """What a person said last in a question."""
    said = [text_of(message) for message in body["messages"] if message["role"] == "user"]
    return said[-1] if said else ""


def _completion(message: dict[str, Any], *, finish: str, words: int) -> dict[str, Any]:
    usage = {"prompt_tokens": 11, "completion_tokens": words, "total_tokens": 11 + words, "cost": USD_A_CALL}
    return completion(message, model=MODEL, finish=finish, usage=usage)


def _assistant(said: str) -> dict[str, Any]:
    return {"role": "assistant", "content": said}


def _example(kind: dict[str, Any]) -> Any:
    return {"integer": 3, "number": 3.0, "boolean": True}.get(kind.get("type", ""), "tides")


def _short(value: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(value)).hexdigest()[:12]
