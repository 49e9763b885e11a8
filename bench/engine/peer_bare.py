"""The floor: what any engine pays whose steps go over this bus to a worker and whose every word is kept. No engine.

A step is two stored messages, an order and its answer, each acknowledged by JetStream before it counts and by its
reader afterwards, and three commits: what was decided, that a worker has it, and what came of it. There is nothing
else: no workflow, state, tenants, inbox, shield, leases that end, retries, spans, logs or HTTP. One process has both
sides, as Greenlight's has; each commit is one statement.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import LiteralString
from uuid import uuid4

import nats
import psycopg
import uvloop
from embedded.nats_conf import NatsUser
from embedded.ports import Ports
from embedded.servers import Nats
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StorageType, StreamConfig

from bench.engine.plan import SEQUENCE, STEP_SECONDS, STEPS, TurnTaken, peer_arguments, print_turn, take_turn

Handle = Callable[[Msg], Coroutine[None, None, None]]
_CONNECTIONS = 20
_AT_ONCE = 100
_TABLES: LiteralString = """
    create table if not exists runs (id uuid primary key, step int not null);
    create table if not exists claims (id uuid primary key);
    create table if not exists answers (id uuid primary key, step int not null)
"""
_DECIDE: LiteralString = "insert into runs values (%s, %s) on conflict (id) do update set step = excluded.step"
_CLAIM: LiteralString = "insert into claims values (%s)"
_ANSWER: LiteralString = "insert into answers values (%s, %s)"


@dataclass
class Bare:
    """Both sides of the bus."""

    js: JetStreamContext
    connections: asyncio.Queue[psycopg.AsyncConnection]
    ended: dict[str, asyncio.Event] = field(default_factory=dict)

    @property
    def sides(self) -> tuple[tuple[str, Handle], ...]:
        """What is listened to, and what is done with it."""
        return ("orders", self.work), ("answers", self.go_on)

    async def complete(self, steps: int, *, seconds: float = 0.0) -> None:
        """One run of so many steps, from its start to its end."""
        run = str(uuid4())
        ended = self.ended[run] = asyncio.Event()
        await self._order({"run": run, "step": 1, "of": steps, "seconds": seconds})
        await ended.wait()

    async def work(self, message: Msg) -> None:
        """A worker's side: it takes the order, does nothing or waits, and answers."""
        order = json.loads(message.data)
        await self._commit(_CLAIM, uuid4())
        if order["seconds"]:
            await asyncio.sleep(order["seconds"])
        await self._commit(_ANSWER, uuid4(), order["step"])
        await self.js.publish("answers", message.data)
        await message.ack()

    async def go_on(self, message: Msg) -> None:
        """The engine's side: the step is done, and the next one is ordered."""
        answer = json.loads(message.data)
        if answer["step"] < answer["of"]:
            await self._order(answer | {"step": answer["step"] + 1})
        else:
            await self._commit(_DECIDE, answer["run"], answer["step"] + 1)
            self.ended.pop(answer["run"]).set()
        await message.ack()

    async def _order(self, order: dict[str, object]) -> None:
        await self._commit(_DECIDE, order["run"], order["step"])
        await self.js.publish("orders", json.dumps(order).encode())

    async def _commit(self, statement: LiteralString, *values: object) -> None:
        connection = await self.connections.get()
        try:
            await connection.execute(statement, values)
        finally:
            self.connections.put_nowait(connection)


async def listen(js: JetStreamContext, subject: str, handle: Handle) -> None:
    """Hand on what comes, many at once, for ever."""
    config = ConsumerConfig(durable_name=subject, ack_policy=AckPolicy.EXPLICIT)
    subscription = await js.pull_subscribe(subject, durable=subject, config=config)
    async with asyncio.TaskGroup() as group:
        while True:
            with contextlib.suppress(nats.errors.TimeoutError):
                for message in await subscription.fetch(_AT_ONCE, timeout=2):
                    group.create_task(handle(message))


@contextlib.asynccontextmanager
async def opened(database: str, folder: Path) -> AsyncIterator[Bare]:
    """Connections, and a NATS server of its own with both streams on file."""
    user = NatsUser("bare", "bare", (">",), (">",))
    server = Nats(folder, ports=Ports(), users=(user,))
    connections: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(_CONNECTIONS):
            connection = await psycopg.AsyncConnection.connect(database, autocommit=True, prepare_threshold=0)
            connections.put_nowait(await stack.enter_async_context(connection))
        await connection.execute(_TABLES, prepare=False)
        await server.start()
        stack.push_async_callback(server.stop)
        client = await nats.connect(server.url, user=user.name, password=user.password)
        stack.push_async_callback(client.close)
        js = client.jetstream()
        for name in ("orders", "answers"):
            await js.add_stream(
                StreamConfig(name=name, subjects=[name], retention=RetentionPolicy.WORK_QUEUE, storage=StorageType.FILE)
            )
        bare = Bare(js, connections)
        # A side that breaks ends the turn, instead of leaving it waiting.
        async with asyncio.TaskGroup() as sides:
            listeners = [sides.create_task(listen(js, *side)) for side in bare.sides]
            yield bare
            for listener in listeners:
                listener.cancel()


async def main() -> TurnTaken:
    """Take the turn that the command line names."""
    asked = peer_arguments()
    with tempfile.TemporaryDirectory(prefix="bare-", dir=asked.folder) as folder:
        async with opened(asked.database, Path(folder)) as bare:
            return await take_turn(
                asked.turn,
                run=lambda: bare.complete(STEPS),
                sequence=lambda: bare.complete(SEQUENCE, seconds=STEP_SECONDS),
                configuration={
                    "what": "two stored messages and three commits a step, and nothing else",
                    "nats-py": version("nats-py"),
                    "psycopg": version("psycopg"),
                    "event loop": "uvloop",
                    "connections": str(_CONNECTIONS),
                },
            )


if __name__ == "__main__":
    print_turn(uvloop.run(main()))
