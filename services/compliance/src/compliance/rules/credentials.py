"""Secrets that open something: keys of known vendors and private keys, by their published shapes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compliance.rules.passage import Passage, Span

_KEPT = 4


@dataclass(frozen=True)
class Shape:
    """What one kind of credential looks like. `start` is looked for first, which keeps the pattern off most texts."""

    start: str
    pattern: re.Pattern[str]

    def find(self, passage: Passage) -> Iterator[Span]:
        """Where such a credential stands."""
        if self.start in passage.text:
            yield from (Span(*match.span()) for match in self.pattern.finditer(passage.text))


def shape(start: str, rest: str) -> Shape:
    """A credential that begins with `start` and goes on as the pattern `rest` says, which must have bounded repeats."""
    if re.search(r"(?<!\\)[*+](?![^\[]*\])|\{\d+,\}", rest):
        raise ValueError(f"{rest!r} repeats without bound")
    return Shape(start, re.compile(rf"(?<![A-Za-z0-9]){re.escape(start)}{rest}"))


def masked_credential(value: str) -> str:
    """The first characters, which say what it is, and nothing that would help to use it."""
    return f"{value[:_KEPT]}••••"
