"""Identity's own fixtures: its database as its code sees it, and databases where it never ran."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

import httpx
import pytest
from common.db.pool import Pool
from common.db.work import Work
from identity.models import runtime
from identity.registry import Registry
from identity.signing import Seal
from testkit.databases import in_database, new_database
from testkit.plugin import Serving, SettingsFor
from testkit.stack import Stack

WorkOn = Callable[[str], Work]


@pytest.fixture
async def client(serving: Serving) -> AsyncIterator[httpx.AsyncClient]:
    """Identity in this process, on the stack's database."""
    async with serving("identity") as answering:
        yield answering


@pytest.fixture
def platform(stack: Stack) -> dict[str, str]:
    """The headers of the platform's first administrator."""
    return {"X-API-Key": stack.secrets.admin_key.get_secret_value()}


@pytest.fixture
def service_key(stack: Stack) -> str:
    """The publisher's own key."""
    return stack.environment("publisher")["GREENLIGHT_SERVICE_KEY"]


@pytest.fixture
def seal(stack: Stack) -> Seal:
    """The seal that the stack's identity uses."""
    return Seal(stack.environment("identity")["GREENLIGHT_MASTER_KEY"])


@pytest.fixture
def database_url(settings_for: SettingsFor) -> str:
    """Where identity finds its tables, with its own login."""
    return settings_for("identity").database_url.get_secret_value()


@pytest.fixture
async def work_on() -> AsyncIterator[WorkOn]:
    """Units of work on any database, closed at the end."""
    opened: list[Work] = []

    def open_work(url: str) -> Work:
        opened.append(Work(Pool(url, service="identity"), service="identity", tables=runtime))
        return opened[-1]

    yield open_work
    for work in opened:
        await work.close()


@pytest.fixture
def registry(work_on: WorkOn, database_url: str, seal: Seal) -> Registry:
    """The keys of the stack's identity."""
    return Registry(work_on(database_url), seal=seal)


@pytest.fixture
async def fresh_database(stack: Stack, database_url: str) -> AsyncIterator[str]:
    """A migrated database in which no identity ever started, with identity's own login."""
    async with new_database(stack, "identity") as superuser_url:
        yield in_database(database_url, urlsplit(superuser_url).path.removeprefix("/"))
