"""An answer that comes in pieces, as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass, field

import httpx
import orjson
from common.contracts.values import JsonObject
from common.errors import VendorUnavailable

from vendors.text_model.chat import Answer, Hear, ToolCall
from vendors.text_model.wire import assembled, error_of, refusal_of

DONE = "[DONE]"


@dataclass
class _Call:
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass
class Pieces:
    """What has come of an answer so far."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    refusal: list[str] = field(default_factory=list)
    calls: dict[int, _Call] = field(default_factory=dict)
    finish: str = ""
    model: str = ""
    id: str = ""
    usage: JsonObject = field(default_factory=dict)

    async def take(self, chunk: JsonObject, hear: Hear) -> None:
        """Add a chunk, and tell its text. Raises what an error in the middle of the stream means."""
        if error := chunk.get("error"):
            code = error.get("code") if isinstance(error, dict) else None
            raise error_of(code if isinstance(code, int) else 502, httpx.Headers(), orjson.dumps(chunk))
        self.model, self.id = self.model or str(chunk.get("model") or ""), self.id or str(chunk.get("id") or "")
        if isinstance(usage := chunk.get("usage"), dict):
            self.usage = usage
        for choice in chunk.get("choices") or ():
            self.finish = str(choice.get("finish_reason") or self.finish)
            delta = choice.get("delta") or {}
            self.reasoning.append(str(delta.get("reasoning_content") or delta.get("reasoning") or ""))
            self.refusal.append(refusal_of(delta))
            for call in delta.get("tool_calls") or ():
                self._add(call)
            if text := str(delta.get("content") or ""):
                self.text.append(text)
                await hear(text)

    def whole(self, headers: Mapping[str, str]) -> Answer:
        """The answer. Raises `VendorUnavailable` when it never came to its end."""
        if not self.finish:
            raise VendorUnavailable("The model broke off in the middle of its answer.")
        return assembled(
            text="".join(self.text),
            reasoning="".join(self.reasoning),
            refusal="".join(self.refusal),
            finish=self.finish,
            tool_calls=[
                ToolCall(id=call.id or f"call_{number}", name=call.name, arguments=call.arguments)
                for number, call in sorted(self.calls.items())
            ],
            model=self.model,
            id=self.id,
            usage=self.usage,
            headers=headers,
        )

    def _add(self, said: JsonObject) -> None:
        call = self.calls.setdefault(int(said.get("index") or 0), _Call())
        function = said.get("function") or {}
        call.id = call.id or str(said.get("id") or "")
        call.name += str(function.get("name") or "")
        call.arguments += str(function.get("arguments") or "")


async def chunks_of(lines: AsyncIterator[str]) -> AsyncGenerator[JsonObject, None]:
    """The JSON objects of a stream, until it says that it is done. Comments, which keep it alive, are passed over."""
    async for line in lines:
        if not line.startswith("data:"):
            continue
        data = line[5:].strip()
        if data == DONE:
            return
        try:
            chunk = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise VendorUnavailable("The model's endpoint streams what is no JSON.") from error
        if isinstance(chunk, dict):
            yield chunk
