"""What runs that wait cost: bytes of disk each, memory, and how quick the lists and starts are beside them.

One run is started over HTTP and waits for a signal; the rows it left are copied in bulk, each copy with ids of its own
and a brief of 300 characters. A table that a waiting run has no rows in is not touched.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from testkit.listening import eventually
from testkit.stack import Stack

from bench.engine.client import Client, open_studio
from bench.engine.machine import memory_mb
from bench.engine.spreads import Percentiles, percentiles
from bench.engine.starting import Starts, time_starts
from bench.engine.workflows import HELD

_BRIEF = ("How tides work, told by the sea itself. " * 8)[:300]
_BATCH = 5_000
_SCHEMA = "orchestrator"
_TRANSPORT = frozenset({"outbox", "inbox"})
"""Kept for days and then forgotten, whether the run still waits or not."""


@dataclass(frozen=True)
class Waiting:
    """What so many waiting runs take, and what it is like to work beside them."""

    runs: int
    how: str
    bytes_each: float
    """Rows and indexes of a waiting run after VACUUM, without transport rows."""
    bytes_each_before_vacuum: float
    transport_bytes_each: float
    bytes_by_table: Mapping[str, int]
    memory_mb_before: float
    memory_mb_after: float
    list_page_ms: Percentiles
    starts: Starts


async def measure_waiting(stack: Stack, *, runs: int, pages: int, seconds: int) -> Waiting:
    """Fill the tables, then look at them. The bytes are those that were added."""
    async with open_studio(stack) as client:
        run_id = await client.start(HELD, _BRIEF)
        await eventually(lambda: _waits(client, run_id), seconds=20)
        history = len(await client.get(f"/v1/runs/{run_id}/history"))
        memory_before = memory_mb(client.pid)
        before = await asyncio.to_thread(_sizes, stack)
        await asyncio.to_thread(_multiply, stack, UUID(run_id), runs=runs)
        raw = _added(before, await asyncio.to_thread(_sizes, stack))
        await asyncio.to_thread(_vacuum, stack)
        tables = _added(before, await asyncio.to_thread(_sizes, stack))
        own = sum(size for table, size in tables.items() if table not in _TRANSPORT)
        listed = await _turn_pages(client, pages=pages)
        starts = await time_starts(client, workflow=HELD, seconds=seconds)
        return Waiting(
            runs=runs,
            how=f"copies, with new ids, of the rows of one run that was started over HTTP and waits for a signal "
            f"({history} entries of history); other services' rows, such as the audit entry of its start, not counted",
            bytes_each=round(own / runs, 1),
            bytes_each_before_vacuum=round(sum(raw[table] for table in raw if table not in _TRANSPORT) / runs, 1),
            transport_bytes_each=round(sum(tables.get(table, 0) for table in _TRANSPORT) / runs, 1),
            bytes_by_table={table: size for table, size in sorted(tables.items()) if size},
            memory_mb_before=memory_before,
            memory_mb_after=memory_mb(client.pid),
            list_page_ms=percentiles(listed),
            starts=starts,
        )


async def _waits(client: Client, run_id: str) -> bool:
    run = await client.get(f"/v1/runs/{run_id}")
    return bool(run["state"] == "waiting")


async def _turn_pages(client: Client, *, pages: int) -> list[float]:
    """The newest page, then on by its cursor, then again from the start."""
    taken: list[float] = []
    cursor: str | None = None
    for _ in range(pages):
        path = "/v1/runs?limit=50&status=waiting" + (f"&cursor={cursor}" if cursor else "")
        began = time.perf_counter()
        page = await client.get(path)
        taken.append(1000 * (time.perf_counter() - began))
        cursor = page.get("next_cursor")
    return taken


def _multiply(stack: Stack, run_id: UUID, *, runs: int) -> None:
    """Copy every row of the run so often, in one transaction a batch, as a superuser: ids change, the rest stays."""
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        tables = _tables_with(connection, "run_id")
        for first in range(0, runs, _BATCH):
            with connection.transaction():
                connection.execute(
                    "create temporary table copies on commit drop as select uuidv7() as id from generate_series(1, %s)",
                    [min(_BATCH, runs - first)],
                )
                _copy(connection, "runs", "id", run_id)
                for table in tables:
                    _copy(connection, table, "run_id", run_id)


def _tables_with(connection: psycopg.Connection[Any], column: LiteralString) -> list[str]:
    found = connection.execute(
        "select c.table_name from information_schema.columns c join information_schema.tables t"
        " using (table_schema, table_name) where c.table_schema = %s and c.column_name = %s"
        " and t.table_type = 'BASE TABLE' order by 1",
        [_SCHEMA, column],
    )
    return [row[0] for row in found]


def _copy(connection: psycopg.Connection[Any], table: str, owner: LiteralString, run_id: UUID) -> None:
    """The rows of one run, once for each of `copies`."""
    found = connection.execute(
        "select column_name, data_type, is_identity = 'YES' or coalesce(column_default, '') like 'nextval%%',"
        " exists (select 1 from information_schema.key_column_usage k join information_schema.table_constraints c"
        " using (constraint_schema, constraint_name) where c.constraint_type in ('PRIMARY KEY', 'UNIQUE')"
        " and k.table_schema = i.table_schema and k.table_name = i.table_name and k.column_name = i.column_name)"
        " from information_schema.columns i where table_schema = %s and table_name = %s"
        " and is_generated = 'NEVER' order by ordinal_position",
        [_SCHEMA, table],
    )
    names, values = [], []
    for name, kind, counted, unique in found:
        if counted:
            continue
        names.append(sql.Identifier(name))
        values.append(_value(name, kind, owner=owner, unique=unique))
    connection.execute(
        sql.SQL(
            "insert into {table} ({names}) select {values} from {table} o cross join copies c where o.{owner} = %s"
        ).format(
            table=sql.Identifier(_SCHEMA, table),
            names=sql.SQL(", ").join(names),
            values=sql.SQL(", ").join(values),
            owner=sql.Identifier(owner),
        ),
        [run_id],
    )


def _value(name: str, kind: str, *, owner: str, unique: bool) -> sql.Composable:
    if name == owner:
        return sql.SQL("c.id")
    if unique and kind == "uuid":
        return sql.SQL("uuidv7()")
    return sql.SQL("o.{}").format(sql.Identifier(name))


def _sizes(stack: Stack) -> dict[str, int]:
    with psycopg.connect(stack.superuser_url) as connection:
        found = connection.execute(
            "select c.relname, pg_total_relation_size(c.oid) from pg_class c"
            " where c.relnamespace = %s::regnamespace and c.relkind = 'r'",
            [_SCHEMA],
        )
        return dict(found.fetchall())


def _added(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {table: size - before.get(table, 0) for table, size in after.items()}


def _vacuum(stack: Stack) -> None:
    with psycopg.connect(stack.superuser_url, autocommit=True) as connection:
        for table in _names(connection):
            connection.execute(sql.SQL("vacuum analyze {}").format(sql.Identifier(_SCHEMA, table)))


def _names(connection: psycopg.Connection[Any]) -> Sequence[str]:
    found = connection.execute("select tablename from pg_tables where schemaname = %s", [_SCHEMA])
    return [row[0] for row in found]
