"""A part of ours that comes (back) ends the pauses of the steps that wait for one."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import LiteralString

from common.bus.connection import Bus
from common.clock import Clock
from common.contracts.services import Heartbeat
from common.db.work import Work
from common.observability.logging import get_logger
from nats.aio.msg import Msg

from orchestrator.announcer import Announcer
from orchestrator.dispatcher import GONE_SECONDS
from orchestrator.engine.endings import LONGEST_AWAY_MS

log = get_logger(__name__)
_HELLOS = 3
"""How many heartbeats of a process count as its coming: the first may be earlier than its door is open."""
_AHEAD = timedelta(milliseconds=2 * LONGEST_AWAY_MS)
"""No such pause is longer; timers behind that are not looked at."""

# Which part a step waits for is not asked: one that asks too early waits again, and has lost nothing.
_DUE_NOW: LiteralString = """
    update orchestrator.timers set due_at = %(now)s where id in (
        select id from orchestrator.timers
        where due_at > %(now)s and due_at <= %(until)s and happening ->> 'purpose' = 'return'
        for update skip locked
    ) returning id
"""


class Returns:
    """Hears who comes. What it misses is over with the pause, which is never much longer than the absence was."""

    def __init__(self, work: Work, bus: Bus, announcer: Announcer, *, clock: Clock) -> None:
        self._work = work
        self._bus = bus
        self._announcer = announcer
        self._clock = clock
        self._heard: dict[str, tuple[float, int]] = {}
        """When each process was heard last, and how often since it came."""
        self._came = asyncio.Event()

    async def listen(self) -> None:
        """Hear the heartbeats of all services."""
        await self._bus.hear("ctl.worker.*", self._hear)

    async def run(self) -> None:
        """For ever: whenever somebody came, let those try again who wait for that."""
        while True:
            await self._came.wait()
            self._came.clear()
            await self.end_pauses()

    async def end_pauses(self) -> int:
        """Let every step try again now that waits for a part of ours. → how many."""
        now = self._clock()
        async with self._work.system() as tx:
            ended = len(await tx.run(_DUE_NOW, {"now": now, "until": now + _AHEAD}))
        if ended:
            log.info("returns.pauses_ended", steps=ended)
            self._announcer.due.set()
        return ended

    async def _hear(self, message: Msg) -> None:
        heartbeat = Heartbeat.model_validate_json(message.data)
        now = time.monotonic()
        self._heard = {one: known for one, known in self._heard.items() if now - known[0] < GONE_SECONDS}
        if heartbeat.leaves:
            self._heard.pop(heartbeat.worker, None)
            return
        _, times = self._heard.get(heartbeat.worker, (now, 0))
        self._heard[heartbeat.worker] = now, times + 1
        if times < _HELLOS:
            self._came.set()
