"""Each schema as migrated is the schema as declared, and can be taken down again."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from alembic import command
from common.contracts.catalogue import SERVICES
from common.db.migrate import alembic_config
from testkit.databases import new_database
from testkit.stack import Stack


@pytest.mark.parametrize("service", SERVICES)
def test_the_models_say_what_the_migrations_made(stack: Stack, service: str) -> None:
    command.check(alembic_config(service, stack.superuser_url))


@pytest.mark.feature("M38")
@pytest.mark.parametrize("service", SERVICES)
async def test_a_schema_can_be_taken_down_and_made_again(stack: Stack, service: str) -> None:
    tables = "select relname from pg_class where relkind = 'r' and relnamespace = %s::regnamespace"
    async with new_database(stack, service) as url, await psycopg.AsyncConnection.connect(url) as connection:
        config = alembic_config(service, url)
        await asyncio.to_thread(command.downgrade, config, "base")
        left = await (await connection.execute(tables, (service,))).fetchall()
        assert left == [("alembic_version",)]
        await connection.rollback()
        await asyncio.to_thread(command.upgrade, config, "head")
