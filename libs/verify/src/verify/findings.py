"""What a look at a pack found, in sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

MEMORY_LIMIT = 256 << 20
"""A text of a pack that is larger is not read into memory."""


class NotAPack(Exception):
    """It cannot be looked into at all; the message says why, in a sentence."""


class Unreadable(Exception):
    """One file of a pack is not what its name promises; the message says why, in a sentence."""


@dataclass(frozen=True)
class Problem:
    """Something that is not as it was, or not as it must be. `file` is where in the pack."""

    file: str
    what: str


@dataclass
class Findings:
    """Collects while a pack is looked at; nothing stops at the first problem."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What a reader should know, and is no reason for doubt."""
    checked: list[str] = field(default_factory=list)
    """What was looked at and holds."""

    def wrong(self, file: str, what: str) -> None:
        """Write a problem down, once."""
        if (problem := Problem(file, what)) not in self.problems:
            self.problems.append(problem)

    def note(self, what: str) -> None:
        """Write down what a reader should know."""
        if what not in self.notes:
            self.notes.append(what)

    def holds(self, what: str, *, since: int) -> None:
        """Say that something holds, if no problem came up after there were `since` of them."""
        if len(self.problems) == since:
            self.checked.append(what)


def read_json(data: bytes) -> Any:
    """The value of a JSON text. Raises `Unreadable`, also where a member comes twice: readers differ about those."""
    try:
        return json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"It is no JSON: {str(error)[:200] or type(error).__name__}.") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member comes twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
