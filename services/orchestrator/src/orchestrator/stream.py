"""The outward stream: history in order and without gaps, and live events as they come, to any number of sockets."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from common.bus.connection import Bus
from common.bus.wire import read_spoken_subject
from common.clock import rfc3339, utc_now
from common.db.work import Work
from nats.aio.msg import Msg

from orchestrator.announcer import frame_of
from orchestrator.repository import find_run, list_heads, list_history
from orchestrator.transitions import HistoryEntry

Frame = dict[str, Any]
ALL = "*"
BEHIND = 256
CATCH_UP_SECONDS = 1.0
_PAGE = BEHIND // 2
_PATIENCE_SECONDS = 10.0


class Subscriber:
    """One socket's view: which runs it follows, and the frames waiting to be sent."""

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self.frames: asyncio.Queue[Frame] = asyncio.Queue(BEHIND)
        self.behind = asyncio.Event()
        """Set when the reader is `BEHIND` frames behind; it should come again and resume."""
        self.last_seq: dict[str, int] = {}
        """For each run that was subscribed by name, the last entry of its history that was queued."""
        self.replaying: dict[str, list[Frame]] = {}
        self.everything = False

    def offer(self, frame: Frame) -> bool:
        """Take a frame, unless it is not wanted or was seen. → False when frames before it are missing."""
        run_id, seq = frame["run_id"], frame["seq"]
        last = self.last_seq.get(run_id)
        if last is None:
            if self.everything:
                self.put(frame)
            return True
        if seq is not None:
            if run_id in self.replaying:
                self.replaying[run_id].append(frame)
                return True
            if seq <= last:
                return True
            if seq > last + 1:
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
            heads = await list_heads(tx, [run_id])
        subscriber.last_seq[name] = min(from_seq, heads[run_id])
        subscriber.replaying[name] = []
        try:
            while rows := await self._read(subscriber, run_id):
                for frame in rows:
                    subscriber.last_seq[name] = frame["seq"]
                    await _put_patiently(subscriber, frame)
        finally:
            waiting = subscriber.replaying.pop(name)
        subscriber.put(say("replay.boundary", {"seq": subscriber.last_seq[name]}, run_id=name))
        for frame in waiting:
            if not subscriber.offer(frame):
                await self._mend(subscriber, run_id)
        return True

    async def catch_up(self) -> None:
        """For ever: find what the bus did not tell of subscribed runs. It may lose messages; the tables do not."""
        while True:
            await asyncio.sleep(CATCH_UP_SECONDS)
            for tenant in list(self._subscribers):
                await self._catch_up(tenant)

    async def _catch_up(self, tenant: str) -> None:
        followed = {name for subscriber in self._subscribers[tenant] for name in subscriber.last_seq}
        if not followed:
            return
        async with self._work.transaction(tenant) as tx:
            heads = await list_heads(tx, [UUID(name) for name in followed])
        for subscriber in list(self._subscribers[tenant]):
            for run_id, head in heads.items():
                if subscriber.last_seq.get(str(run_id), head) < head and str(run_id) not in subscriber.replaying:
                    await self._mend(subscriber, run_id)

    async def _mend(self, subscriber: Subscriber, run_id: UUID) -> None:
        """Queue what is missing. This never waits for the reader, because others wait for us."""
        while rows := await self._read(subscriber, run_id):
            for frame in rows:
                subscriber.offer(frame)
            if subscriber.behind.is_set() or str(run_id) in subscriber.replaying:
                return

    async def _read(self, subscriber: Subscriber, run_id: UUID) -> list[Frame]:
        """The next entries of the history that were not queued yet; none for a run that is not followed any more."""
        after = subscriber.last_seq.get(str(run_id))
        if after is None:
            return []
        async with self._work.transaction(subscriber.tenant) as tx:
            return _frames(subscriber.tenant, await list_history(tx, run_id, after_seq=after, limit=_PAGE))

    async def _hear(self, message: Msg) -> None:
        tenant, run_id = read_spoken_subject(message.subject)
        subscribers = self._subscribers.get(tenant)
        if not subscribers:
            return
        frame = orjson.loads(message.data)
        for subscriber in list(subscribers):
            if not subscriber.offer(frame):
                await self._mend(subscriber, UUID(run_id))


def say(type: str, data: dict[str, Any], *, run_id: str | None = None) -> Frame:
    """A frame that is no entry of a history."""
    at = rfc3339(utc_now())
    return {"v": 1, "type": type, "run_id": run_id, "seq": None, "after_seq": None, "at": at, "data": data}


async def _put_patiently(subscriber: Subscriber, frame: Frame) -> None:
    """A replay waits for its reader, because the reader asked for it; but not for ever."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await subscriber.frames.put(frame)
    except TimeoutError:
        subscriber.behind.set()


def _frames(tenant: str, rows: Sequence[Any]) -> list[Frame]:
    return [
        frame_of(HistoryEntry(tenant, row["run_id"], row["seq"], row["type"], row["data"], row["at"])) for row in rows
    ]
