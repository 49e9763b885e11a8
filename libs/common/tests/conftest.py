"""Ideation's schema and user stand in for any service: it has the runtime tables and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from asgi_lifespan import LifespanManager
from common.artifacts import Artifacts
from common.bus.connection import Bus
from common.bus.relay import Relay
from common.bus.runner import Act, Runner, Served
from common.bus.streams import permissions
from common.contracts.message import Capability
from common.contracts.values import Value
from common.db.engine import create_engine
from common.db.table import metadata_for, runtime_tables
from common.db.work import Work
from common.observability.tracing import tracer_for
from common.service.serve import Platform, Wiring, serve
from embedded.nats_conf import NatsUser
from embedded.ports import Ports
from embedded.servers.nats import Nats
from fastapi import FastAPI
from testkit.plugin import SettingsFor
from testkit.stack import Stack


class Ask(Value):
    """What the tests' own capability takes."""

    text: str = ""


class Reply(Value):
    """What it answers."""

    text: str = ""


THINK = Capability("ideation.propose_ideas", Ask, Reply)
Rows = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def rows(stack: Stack) -> Rows:
    """`rows("select …", tenant)` → what a superuser sees, behind row-level security."""

    def look(query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
            # The tests' own text, never a user's.
            cursor = connection.execute(query.encode(), values)
            return cursor.fetchall() if cursor.description else []

    return look


@pytest.fixture
async def work_of(stack: Stack) -> AsyncIterator[Callable[..., Work]]:
    """`work_of("ideation", pool_size=1)` → a unit of work with a pool of its own, closed at the end."""
    made: list[Work] = []

    def make(service: str = "ideation", *, pool_size: int = 2, overflow: int = 8) -> Work:
        url = stack.environment(service)["GREENLIGHT_DATABASE_URL"]
        engine = create_engine(url, service=service, pool_size=pool_size, overflow=overflow)
        made.append(Work(engine, service=service, tables=runtime_tables(metadata_for(service))))
        return made[-1]

    yield make
    await asyncio.gather(*(work.close() for work in made))


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts((tmp_path / "artifacts").as_uri())


@dataclass
class Worker:
    """A worker of ideation in this process: one runner, and a relay for its answers."""

    runner: Runner
    work: Work
    bus: Bus


Working = Callable[..., AbstractAsyncContextManager[Worker]]


@pytest.fixture
def working(stack: Stack, work_of: Callable[..., Work], artifacts: Artifacts) -> Working:
    """`async with working(act) as worker:` → orders to ideation are done by `act`."""

    @asynccontextmanager
    async def start(
        act: Act, *, slots: int = 4, capability: Capability[Any, Any] = THINK
    ) -> AsyncIterator[Worker]:
        work = work_of()
        bus = Bus(stack.environment("ideation")["GREENLIGHT_NATS_URL"], service="ideation")
        await bus.connect()
        runner = Runner(
            Served(capability, act, slots), work=work, bus=bus, artifacts=artifacts, tracer=tracer_for("ideation")
        )
        tasks = [asyncio.create_task(loop) for loop in (runner.run(), Relay(work, bus).run())]
        try:
            yield Worker(runner, work, bus)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await runner.stop()
            await bus.close()

    return start


Shell = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def app_of(settings_for: SettingsFor) -> Callable[..., FastAPI]:
    """An app with the shell around it, with these routers and capabilities, as the service ideation."""

    def make(*, routers: Sequence[Any] = (), serves: Sequence[Served] = (), **settings: Any) -> FastAPI:
        def wire(_settings: Any, platform: Platform) -> Wiring:
            made = [router(platform) if callable(router) else router for router in routers]
            return Wiring(service="ideation", routers=made, serves=serves, open_paths=["/open"])

        return serve(wire, settings_for("ideation", **settings), metadata=metadata_for("ideation"))

    return make


@pytest.fixture
def shell(app_of: Callable[..., FastAPI]) -> Shell:
    """`async with shell(routers=[…]) as client:` → that app with its lifespan run, answering in this process."""

    @asynccontextmanager
    async def start(**parts: Any) -> AsyncIterator[httpx.AsyncClient]:
        async with LifespanManager(app_of(**parts), startup_timeout=30, shutdown_timeout=30) as manager:
            transport = httpx.ASGITransport(app=manager.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://ideation") as client:
                yield client

    return start


@dataclass
class OwnNats:
    """A NATS server of one test, which may be stopped, started and emptied."""

    server: Nats
    data: Path

    def url(self, service: str) -> str:
        """Where `service` connects; `master` may do anything."""
        return self.server.url.replace("//", f"//{service}:secret@")

    @asynccontextmanager
    async def bus(self, service: str = "editor") -> AsyncIterator[Bus]:
        """A connection as `service`."""
        bus = Bus(self.url(service), service=service)
        await bus.connect()
        try:
            yield bus
        finally:
            await bus.close()


@pytest.fixture
async def own_nats(tmp_path: Path) -> AsyncIterator[OwnNats]:
    ports = Ports()
    rights = permissions("editor")
    users = [
        NatsUser("editor", "secret", rights.publish, rights.subscribe),
        NatsUser("master", "secret", (">",), (">",)),
    ]
    server = Nats(tmp_path, ports=ports, users=users)
    await server.start()
    yield OwnNats(server, tmp_path)
    await server.stop()
    ports.release()
