"""A model behind a real HTTP server: `/v1/chat/completions` as OpenAI-compatible endpoints speak it, without a model.

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
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from testkit.listening import listening

USD_A_CALL = 0.00125


@dataclass
class ChatModel:
    """The stand-in, and what it was asked. A test says in advance how it answers otherwise than well."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    troubles: dict[int, Trouble] = field(default_factory=dict)
    """Question (counted from 0) → what it is answered with instead of an answer."""
    silent_from: int | None = None
    """From this question on (counted from 0) nothing is answered."""
    spoken_to: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once a question has come in."""
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once somebody whose question was not answered went away."""

    @property
    def questions(self) -> list[str]:
        """The last thing a person said in each question, in order."""
        return [last_said(body) for body in self.asked]

    async def answer(self, request: Request) -> Response:
        """One question, answered; a question with tools is answered by calling the first, and then in words."""
        body = orjson.loads(await request.body())
        number = len(self.asked)
        self.asked.append(body)
        self.spoken_to.set()
        if self.silent_from is not None and number >= self.silent_from:
            # The whole question was read: what comes next is that its asker goes.
            while (await request.receive())["type"] != "http.disconnect":
                continue
            self.hung_up.set()
            return Response(status_code=499)
        trouble = self.troubles.get(number)
        return trouble.response() if trouble else JSONResponse(completion(body))


@dataclass(frozen=True)
class Trouble:
    """An answer that is none."""

    status: int = 200
    refusal: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The answer as it is on the wire."""
        if self.refusal is not None:
            message = {"role": "assistant", "content": None, "refusal": self.refusal}
            return JSONResponse(_completion(message, finish="stop", words=1))
        error = {"message": "The stand-in was told to say this.", "type": "stand_in", "code": str(self.status)}
        return JSONResponse({"error": error}, status_code=self.status, headers=self.headers)


@asynccontextmanager
async def chat_model() -> AsyncIterator[ChatModel]:
    """`async with chat_model() as model:` → the stand-in, listening at `model.url`."""
    model = ChatModel()
    app = Starlette(routes=[Route("/v1/chat/completions", model.answer, methods=["POST"])])
    async with listening(app) as url:
        model.url = f"{url}/v1"
        yield model


def completion(body: dict[str, Any]) -> dict[str, Any]:
    """What the stand-in answers to a question."""
    last = body["messages"][-1]
    if body.get("tools") and last["role"] != "tool":
        tool = body["tools"][0]["function"]
        wanted = tool.get("parameters", {}).get("properties", {})
        call = {
            "id": f"call_{_short(body)}",
            "type": "function",
            "function": {
                "name": tool["name"],
                "arguments": orjson.dumps({name: _example(kind) for name, kind in wanted.items()}).decode(),
            },
        }
        return _completion({"role": "assistant", "content": None, "tool_calls": [call]}, finish="tool_calls", words=9)
    said = f"The tool said {_text(last)}." if last["role"] == "tool" else f"Heard: {last_said(body)}"
    return _completion({"role": "assistant", "content": said}, finish="stop", words=len(said.split()))


def last_said(body: dict[str, Any]) -> str:
    """What a person said last in a question."""
    said = [_text(message) for message in body["messages"] if message["role"] == "user"]
    return said[-1] if said else ""


def _completion(message: dict[str, Any], *, finish: str, words: int) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{_short(message)}",
        "object": "chat.completion",
        "created": 1_763_700_000,
        "model": "stand-in-1",
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": {"prompt_tokens": 11, "completion_tokens": words, "total_tokens": 11 + words, "cost": USD_A_CALL},
    }


def _text(message: dict[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return str(content or "")


def _example(kind: dict[str, Any]) -> Any:
    return {"integer": 3, "number": 3.0, "boolean": True}.get(kind.get("type", ""), "tides")


def _short(value: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(value)).hexdigest()[:12]
