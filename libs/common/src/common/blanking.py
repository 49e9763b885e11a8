"""Taking what a forgotten person wrote out of JSON, wherever it was repeated."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from common.contracts.erasing import ERASED

SHORT = 12
"""Texts that are shorter are words of the system, such as a platform, more often than a person's."""


def texts_of(value: Any) -> list[str]:
    """Every text in a value that is long enough to be somebody's."""
    if isinstance(value, dict):
        return [text for member in value.values() for text in texts_of(member)]
    if isinstance(value, list):
        return [text for member in value for text in texts_of(member)]
    return [value] if isinstance(value, str) and len(value) >= SHORT else []


def blanked(value: Any, texts: Collection[str], *, names: Collection[str] = ()) -> Any:
    """The value with `ERASED` for each text that has one of `texts` in it, and for each that is one of `names`."""
    if isinstance(value, dict):
        return {name: blanked(member, texts, names=names) for name, member in value.items()}
    if isinstance(value, list):
        return [blanked(member, texts, names=names) for member in value]
    if isinstance(value, str) and (value in names or any(text in value for text in texts)):
        return ERASED
    return value
