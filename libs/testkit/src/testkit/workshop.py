"""Parts of a service on real servers, for tests of what all services stand on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from common.artifacts import Artifacts
from common.bus.connection import Bus
from common.bus.relay import Relay
from common.bus.runner import Act, Runner, Served
from common.bus.stops import listen_for_stops
from common.bus.streams import permissions
from common.clock import utc_now
from common.compute import ComputePool
from common.contracts.message import Capability
from common.contracts.values import Value
from common.db.pool import Pool
from common.db.table import metadata_for, runtime_tables
from common.db.work import Work
from common.ending import end_tasks
from common.observability.tracing import tracer_for
from common.shield import Guard, TextShield
from embedded.nats_conf import NatsUser
from embedded.ports import Ports
from embedded.servers.nats import Nats
from safety.shield import rules_only

from testkit.stack import Stack

WorkOf = Callable[..., Work]
Rows = Callable[..., list[tuple[Any, ...]]]
Working = Callable[..., AbstractAsyncContextManager["Worker"]]
Shell = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


class Ask(Value):
    """What the tests' own capability takes."""

    text: str = ""


class Reply(Value):
    """What it answers."""

    text: str = ""


THINK = Capability("ideation.propose_ideas", Ask, Reply)
"""Ideation's queue with a smaller input and output: its schema has the runtime tables and nothing else."""


@dataclass
class Worker:
    """A worker in this process: one runner, and a relay for its answers."""

    runner: Runner
    work: Work
    bus: Bus


def open_work(stack: Stack, service: str = "ideation", *, pool_size: int = 10) -> Work:
    """A unit of work on a service's schema; whoever opens it closes it."""
    url = stack.environment(service)["GREENLIGHT_DATABASE_URL"]
    return Work(
        Pool(url, service=service, size=pool_size), service=service, tables=runtime_tables(metadata_for(service))
    )


@asynccontextmanager
async def working(
    stack: Stack,
    act: Act,
    *,
    artifacts: Artifacts,
    slots: int = 4,
    capability: Capability[Any, Any] = THINK,
    shield: TextShield | None = None,
) -> AsyncIterator[Worker]:
    """While it is entered, orders of `capability` are done by `act`, behind the rules or another `shield`."""
    service = capability.service
    work = open_work(stack, service)
    bus = Bus(stack.environment(service)["GREENLIGHT_NATS_URL"], service=service)
    await bus.connect()
    served = Served(capability, act, slots)
    tracer, compute = tracer_for(service), ComputePool()
    guard = Guard(shield or rules_only(), work=work, compute=compute, tracer=tracer, clock=utc_now)
    runner = Runner(served, work=work, bus=bus, artifacts=artifacts, tracer=tracer, guard=guard)
    await listen_for_stops(bus, [runner])
    tasks = [asyncio.create_task(loop) for loop in (runner.run(), Relay(work, bus).run())]
    try:
        yield Worker(runner, work, bus)
    finally:
        await end_tasks(tasks)
        await runner.stop()
        compute.close()
        await bus.close()
        await work.close()


class OwnNats:
    """A NATS server of one test, which may be stopped, started and emptied. `master` may do anything on it."""

    def __init__(self, data: Path, service: str) -> None:
        rights = permissions(service)
        users = [
            NatsUser(service, "secret", rights.publish, rights.subscribe),
            NatsUser("master", "secret", (">",), (">",)),
        ]
        self._ports = Ports()
        self.store = data / "nats" / "jetstream"
        self.server = Nats(data, ports=self._ports, users=users)

    def bus(self, user: str) -> Bus:
        """A connection as `user`, not made yet."""
        return Bus(self.server.url.replace("//", f"//{user}:secret@"), service=user)

    async def close(self) -> None:
        """Stop it and give its ports back."""
        await self.server.stop()
        self._ports.release()
