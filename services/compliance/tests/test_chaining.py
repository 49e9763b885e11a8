"""Own entries commit with what they tell of, and are chained behind the requests: each once, whoever is stopped."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import orjson
import psycopg
import pytest
from common.bus.connection import Bus
from common.bus.wire import TENANT_WIDE, read_spoken_subject
from common.clock import utc_now
from common.db.work import Work
from compliance import trail
from compliance.chaining import Chaining
from nats.aio.msg import Msg
from testkit.listening import eventually
from testkit.workshop import open_work

LOCK = b"select pg_advisory_lock(hashtextextended(%s, 0))"


@pytest.fixture
async def intruder(airlock: Any) -> Any:
    """A connection of the database's superuser."""
    async with await psycopg.AsyncConnection.connect(airlock.stack.superuser_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
async def work(airlock: Any) -> Any:
    """A second process's way to the database."""
    opened = open_work(airlock.stack, "compliance")
    yield opened
    await opened.close()


@pytest.fixture
def chaining(airlock: Any, work: Work) -> Chaining:
    """A second process's, whose loop does not run."""
    return Chaining(work, bus_of(airlock, "compliance"), clock=utc_now, every_seconds=3600)


def bus_of(airlock: Any, service: str) -> Bus:
    """A service's way to the bus, not connected."""
    return Bus(airlock.stack.environment(service)["GREENLIGHT_NATS_URL"], service=service)


async def put_aside(work: Work, tenant: str, count: int) -> None:
    for number in range(count):
        async with work.transaction(tenant) as tx:
            trail.note(tx, "test.done", actor="anna", resource=f"thing:{number}", at=utc_now())


async def test_a_decision_waits_for_nobody_who_holds_the_chain(airlock: Any, intruder: Any) -> None:
    opened = [await airlock.open() for _ in range(3)]
    await airlock.settled()
    await intruder.execute(LOCK, (f"audit:{airlock.tenant}",))
    for each in opened:
        (await airlock.decide(each.item_id, decision="approved")).raise_for_status()
    [waiting] = await (
        await intruder.execute("select count(*) from compliance.audit_pending where tenant_id = %s", (airlock.tenant,))
    ).fetchone()
    assert waiting == 3
    await intruder.execute("select pg_advisory_unlock_all()")
    assert [entry["action"] for entry in await airlock.own_audit()].count("gate.decided") == 3
    assert (await airlock.verify())["ok"]


async def test_whoever_has_the_airlock_open_is_told_that_it_is_other(airlock: Any, work: Work) -> None:
    told: list[dict[str, Any]] = []

    async def hear(message: Msg) -> None:
        if read_spoken_subject(message.subject) == (airlock.tenant, TENANT_WIDE):
            told.append(orjson.loads(message.data))

    hearer = bus_of(airlock, "orchestrator")
    await hearer.connect()
    await hearer.hear("live.>", hear)
    await put_aside(work, airlock.tenant, 1)
    assert [entry["action"] for entry in await airlock.own_audit()] == ["test.done"]
    assert told == []
    item = await airlock.open()
    await eventually(lambda: told)
    told.clear()
    (await airlock.decide(item.item_id, decision="approved")).raise_for_status()
    await eventually(lambda: told)
    assert {(frame["type"], frame["run_id"], str(frame["data"])) for frame in told} == {("airlock.changed", None, "{}")}
    await hearer.close()


async def test_who_reads_the_trail_reads_everything_up_to_now(airlock: Any, work: Work) -> None:
    for round_number in range(5):
        await put_aside(work, airlock.tenant, 2)
        done = [entry for entry in await airlock.own_audit() if entry["action"] == "test.done"]
        assert len(done) == 2 * (round_number + 1)


async def test_what_was_put_aside_is_chained_once_by_whoever_comes(
    airlock: Any, work: Work, chaining: Chaining
) -> None:
    """Its own process may be gone: others find it, several at once, and beside those that append for other services."""
    await put_aside(work, airlock.tenant, 40)
    await asyncio.gather(*(chaining.settle(airlock.tenant) for _ in range(8)))
    resources = [entry["resource"] for entry in await airlock.own_audit() if entry["action"] == "test.done"]
    assert resources == [f"thing:{number}" for number in range(40)]
    assert (await airlock.verify())["ok"]


async def test_what_is_rolled_back_never_was(airlock: Any, work: Work, chaining: Chaining) -> None:
    with suppress(RuntimeError):
        async with work.transaction(airlock.tenant) as tx:
            trail.note(tx, "test.undone", actor="anna", resource="thing:1", at=utc_now())
            raise RuntimeError
    await chaining.settle(airlock.tenant)
    assert "test.undone" not in [entry["action"] for entry in await airlock.own_audit()]


async def test_a_detail_that_no_json_can_say_is_kept_as_text(airlock: Any, work: Work) -> None:
    odd = {"huge": 2**80, "none": float("nan"), "half": "\ud800", "zero": "a\0b"}
    async with work.transaction(airlock.tenant) as tx:
        trail.note(tx, "test.odd", actor="anna", resource="thing:1", at=utc_now(), detail=odd)
    [entry] = [entry for entry in await airlock.own_audit() if entry["action"] == "test.odd"]
    assert entry["detail"] == {"huge": str(2**80), "none": "nan", "half": "?", "zero": "a\ufffdb"}
    assert (await airlock.verify())["ok"]


async def test_what_somebody_made_unreadable_is_told_and_stops_nothing(
    airlock: Any, work: Work, chaining: Chaining, tamper: Any
) -> None:
    await airlock.settled()
    async with work.transaction(airlock.tenant) as tx:
        await tx.run("select pg_advisory_xact_lock(hashtextextended(%(n)s, 0))", {"n": f"audit:{airlock.tenant}"})
        await put_aside(work, airlock.tenant, 2)
        spoiled = "update compliance.audit_pending set entry = '{}' where tenant_id = %s and entry like '%%thing:0%%'"
        assert tamper(spoiled, airlock.tenant) == 1
    told = [(entry["action"], entry["resource"]) for entry in await airlock.own_audit()]
    assert told[-2:] == [("audit.unreadable", "pending:unknown"), ("test.done", "thing:1")]
    assert (await airlock.verify())["ok"]


async def test_another_tenants_reader_chains_nothing_of_this_one(
    airlock: Any, work: Work, chaining: Chaining, intruder: Any
) -> None:
    await airlock.settled()
    await intruder.execute(LOCK, (f"audit:{airlock.tenant}",))
    await put_aside(work, airlock.tenant, 1)
    await chaining.settle("somebody-else")
    count = "select count(*) from compliance.audit_pending where tenant_id = %s"
    assert await (await intruder.execute(count, (airlock.tenant,))).fetchone() == (1,)
