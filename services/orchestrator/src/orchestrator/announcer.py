"""After a commit: wake dispatcher and timekeeper, tell the sockets, tell busy workers. All of it may be lost."""

from __future__ import annotations

import asyncio

import orjson
from common.bus.connection import Bus
from common.bus.wire import spoken_subject
from common.clock import rfc3339
from common.contracts.message import StopOrder
from common.observability.metrics import RUN_EVENTS

from orchestrator.writes import Aftermath, HistoryEntry


class Announcer:
    """Says what was committed; whoever missed it reads the tables."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.ordered = asyncio.Event()
        """Set when the backlog got longer."""
        self.due = asyncio.Event()
        """Set when something was left to happen at once."""

    async def tell(self, aftermath: Aftermath) -> None:
        """Tell others what a transaction left, after it has committed."""
        if aftermath.ordered:
            self.ordered.set()
        if aftermath.due:
            self.due.set()
        for entry in aftermath.entries:
            RUN_EVENTS.labels("orchestrator", entry.type).inc()
            subject = spoken_subject("hist", tenant=entry.tenant, run=entry.run_id)
            await self._bus.say(subject, orjson.dumps(frame_of(entry)))
        for stop in aftermath.stops:
            order = StopOrder(steps=stop.steps, now=stop.now)
            await self._bus.say(f"ctl.cancel.{stop.run_id}", order.model_dump_json().encode())


def frame_of(entry: HistoryEntry) -> dict[str, object]:
    """The one frame of the outward stream, for an entry of the history."""
    return {
        "v": 1,
        "type": entry.type,
        "run_id": str(entry.run_id),
        "seq": entry.seq,
        "after_seq": entry.seq - 1,
        "at": rfc3339(entry.at),
        "data": entry.data,
    }
