"""The orchestrator on real servers."""

from __future__ import annotations

import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from orchestrator.main import app
from orchestrator.settings import Settings
from testkit.engine import Engine, write_workflows
from testkit.listening import listening
from testkit.local import local_client
from testkit.people import People, Person
from testkit.plugin import SettingsFor
from testkit.stack import Stack

Persons = dict[tuple[str, str], Person]
Orchestrators = Callable[..., AbstractAsyncContextManager[str]]
Engines = Callable[..., AbstractAsyncContextManager[Engine]]


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small workflows, for all tests of a module. Who changes one works on a copy."""
    return write_workflows(tmp_path_factory.mktemp("workflows"))


@pytest.fixture(scope="module")
def orchestrators(settings_for: SettingsFor, workflows: Path) -> Orchestrators:
    """`async with orchestrators(poll_ms=50) as url:` → one more orchestrator."""

    @asynccontextmanager
    async def start(**overrides: Any) -> AsyncIterator[str]:
        settings = settings_for("orchestrator", **{"workflows_dir": str(workflows), "poll_ms": 150} | overrides)
        async with listening(app(Settings.model_validate(settings.model_dump()))) as url:
            yield url

    return start


@pytest_asyncio.fixture(scope="module")
async def orchestrator(orchestrators: Orchestrators) -> AsyncIterator[str]:
    """One that runs for all tests of a module."""
    async with orchestrators() as url:
        yield url


@pytest_asyncio.fixture(scope="module")
async def airlock(settings_for: SettingsFor) -> AsyncIterator[str]:
    """Compliance, for all tests of a module."""
    async with listening(importlib.import_module("compliance.main").app(settings_for("compliance"))) as url:
        yield url


@pytest.fixture
def persons() -> Persons:
    """Who has joined, by tenant and role: all engines of a test share them."""
    return {}


@pytest.fixture
def engines(*, stack: Stack, orchestrators: Orchestrators, people: People, persons: Persons, tenant: str) -> Engines:
    """`async with engines(poll_ms=50) as engine:` → one more orchestrator, and the test's people."""

    @asynccontextmanager
    async def start(**overrides: Any) -> AsyncIterator[Engine]:
        async with orchestrators(**overrides) as url, local_client(url) as client:
            yield Engine(stack, client, people, tenant, persons)

    return start


@pytest.fixture
async def engine(
    stack: Stack, orchestrator: str, people: People, persons: Persons, tenant: str
) -> AsyncIterator[Engine]:
    """The module's orchestrator, and the test's people."""
    async with local_client(orchestrator) as client:
        yield Engine(stack, client, people, tenant, persons)
