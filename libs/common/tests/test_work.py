"""The unit of work and row-level security, on the real database."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from common.contracts.message import Signal
from common.db import pool
from common.db.work import Transaction
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DataError, DBAPIError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from testkit.listening import eventually
from testkit.workshop import Rows, WorkOf

SUBJECT = "cmd.orchestrator.signal.v1"


def hello(tx: Transaction, *, message_id: UUID | None = None, tenant: str | None = None) -> UUID:
    return tx.send(SUBJECT, Signal(handle="hello"), message_id=message_id, tenant=tenant)


async def visible(tx: Transaction) -> set[str]:
    """The tenants whose outbox rows this transaction can see."""
    return set((await tx.session.execute(select(tx.tables.outbox.c.tenant_id))).scalars())


@pytest.mark.feature("Z26")
async def test_a_pooled_connection_remembers_neither_tenant_nor_role(work_of: WorkOf, tenant: str) -> None:
    work = work_of(pool_size=1)
    other = f"{tenant}-b"
    async with work.transaction(tenant) as tx:
        hello(tx)
    async with work.transaction(other) as tx:
        hello(tx)
    async with work.transaction(tenant) as tx:
        assert await visible(tx) == {tenant}
    async with work._pool.lend() as (bare, _):
        found = await bare.execute(text("select current_user::text, current_setting('greenlight.tenant', true)"))
        assert tuple(found.one()) == ("ideation", "")
        with pytest.raises(ProgrammingError, match="permission denied"):
            await bare.execute(text("select 1 from ideation.outbox"))
    async with work.transaction(other) as tx:
        assert await visible(tx) == {other}


async def test_a_failed_transaction_leaves_the_connection_clean(work_of: WorkOf, tenant: str) -> None:
    work = work_of(pool_size=1)
    with pytest.raises(DBAPIError):
        async with work.transaction(tenant) as tx:
            await tx.session.execute(text("select 1/0"))
    async with work._pool.lend() as (bare, _):
        user = await bare.execute(text("select current_user::text"))
        assert user.scalar_one() == "ideation"
    async with work.transaction(f"{tenant}-b") as tx:
        assert await visible(tx) == set()


async def test_what_is_too_large_for_the_database_is_no_trouble_of_the_databases_own(
    work_of: WorkOf, tenant: str
) -> None:
    # Whoever waits for a database that is away would otherwise wait for ever.
    with pytest.raises(DataError, match="length too large"):
        async with work_of().transaction(tenant) as tx:
            await tx.run("select repeat('x', 2000000000)")


async def test_a_connection_that_the_server_ended_meanwhile_is_not_lent_again(
    work_of: WorkOf, rows: Rows, tenant: str
) -> None:
    work = work_of(pool_size=1)
    asking = "select pg_backend_pid() as pid"
    async with work.transaction(tenant) as tx:
        [kept] = await tx.run(asking)
    async with work.transaction(tenant) as tx:
        assert await tx.run(asking) == [kept]
    rows("select pg_terminate_backend(%s)", kept["pid"])
    await eventually(lambda: not rows("select 1 from pg_stat_activity where pid = %s", kept["pid"]))
    async with work.transaction(tenant) as tx:
        assert await tx.run(asking) != [kept]


async def test_who_finds_no_connection_free_waits_for_one_and_not_for_ever(
    work_of: WorkOf, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = work_of(pool_size=1)

    async def look() -> int:
        async with work.transaction(tenant) as tx:
            return len(await tx.run("select 1"))

    async with work.transaction(tenant):
        waiting = asyncio.create_task(look())
        await asyncio.sleep(0)
        monkeypatch.setattr(pool, "WAIT_SECONDS", 0.05)
        with pytest.raises(PoolTimeout, match="no connection was free"):
            await look()
        assert not waiting.done()
    assert await waiting == 1


@pytest.mark.parametrize("speaks", ["by session", "by run"])
async def test_who_is_stopped_inside_a_transaction_is_stopped(
    work_of: WorkOf, rows: Rows, tenant: str, speaks: str
) -> None:
    work = work_of(pool_size=1)
    inside = asyncio.Event()

    async def wait_for_ever() -> None:
        async with work.transaction(tenant) as tx:
            if speaks == "by session":
                await tx.session.execute(text("select 1"))
            else:
                await tx.run("select 1")
            hello(tx)
            await tx.flush()
            inside.set()
            await asyncio.Event().wait()

    waiting = asyncio.create_task(wait_for_ever())
    await inside.wait()
    waiting.cancel()
    # Any other error would be taken for a failure, and what was told to stop would go on.
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with work.transaction(tenant) as tx:
        assert await visible(tx) == set()
    assert rows("select 1 from ideation.outbox where tenant_id = %s", tenant) == []


async def test_another_tenants_row_cannot_be_written(work_of: WorkOf, rows: Rows, tenant: str) -> None:
    work = work_of()
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with work.transaction(tenant) as tx:
            hello(tx, tenant="somebody-else")
    theirs = insert(work.tables.inbox).values(message_id=uuid4(), tenant_id="somebody-else")
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with work.transaction(tenant) as tx:
            await tx.session.execute(theirs)
    assert rows("select 1 from ideation.outbox where tenant_id = 'somebody-else'") == []


async def test_a_transaction_needs_a_tenant(work_of: WorkOf) -> None:
    with pytest.raises(ValueError, match="needs a tenant"):
        async with work_of().transaction(""):
            pass


async def test_the_system_role_sees_transport_and_no_content(work_of: WorkOf, tenant: str) -> None:
    work = work_of()
    async with work.transaction(tenant) as tx:
        hello(tx)

    async def look() -> None:
        async with work.system() as tx:
            assert tenant in await visible(tx)
            await tx.session.execute(select(work.tables.calls))

    with pytest.raises(ProgrammingError, match="permission denied"):
        await look()


async def test_who_goes_on_after_a_statement_failed_is_told_that_nothing_was_committed(
    work_of: WorkOf, rows: Rows, tenant: str
) -> None:

    async def pass_over() -> None:
        async with work_of().transaction(tenant) as tx:
            hello(tx)
            await tx.flush()
            with pytest.raises(DBAPIError):
                await tx.run("select 1 / 0")

    with pytest.raises(DBAPIError, match="nothing of it was committed"):
        await pass_over()
    assert rows("select id from ideation.outbox where tenant_id = %s", tenant) == []


async def test_what_is_concluded_with_a_statement_is_committed_by_it_and_takes_nothing_more(
    work_of: WorkOf, rows: Rows, tenant: str
) -> None:
    work = work_of()
    async with work.transaction(tenant) as tx:
        sent = hello(tx)
        assert await tx.conclude("select count(*)::int as n from ideation.outbox", {}) == [{"n": 1}]
        assert rows("select id from ideation.outbox where tenant_id = %s", tenant) == [(sent,)]

    async def add() -> None:
        async with work.transaction(tenant) as tx:
            await tx.conclude("select 1", {})
            hello(tx)

    with pytest.raises(RuntimeError, match="after the transaction was concluded"):
        await add()


@pytest.mark.feature("M26")
async def test_a_rollback_forgets_what_was_sent(work_of: WorkOf, rows: Rows, tenant: str) -> None:
    work = work_of()

    async def change_of_mind() -> None:
        async with work.transaction(tenant) as tx:
            hello(tx)
            await tx.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await change_of_mind()
    assert rows("select 1 from ideation.outbox where tenant_id = %s", tenant) == []
    assert not work.outbox_filled.is_set()


async def test_the_same_message_twice_is_one_row(work_of: WorkOf, rows: Rows, tenant: str) -> None:
    work, message_id = work_of(), uuid4()
    for _ in range(2):
        async with work.transaction(tenant) as tx:
            hello(tx, message_id=message_id)
            hello(tx, message_id=message_id)
    assert rows("select id from ideation.outbox where tenant_id = %s", tenant) == [(message_id,)]
    assert work.outbox_filled.is_set()
