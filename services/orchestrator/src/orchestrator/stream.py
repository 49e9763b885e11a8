"""The outward stream: history in order and without gaps, and live events as they come, to any number of sockets."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from common.bus.connection import Bus
from common.db.work import Work
from nats.aio.msg import Msg

from orchestrator.announcer import frame_of
from orchestrator.repository import find_run, list_history
from orchestrator.transitions import HistoryEntry

Frame = dict[str, Any]
ALL = "*"
BEHIND = 256
CATCH_UP_SECONDS = 1.0


class FellBehind(Exception):
    """The reader is `BEHIND` frames behind; it should come again and resume."""


class Subscriber:
    """One socket's view: which runs it follows, and the frames waiting to be sent."""

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self.frames: asyncio.Queue[Frame] = asyncio.Queue(BEHIND)
        self.behind = asyncio.Event()
        self.last_seq: dict[str, int] = {}
        self.replaying: dict[str, list[Frame]] = {}
        self.everything = False

    def follows(self, run_id: str) -> bool:
        """Whether frames of this run are wanted."""
        return self.everything or run_id in self.last_seq

    def offer(self, frame: Frame) -> bool:
        """Take a frame, unless it was seen. → False when frames before it are missing."""
        run_id, seq = frame["run_id"], frame["seq"]
        if seq is not None:
            if run_id in self.replaying:
                self.replaying[run_id].append(frame)
                return True
            last = self.last_seq.get(run_id)
            if last is not None and seq <= last:
                return True
            if last is not None and seq > last + 1:
                return False
            self.last_seq[run_id] = seq
        self.put(frame)
        return True

    def put(self, frame: Frame) -> None:
        """Queue a frame; a reader that is too far behind is marked, and gets no more."""
        try:
            self.frames.put_nowait(frame)
        except asyncio.QueueFull:
            self.behind.set()


class Hub:
    """Hands frames from the bus to the sockets of this process."""

    def __init__(self, work: Work, bus: Bus) -> None:
        self._work = work
        self._bus = bus
        self._subscribers: dict[str, set[Subscriber]] = defaultdict(set)

    async def listen(self) -> None:
        """Hear what is committed and what is under way, in all processes."""
        await self._bus.hear("hist.>", self._hear)
        await self._bus.hear("live.>", self._hear)

    def add(self, subscriber: Subscriber) -> None:
        """Let a socket take part."""
        self._subscribers[subscriber.tenant].add(subscriber)

    def remove(self, subscriber: Subscriber) -> None:
        """Forget a socket."""
        self._subscribers[subscriber.tenant].discard(subscriber)
        if not self._subscribers[subscriber.tenant]:
            del self._subscribers[subscriber.tenant]

    async def follow(self, subscriber: Subscriber, run_id: UUID, *, from_seq: int) -> bool:
        """Replay a run's history after `from_seq`, mark the boundary, then go on live. → False: no such run."""
        name = str(run_id)
        async with self._work.transaction(subscriber.tenant) as tx:
            if await find_run(tx, run_id) is None:
                return False
        subscriber.last_seq[name] = from_seq
        subscriber.replaying[name] = []
        try:
            await self._replay(subscriber, run_id)
        finally:
            waiting = subscriber.replaying.pop(name)
        boundary = {
            "v": 1,
            "type": "replay.boundary",
            "run_id": name,
            "seq": None,
            "after_seq": subscriber.last_seq[name],
        }
        subscriber.put(boundary | {"data": {"seq": subscriber.last_seq[name]}})
        for frame in waiting:
            if not subscriber.offer(frame):
                await self._replay(subscriber, run_id)
        return True

    async def catch_up(self) -> None:
        """For ever: find what the bus did not tell. It may lose messages; the tables do not."""
        while True:
            await asyncio.sleep(CATCH_UP_SECONDS)
            for subscriber in [one for group in self._subscribers.values() for one in group]:
                for name in [name for name in subscriber.last_seq if name not in subscriber.replaying]:
                    await self._replay(subscriber, UUID(name))

    async def _replay(self, subscriber: Subscriber, run_id: UUID) -> None:
        name = str(run_id)
        while True:
            async with self._work.transaction(subscriber.tenant) as tx:
                rows = await list_history(tx, run_id, after_seq=subscriber.last_seq[name], limit=BEHIND // 2)
            if not rows:
                return
            for frame in _frames(subscriber.tenant, rows):
                if frame["seq"] > subscriber.last_seq[name]:
                    subscriber.last_seq[name] = frame["seq"]
                    await _put_patiently(subscriber, frame)

    async def _hear(self, message: Msg) -> None:
        _, tenant, run_id = _split(message.subject)
        for subscriber in list(self._subscribers.get(tenant, ())):
            if subscriber.follows(run_id) and not subscriber.offer(orjson.loads(message.data)):
                await self._replay(subscriber, UUID(run_id))


async def _put_patiently(subscriber: Subscriber, frame: Frame) -> None:
    """A replay waits for its reader, because the reader asked for it; but not for ever."""
    try:
        await asyncio.wait_for(subscriber.frames.put(frame), timeout=10)
    except TimeoutError:
        subscriber.behind.set()


def _split(subject: str) -> tuple[str, str, str]:
    """`hist.<tenant>.<run>`; a tenant may hold dots itself."""
    kind, _, rest = subject.partition(".")
    tenant, _, run_id = rest.rpartition(".")
    return kind, tenant, run_id


def _frames(tenant: str, rows: Sequence[Any]) -> list[Frame]:
    return [
        frame_of(HistoryEntry(tenant, row["run_id"], row["seq"], row["type"], row["data"], row["at"])) for row in rows
    ]
