"""Many statements as one message, on the real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from common.db import connection as module
from common.db.connection import Connection, columns_of
from testkit.stack import Stack

ID = UUID("01a205e9-3fde-7878-9d4a-0663c9cd0001")


@pytest.fixture
async def connection(stack: Stack) -> AsyncIterator[Connection]:
    made = await Connection.connect(stack.superuser_url)
    async with made:
        yield made


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 'a "quoted" {brace}, a back\\slash, ü and 潮'),
        ("text", None),
        ("uuid", ID),
        ("int", -7),
        ("float8", 0.1),
        ("bool", True),
        ("numeric", Decimal("12.50")),
        ("bytea", b"\x00\\x01\xff"),
        ("interval", timedelta(seconds=1.5)),
        ("timestamptz", datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)),
        ("text[]", ['"', "\\", "{}", ",", "", "null", "ü"]),
        ("text[]", [None, "a"]),
        ("uuid[]", [ID]),
        ("uuid[]", []),
        ("bytea[]", [b"\x00\\", b'"']),
        ("bool[]", [True, False]),
        ("int[]", [1, None, 3]),
        ("timestamptz[]", [datetime(2026, 11, 23, tzinfo=UTC), None]),
    ],
)
async def test_a_value_comes_back_as_it_went(connection: Connection, kind: Any, value: object) -> None:
    statement: Any = f"select %(value)s::{kind} as value, '%%' as sign"
    assert await connection.exchange([(statement, {"value": value})]) == [[{"value": value, "sign": "%"}]]


async def test_a_zero_character_is_refused_and_costs_nobody_the_connection(connection: Connection) -> None:
    for value in ("a\0b", ["a\0b"]):
        with pytest.raises(psycopg.DataError, match="zero character"):
            await connection.exchange([("select %(value)s::text", {"value": value})])
    with pytest.raises(TypeError, match="dict"):
        await connection.exchange([("select %(value)s::text", {"value": {}})])
    assert await connection.exchange([("select 1 as one", {})]) == [[{"one": 1}]]


async def test_each_statement_has_its_own_rows_and_the_same_one_may_come_twice(connection: Connection) -> None:
    one = "select n from generate_series(1, %(to)s) n"
    for _ in range(2):
        found = await connection.exchange(
            [
                ("begin", {}),
                (one, {"to": 2}),
                ("create temp table if not exists t (n int)", {}),
                (one, {"to": 0}),
                ("commit", {}),
            ]
        )
        assert found == [[], [{"n": 1}, {"n": 2}], [], [], []]


async def test_what_stands_behind_an_error_is_not_done_and_the_connection_goes_on(connection: Connection) -> None:
    await connection.exchange([("create temp table kept (n int)", {})])
    insert = "insert into kept values (%(n)s)"
    for _ in range(2):
        with pytest.raises(psycopg.errors.DivisionByZero):
            await connection.exchange(
                [("begin", {}), (insert, {"n": 1}), ("select 1 / 0", {}), (insert, {"n": 2}), ("commit", {})]
            )
        with pytest.raises(psycopg.InternalError, match="nothing of it was committed"):
            await connection.exchange([("commit", {})])
        assert await connection.exchange([("select n from kept", {})]) == [[]]


async def test_what_psycopg_lets_the_server_forget_is_prepared_again(connection: Connection) -> None:
    mine = "select 'mine' as whose"
    await connection.exchange([("begin", {}), (mine, {})])
    await connection.execute("select 'theirs'", prepare=True)
    await connection.rollback()
    await connection.execute("select 'maintained'")
    assert await connection.exchange([(mine, {})]) == [[{"whose": "mine"}]]


async def test_a_plan_that_a_migration_outdated_costs_one_connection(stack: Stack, connection: Connection) -> None:
    await connection.exchange([("create table if not exists public.outdated (n int)", {}), ("commit", {})])
    read = "select * from public.outdated"
    await connection.exchange([(read, {})])
    try:
        await connection.exchange([("alter table public.outdated add column m int", {})])
        with pytest.raises(psycopg.errors.FeatureNotSupported):
            await connection.exchange([(read, {})])
        assert connection.closed
    finally:
        async with await Connection.connect(stack.superuser_url) as other:
            assert await other.exchange([(read, {}), ("drop table public.outdated", {})]) == [[], []]


async def test_beyond_the_limit_nothing_more_is_prepared(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PREPARED_AT_MOST", 2)
    for number in range(4):
        statement: Any = f"select {number} + %(n)s::int as sum"
        assert await connection.exchange([(statement, {"n": 1})]) == [[{"sum": number + 1}]]
    (rows,) = await connection.exchange([("select count(*)::int as n from pg_prepared_statements", {})])
    assert rows == [{"n": 2}]


async def test_more_than_the_socket_holds_goes_both_ways(connection: Connection) -> None:
    text = "tide " * 1_000_000
    echo = "select %(text)s::text as text"
    found = await connection.exchange([(echo, {"text": text})] * 4)
    assert [rows[0]["text"] == text for rows in found] == [True] * 4


async def test_two_at_once_take_turns(connection: Connection) -> None:
    asked = [connection.exchange([("select %(n)s::int as n", {"n": n})]) for n in range(20)]
    assert await asyncio.gather(*asked) == [[[{"n": n}]] for n in range(20)]


async def test_who_is_stopped_while_waiting_loses_the_connection(connection: Connection) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await connection.exchange([("select pg_sleep(30)", {})])
    assert connection.closed


async def test_a_server_that_goes_away_is_said_to(stack: Stack, connection: Connection) -> None:
    waiting = asyncio.create_task(connection.exchange([("select pg_sleep(30)", {})]))
    async with await Connection.connect(stack.superuser_url) as other:
        end: Any = f"select pg_terminate_backend({connection.info.backend_pid})"
        await asyncio.sleep(0)
        await other.exchange([(end, {})])
    with pytest.raises(psycopg.OperationalError):
        await waiting
    with pytest.raises(psycopg.OperationalError):
        await connection.exchange([("select 1", {})])


def test_rows_become_columns() -> None:
    assert columns_of([{"a": 1, "b": "x"}, {"a": 2, "b": None}]) == {"a": [1, 2], "b": ["x", None]}
