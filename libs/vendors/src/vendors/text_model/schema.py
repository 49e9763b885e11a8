"""The JSON Schema of an answer, as decoders want it that follow one word by word."""

from __future__ import annotations

from typing import Any

from common.contracts.values import JsonObject
from pydantic import BaseModel

_UNKNOWN_TO_DECODERS = frozenset({"title", "default", "minLength", "maxLength", "$defs"})
"""Words that OpenAI's strict mode refuses, or that say nothing. Lengths are checked when the answer is read."""


def strict_schema(draft: type[BaseModel]) -> JsonObject:
    """The class's schema: every member required, none besides them, and no references."""
    whole = draft.model_json_schema()
    found: JsonObject = _strict(whole, whole.get("$defs") or {})
    return found


def _strict(node: Any, known: JsonObject) -> Any:
    if isinstance(node, list):
        return [_strict(each, known) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(reference := node.get("$ref"), str):
        beside = {name: value for name, value in node.items() if name != "$ref"}
        return _strict(known[reference.rpartition("/")[2]] | beside, known)
    kept = {name: value for name, value in node.items() if name not in _UNKNOWN_TO_DECODERS}
    # What members are called is no word of the schema's own.
    if isinstance(members := kept.pop("properties", None), dict):
        kept["properties"] = {name: _strict(value, known) for name, value in members.items()}
        kept |= {"required": list(members), "additionalProperties": False}
        members = kept.pop("properties")
        return {name: _strict(value, known) for name, value in kept.items()} | {"properties": members}
    return {name: _strict(value, known) for name, value in kept.items()}
