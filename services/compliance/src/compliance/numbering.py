"""The numbers that sources gave their entries: which are there, which are missing, which came twice."""

from __future__ import annotations

from dataclasses import dataclass, field

GAPS_SHOWN = 20


@dataclass(frozen=True)
class Gap:
    """Numbers of a source that no entry carries: suppressed, or still on their way."""

    source: str
    first: int
    last: int


@dataclass
class _Seen:
    """Numbers in order need one integer, however many they are."""

    unbroken: int = 0
    beyond: set[int] = field(default_factory=set)


class Numbers:
    """The numbers of all sources of one chain."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}

    def add(self, source: str, number: int) -> bool:
        """Take note of a number. → False when it was there before."""
        seen = self._seen.setdefault(source, _Seen())
        if number <= seen.unbroken or number in seen.beyond:
            return False
        if number == seen.unbroken + 1:
            seen.unbroken = number
            while seen.beyond and seen.unbroken + 1 in seen.beyond:
                seen.unbroken += 1
                seen.beyond.discard(seen.unbroken)
        else:
            seen.beyond.add(number)
        return True

    def count(self, source: str) -> int:
        """How many there are."""
        seen = self._seen.get(source, _Seen())
        return seen.unbroken + len(seen.beyond)

    def highest(self) -> dict[str, int]:
        """The highest of each source."""
        return {source: max(seen.beyond, default=seen.unbroken) for source, seen in self._seen.items()}

    def gaps(self) -> tuple[Gap, ...]:
        """What is missing below the highest of each source; the first few."""
        found: list[Gap] = []
        for source, seen in sorted(self._seen.items()):
            expected = seen.unbroken + 1
            for number in sorted(seen.beyond):
                if number > expected:
                    found.append(Gap(source, expected, number - 1))
                expected = number + 1
        return tuple(found[:GAPS_SHOWN])
