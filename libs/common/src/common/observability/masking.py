"""What may not be read in logs, spans and audit entries: whoever knows what is personal says so once, for all three.

`common` knows no rules. A service's shield does, and `serve` hands its mask over before anything is handled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

MaskText = Callable[[str], str]
_masks: list[MaskText] = []


def mask_with(mask: MaskText) -> None:
    """From now on this process masks with `mask`. The same one twice is one; several are applied one after another."""
    if mask not in _masks:
        _masks.append(mask)


def masked(value: Any) -> Any:
    """A JSON value, or what is logged, with everything personal or secret in its texts made unreadable."""
    match value:
        case str():
            for mask in _masks:
                value = mask(value)
            return value
        case Mapping():
            return {masked(name) if isinstance(name, str) else name: masked(member) for name, member in value.items()}
        case list() | tuple() | set() | frozenset():
            return type(value)(masked(member) for member in value) if not hasattr(value, "_fields") else value
        case bytes():
            return masked(value.decode(errors="replace"))
        case _:
            return value
