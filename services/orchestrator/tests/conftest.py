"""The orchestrator on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from orchestrator.main import app
from orchestrator.settings import Settings
from testkit.engine import Engine, write_workflows
from testkit.listening import listening
from testkit.local import local_client
from testkit.people import People, Person
from testkit.plugin import SettingsFor
from testkit.stack import Stack

Engines = Callable[..., AbstractAsyncContextManager[Engine]]


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    """A folder of small workflows."""
    return write_workflows(tmp_path / "workflows")


@pytest.fixture
def engines(stack: Stack, settings_for: SettingsFor, people: People, tenant: str, workflows: Path) -> Engines:
    """`async with engines(poll_ms=50) as engine:` → one more orchestrator; all of a test share their people."""
    persons: dict[tuple[str, str], Person] = {}

    @asynccontextmanager
    async def start(**overrides: Any) -> AsyncIterator[Engine]:
        settings = settings_for("orchestrator", **{"workflows_dir": str(workflows), "poll_ms": 150} | overrides)
        async with (
            listening(app(Settings.model_validate(settings.model_dump()))) as url,
            local_client(url) as client,
        ):
            yield Engine(stack, client, people, tenant, persons)

    return start


@pytest.fixture
async def engine(engines: Engines) -> AsyncIterator[Engine]:
    """One orchestrator."""
    async with engines() as started:
        yield started
