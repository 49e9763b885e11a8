"""Calls of tools that a model asks for: each is a recorded call of the step, so a tool that ran is never run again."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

import orjson
from common.bus.step import Step
from common.contracts.safety import Side
from common.contracts.values import Value
from pydantic import ValidationError

from vendors.text_model.chat import ToolCall
from vendors.text_model.tool import Tool

_RESULT_LIMIT = 20_000
"""Characters of a tool's result that the model reads."""


class ToolResult(Value):
    """What a tool gave: plain data, so that a retry can be given it again."""

    value: Any = None


class ToolAsked(Value):
    """What a tool was called with."""

    tool: str
    arguments: str


async def use_tool(step: Step, call: ToolCall, tools: Sequence[Tool], *, key: str) -> str:
    """What the model is told a tool gave. What it got wrong itself it is told too, and may ask again.

    A tool that is not `repeatable`, began in an earlier attempt and never ended raises `OutcomeUnknown`.
    """
    known = {tool.name: tool for tool in tools}
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
    # A recorded result comes back from the database with its members in another order, and must read the same.
    return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS).decode()[:_RESULT_LIMIT]
