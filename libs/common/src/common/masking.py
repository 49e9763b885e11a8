"""Secrets in what is shown to people: what is named like one, and what looks like one, becomes `•••`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

HIDDEN = "•••"
_NAMED = re.compile(r"secret|passw|token|api[-_]?key|authorization|cookie|credential|signature|private", re.IGNORECASE)
_LOOKS = re.compile(
    r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+"  # a JSON Web Token
    r"|\b(?:sk|pk|rk|gl|ghp|xox[abp]|whsec)[-_][\w-]{12,}"
    r"|\bBearer\s+\S{8,}"
    r"|(?<=://)[^/\s:@]+:[^/\s:@]+(?=@)"  # name and password in an address
)


def masked(value: Any) -> Any:
    """A JSON value with its secrets hidden."""
    match value:
        case str():
            return _LOOKS.sub(HIDDEN, value)
        case Mapping():
            return {str(name): HIDDEN if _hides(name, member) else masked(member) for name, member in value.items()}
        case list():
            return [masked(member) for member in value]
        case _:
            return value


def shown_body(body: bytes | None) -> Any:
    """A message's body for people: JSON when it is, else text with what cannot be read replaced; secrets hidden."""
    if body is None:
        return None
    try:
        return masked(orjson.loads(body))
    except orjson.JSONDecodeError:
        return masked(body.decode("utf-8", errors="replace"))


def _hides(name: Any, member: Any) -> bool:
    """Numbers named `tokens` are counts; what is hidden is text, or a list or object of it."""
    return bool(_NAMED.search(str(name))) and not isinstance(member, int | float | bool | None)
