"""What every language model understands: a conversation in, one message out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Literal, Protocol

from common.contracts.values import JsonObject, Value

Hear = Callable[[str], Awaitable[None]]
"""Is given an answer piece by piece, as it is written."""


class Finish(StrEnum):
    """Why the model stopped."""

    STOP = "stop"
    LENGTH = "length"
    TOOLS = "tool_calls"
    REFUSED = "refused"


class ToolCall(Value):
    """The model wants a tool called. `arguments` are JSON as the model wrote them: nobody has looked at them."""

    id: str
    name: str
    arguments: str


class Message(Value):
    """One turn of the conversation. Only `system` gives orders; see `tasks` for how data is fenced in `user`."""

    role: Literal["system", "user", "assistant", "tool"]
    content: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


class ToolSpec(Value):
    """A tool as the model is told of it. `parameters` is a JSON Schema."""

    name: str
    description: str
    parameters: JsonObject


class AnswerSchema(Value):
    """The shape an answer must have, and its name."""

    name: str
    document: JsonObject


class Question(Value):
    """All that shapes an answer. Two questions that are equal may be answered once."""

    messages: tuple[Message, ...]
    prompt_version: str = ""
    answer: AnswerSchema | None = None
    tools: tuple[ToolSpec, ...] = ()
    max_output_tokens: int
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None


class Usage(Value):
    """Tokens as the endpoint counted them; zero where it said nothing."""

    input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0


class Answer(Value):
    """What the model said, in words or as calls of tools, and what it took."""

    text: str = ""
    reasoning: str = ""
    """What it thought aloud before it answered: never part of the answer, never shown as one."""
    refusal: str = ""
    finish: Finish = Finish.STOP
    tool_calls: tuple[ToolCall, ...] = ()
    model: str = ""
    """As the endpoint says it."""
    id: str = ""
    usage: Usage = Usage()
    cost_usd_micros: int | None = None
    """None: neither the endpoint nor our table of prices says what it cost."""
    cached: bool = False


class ChatModel(Protocol):
    """One model of one endpoint. Adapters translate and validate; they neither retry nor fall back nor judge."""

    @property
    def name(self) -> str:
        """Endpoint and model, such as `openrouter/meta-llama/llama-3.3-70b-instruct`."""

    async def complete(self, question: Question, *, hear: Hear | None = None) -> Answer:
        """Answer once; with `hear` the text is also told as it comes, and what was told cannot be taken back.

        A refusal or an answer cut off at its limit is an `Answer`, because it is paid for. Raises `VendorRateLimited`,
        `VendorUnavailable`, `VendorAuthFailed`, `VendorRefused`, `ModelMissing` and `ContextOverflow`.
        A repeat may cost as much again.
        """

    async def verify(self) -> None:
        """Return when the endpoint is there and has the model. Raises as `complete` does. Costs nothing."""

    async def close(self) -> None:
        """Close the connections."""
