"""Commit of an event → its frame in a client: 200 sockets, each following the runs it started."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from testkit.listening import eventually
from testkit.stack import Stack
from websockets.asyncio.client import ClientConnection, connect

from bench.engine.client import Client, open_studio
from bench.engine.plan import STEPS
from bench.engine.spreads import Percentiles, percentiles
from bench.engine.workflows import EIGHT

SOCKETS = 200
EVENTS_PER_SECOND = 500
_EVENTS_OF_A_RUN = 2 * STEPS + 3
_DRAIN_SECONDS = 60.0


@dataclass(frozen=True)
class Receipts:
    """From the instant in an entry, which is taken before its commit, to the frame in the client."""

    sockets: int
    wanted_per_second: int
    received_per_second: float
    """Live; what was committed before its run was subscribed to comes as a replay and is not timed."""
    replayed_per_second: float
    live_ms: Percentiles


@dataclass
class _Socket:
    """One open socket, and what it has read."""

    connection: ClientConnection
    live: set[str]
    late_ms: list[float]
    replayed: int = 0
    ended: int = 0

    async def read(self) -> None:
        """Read for ever; frames of a replay are of the past and do not count."""
        async for text in self.connection:
            now = datetime.now(UTC)
            frame = orjson.loads(text)
            if frame["type"] == "replay.boundary":
                self.live.add(frame["run_id"])
            elif frame["seq"] is not None and frame["run_id"] in self.live:
                self.late_ms.append(1000 * (now - datetime.fromisoformat(frame["at"])).total_seconds())
            elif frame["seq"] is not None:
                self.replayed += 1
            if frame["type"] == "run.completed":
                self.ended += 1
                await self.say("unsubscribe", frame["run_id"])

    async def say(self, op: str, run_id: str) -> None:
        """Ask for an operation on a run."""
        await self.connection.send(orjson.dumps({"op": op, "run_id": run_id, "from_seq": 0}).decode())


async def measure_receipts(stack: Stack, *, seconds: int) -> Receipts:
    """Start runs evenly so that about 500 events a second are committed, and read them on 200 sockets."""
    async with open_studio(stack) as client, AsyncExitStack() as entered:
        address = str(client.http.base_url).replace("http", "ws").rstrip("/") + "/ws"
        sockets = []
        for _ in range(SOCKETS):
            opened = await entered.enter_async_context(connect(address, additional_headers=client.creator.headers))
            sockets.append(_Socket(opened, set(), []))
        reading = [asyncio.create_task(one.read()) for one in sockets]
        try:
            began = time.perf_counter()
            await _start_evenly(client, sockets, seconds=seconds)
            await _drain(client, sockets)
            taken = time.perf_counter() - began
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)
        late = [ms for one in sockets for ms in one.late_ms]
        live, replayed = len(late) / taken, sum(one.replayed for one in sockets) / taken
        return Receipts(SOCKETS, EVENTS_PER_SECOND, round(live, 1), round(replayed, 1), percentiles(late))


async def _start_evenly(client: Client, sockets: list[_Socket], *, seconds: int) -> None:
    every = _EVENTS_OF_A_RUN / EVENTS_PER_SECOND
    began = time.perf_counter()

    async def start(one: _Socket) -> None:
        await one.say("subscribe", await client.start(EIGHT))

    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds / every)):
            await asyncio.sleep(max(0.0, began + number * every - time.perf_counter()))
            group.create_task(start(sockets[number % len(sockets)]))


async def _drain(client: Client, sockets: list[_Socket]) -> None:
    """Wait until every run was seen to end. Raises `TimeoutError` when one was not."""

    def all_ended() -> bool:
        return sum(one.ended for one in sockets) >= len(client.started)

    await eventually(all_ended, seconds=_DRAIN_SECONDS)
