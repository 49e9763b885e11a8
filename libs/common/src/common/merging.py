"""RFC 7396: a JSON merge patch, which is how people say what of something they want otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from common.errors import Invalid

NESTING_LIMIT = 64


def merge_patch(target: Any, patch: Any) -> Any:
    """Members of the patch replace those of the target, null removes them. Neither is changed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def may_be_walked(value: Any) -> None:
    """Raises `Invalid` for what is nested without end: all that looks at it recurses, and Python's limit must not
    be what ends that."""
    level = [value]
    for _ in range(NESTING_LIMIT):
        level = [member for outer in level for member in _members(outer)]
        if not level:
            return
    raise Invalid(f"The content is nested more than {NESTING_LIMIT} deep.")


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list | tuple) else ()
