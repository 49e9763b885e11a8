"""The outward stream: history in order and without gaps, and live events as they come, to any number of sockets.

Private runs are left out for whom they are not. That is looked up again whenever a run is shared or not any more, and
once a second, so a socket whose reader may not see a run any more goes on with it for a second at most.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from common.bus.connection import Bus
from common.bus.wire import TENANT_WIDE, read_spoken_subject
from common.db.work import Work
from common.viewing import Viewer, viewing
from nats.aio.msg import Msg

from orchestrator.announcer import frame_of
from orchestrator.mailbox import Frame, Mailbox, say
from orchestrator.repository import find_run, list_heads, list_history, list_seen
from orchestrator.transitions import HistoryEntry

ALL = "*"
CATCH_UP_SECONDS = 1.0
_PAGE = 128
_PATIENCE_SECONDS = 10.0
_REMEMBERED = 50_000
_SHARING = frozenset({"run.shared", "run.unshared"})


class Subscriber:
    """One socket's view: which runs it follows, and the frames waiting to be sent."""

    def __init__(self, tenant: str, viewer: Viewer) -> None:
        self.tenant = tenant
        self.viewer = viewer
        self.seen: dict[str, bool] = {}
        """Of private runs that were not subscribed by name, whether they are to be shown: known for a second."""
        self.mail = Mailbox()
        self.behind = asyncio.Event()
        """Set when more waits for the reader than may; it should come again and resume."""
        self.last_seq: dict[str, int] = {}
        """For each run that was subscribed by name, the last entry of its history that was queued."""
        self.replaying: dict[str, list[Frame]] = {}
        self.everything = False

    def listens(self, run_id: str) -> bool:
        """Whether frames of the run are wanted here."""
        return self.everything or run_id in self.last_seq

    def offer(self, frame: Frame) -> bool:
        """Take a frame, unless it is not wanted or was seen. → False when frames before it are missing."""
        run_id, seq = frame.value["run_id"], frame.value["seq"]
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
        if self.behind.is_set() or not self.mail.put(frame):
            self.behind.set()


class Hub:
    """Hands frames from the bus to the sockets of this process."""

    def __init__(self, work: Work, bus: Bus) -> None:
        self._work = work
        self._bus = bus
        self._subscribers: dict[str, set[Subscriber]] = defaultdict(set)
        self._public: set[str] = set()
        """Runs that their whole tenants see, as every run does that was once found so."""

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
            with viewing(subscriber.viewer):
                if await find_run(tx, run_id) is None:
                    return False
            heads = await list_heads(tx, [run_id])
        subscriber.last_seq[name] = min(from_seq, heads[run_id])
        subscriber.replaying[name] = []
        try:
            while rows := await self._read(subscriber, run_id):
                for frame in rows:
                    subscriber.last_seq[name] = frame.value["seq"]
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
        await self._look_again(tenant)
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
        frame = Frame.heard(message.data)
        if run_id == TENANT_WIDE:
            # It says nothing that somebody might not see: whoever hears every run is told to look again.
            for subscriber in [each for each in subscribers if each.everything]:
                subscriber.put(frame)
            return
        if frame.value["type"] in _SHARING:
            await self._look_again(tenant)
        for subscriber in [each for each in subscribers if each.listens(run_id)]:
            shown = self._shows_plainly(subscriber, run_id) or await self._shows(subscriber, run_id)
            if shown and not subscriber.offer(frame):
                await self._mend(subscriber, UUID(run_id))

    def _shows_plainly(self, subscriber: Subscriber, run_id: str) -> bool:
        """Whether it needs no look. Who follows the run by name was asked then, and is whenever we look again."""
        return subscriber.viewer.sees_all or run_id in self._public or run_id in subscriber.last_seq

    async def _shows(self, subscriber: Subscriber, run_id: str) -> bool:
        """Whether a run that not everybody sees is for this reader."""
        if run_id not in subscriber.seen:
            subscriber.seen |= await self._look(subscriber, [run_id])
        return subscriber.seen[run_id]

    async def _look_again(self, tenant: str) -> None:
        for subscriber in list(self._subscribers.get(tenant, ())):
            subscriber.seen.clear()
            followed = set(subscriber.last_seq) - subscriber.replaying.keys()
            private = [run_id for run_id in followed if run_id not in self._public]
            if private and not subscriber.viewer.sees_all:
                for run_id, is_shown in (await self._look(subscriber, private)).items():
                    if not is_shown:
                        subscriber.last_seq.pop(run_id, None)
                        subscriber.put(say("error", {"error": "not_found", "detail": f"There is no run {run_id}."}))

    async def _look(self, subscriber: Subscriber, run_ids: Sequence[str]) -> dict[str, bool]:
        """For each run whether the reader sees it. Those that everybody sees are remembered."""
        async with self._work.transaction(subscriber.tenant) as tx:
            with viewing(subscriber.viewer):
                seen = await list_seen(tx, [UUID(run_id) for run_id in run_ids])
        if len(self._public) > _REMEMBERED:
            self._public.clear()
        self._public |= {str(run_id) for run_id, private_of in seen.items() if private_of is None}
        return {run_id: UUID(run_id) in seen for run_id in run_ids}


async def _put_patiently(subscriber: Subscriber, frame: Frame) -> None:
    """A replay waits for its reader, because the reader asked for it; but not for ever."""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await subscriber.mail.room()
    except TimeoutError:
        subscriber.behind.set()
    subscriber.put(frame)


def _frames(tenant: str, rows: Sequence[Any]) -> list[Frame]:
    return [
        Frame(frame_of(HistoryEntry(tenant, row["run_id"], row["seq"], row["type"], row["data"], row["at"])))
        for row in rows
    ]
