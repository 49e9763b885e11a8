"""Databases of a test's own, for what needs one that nobody has used."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

from common.db.migrate import MigrationSettings, migrate
from psycopg import AsyncConnection, sql
from pydantic import SecretStr

from testkit.stack import Stack


@asynccontextmanager
async def new_database(stack: Stack, service: str) -> AsyncIterator[str]:
    """A database with the service's schema migrated and nothing in it. → its address, as a superuser's."""
    name = f"{service}_{uuid4().hex[:12]}"
    url = in_database(stack.superuser_url, name)
    password = stack.secrets.derive("database", service)
    settings = MigrationSettings(
        admin_database_url=SecretStr(url), database_passwords=SecretStr(json.dumps({service: password}))
    )
    async with await AsyncConnection.connect(stack.superuser_url, autocommit=True) as connection:
        await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            await asyncio.to_thread(migrate, [service], settings)
            yield url
        finally:
            await connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def in_database(url: str, name: str) -> str:
    """The same server and login, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
