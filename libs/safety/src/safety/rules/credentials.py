"""Secrets that open something: keys of known vendors and private keys, by their published shapes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from safety.rules.passage import Passage, Span

_KEPT = 4


@dataclass(frozen=True)
class Shape:
    """What one kind of credential looks like. `start` is looked for first, which keeps the pattern off most texts."""

    start: str
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Shapes:
    """Several kinds of credential to look for."""

    shapes: tuple[Shape, ...]

    def find(self, passage: Passage) -> list[Span]:
        """Where one of them stands."""
        text = passage.text
        present = [shape for shape in self.shapes if shape.start in text]
        return [Span(*match.span()) for shape in present for match in shape.pattern.finditer(text)]


def shape(start: str, rest: str) -> Shape:
    """A credential that begins with `start` and goes on as the pattern `rest` says, which must have bounded repeats."""
    if re.search(r"(?<!\\)[*+](?![^\[]*\])|\{\d+,\}", rest):
        raise ValueError(f"{rest!r} repeats without bound")
    return Shape(start, re.compile(rf"(?<![A-Za-z0-9]){re.escape(start)}{rest}"))


def masked_credential(value: str) -> str:
    """The first characters, which say what it is, and nothing that would help to use it."""
    return f"{value[:_KEPT]}••••"
