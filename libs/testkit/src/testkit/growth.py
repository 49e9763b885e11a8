"""Whether a contract only grew: what old code wrote is still understood, and what new code writes is too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
_TIGHTER_UP = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_TIGHTER_DOWN = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_FIXED = ("type", "format", "pattern", "const")


def narrowings(old: Schema, new: Schema) -> list[str]:
    """In which ways `new` is no longer the contract `old`: fields that went, changed or became required.

    A new optional field, a new value of an enumeration, a wider bound and another description are growth.
    """
    return sorted(set(_compare(old, new, old, new, "")))


def _compare(old: Schema, new: Schema, old_top: Schema, new_top: Schema, where: str) -> Iterator[str]:
    before, after = _resolved(old, old_top), _resolved(new, new_top)
    # The same class inside of itself was compared when it was first met.
    if where.count("/") > 12:
        return
    yield from _own(before, after, where or "/")
    for name, schema in before.get("properties", {}).items():
        path = f"{where}/{name}"
        if name not in after.get("properties", {}):
            yield f"{path} is gone"
        else:
            yield from _compare(schema, after["properties"][name], old_top, new_top, path)
    for name in set(after.get("required", ())) - set(before.get("required", ())):
        yield f"{where}/{name} is required now"
    for keyword, path in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(before.get(keyword), dict):
            yield from _compare(before[keyword], _inner(after, keyword), old_top, new_top, f"{where}/{path}")
    yield from _choices(before, after, old_top, new_top, where)


def _own(before: Schema, after: Schema, where: str) -> Iterator[str]:
    """What the schema says about the value itself."""
    for keyword in _FIXED:
        if before.get(keyword) != after.get(keyword):
            yield f"{where} has another {keyword}"
    if "enum" in after and "enum" not in before:
        yield f"{where} takes only some values now"
    elif gone := [str(value) for value in before.get("enum", ()) if value not in after.get("enum", (value,))]:
        yield f"{where} may no longer be {', '.join(gone)}"
    for keyword in _TIGHTER_UP:
        if after.get(keyword, float("-inf")) > before.get(keyword, float("-inf")):
            yield f"{where} has a tighter {keyword}"
    for keyword in _TIGHTER_DOWN:
        if after.get(keyword, float("inf")) < before.get(keyword, float("inf")):
            yield f"{where} has a tighter {keyword}"


def _choices(before: Schema, after: Schema, old_top: Schema, new_top: Schema, where: str) -> Iterator[str]:
    """Each alternative of `anyOf` must have one that understands it; a plain schema may become an alternative."""
    choices = before.get("anyOf", [])
    offered = after.get("anyOf", [after] if choices else [])
    for number, choice in enumerate(choices):
        if not any(not list(_compare(choice, one, old_top, new_top, f"{where}/anyOf")) for one in offered):
            yield f"{where} may no longer be its alternative {number + 1}"


def _resolved(schema: Schema, top: Schema) -> Schema:
    while "$ref" in schema:
        found: Any = top
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _inner(schema: Schema, keyword: str) -> Schema:
    inner = schema.get(keyword)
    return inner if isinstance(inner, dict) else {}
