"""The relay against a NATS server that is taken away, emptied and given back."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from common import testing_points
from common.bus.connection import Bus
from common.bus.relay import Relay
from common.bus.streams import DURABLES, EVENTS, STREAMS
from common.contracts.message import Finished, Outcome
from common.db.work import Work
from common.ending import end_tasks
from nats.aio.msg import Msg
from nats.js.api import PubAck
from testkit.listening import eventually
from testkit.workshop import OwnNats, Rows, WorkOf

SUBJECT = "evt.editor.render_cut_finished.v1"


@pytest.fixture
async def nats(tmp_path: Path) -> AsyncIterator[OwnNats]:
    own = OwnNats(tmp_path, "editor")
    await own.server.start()
    yield own
    await own.close()


@pytest.fixture
def work(work_of: WorkOf, rows: Rows) -> Work:
    # Every server of these tests would otherwise be sent what the one before it was sent.
    rows("delete from editor.outbox")
    return work_of("editor")


@asynccontextmanager
async def connected(nats: OwnNats, user: str = "editor") -> AsyncIterator[Bus]:
    bus = nats.bus(user)
    await bus.connect()
    try:
        yield bus
    finally:
        await bus.close()


@asynccontextmanager
async def relaying(work: Work, bus: Bus) -> AsyncIterator[None]:
    task = asyncio.create_task(Relay(work, bus).run())
    try:
        yield
    finally:
        await end_tasks([task])


async def send(work: Work, tenant: str, *, count: int = 1, run: UUID | None = None, first: int = 0) -> list[UUID]:
    """Put answers into the outbox whose cost is their number. → their ids."""
    async with work.transaction(tenant) as tx:
        return [
            tx.send(SUBJECT, Finished(outcome=Outcome.DONE, cost_usd_micros=first + number), run=run)
            for number in range(count)
        ]


async def stored(nats: OwnNats, *, count: int) -> list[Msg]:
    """Everything the stream of events holds, once it is `count` messages."""
    async with connected(nats, "master") as bus:

        async def enough() -> bool:
            return (await bus.js.stream_info(EVENTS)).state.messages >= count

        await eventually(enough, seconds=20)
        held = (await bus.js.stream_info(EVENTS)).state.messages
        reader = await bus.js.pull_subscribe(SUBJECT, stream=EVENTS)
        found: list[Msg] = []
        while len(found) < held:
            page = await reader.fetch(min(500, held - len(found)), timeout=5)
            await asyncio.gather(*(message.ack() for message in page))
            found += page
        return found


def message_ids(messages: list[Msg]) -> list[str]:
    return [(message.headers or {})["Nats-Msg-Id"] for message in messages]


async def all_stamped(rows: Rows) -> None:
    await eventually(lambda: rows("select count(*) from editor.outbox where sent_at is null") == [(0,)], seconds=20)


async def test_rows_wait_while_the_server_is_away(nats: OwnNats, work: Work, rows: Rows, tenant: str) -> None:
    async with connected(nats) as bus, relaying(work, bus):
        await nats.server.stop()
        await eventually(lambda: not bus.connected)
        [message] = await send(work, tenant)
        assert rows("select sends, sent_at from editor.outbox") == [(0, None)]
        await nats.server.start()
        assert message_ids(await stored(nats, count=1)) == [f"{message}.0"]
        await all_stamped(rows)


async def test_answers_of_a_dead_server_are_not_waited_for(
    nats: OwnNats, work: Work, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.connection.PUBLISH_SECONDS", 120.0)
    async with connected(nats) as bus, relaying(work, bus):
        await send(work, tenant)
        await all_stamped(rows)
        pid = nats.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        told = bus.client.stats["out_msgs"]
        await send(work, tenant)
        await eventually(lambda: bus.client.stats["out_msgs"] > told and bus.client.pending_data_size == 0)
        os.kill(pid, signal.SIGKILL)
        await nats.server.wait()
        await nats.server.start()
        await all_stamped(rows)
        assert len(await stored(nats, count=2)) == 2


async def test_a_service_starts_before_its_server(nats: OwnNats, work: Work, tenant: str) -> None:
    url_is_known = nats.bus("editor")
    await nats.server.stop()
    connecting = asyncio.create_task(url_is_known.connect())
    done, _ = await asyncio.wait({connecting}, timeout=0.3)
    assert not done
    await nats.server.start()
    await asyncio.wait_for(connecting, 15)
    async with relaying(work, url_is_known):
        await send(work, tenant)
        assert len(await stored(nats, count=1)) == 1
    await url_is_known.close()


@pytest.mark.feature("M26")
async def test_what_the_store_lost_while_it_was_down_is_sent_again(
    nats: OwnNats, work: Work, rows: Rows, tenant: str
) -> None:
    async with connected(nats) as bus, relaying(work, bus):
        messages = await send(work, tenant, count=3)
        await stored(nats, count=3)
        await all_stamped(rows)
        await nats.server.stop()
        shutil.rmtree(nats.store)
        await nats.server.start()
        # Another number makes another `Nats-Msg-Id`: the stream's own duplicate check would drop the same one.
        assert message_ids(await stored(nats, count=3)) == [f"{message}.1" for message in messages]
        await all_stamped(rows)
    assert set(rows("select sends from editor.outbox")) == {(1,)}


async def test_what_everybody_had_handled_is_not_sent_again(
    nats: OwnNats, work: Work, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.relay.LOOK_SECONDS", 0.1)
    async with connected(nats) as bus, relaying(work, bus):
        await send(work, tenant, count=3)
        await handle(nats, count=3)
        handled = "select count(*) from editor.stream_floors where stream = 'EVENTS' and handled_to = 3"
        await eventually(lambda: rows(handled) == [(1,)], seconds=20)
        [unseen] = await send(work, tenant)
        await all_stamped(rows)
    # Whoever comes up after the crash knows it from the table alone.
    await nats.server.stop()
    shutil.rmtree(nats.store)
    await nats.server.start()
    async with connected(nats) as bus, relaying(work, bus):
        assert message_ids(await stored(nats, count=1)) == [f"{unseen}.1"]
        [after] = await send(work, tenant)
        assert message_ids(await stored(nats, count=2)) == [f"{unseen}.1", f"{after}.0"]
    assert rows("select sends from editor.outbox order by seq") == [(0,), (0,), (0,), (1,), (0,)]


async def test_what_grew_too_old_before_everybody_had_handled_it_is_sent_again(
    nats: OwnNats, work: Work, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.relay.LOOK_SECONDS", 0.1)
    async with connected(nats) as bus, relaying(work, bus):
        await send(work, tenant, count=2)
        await handle(nats, count=2)
        handled = "select count(*) from editor.stream_floors where stream = 'EVENTS' and handled_to = 2"
        await eventually(lambda: rows(handled) == [(1,)], seconds=20)
        [unseen] = await send(work, tenant)
        await all_stamped(rows)
    # The studio is shut down over the holidays, which is more than the stream keeps.
    await let_all_expire(nats)
    rows("update editor.outbox set created_at = now() - interval '4 weeks', sent_at = now() - interval '4 weeks'")
    async with connected(nats) as bus, relaying(work, bus):
        assert message_ids(await stored(nats, count=1)) == [f"{unseen}.1"]
        await all_stamped(rows)
        # Or whoever should handle it was away, while the server and we were not.
        await let_all_expire(nats)
        assert message_ids(await stored(nats, count=1)) == [f"{unseen}.2"]
        await all_stamped(rows)
    assert rows("select sends from editor.outbox order by seq") == [(0,), (0,), (2,)]


async def test_what_a_full_stream_had_no_room_for_waits_until_it_has(
    nats: OwnNats, work: Work, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.relay.LOOK_SECONDS", 0.0)
    [events] = [stream for stream in STREAMS if stream.name == EVENTS]
    async with connected(nats) as bus, connected(nats, "master") as master:
        await Relay(work, bus).flush()
        await master.js.update_stream(events, max_bytes=8192)
        await send(work, tenant, count=60)
        relay = Relay(work, bus)
        assert [await relay.flush() for _ in range(3)] == [60, 0, 0]
        assert await first_seq(master) > 1
        assert set(rows("select sends from editor.outbox")) == {(0,)}
        await master.js.update_stream(events)
        lost = rows("select count(*) from editor.outbox where stream_seq < %s", await first_seq(master))
        await relay.flush()
        assert lost != [(0,)]
        assert rows("select count(*) from editor.outbox where sends = 1") == lost


async def first_seq(bus: Bus) -> int:
    return (await bus.js.stream_info(EVENTS)).state.first_seq


async def let_all_expire(nats: OwnNats) -> None:
    """All that the stream of events holds is older than it keeps."""
    [events] = [stream for stream in STREAMS if stream.name == EVENTS]
    async with connected(nats, "master") as bus:
        before = (await bus.js.stream_info(EVENTS)).state.last_seq
        await bus.js.update_stream(events, max_age=1, duplicate_window=1)

        async def gone() -> bool:
            return (await bus.js.stream_info(EVENTS)).state.first_seq > before

        await eventually(gone, seconds=20)
        await bus.js.update_stream(events)


async def handle(nats: OwnNats, *, count: int) -> None:
    """All consumers of events have acknowledged the first `count`."""
    async with connected(nats, "master") as bus:
        for durable in (durable for durable in DURABLES.values() if durable.stream == EVENTS):
            await bus.js.add_consumer(EVENTS, durable.config())
            reader = await bus.js.pull_subscribe_bind(durable=durable.name, stream=EVENTS)
            left = count if SUBJECT in durable.subjects else 0
            while left:
                page = await reader.fetch(left, timeout=10)
                await asyncio.gather(*(message.ack_sync() for message in page))
                left -= len(page)


async def test_a_stream_deleted_under_us_is_declared_and_filled_again(
    nats: OwnNats, work: Work, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.relay.LOOK_SECONDS", 0.1)
    async with connected(nats) as bus, relaying(work, bus), connected(nats, "master") as master:
        [first] = await send(work, tenant)
        await stored(nats, count=1)
        await all_stamped(rows)
        await master.js.delete_stream(EVENTS)
        assert message_ids(await stored_again(nats, rows)) == [f"{first}.1"]


async def stored_again(nats: OwnNats, rows: Rows) -> list[Msg]:
    await eventually(lambda: rows("select min(sends) from editor.outbox") == [(1,)], seconds=20)
    await all_stamped(rows)
    return await stored(nats, count=1)


async def test_a_publish_without_a_stream_loses_nothing(nats: OwnNats, work: Work, rows: Rows, tenant: str) -> None:
    async with connected(nats) as bus, connected(nats, "master") as master:
        relay = Relay(work, bus)
        await relay.flush()
        await master.js.delete_stream(EVENTS)
        [message] = await send(work, tenant)
        assert await relay.flush() == 0
        assert await relay.flush() == 1
        assert message_ids(await stored(nats, count=1)) == [f"{message}.0"]


async def test_1200_rows_arrive_once_and_in_order_of_their_run(
    nats: OwnNats, work: Work, rows: Rows, tenant: str
) -> None:
    runs = [uuid4() for _ in range(3)]
    for first in range(0, 400, 100):
        for run in runs:
            await send(work, tenant, count=100, run=run, first=first)
    async with connected(nats) as bus, connected(nats) as other, relaying(work, bus), relaying(work, other):
        messages = await stored(nats, count=1200)
        await all_stamped(rows)
    assert len(messages) == 1200
    numbers: dict[str, list[int]] = defaultdict(list)
    for message in messages:
        finished = Finished.model_validate_json(message.data)
        numbers[(message.headers or {})["ce-run"]].append(finished.cost_usd_micros)
    assert numbers == {str(run): list(range(400)) for run in runs}
    assert set(rows("select sends from editor.outbox")) == {(0,)}


async def test_two_relays_never_send_a_row_twice(nats: OwnNats, work: Work, work_of: WorkOf, tenant: str) -> None:
    async with connected(nats) as one, connected(nats) as two:
        relays = [Relay(work, one), Relay(work_of("editor"), two)]
        await send(work, tenant, count=600)
        sent = 0
        async with asyncio.timeout(20):
            while sent < 600:
                sent += sum(await asyncio.gather(*(relay.flush() for relay in relays)))
        assert sent == 600
        assert len(await stored(nats, count=600)) == 600


class Impatient(Bus):
    """A bus whose first publish is acknowledged too late: the server has it, and we do not know."""

    late = True

    async def publish(self, subject: str, body: bytes, *, headers: dict[str, str]) -> PubAck:
        ack = await super().publish(subject, body, headers=headers)
        if self.late:
            self.late = False
            raise TimeoutError
        return ack


async def test_a_late_acknowledgement_makes_no_duplicate(nats: OwnNats, work: Work, rows: Rows, tenant: str) -> None:
    bus = Impatient(nats.bus("editor")._url, service="editor")
    await bus.connect()
    relay = Relay(work, bus)
    [message] = await send(work, tenant)
    assert [await relay.flush(), await relay.flush()] == [0, 1]
    assert message_ids(await stored(nats, count=1)) == [f"{message}.0"]
    assert rows("select sends from editor.outbox") == [(0,)]
    await bus.close()


async def test_a_process_that_dies_between_publish_and_stamp_sends_nothing_twice(
    nats: OwnNats, work: Work, tenant: str
) -> None:
    async with connected(nats) as bus:
        relay = Relay(work, bus)
        [message] = await send(work, tenant)
        testing_points.arm("editor.published", _die)
        try:
            with pytest.raises(InterruptedError):
                await relay.flush()
        finally:
            testing_points.disarm("editor.published")
        assert await Relay(work, bus).flush() == 1
        assert message_ids(await stored(nats, count=1)) == [f"{message}.0"]


def _die() -> None:
    raise InterruptedError


async def test_pruning_keeps_what_was_not_sent_or_not_handled(
    nats: OwnNats, work: Work, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.relay.LOOK_SECONDS", 0.1)
    async with connected(nats) as bus:
        async with relaying(work, bus):
            handled = await send(work, tenant, count=2)
            await handle(nats, count=2)
            noted = "select count(*) from editor.stream_floors where stream = 'EVENTS' and handled_to = 2"
            await eventually(lambda: rows(noted) == [(1,)], seconds=20)
            [unhandled, given_up] = await send(work, tenant, count=2)
            await all_stamped(rows)
        [unsent] = await send(work, tenant)
        for days, messages in ((8, [*handled, unhandled, unsent]), (31, [given_up])):
            rows(
                "update editor.outbox set created_at = now() - make_interval(days => %s),"
                " sent_at = sent_at - make_interval(days => %s) where id = any(%s)",
                *(days, days, messages),
            )
        await Relay(work, bus).prune()
    assert rows("select id from editor.outbox order by seq") == [(unhandled,), (unsent,)]


async def test_a_row_that_the_server_refuses_does_not_hold_up_the_others(
    nats: OwnNats, work: Work, rows: Rows, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.connection.PUBLISH_SECONDS", 0.2)
    async with connected(nats) as bus, relaying(work, bus):
        async with work.transaction(tenant) as tx:
            forbidden = tx.send("evt.publisher.not_ours.v1", Finished(outcome=Outcome.DONE))
        await send(work, tenant)
        await stored(nats, count=1)
        monkeypatch.undo()
        for count in range(2, 5):
            await send(work, tenant)
            await stored(nats, count=count)
        unsent = "select id from editor.outbox where sent_at is null"
        await eventually(lambda: rows(unsent), until=lambda found: found == [(forbidden,)])
