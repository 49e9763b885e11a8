"""What stands in a question of chat completions, as a model reads it: data in a fence, and the shape that is wanted."""

from __future__ import annotations

import re
from typing import Any

import orjson

from sandbox.kit.completions import text_of

_FENCED = re.compile(r"<(data-[0-9a-f]{16})>\n(.*)\n</\1>", re.S)
_COUNT = re.compile(r"exactly (\d+) concepts")
_SCHEMA = re.compile(r"JSON Schema:\n(\{.*\})\s*$", re.S)


def members_wanted(body: dict[str, Any]) -> set[str]:
    """The members of the object a question asks for, by its format or by its words; none when it asks for words."""
    told = body.get("response_format") or {}
    schema = (told.get("json_schema") or {}).get("schema")
    if schema is None and (found := _SCHEMA.search(said_first(body, "system"))):
        schema = orjson.loads(found[1])
    return set(schema.get("properties", ())) if schema else set()


def data_in(body: dict[str, Any]) -> dict[str, Any]:
    """The data that the question is about."""
    fenced = _FENCED.search(said_first(body, "user"))
    data = orjson.loads(fenced[2]) if fenced else {}
    return data if isinstance(data, dict) else {}


def count_wanted(body: dict[str, Any]) -> int:
    """How many concepts a question for ideas wants."""
    count = _COUNT.search(said_first(body, "system"))
    return int(count[1]) if count else 1


def said_first(body: dict[str, Any], role: str) -> str:
    """What that side said first: later turns are about its answers."""
    return next((text_of(message) for message in body["messages"] if message.get("role") == role), "")
