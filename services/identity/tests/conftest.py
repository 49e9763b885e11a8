"""Identity's own fixtures: its database as its code sees it, and databases where it never ran."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx
import pytest
from common.db.engine import create_engine
from common.db.migrate import MigrationSettings, migrate
from common.db.work import Work
from identity.models import runtime
from identity.registry import Registry
from identity.signing import Seal
from psycopg import AsyncConnection, sql
from pydantic import SecretStr
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
        opened.append(Work(create_engine(url, service="identity"), service="identity", tables=runtime))
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
    name = f"identity_{uuid4().hex[:12]}"
    superuser = _with_database(stack.superuser_url, name)
    await _as_superuser(stack, sql.SQL("create database {}").format(sql.Identifier(name)))
    settings = MigrationSettings(
        admin_database_url=SecretStr(superuser),
        database_passwords=SecretStr(json.dumps({"identity": urlsplit(database_url).password})),
    )
    await asyncio.to_thread(migrate, ["identity"], settings)
    yield _with_database(database_url, name)
    await _as_superuser(stack, sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


async def _as_superuser(stack: Stack, statement: sql.Composed) -> None:
    url = stack.superuser_url.replace("postgresql+psycopg://", "postgresql://")
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(statement)


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
