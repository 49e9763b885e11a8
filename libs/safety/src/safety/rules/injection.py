"""Text that talks to machines instead of viewers. It is shown to a person, and never obeyed: no rule acts on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from safety.rules.passage import Passage, Span

_FLAG_BASE = "\U0001f3f4"
_TAGS = re.compile("[\U000e0000-\U000e007f]{1,4096}")
_OVERRIDES = re.compile("[\u202d\u202e]")


@dataclass(frozen=True)
class Literals:
    """Strings to find as they are, without regard to case: the control tokens of chat models."""

    strings: tuple[str, ...]

    def find(self, passage: Passage) -> Iterator[Span]:
        """Where one of them stands."""
        text = passage.text.lower()
        for string in self.strings:
            start = text.find(string)
            while start >= 0:
                yield Span(start, start + len(string))
                start = text.find(string, start + len(string))


def find_hidden_text(passage: Passage) -> Iterator[Span]:
    """Characters that people do not see but models read, or that make text read otherwise than it is stored.

    The span covers the whole passage: there is nothing visible to point at.
    """
    if passage.raw.isascii():
        return
    tags = (match.start() for match in _TAGS.finditer(passage.raw))
    # The flags of England, Scotland and Wales are a black flag with their name in tag characters.
    hidden = any(start == 0 or passage.raw[start - 1] != _FLAG_BASE for start in tags)
    if hidden or _OVERRIDES.search(passage.raw):
        yield Span(0, len(passage.text))
