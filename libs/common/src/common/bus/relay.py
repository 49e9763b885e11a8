"""The relay: empties the outbox into JetStream, and fills JetStream again when it lost something."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from nats.errors import Error as NatsError
from nats.js.api import PubAck
from nats.js.errors import NoStreamResponseError
from sqlalchemy import CursorResult, text
from sqlalchemy.exc import SQLAlchemyError

from common import testing_points
from common.bus.connection import Bus
from common.bus.floors import WORK_QUEUES, StreamState, floors, handled_by_all
from common.bus.streams import stream_of
from common.bus.wire import wire_headers
from common.clock import utc_now
from common.db.connection import of_service
from common.db.work import Transaction, Work
from common.ending import end_tasks
from common.observability.logging import get_logger
from common.observability.metrics import OUTBOX_REWOUND, OUTBOX_SENT, OUTBOX_UNSENT

log = get_logger(__name__)
BATCH = 500
POLL_SECONDS = 0.5
"""How often the table is looked at while nothing is known to be left in it: eight relays do so, all day."""
BEHIND_SECONDS = 0.1
"""How soon again when something is."""
STAMP_SECONDS = 0.02
YOUNG_SECONDS = 0.5
"""How long a row is left to the process that committed it, which has it in memory."""
LOOK_SECONDS = 5.0
ASIDE_SECONDS = 30.0
KEPT = "7 days"
"""How long a row is kept that everybody has handled."""
GIVEN_UP = "30 days"
"""How long one is kept, and sent again when it is lost, that somebody has not: so long a studio may be off."""
CLAIMS_KEPT = "35 days"
"""Longer than that: what is sent again was handled long ago by some, who must know it."""
_LOCK: LiteralString = "select pg_try_advisory_xact_lock(hashtextextended(%(name)s, 0)) as locked"
_UNSENT: LiteralString = (
    "select id, subject, headers, body, sends, created_at from {outbox}"
    " where sent_at is null and id <> all(%(aside)s::uuid[])"
    " and (sends > 0 or created_at <= now() - make_interval(secs => %(young)s)) order by seq limit %(batch)s"
)
_COUNT: LiteralString = "select count(*) as rows, min(created_at) as since from {outbox} where sent_at is null"
_STAMP: LiteralString = (
    "update {outbox} o set sent_at = now(), stream = a.stream, stream_seq = a.seq, incarnation = a.incarnation"
    " from unnest(%(ids)s::uuid[], %(streams)s::text[], %(seqs)s::bigint[], %(incarnations)s::text[],"
    " %(sends)s::int[]) as a(id, stream, seq, incarnation, sends)"
    # Who asked for another send while we were at it gets one.
    " where o.id = a.id and o.sends = a.sends"
)
_PRUNE: LiteralString = (
    "delete from {outbox} o where sent_at < now() - %(kept)s::interval"
    " and (sent_at < now() - %(given_up)s::interval or exists (select from {stream_floors} f"
    " where f.stream = o.stream and f.incarnation = o.incarnation and o.stream_seq <= f.handled_to))"
)
_PRUNE_FLOORS: LiteralString = "delete from {stream_floors} where noted_at < now() - %(claims)s::interval"
_PRUNE_INBOX: LiteralString = "delete from {inbox} where handled_at < now() - %(claims)s::interval"
_NOTE_FLOORS: LiteralString = (
    "insert into {stream_floors} (stream, incarnation, handled_to, noted_at)"
    " select stream, incarnation, floor, now()"
    " from unnest(%(streams)s::text[], %(incarnations)s::text[], %(floors)s::bigint[])"
    " as f(stream, incarnation, floor) on conflict (stream, incarnation)"
    " do update set handled_to = excluded.handled_to, noted_at = excluded.noted_at"
    " where stream_floors.handled_to < excluded.handled_to"
)


@dataclass(frozen=True)
class Unsent:
    """How much waits to be published, and since when the oldest of it does."""

    rows: int = 0
    since: datetime | None = None


class Relay:
    """Publishes what was committed. What this process commits it hands to us in memory, so that nothing is looked up;
    the table has what other processes left, what a crash cut off, and what could not be sent at once."""

    def __init__(self, work: Work, bus: Bus) -> None:
        self._work = work
        self._bus = bus
        self._table = f'"{work.service}".outbox'
        self._looked_at = float("-inf")
        self._polled_at = float("-inf")
        self._states: dict[str, StreamState] = {}
        self._floors: dict[str, int] = {}
        self._aside: dict[UUID, float] = {}
        self.unsent = Unsent()
        """As it was counted last; of several processes of a service, each counts when it has its turn."""
        self._behind = True
        """The table may have rows that come before those in memory."""
        self._unstamped: list[tuple[Any, PubAck]] = []
        self._published = asyncio.Event()

    async def run(self) -> None:
        """Relay for ever. Who commits wakes us; what others left in the table is found within two seconds."""
        stamping = asyncio.create_task(self._stamp_forever())
        try:
            while True:
                try:
                    sent = await self.flush()
                except (SQLAlchemyError, NatsError, TimeoutError, ConnectionError) as error:
                    log.warning("relay.failed", error=repr(error))
                    self._behind = True
                    sent = 0
                    await asyncio.sleep(0.25)
                if not sent or (sent < BATCH and not self._work.fresh):
                    await self._wait()
        finally:
            await end_tasks([stamping])

    async def flush(self) -> int:
        """Send one batch. → how many rows JetStream acknowledged."""
        if not self._bus.connected or not await self._look_for_losses():
            self._behind = True
            self._work.fresh.clear()
            return 0
        if self._behind:
            # Those in memory are in the table, too, and there they stand behind what comes first.
            self._work.fresh.clear()
            return await self._send_stored()
        sent = await self._send_fresh()
        if asyncio.get_running_loop().time() - self._polled_at > POLL_SECONDS:
            sent += await self._send_stored()
        return sent

    async def _send_fresh(self) -> int:
        rows, self._work.fresh[:BATCH] = self._work.fresh[:BATCH], []
        if not rows:
            return 0
        created_at = utc_now()
        acknowledged = await self._publish_all([row | {"sends": 0, "created_at": created_at} for row in rows])
        self._unstamped += acknowledged
        self._published.set()
        return len(acknowledged)

    async def _send_stored(self) -> int:
        """Send what the table has. What is young is left to the process that committed it, unless that is us."""
        async with self._work.system(lasting=False) as tx:
            rows = await self._unsent(tx)
            self._polled_at = asyncio.get_running_loop().time()
            acknowledged = await self._publish_all(rows) if rows else []
            self._stamp(tx, acknowledged)
        self._behind = len(acknowledged) < len(rows) or len(rows) == BATCH
        return len(acknowledged)

    async def _publish_all(self, rows: Sequence[Any]) -> list[tuple[Any, PubAck]]:
        """Publish side by side. → those that JetStream acknowledged."""
        answers = await self._bus.unless_lost(
            asyncio.gather(*(self._publish(row) for row in rows), return_exceptions=True)
        )
        testing_points.reached(f"{self._work.service}.published")
        acknowledged = [(row, ack) for row, ack in zip(rows, answers, strict=True) if isinstance(ack, PubAck)]
        failed = {row["id"]: ack for row, ack in zip(rows, answers, strict=True) if not isinstance(ack, PubAck)}
        if failed:
            self._behind = True
            await self._pause(failed, others_arrived=bool(acknowledged))
        OUTBOX_SENT.labels(self._work.service).inc(len(acknowledged))
        return acknowledged

    async def _stamp_forever(self) -> None:
        """Note what was sent, some at a time: nobody waits for it. What is not noted is sent again, and known."""
        while True:
            await self._published.wait()
            await asyncio.sleep(STAMP_SECONDS)
            self._published.clear()
            sent, self._unstamped = self._unstamped, []
            try:
                async with self._work.system(lasting=False) as tx:
                    self._stamp(tx, sent)
            except (SQLAlchemyError, TimeoutError) as error:
                log.warning("relay.unstamped", rows=len(sent), error=repr(error))

    async def _pause(self, failed: dict[UUID, Any], *, others_arrived: bool) -> None:
        """Let go of the server for a moment. A row that fails where others arrive is put aside."""
        errors = list(failed.values())
        log.warning("relay.unacknowledged", rows=len(failed), error=repr(errors[0]))
        if any(isinstance(error, NoStreamResponseError) for error in errors):
            self._bus.reconnected.set()
        elif others_arrived:
            self._aside |= dict.fromkeys(failed, asyncio.get_running_loop().time() + ASIDE_SECONDS)
        await asyncio.sleep(0.1)

    async def _wait(self) -> None:
        filled = self._work.outbox_filled
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BEHIND_SECONDS if self._behind else POLL_SECONDS):
                await filled.wait()
                filled.clear()

    async def _unsent(self, tx: Transaction) -> Sequence[Any]:
        """The next rows to send, in order; none while another relay of the service has its turn."""
        now = asyncio.get_running_loop().time()
        self._aside = {row: until for row, until in self._aside.items() if until > now}
        found = await tx.run_all(
            [
                (_LOCK, {"name": f"relay:{self._work.service}"}),
                (
                    of_service(_UNSENT, self._work.service),
                    {"batch": BATCH, "aside": list(self._aside), "young": 0 if self._behind else YOUNG_SECONDS},
                ),
            ]
        )
        (locked,), rows = found
        return rows if locked["locked"] else []

    async def _publish(self, row: Any) -> PubAck:
        headers = wire_headers(row, source=self._work.service)
        return await self._bus.publish(row["subject"], bytes(row["body"]), headers=headers)

    def _stamp(self, tx: Transaction, acknowledged: Sequence[tuple[Any, PubAck]]) -> None:
        if acknowledged:
            values = {
                "ids": [row["id"] for row, _ in acknowledged],
                "streams": [ack.stream for _, ack in acknowledged],
                "seqs": [ack.seq for _, ack in acknowledged],
                "sends": [row["sends"] for row, _ in acknowledged],
                "incarnations": [self._states[stream_of(row["subject"])].incarnation for row, _ in acknowledged],
            }
            tx.run_last(of_service(_STAMP, self._work.service), values)

    async def _look_for_losses(self) -> bool:
        """On every (re)connection and every few seconds: send again what the streams no longer hold.

        A row is lost when its stream is another incarnation than the one that took it, or ends before its sequence, or
        begins behind it (it grew too old, or made room), and it is not known that everybody had handled it.
        → False when this could not be looked at now: then nothing may be sent, for it would hide the loss.
        """
        now = asyncio.get_running_loop().time()
        if self._bus.reconnected.is_set():
            self._bus.reconnected.clear()
            self._looked_at = float("-inf")
        if now - self._looked_at < LOOK_SECONDS:
            return True
        async with self._work.system() as tx:
            (locked,) = await tx.run(_LOCK, {"name": f"relay:{self._work.service}"})
            if not locked["locked"]:
                return False
            before = self._states
            handled = await self._bus.unless_lost(handled_by_all(self._bus.js, before))
            self._states = await self._bus.unless_lost(self._bus.stream_states())
            for stream, state in self._states.items():
                await self._rewind(tx, stream, state)
            # After that: of what grew too old nothing is left to handle, and now it looks like what everybody handled.
            await self._note_floors(tx, floors(before, self._states, handled))
            (unsent,) = await tx.run(of_service(_COUNT, self._work.service))
            self.unsent = Unsent(**unsent)
            OUTBOX_UNSENT.labels(self._work.service).set(self.unsent.rows)
        self._looked_at = now
        return True

    async def _note_floors(self, tx: Transaction, found: dict[str, int]) -> None:
        """Keep them where a restart of ours forgets none: it may be the crash that empties a stream."""
        risen = {stream: floor for stream, floor in found.items() if floor > self._floors.get(stream, 0)}
        if risen:
            values = {
                "streams": list(risen),
                "incarnations": [self._states[stream].incarnation for stream in risen],
                "floors": list(risen.values()),
            }
            await tx.run(of_service(_NOTE_FLOORS, self._work.service), values)
        self._floors = found

    async def _rewind(self, tx: Transaction, stream: str, state: StreamState) -> None:
        lost = await tx.session.execute(
            text(
                f"update {self._table} o set sent_at = null, sends = sends + 1"  # noqa: S608
                f" where stream = :stream and sent_at is not null and created_at > now() - interval '{GIVEN_UP}'"
                " and (incarnation <> :incarnation or stream_seq > :last_seq or stream_seq < :first_seq)"
                f' and not exists (select from "{self._work.service}".stream_floors f where f.stream = o.stream'
                " and f.incarnation = o.incarnation and o.stream_seq <= f.handled_to)"
            ),
            {
                "stream": stream,
                "incarnation": state.incarnation,
                "last_seq": state.last_seq,
                # A work queue forgets what was acknowledged, and nothing else. What a full stream had no room for comes
                # when it has: sent now, it would push out others that nobody has handled, for ever.
                "first_seq": 0 if stream in WORK_QUEUES or state.is_full else state.first_seq,
            },
        )
        count = lost.rowcount if isinstance(lost, CursorResult) else 0
        if count:
            log.warning("relay.rewound", stream=stream, rows=count)
            OUTBOX_REWOUND.labels(self._work.service).inc(count)

    async def prune(self) -> None:
        """Forget old rows that were sent and handled, how far that is, and old inbox rows."""
        values = {"kept": KEPT, "given_up": GIVEN_UP, "claims": CLAIMS_KEPT}
        async with self._work.system() as tx:
            for statement in (_PRUNE, _PRUNE_FLOORS, _PRUNE_INBOX):
                await tx.run(of_service(statement, self._work.service), values)
