"""After a commit: wake the dispatcher, tell the sockets, tell busy workers of cancelled runs. All of it may be lost."""

from __future__ import annotations

import asyncio

import orjson
from common.bus.connection import Bus
from common.bus.wire import spoken_subject
from common.clock import rfc3339
from common.observability.metrics import RUN_EVENTS

from orchestrator.transitions import Aftermath, HistoryEntry


class Announcer:
    """Says what was committed; whoever missed it reads the tables."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self.ordered = asyncio.Event()
        """Set when the backlog got longer."""

    async def tell(self, aftermath: Aftermath) -> None:
        """Tell others what a transaction left, after it has committed."""
        if aftermath.ordered:
            self.ordered.set()
        for entry in aftermath.entries:
            RUN_EVENTS.labels("orchestrator", entry.type).inc()
            subject = spoken_subject("hist", tenant=entry.tenant, run=entry.run_id)
            await self._bus.say(subject, orjson.dumps(frame_of(entry)))
        for run_id in aftermath.cancelled:
            await self._bus.say(f"ctl.cancel.{run_id}", b"")


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
