"""OpenAI's chat completions as they are on the wire: questions out, answers and errors in.

Llama Stack, LiteLLM, OpenRouter, vLLM and Ollama all speak it, each with words of its own; they are all read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

import httpx
import orjson
from common.contracts.values import JsonObject
from common.errors import (
    GreenlightError,
    VendorAuthFailed,
    VendorUnavailable,
)

from vendors.text_model.chat import Answer, Finish, Message, Question, ToolCall, Usage
from vendors.text_model.errors import ContextOverflow, ModelMissing, ModelRefused
from vendors.wire import Meanings, VendorOutOfCredit, error_for

COST_HEADER = "x-litellm-response-cost"
_FINISHES = {"stop": Finish.STOP, "length": Finish.LENGTH, "tool_calls": Finish.TOOLS, "function_call": Finish.TOOLS}
_OVERFLOW = re.compile(
    r"context[ _]length|context[ _]window|maximum context|too many (?:input )?tokens|prompt is too long|"
    r"input (?:length|is too long)|exceeds? (?:the )?(?:model'?s )?(?:maximum )?context",
    re.I,
)
_NO_MODEL = re.compile(
    r"model[^.]{0,80}(?:not found|does not exist|not exist|is not served|unknown)|no such model|"
    r"no endpoints found for|is not a valid model",
    re.I,
)
_THOUGHT = re.compile(r"^\s*<think(?:ing)?>(.*?)</think(?:ing)?>\s*", re.S)
_TOO_LARGE = frozenset({400, 413, 422})
"""Not 429: "too many tokens" is a limit by the minute there."""
_MEANS: Meanings = {403: VendorAuthFailed, 409: VendorUnavailable}
"""A model that the key may not use, and a server that is not ready."""
_SAID_LIMIT = 300
_THOUGHTS_LIMIT = 20_000


class AnswersAs(StrEnum):
    """How a model is told the shape of its answer: by its decoder, as any JSON, or in the prompt alone."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    PROMPT = "prompt"


def body_of(question: Question, *, model: str, answers_as: AnswersAs, stream: bool) -> JsonObject:
    """The request's body."""
    messages = list(question.messages)
    body: JsonObject = {"model": model, "max_tokens": question.max_output_tokens}
    if question.answer is not None:
        if answers_as is AnswersAs.JSON_SCHEMA:
            named = {"name": question.answer.name, "schema": question.answer.document, "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": named}
        else:
            shape = orjson.dumps(question.answer.document).decode()
            told = f"Answer with one JSON object and nothing else. It must fit this JSON Schema:\n{shape}"
            first, *rest = messages
            messages = [first.model_copy(update={"content": f"{first.content}\n\n{told}"}), *rest]
            if answers_as is AnswersAs.JSON_OBJECT:
                body["response_format"] = {"type": "json_object"}
    body["messages"] = [_message(message) for message in messages]
    if question.tools:
        body["tools"] = [{"type": "function", "function": tool.model_dump(mode="json")} for tool in question.tools]
    for name in ("temperature", "top_p", "seed"):
        if (value := getattr(question, name)) is not None:
            body[name] = value
    if stream:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    return body


