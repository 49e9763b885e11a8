"""The express lane: what becomes ready while workers have room is handed out by the transaction that made it ready.

It spares a step the dispatcher's round. It is open only where the last round left nobody waiting, so it overtakes none;
and only to what no limit and no budget binds, so there is nothing to count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from orchestrator.pace import Pace


class Express:
    """How many steps may go at once, by capability, as far as this process knows. Each round puts it right again."""

    def __init__(self) -> None:
        self._room: Counter[str] = Counter()
        self._bound: frozenset[str] = frozenset()
        self.pace = Pace()

    def open(self, room: Mapping[str, int], *, bound: Collection[str]) -> None:
        """What a round left: room of capabilities that nothing waits for, and the tenants that some limit binds."""
        self._room = Counter(room)
        self._bound = frozenset(bound)

    def narrow(self, room: Mapping[str, int], *, bound: Collection[str]) -> None:
        """What a round left that had no room to give: no more than that, and none where no worker lives any more."""
        self.keep(room)
        self._room = Counter({name: max(0, min(left, room[name])) for name, left in self._room.items()})
        self._bound = frozenset(bound)

    def keep(self, served: Collection[str]) -> None:
        """Close what no living worker serves any more: room is room with somebody."""
        self._room = Counter({name: room for name, room in self._room.items() if name in served})

    def close(self, capability: str) -> None:
        """Something waits for its turn: others wait behind it."""
        self._room.pop(capability, None)

    def takes(self, capability: str, *, tenant: str) -> bool:
        """Whether a step may go now; if so, it has."""
        if self._room[capability] <= 0 or tenant in self._bound:
            return False
        self._room[capability] -= 1
        return True

    def give_back(self, capability: str) -> None:
        """A worker has answered. Where nobody waits, there is room for one more."""
        self.pace.answered(capability)
        if capability in self._room:
            self._room[capability] += 1
