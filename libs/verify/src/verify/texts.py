"""Values of a pack's texts, read as what the format says they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from verify.findings import Unreadable

_INSTANT = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?Z")
_HASH = re.compile(r"[0-9a-f]{64}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ERASED = "erased"
"""What stands where a person's id was, once they were forgotten."""


def records(value: Any) -> list[dict[str, Any]]:
    """A list of objects. Raises `Unreadable`."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Unreadable("It is not the list of objects that the format asks for.")
    return value


def sequence(value: Any) -> list[Any]:
    """A list of anything. Raises `Unreadable`."""
    if not isinstance(value, list):
        raise Unreadable(f"{str(value)[:80]!r} stands where a list must be.")
    return value


def record(value: Any) -> dict[str, Any]:
    """An object. Raises `Unreadable`."""
    if not isinstance(value, dict):
        raise Unreadable("It is not the object that the format asks for.")
    return value


def text(value: Any) -> str:
    """A text. Raises `Unreadable`."""
    if not isinstance(value, str):
        raise Unreadable(f"{str(value)[:80]!r} stands where a text must be.")
    return value


def texts(value: Any) -> list[str]:
    """A list of texts. Raises `Unreadable`."""
    return [text(each) for each in sequence(value)]


def number(value: Any) -> int:
    """A whole number from zero on. Raises `Unreadable`."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise Unreadable(f"{str(value)[:80]!r} stands where a whole number must be.")
    return value


def digest(value: Any) -> bytes:
    """The 32 bytes of a SHA-256 in hex. Raises `Unreadable`."""
    if not isinstance(value, str) or not _HASH.fullmatch(value):
        raise Unreadable(f"{str(value)[:80]!r} stands where a SHA-256 must be.")
    return bytes.fromhex(value)


def micros(value: Any) -> int:
    """Microseconds since 1970 of an instant such as `2026-11-21T09:30:00.123456Z`. Raises `Unreadable`."""
    match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Unreadable(f"{str(value)[:80]!r} stands where an instant (UTC) must be.")
    try:
        whole = datetime(*(int(part) for part in match.groups()[:6]), tzinfo=UTC)  # type: ignore[arg-type,misc]
    except ValueError as error:
        raise Unreadable(f"{value!r} is no instant: {error}.") from error
    return (whole - _EPOCH) // timedelta(microseconds=1) + int((match[7] or "0").ljust(6, "0"))


def named(items: Sequence[Any], *, at_most: int = 5) -> str:
    """Some of the items, and how many more there are."""
    shown = ", ".join(str(item) for item in items[:at_most])
    return shown if len(items) <= at_most else f"{shown} and {len(items) - at_most} more"
