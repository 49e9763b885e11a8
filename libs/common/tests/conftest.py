"""Ideation's schema and user stand in for any service: it has the runtime tables and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
import pytest
from asgi_lifespan import LifespanManager
from common.artifacts import Artifacts
from common.bus.runner import Served
from common.db.table import metadata_for
from common.db.work import Work
from common.service.serve import Platform, Wiring, serve
from common.shield import TextShield
from fastapi import FastAPI
from safety.shield import rules_only
from testkit import workshop
from testkit.plugin import SettingsFor
from testkit.stack import Stack
from testkit.workshop import Shell, Working, WorkOf


@pytest.fixture
async def work_of(stack: Stack) -> AsyncIterator[WorkOf]:
    """`work_of("ideation", pool_size=1)` → a unit of work with a pool of its own, closed at the end."""
    made: list[Work] = []

    def make(service: str = "ideation", **pool: int) -> Work:
        made.append(workshop.open_work(stack, service, **pool))
        return made[-1]

    yield make
    await asyncio.gather(*(work.close() for work in made))


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts((tmp_path / "artifacts").as_uri())


@pytest.fixture
def working(stack: Stack, artifacts: Artifacts) -> Working:
    """`async with working(act) as worker:` → orders of `THINK` are done by `act`."""
    return partial(workshop.working, stack, artifacts=artifacts)


@pytest.fixture
def app_of(settings_for: SettingsFor) -> Callable[..., FastAPI]:
    """An app with the shell around it, with these routers and capabilities, as the service ideation."""

    def make(
        *,
        routers: Sequence[Any] = (),
        serves: Sequence[Served] = (),
        shield: TextShield | None = None,
        unshielded: Mapping[str, str] = MappingProxyType({}),
        **settings: Any,
    ) -> FastAPI:
        def wire(_settings: Any, platform: Platform) -> Wiring:
            made = [router(platform) for router in routers]
            return Wiring(service="ideation", routers=made, serves=serves, open_paths=["/open"], unshielded=unshielded)

        return serve(
            wire, settings_for("ideation", **settings), metadata=metadata_for("ideation"), shield=shield or rules_only()
        )

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
