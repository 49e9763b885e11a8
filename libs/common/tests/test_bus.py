"""What everybody who listens may count on: patterns, readers that are kept, repeats, and errors that stay at home."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from common.bus.connection import Bus
from common.bus.streams import DURABLES
from nats.aio.msg import Msg
from testkit.listening import eventually
from testkit.workshop import OwnNats

FILMS = DURABLES["compliance-films"]


@pytest.fixture
async def nats(tmp_path: Path) -> AsyncIterator[OwnNats]:
    own = OwnNats(tmp_path, "compliance")
    await own.server.start()
    yield own
    await own.close()


@pytest.fixture
async def bus(nats: OwnNats) -> AsyncIterator[Bus]:
    connection = nats.bus("master")
    await connection.connect()
    yield connection
    await connection.close()


@pytest.mark.feature("A21")
async def test_one_who_breaks_on_a_message_hears_the_next_and_the_others_hear_all(bus: Bus) -> None:
    broken: list[str] = []
    whole: list[str] = []

    async def breaks(message: Msg) -> None:
        broken.append(message.subject)
        raise RuntimeError("It broke.")

    async def notes(message: Msg) -> None:
        whole.append(message.subject)

    await bus.hear("live.acme.*", breaks)
    await bus.hear("live.>", notes)
    await bus.client.flush()
    for subject in ("live.acme.one", "live.other.one", "live.acme.two"):
        await bus.say(subject, b"{}")
    await eventually(lambda: (broken, whole), until=lambda heard: (len(heard[0]), len(heard[1])) == (2, 3))
    assert broken == ["live.acme.one", "live.acme.two"]
    assert whole == ["live.acme.one", "live.other.one", "live.acme.two"]


@pytest.mark.feature("A21")
async def test_what_nobody_read_yet_is_kept_and_what_was_not_done_comes_again(nats: OwnNats, bus: Bus) -> None:
    # Nobody has ever read these.
    for body in (b"one", b"two"):
        await bus.publish(FILMS.subjects[0], body, headers={})
    assert await read(bus, fails_on=b"one", count=3) == [(b"one", 1), (b"two", 1), (b"one", 2)]
    # The reader goes and comes back as another process: what it has done it is not given again.
    await bus.publish(FILMS.subjects[0], b"three", headers={})
    later = nats.bus("master")
    await later.connect()
    assert await read(later, count=1) == [(b"three", 1)]
    await later.close()


async def read(bus: Bus, *, count: int, fails_on: bytes = b"") -> list[tuple[bytes, int]]:
    """Read so many as the durable reader, and fail on one the first time. → each with how often it had come."""
    seen: list[tuple[bytes, int]] = []

    async def one() -> int:
        return 1

    async with asyncio.timeout(20), aclosing(bus.deliveries(FILMS, batch=one)) as batches:
        async for messages in batches:
            for message in messages:
                times = message.metadata.num_delivered
                seen.append((message.data, times))
                await (message.nak(delay=0.2) if message.data == fails_on and times == 1 else message.ack())
            if len(seen) >= count:
                break
    await bus.client.flush()
    return seen
