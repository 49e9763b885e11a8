"""A model that may call tools: it asks for one, the tool runs, the model reads what it gave, until it answers.

Each question and each call of a tool is a recorded call of the step. A retry reads them in their order and goes on
where the last attempt broke off: no question is paid for twice, and a tool that ran is never run again.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from common.bus.step import Step
from common.contracts.safety import Side
from common.contracts.values import Value
from common.errors import Permanent
from pydantic import BaseModel, ValidationError

from vendors.text_model.asking import StepAsking
from vendors.text_model.chat import Answer, ChatModel, Finish, Message, Question, ToolCall, ToolSpec
from vendors.text_model.models_file import Price
from vendors.text_model.port import Asked
from vendors.text_model.prices import cost_of, most_for
from vendors.text_model.tasks.schema import strict_schema

_RESULT_LIMIT = 20_000
"""Characters of a tool's result that the model reads."""


class TooManyTurns(Permanent):
    """The model went on calling tools and never answered."""


class ToolResult(Value):
    """What a tool gave: plain data, so that a retry can be given it again."""

    value: Any = None


class ToolAsked(Value):
    """What a tool was called with."""

    tool: str
    arguments: str


@dataclass(frozen=True)
class Tool:
    """Something a model may call. `repeatable` says that running it twice does no harm.

    `arguments` says what it takes: what the model writes is validated against it before `run` sees any of it. `run`
    gives plain JSON data, or raises; a sentence about wrong arguments goes back to the model.
    """

    name: str
    description: str
    arguments: type[BaseModel]
    run: Callable[[Any], Awaitable[Any] | Any]
    repeatable: bool = False

    @property
    def spec(self) -> ToolSpec:
        """The tool as the model is told of it."""
        return ToolSpec(name=self.name, description=self.description, parameters=strict_schema(self.arguments))


async def converse(
    step: Step,
    chat: ChatModel,
    question: Question,
    tools: Sequence[Tool],
    *,
    key: str,
    price: Price | None = None,
    most_turns: int = 8,
) -> Answer:
    """The model's answer in words, after the tools it called for. Raises `TooManyTurns`, and what the step raises.

    A tool that is not `repeatable`, began in an earlier attempt and never ended raises `OutcomeUnknown`.
    """
    known = {tool.name: tool for tool in tools}
    asking = StepAsking(step, key)
    question = question.model_copy(update={"tools": tuple(tool.spec for tool in tools)})
    for turn in range(1, most_turns + 1):
        answer = await _ask(asking, chat, question, price, turn=turn)
        if answer.finish is not Finish.TOOLS:
            return answer
        said = Message(role="assistant", content=answer.text, tool_calls=answer.tool_calls)
        results = [
            Message(
                role="tool", tool_call_id=call.id, content=await _run(step, call, known, key=f"{key}:{turn}:{place}")
            )
            for place, call in enumerate(answer.tool_calls)
        ]
        question = question.model_copy(update={"messages": (*question.messages, said, *results)})
    raise TooManyTurns(f"{chat.name} called tools {most_turns} times in a row and gave no answer.")


async def _ask(asking: StepAsking, chat: ChatModel, question: Question, price: Price | None, *, turn: int) -> Answer:
    async def complete() -> Answer:
        answer = await chat.complete(question)
        return answer.model_copy(update={"cost_usd_micros": cost_of(answer, price)})

    most = most_for(question, price)
    asked = Asked(
        chat.name, f"turn:{turn}", Answer, question, lambda answer: answer.cost_usd_micros or 0, at_most_usd_micros=most
    )
    return await asking.call(asked, complete)


async def _run(step: Step, call: ToolCall, known: Mapping[str, Tool], *, key: str) -> str:
    """What the model is told a tool gave. What it got wrong itself it is told too, and may ask again."""
    tool = known.get(call.name)
    if tool is None:
        return _said({"error": f"There is no tool {call.name!r}; there are {', '.join(sorted(known))}."})
    try:
        arguments = tool.arguments.model_validate_json(call.arguments or "{}")
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_context=False, include_input=False)
        return _said({"error": [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in wrong]})
    await step.shield(arguments.model_dump(mode="json"), side=Side.OUTPUT)

    async def act() -> ToolResult:
        given = tool.run(arguments)
        return ToolResult(value=await given if inspect.isawaitable(given) else given)

    asked = ToolAsked(tool=tool.name, arguments=arguments.model_dump_json())
    result = await step.call(
        tool.name, f"tool:{key}", act, returns=ToolResult, kind="tool", request=asked, repeatable=tool.repeatable
    )
    # What a tool brings in comes from outside, as a brief does.
    await step.shield({"value": result.value}, side=Side.INPUT)
    return _said(result.value)


def _said(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()[:_RESULT_LIMIT]