def answer_of(document: JsonObject, headers: Mapping[str, str]) -> Answer:
    """The answer in a whole document. Raises `VendorUnavailable` for what is none, and what an error in it means."""
    if error := document.get("error"):
        raise error_of(_code_in(error), httpx.Headers(dict(headers)), orjson.dumps(document))
    choices = document.get("choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise VendorUnavailable("The model's endpoint answered what is no answer: it holds no choice.")
    choice = choices[0]
    message = choice.get("message")
    if not isinstance(message, dict):
        raise VendorUnavailable("The model's endpoint answered what is no answer: it holds no message.")
    calls = [call for call in message.get("tool_calls") or () if isinstance(call, dict)]
    usage = document.get("usage")
    return assembled(
        text=_text(message.get("content")),
        reasoning=str(message.get("reasoning_content") or message.get("reasoning") or ""),
        refusal=refusal_of(message),
        finish=str(choice.get("finish_reason") or "stop"),
        tool_calls=[_tool_call(call, number) for number, call in enumerate(calls)],
        model=str(document.get("model") or ""),
        id=str(document.get("id") or ""),
        usage=usage if isinstance(usage, dict) else {},
        headers=headers,
    )


def assembled(
    *,
    text: str,
    reasoning: str,
    refusal: str,
    finish: str,
    tool_calls: Iterable[ToolCall],
    model: str,
    id: str,
    usage: JsonObject,
    headers: Mapping[str, str],
) -> Answer:
    """An answer of its parts. Thoughts that a model writes into its text are taken out of it."""
    if finish == "error":
        raise VendorUnavailable("The model broke off in the middle of its answer.")
    if thought := _THOUGHT.match(text):
        reasoning, text = reasoning or thought[1].strip(), text[thought.end() :]
    calls = tuple(tool_calls)
    ending = _FINISHES.get(finish, Finish.STOP)
    if finish == "content_filter" or refusal:
        refusal, ending = refusal[:_SAID_LIMIT] or "its filter withheld the answer", Finish.REFUSED
    elif calls:
        # Some servers say "stop" beside their calls of tools.
        ending = Finish.TOOLS
    details = usage.get("completion_tokens_details") or {}
    return Answer(
        # No database keeps a zero character, and no text needs one.
        text=text.replace("\0", ""),
        reasoning=reasoning.replace("\0", "")[:_THOUGHTS_LIMIT],
        refusal=refusal,
        finish=ending,
        tool_calls=calls,
        model=model,
        id=id,
        usage=Usage(
            input_tokens=_count(usage.get("prompt_tokens")),
            output_tokens=_count(usage.get("completion_tokens")),
            reasoning_tokens=_count(details.get("reasoning_tokens") if isinstance(details, dict) else 0),
        ),
        cost_usd_micros=said_cost(usage, headers),
    )


def error_of(status: int, headers: httpx.Headers, content: bytes) -> GreenlightError:
    """An answer that is no success, by who must act next."""
    document = document_in(content)
    said = document.get("error") or document.get("detail")
    told = said if isinstance(said, dict) else {}
    sentence = str(told.get("message") or "" if told else said or "")[:_SAID_LIMIT] or f"status {status}"
    if plain := _plain_error(status, told, sentence):
        return plain
    return error_for(status, headers, f"The model answered {status}: {sentence}", means=_MEANS)


def _plain_error(status: int, told: JsonObject, sentence: str) -> GreenlightError | None:
    """What a vendor says in so many words, whichever status it chose for it."""
    kind = f"{told.get('code') or ''} {told.get('type') or ''}"
    beside = told.get("metadata")
    # OpenRouter's filters answer as if the key were wrong.
    is_filter = isinstance(beside, dict) and bool(beside.get("reasons") or beside.get("patterns"))
    if status == httpx.codes.FORBIDDEN and is_filter:
        return ModelRefused(f"Its filter refused the question: {sentence}")
    if "insufficient_quota" in kind:
        return VendorOutOfCredit(f"There is no money left for the model: {sentence}")
    if "context_length_exceeded" in kind or (status in _TOO_LARGE and _OVERFLOW.search(sentence)):
        return ContextOverflow(f"The question is longer than the model can read: {sentence}")
    if "model_not_found" in kind or (status in {400, 404} and _NO_MODEL.search(sentence)):
        return ModelMissing(f"The endpoint does not have the model: {sentence}")
    return None


def refusal_in(content: bytes) -> str | None:
    """What a successful answer says when it is no answer: a refusal, or a filter's."""
    for choice in document_in(content).get("choices") or ():
        if refusal := refusal_of(choice.get("message") or {}):
            return refusal[:_SAID_LIMIT]
        if choice.get("finish_reason") == "content_filter":
            return "its filter withheld the answer"
    return None


def said_cost(usage: JsonObject, headers: Mapping[str, str]) -> int | None:
    """What the endpoint says an answer cost; None when it does not say.

    LiteLLM says 0 of a model whose price it does not know, so its 0 says nothing. OpenRouter's 0 is a price.
    """
    if (cost := micros(usage.get("cost"))) is not None:
        return cost
    return micros(headers.get(COST_HEADER)) or None


def micros(usd: Any) -> int | None:
    """Dollars as an endpoint writes them, in millionths and rounded up; None when it wrote none."""
    if usd is None or isinstance(usd, bool):
        return None
    try:
        return max(0, int((Decimal(str(usd)) * 1_000_000).to_integral_value(ROUND_CEILING)))
    except (InvalidOperation, OverflowError, ValueError):
        return None


def document_in(content: bytes) -> JsonObject:
    """The JSON object in these bytes; an empty one when there is none."""
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def _message(message: Message) -> JsonObject:
    written: JsonObject = {"role": message.role, "content": message.content}
    if message.tool_calls:
        called = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
        written |= {"tool_calls": called, "content": message.content or None}
    if message.tool_call_id is not None:
        written["tool_call_id"] = message.tool_call_id
    return written


def refusal_of(message: JsonObject) -> str:
    """What a message, or a piece of one, refuses with. LiteLLM puts it among what it takes for its provider's own."""
    beside = message.get("provider_specific_fields")
    return str(message.get("refusal") or (beside.get("refusal") if isinstance(beside, dict) else "") or "")


def _tool_call(call: JsonObject, number: int) -> ToolCall:
    function = call.get("function")
    told = function if isinstance(function, dict) else {}
    arguments = told.get("arguments")
    # Ollama hands arguments over as an object; everybody else as a string.
    written = arguments if isinstance(arguments, str) else orjson.dumps(arguments or {}).decode()
    return ToolCall(id=str(call.get("id") or f"call_{number}"), name=str(told.get("name") or ""), arguments=written)


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return str(content or "")


def _count(number: Any) -> int:
    return max(0, number) if isinstance(number, int) else 0


def _code_in(error: Any) -> int:
    """The status an error inside of a 200 stands for."""
    code = error.get("code") if isinstance(error, dict) else None
    if isinstance(code, str) and code.isdigit():
        code = int(code)
    return code if isinstance(code, int) and 400 <= code < 600 else httpx.codes.BAD_GATEWAY.value
