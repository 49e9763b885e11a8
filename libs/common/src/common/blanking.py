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
    """The value with `ERASED` for each text that has one of `texts` in it, and for each that is one of `names`.

    What a finding quotes from one of the texts goes as well; its rule and where it was found stay.
    """
    if isinstance(value, dict):
        kept = {name: blanked(member, texts, names=names) for name, member in value.items()}
        return {**kept, "quote": ERASED} if quotes(value, texts) else kept
    if isinstance(value, list):
        return [blanked(member, texts, names=names) for member in value]
    if isinstance(value, str) and (value in names or any(text in value for text in texts)):
        return ERASED
    return value


def quotes(finding: dict[str, Any], texts: Collection[str]) -> bool:
    """Whether this is a finding (see `contracts.gates.Finding`) that quotes some of the texts, or a brief itself."""
    quote, where = finding.get("quote"), finding.get("where")
    if "rule" not in finding or not isinstance(where, str) or not isinstance(quote, str) or not quote:
        return False
    # Of a brief it may be masked, so that it is found nowhere any more.
    return where.split("/")[1:2] == ["brief"] or any(quote in text or text in quote for text in texts)
