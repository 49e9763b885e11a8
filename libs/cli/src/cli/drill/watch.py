"""Watching runs: who advances after a strike and when, and who stands still though nothing is in the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from cli.drill.ledger import Ledger, RunSight
from cli.drill.plan import Target

LOOK_SECONDS = 0.1
"""How often is looked; what is measured is no finer."""


@dataclass
class Strike:
    """One strike and what came after."""

    number: int
    target: Target
    what: str
    at: float
    """When the last blow fell, as `time.monotonic()` tells it: the process was gone, or went on after a pause."""
    owed: dict[UUID, int]
    """The runs that should have moved then, and the last entry of their history."""
    advanced: dict[UUID, float] = field(default_factory=dict)
    """Run → seconds from the blow until its first new entry was seen."""

    @property
    def recovery_seconds(self) -> float | None:
        """Seconds until each of those runs had a new entry; None before that."""
        if len(self.advanced) < len(self.owed):
            return None
        return max(self.advanced.values(), default=0.0)


@dataclass(frozen=True)
class StandStill:
    """A run that made no progress for longer than it may, in a stack that was well all the time."""

    run_id: UUID
    shown: str
    seq: int
    seconds: float


class Watch:
    """Looks at all runs of the drill for as long as `follow` runs."""

    def __init__(self, ledger: Ledger, *, is_well: Callable[[], bool], stuck_after_seconds: float) -> None:
        self._ledger = ledger
        self._is_well = is_well
        self._stuck_after_seconds = stuck_after_seconds
        self._idle_since: dict[UUID, float] = {}
        self._recovering: list[Strike] = []
        self.runs: Mapping[UUID, RunSight] = {}
        self.stuck: dict[UUID, StandStill] = {}
        self.moved_at = time.monotonic()
        """When any run last moved."""
        self.looked = asyncio.Condition()

    async def follow(self) -> None:
        """Look for ever."""
        while True:
            began = time.monotonic()
            await self.look()
            await asyncio.sleep(max(0.0, LOOK_SECONDS - (time.monotonic() - began)))

    async def look(self) -> bool:
        """Look once. → whether the database answered."""
        began = time.monotonic()
        found = await self._ledger.look()
        if found is not None:
            self._note(found, began)
        async with self.looked:
            self.looked.notify_all()
        return found is not None

    async def until(self, done: Callable[[], bool], *, within_seconds: float) -> bool:
        """Wait until a look finds `done`. → False when none did in time."""
        try:
            async with asyncio.timeout(within_seconds), self.looked:
                await self.looked.wait_for(done)
        except TimeoutError:
            return done()
        return True

    def owed(self) -> dict[UUID, int]:
        """The runs that should move now, and where their history ends."""
        return {run_id: run.seq for run_id, run in self.runs.items() if run.should_move}

    def add(self, strike: Strike) -> None:
        """From now on note who advances after this strike."""
        self._recovering.append(strike)

    def open_items(self) -> dict[UUID, UUID]:
        """Airlock item → the run that waits for a decision about it."""
        return {run.open_item: run_id for run_id, run in self.runs.items() if run.open_item is not None}

    def _note(self, found: Mapping[UUID, RunSight], at: float) -> None:
        if found != self.runs:
            self.moved_at = at
        well = self._is_well()
        for run_id, run in found.items():
            before = self.runs.get(run_id)
            if not (well and run.should_move and before is not None and before.seq == run.seq):
                self._idle_since[run_id] = at
            idle = at - self._idle_since[run_id]
            if idle > self._stuck_after_seconds:
                self.stuck.setdefault(run_id, StandStill(run_id, run.shown, run.seq, round(idle, 1)))
        for strike in self._recovering:
            for run_id, seq in strike.owed.items():
                if run_id not in strike.advanced and run_id in found and found[run_id].seq > seq:
                    strike.advanced[run_id] = max(0.0, at - strike.at)
        self._recovering = [strike for strike in self._recovering if strike.recovery_seconds is None]
        self.runs = found
