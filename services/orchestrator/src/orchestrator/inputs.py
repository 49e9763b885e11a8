"""What a workflow is given, checked against its declaration."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from common.contracts.ideation import BRIEF_LIMIT
from common.contracts.values import SAFE_INTEGER
from common.errors import Invalid

from orchestrator.definitions.model import Definition, InputField

_KINDS: dict[str, type | tuple[type, ...]] = {
    "str": str,
    "int": int,
    "float": (int, float),
    "bool": bool,
    "object": dict,
    "list[str]": list,
    "list[object]": list,
}
_LIST_LIMIT = 100
_DEPTH_LIMIT = 20


def check_input(definition: Definition, given: Mapping[str, Any]) -> dict[str, Any]:
    """The input with defaults filled in. Raises `Invalid` naming the field, and what it may be."""
    if unknown := sorted(set(given) - set(definition.inputs)):
        raise Invalid(
            f"{definition.name} takes no {', '.join(unknown)}; it takes {', '.join(sorted(definition.inputs))}."
        )
    values: dict[str, Any] = {}
    for name, declared in definition.inputs.items():
        # A run is forked with all that it had: an empty text that is the default says nothing there, either.
        if given.get(name) is not None and not given[name] == declared.default == "":
            values[name] = check_value(name, declared, given[name])
        elif declared.required:
            raise Invalid(f"{name!r} is missing.")
        else:
            values[name] = declared.default
    return values


def check_default(name: str, declared: InputField) -> None:
    """Raises `Invalid` for a default that nobody could have given; null and an empty text stand for nothing."""
    if declared.default is not None and declared.default != "":
        check_value(name, declared, declared.default)


def check_value(name: str, declared: InputField, given: Any) -> Any:
    """The value as it is kept. Raises `Invalid` when it is none that the declaration allows."""
    value = _check_type(name, declared, given)
    for one in value if isinstance(value, list) else [value]:
        if declared.choices and one not in declared.choices:
            raise Invalid(f"{name!r} cannot be {one!r}; it is one of {', '.join(map(str, declared.choices))}.")
    return value


def _check_type(name: str, declared: InputField, value: Any) -> Any:
    if not isinstance(value, _KINDS[declared.type]) or (isinstance(value, bool) and declared.type != "bool"):
        raise Invalid(f"{name!r} must be of type {declared.type}.")
    if isinstance(value, list):
        wanted = str if declared.type == "list[str]" else dict
        if len(value) > _LIST_LIMIT or not all(isinstance(item, wanted) for item in value):
            raise Invalid(f"{name!r} must be a {declared.type} of at most {_LIST_LIMIT}.")
        return [_check_text(name, item) if isinstance(item, str) else _check_inside(name, item) for item in value]
    if isinstance(value, str):
        return _check_text(name, value)
    return _check_inside(name, value)


def _check_text(name: str, value: str) -> str:
    """The text in one Unicode form, without control characters. Raises `Invalid` when too long, or empty then."""
    if len(value) > BRIEF_LIMIT:
        raise Invalid(f"{name!r} has {len(value)} characters; at most {BRIEF_LIMIT} are allowed.")
    clean = _clean(value).strip()
    if not clean:
        raise Invalid(f"{name!r} is empty.")
    return clean


def _clean(value: str) -> str:
    kept = "".join(letter for letter in value if letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"})
    return unicodedata.normalize("NFC", kept)


def _check_inside(name: str, value: Any, depth: int = 0) -> Any:
    """An object's members, each text of it clean."""
    if depth > _DEPTH_LIMIT:
        raise Invalid(f"{name!r} is more than {_DEPTH_LIMIT} levels deep.")
    if isinstance(value, str):
        if len(value) > BRIEF_LIMIT:
            raise Invalid(f"{name!r} holds a text of {len(value)} characters; at most {BRIEF_LIMIT} are allowed.")
        return _clean(value)
    if isinstance(value, Mapping):
        return {_clean(str(key)): _check_inside(name, member, depth + 1) for key, member in value.items()}
    if isinstance(value, list):
        return [_check_inside(name, member, depth + 1) for member in value]
    # Nothing is at most another number that is none itself.
    if isinstance(value, int | float) and not abs(value) <= SAFE_INTEGER:
        raise Invalid(f"{name!r} has to be a number between -{SAFE_INTEGER} and {SAFE_INTEGER}.")
    return value
