"""OpenAI's chat completions on the wire, whole and streamed, as every stand-in for a model speaks them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import uuid4

import orjson
from fastapi.responses import JSONResponse, Response, StreamingResponse

_MADE_AT = 1_763_700_000


def completion(message: dict[str, Any], *, model: str, finish: str, usage: dict[str, Any]) -> dict[str, Any]:
    """A whole answer. No two share an id: Llama Stack 0.2 keeps each under its own."""
    return {
        "id": f"chatcmpl-{uuid4().hex[:12]}",
        "object": "chat.completion",
        "created": _MADE_AT,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
        "usage": usage,
    }


def function_call(id: str, name: str, arguments: str) -> dict[str, Any]:
    """A tool that is called, as a message lists it; `arguments` are JSON, or what a test wants them to be."""
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def as_asked(body: dict[str, Any], said: dict[str, Any], *, headers: Mapping[str, str] | None = None) -> Response:
    """An answer as the question wants it: whole, or in chunks with the comments that keep a connection alive."""
    if not body.get("stream"):
        return JSONResponse(said, headers=headers)
    return StreamingResponse(_chunks(said), media_type="text/event-stream", headers=headers)


def text_of(message: dict[str, Any]) -> str:
    """What a message says, in whichever of the two forms."""
    content = message.get("content")
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content or "")


async def _chunks(said: dict[str, Any]) -> AsyncIterator[bytes]:
    choice = said["choices"][0]
    message = choice["message"]
    start = {name: said[name] for name in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    if calls := message.get("tool_calls"):
        deltas += [{"tool_calls": [call | {"index": place}]} for place, call in enumerate(calls)]
    for kind in ("content", "refusal"):
        deltas += [{kind: word + " "} for word in str(message.get(kind) or "").split(" ") if word]
    yield b": OPENROUTER PROCESSING\n\n"
    for delta in deltas:
        yield _event(start | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    ending = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
    yield _event(start | {"choices": [ending]})
    yield _event(start | {"choices": [], "usage": said["usage"]})
    yield b"data: [DONE]\n\n"


def _event(chunk: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(chunk) + b"\n\n"
