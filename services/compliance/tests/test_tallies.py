"""Counting and waiting times read what is open and what was decided lately, however much was decided before."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from common.db.pool import Pool
from common.db.work import Transaction, Work
from compliance.models import tables
from compliance.repository.tallies import NEWEST, count, tally
from compliance.repository.waiting import waits_by_day, waits_by_gate
from testkit.plugin import SettingsFor

DECIDED_LONG_AGO = 6_000
LONG_AGO = """
    insert into compliance.airlock_items ({columns})
    select {columns} from (
        select (jsonb_populate_record(i, jsonb_build_object(
            'id', gen_random_uuid(), 'opened_at', i.opened_at - n * interval '1 hour' - interval '99 days',
            'decided_at', i.decided_at - n * interval '1 hour' - interval '98 days'
        ))).* from compliance.airlock_items i, generate_series(1, %s) n where i.id = %s
    ) as long_ago
"""
READ = """
    select seq_tup_read + coalesce(idx_tup_fetch, 0) as n from pg_stat_xact_user_tables
    where schemaname = 'compliance' and relname = 'airlock_items'
"""


@pytest_asyncio.fixture
async def work(settings_for: SettingsFor) -> AsyncIterator[Work]:
    pool = Pool(settings_for("compliance").database_url.get_secret_value(), service="compliance")
    work = Work(pool, service="compliance", tables=tables)
    yield work
    await work.close()


async def test_what_was_decided_long_ago_is_not_read(airlock: Any, work: Work, tamper: Any, rows: Any) -> None:
    now = datetime.now(UTC)
    decided = [await airlock.approved() for _ in range(2)]
    for _ in range(3):
        await airlock.open()
    query = (
        "select string_agg(column_name, ', ') from information_schema.columns where table_schema = 'compliance'"
        " and table_name = 'airlock_items' and is_generated = 'NEVER'"
    )
    ((columns,),) = rows(query)
    assert tamper(LONG_AGO.format(columns=columns), DECIDED_LONG_AGO, decided[0].item_id) == DECIDED_LONG_AGO
    tamper("analyze compliance.airlock_items")

    async def reads(look: Callable[[Transaction], Awaitable[Any]]) -> tuple[Any, int]:
        async with work.transaction(airlock.tenant) as tx:
            # What the connection read before may not have been told yet.
            [before] = await tx.run(READ)
            found = await look(tx)
            [after] = await tx.run(READ)
            return found, after["n"] - before["n"]

    counts, read = await reads(lambda tx: count(tx, now=now))
    assert (counts.by_status["open"], counts.by_status["approved"]) == (3, NEWEST - 3)
    assert read < NEWEST + 50
    alike, read = await reads(lambda tx: tally(tx, assigned_to=None, now=now))
    assert sum(each.items for each in alike) == NEWEST
    assert read < NEWEST + 50
    since = now - timedelta(days=30)
    (gate,), read = await reads(lambda tx: waits_by_gate(tx, since=since))
    assert (gate.open, gate.decided) == (3, 2)
    assert read < 50
    (day,), read = await reads(lambda tx: waits_by_day(tx, since=since))
    assert day.decided == 2
    assert read < 50
