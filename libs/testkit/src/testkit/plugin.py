"""Fixtures on real servers: one set a test process. Each test has a tenant of its own, so nothing is ever reset."""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, LiteralString
from uuid import uuid4

import httpx
import psycopg
import pytest
import pytest_asyncio
import structlog
from asgi_lifespan import LifespanManager
from common.compute import pool_of
from common.contracts.catalogue import SERVICES
from common.service.settings import ServiceSettings
from embedded.hosting import loop_factory

from testkit.local import local_client
from testkit.orders import Orders
from testkit.people import People
from testkit.stack import Stack, running_stack, stop_flushing
from testkit.vendors import Sandbox, sandbox
from testkit.workshop import Rows

SettingsFor = Callable[..., ServiceSettings]
Serving = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where real model servers are kept, for tests that want them."""
    parser.addoption("--model-servers", metavar="FOLDER", help="run tests on real model servers, installed in FOLDER")


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Services' tests run on the loop that services run on, all others on Python's own."""
    make = loop_factory() if item.path.is_relative_to(config.rootpath / "services") else None
    return {"loop": make or asyncio.new_event_loop}


def pytest_configure() -> None:
    """Log warnings and worse, in plain words: pictures of every frame's locals would bury the failure itself."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """To collect tests is to import them, which leaves nothing to be freed: a second of each worker's for nothing."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """PostgreSQL, NATS and Redis with every schema migrated, and identity on its port."""
    with tempfile.TemporaryDirectory(prefix="greenlight-test-") as folder, running_stack(Path(folder)) as running:
        stop_flushing(running)
        yield running


@pytest.fixture(scope="session", autouse=True)
def _computing() -> Iterator[None]:
    """Workers that compute stay from test to test: starting them is the dearest thing most tests of films do."""
    with ExitStack() as held:
        for service in SERVICES:
            held.enter_context(pool_of(service).held())
        yield


@pytest.fixture
def rows(stack: Stack) -> Rows:
    """`rows("select … where tenant_id = %s", tenant)` → what a superuser sees, behind row-level security.

    It holds the test's loop up, so a row that something on the loop has locked would be waited for in vain.
    """

    def look(query: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(stack.superuser_url, autocommit=True, options="-c lock_timeout=5s") as connection:
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    return look


@pytest.fixture
def tenant() -> str:
    """A tenant nobody else uses."""
    return f"t-{uuid4().hex[:12]}"


@pytest.fixture(scope="session")
def settings_for(stack: Stack) -> SettingsFor:
    """`settings_for("ideation", rate_limit_per_minute=10)` → that service's settings on the test servers."""

    def build(service: str, **overrides: Any) -> ServiceSettings:
        settings_class = importlib.import_module(f"{service}.settings").Settings
        settings = settings_class.from_environment(stack.environment(service))
        built: ServiceSettings = settings.model_copy(update={"rate_limit_per_minute": 100_000, **overrides})
        return built

    return build


@pytest.fixture(scope="session")
def serving(settings_for: SettingsFor) -> Serving:
    """`async with serving("ideation") as client:` → the service with its lifespan run, answering in this process."""

    @asynccontextmanager
    async def serve(service: str, **overrides: Any) -> AsyncIterator[httpx.AsyncClient]:
        app = importlib.import_module(f"{service}.main").app(settings_for(service, **overrides))
        async with LifespanManager(app, startup_timeout=30, shutdown_timeout=30) as manager:
            transport = httpx.ASGITransport(app=manager.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{service}") as client:
                yield client
        # A service keeps what its start made for as long as its process lives; here the next one starts in the same.
        gc.unfreeze()

    return serve


@pytest_asyncio.fixture(scope="module")
async def _identity_rows(stack: Stack) -> AsyncIterator[psycopg.AsyncConnection]:
    """A superuser's connection, for a module's `people`."""
    async with await psycopg.AsyncConnection.connect(stack.superuser_url, autocommit=True) as connection:
        yield connection


@pytest_asyncio.fixture
async def people(stack: Stack, _identity_rows: psycopg.AsyncConnection) -> AsyncIterator[People]:
    """Real people with real tokens: `await people.join(tenant, "reviewer")`."""
    async with local_client(stack.site.services["identity"]) as client:
        yield People(client, _identity_rows, admin_key=stack.secrets.admin_key.get_secret_value())


@pytest_asyncio.fixture
async def orders(stack: Stack) -> AsyncIterator[Orders]:
    """Orders capabilities as the orchestrator would, and waits for their answers."""
    giver = Orders(stack.environment("orchestrator")["GREENLIGHT_NATS_URL"])
    await giver.start()
    yield giver
    await giver.stop()


@pytest_asyncio.fixture
async def vendors_box() -> AsyncIterator[Sandbox]:
    """A sandbox of vendors that no other test uses."""
    async with sandbox() as running:
        yield running
