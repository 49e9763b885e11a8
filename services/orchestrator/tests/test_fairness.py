"""Who is served when: limits that hold at every moment, urgent work first, and tenants taking turns."""

from __future__ import annotations

import asyncio
import operator
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from common.bus.connection import Bus
from common.bus.step import Step
from common.contracts.gates import BriefCheckInput, CheckBrief, CheckResult, Verdict, VerdictLevel
from common.contracts.ideation import IdeationInput, IdeationOutput
from testkit.engine import Engine, think
from testkit.listening import eventually
from testkit.stack import Stack
from testkit.workshop import Rows

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
CHECK = "compliance.check_brief"


@pytest.fixture
async def engine(engines: Engines) -> AsyncIterator[Engine]:
    """One for each test: how much it sends ahead depends on what it saw."""
    async with engines() as started:
        yield started


@asynccontextmanager
async def at_work(stack: Stack, tenant: str) -> AsyncIterator[Counter[tuple[str, str]]]:
    """While it is entered, looks without a pause; yields the most steps that were out, by workflow and capability."""
    most: Counter[tuple[str, str]] = Counter()
    query = (
        "select workflow, capability, count(*)::int from orchestrator.ready_steps"
        " where tenant_id = %s and sent_at is not null group by rollup (workflow, capability)"
    )

    async def look() -> None:
        async with await psycopg.AsyncConnection.connect(stack.superuser_url, autocommit=True) as connection:
            while True:
                for workflow, capability, count in await (await connection.execute(query, (tenant,))).fetchall():
                    key = (workflow or "", capability or "")
                    most[key] = max(most[key], count)
                # Others have to come to their turn between two looks.
                await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    try:
        yield most
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("steps", ""), ("steps_of_workflow", "thought"), ("steps_of_capability", "ideation.propose_ideas")],
)
async def test_a_limit_holds_at_every_moment_with_two_orchestrators(
    engines: Engines, rows: Rows, tenant: str, kind: str, name: str
) -> None:
    rows("insert into orchestrator.limits (tenant_id, kind, name, at_most) values (%s, %s, %s, 2)", tenant, kind, name)
    together = [0, 0]
    pairs = asyncio.Barrier(2)

    async def act(input: IdeationInput, step: Step) -> IdeationOutput:
        if step.tenant == tenant:
            together[0] += 1
            together[1] = max(together)
            # As many as the limit allows are at work at once, so the limit is reached.
            await pairs.wait()
            together[0] -= 1
        return await think(input, step)

    async with engines() as one, engines() as two, at_work(one.stack, tenant) as most, one.on_duty(act, slots=8):
        await one.person()
        await asyncio.gather(*((one, two)[number % 2].start() for number in range(30)))
        done = "select count(*)::int from orchestrator.runs where tenant_id = %s and status = 'completed'"
        await eventually(lambda: rows(done, tenant) == [(30,)], seconds=60)
    assert together[1] == 2
    assert max(most.values()) == 2


async def test_another_workflow_is_not_held_up_by_a_full_one(engine: Engine, rows: Rows) -> None:
    """The full one's backlog comes first by time; the other's step is found behind it."""
    tenant = engine.tenant
    rows("insert into orchestrator.limits values (%s, 'steps_of_workflow', 'thought', 0)", tenant)
    waiting = "select count(*)::int from orchestrator.ready_steps where tenant_id = %s and sent_at is null"
    held = [await engine.start()]
    # A limit counts from the next round on; until then some go out at once where others' worker had room.
    while rows(waiting, tenant) < [(30,)]:
        held.append(await engine.start())
    other = await engine.start("greedy")
    async with engine.on_duty(slots=2):
        await engine.shows(other, "completed")
        assert rows(waiting, tenant) == [(30,)]
    for run_id in held:
        await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_urgent_work_goes_first(engine: Engine, rows: Rows) -> None:
    names = {}
    for priority in ("low", "medium", "urgent", "high", "urgent", "low"):
        body = {"workflow": "thought", "input": {"brief": "x"}, "priority": priority}
        names[UUID((await engine.post("/v1/runs", body)).json()["run_id"])] = priority
    async with engine.on_duty(slots=1):
        for run_id in names:
            await engine.shows(run_id, "completed")
    order = rows(
        "select run_id from orchestrator.outbox where tenant_id = %s and subject like 'cmd.ideation%%' order by seq",
        engine.tenant,
    )
    assert [names[run_id] for (run_id,) in order] == ["urgent", "urgent", "high", "medium", "low", "low"]


@pytest.mark.feature("A15")
async def test_a_single_run_comes_behind_what_is_at_work_and_the_few_orders_that_lie_ahead(
    engine: Engine, rows: Rows
) -> None:
    small, begun, go_on = f"{engine.tenant}-b", list[str](), asyncio.Semaphore(0)

    async def act(input: BriefCheckInput, step: Step) -> CheckResult:
        begun.append(step.tenant)
        await go_on.acquire()
        return CheckResult(verdict=Verdict(level=VerdictLevel.ALLOWED, policy_version="none"))

    # What other tests left in this queue would take up the room.
    rows("delete from orchestrator.ready_steps where capability = %s", CHECK)
    count = "select count(*)::int from orchestrator.ready_steps where capability = %s and (sent_at is null) = %s"
    async with engine.on_duty(act, capability=CheckBrief, slots=4):
        await asyncio.gather(*(engine.start("checked") for _ in range(12)))
        await eventually(lambda: len(begun) == 4 and rows(count, CHECK, False) > [(4,)], seconds=30)
        # One, and a quarter of what was answered within the last second, by whomever.
        sent = rows(count, CHECK, False)[0][0]
        assert sent <= 2 * 4
        await engine.start("checked", tenant=small)
        for wanted in range(5, sent + 2):
            go_on.release()
            await eventually(lambda: len(begun), until=partial(operator.eq, wanted), seconds=30)
        assert begun == [engine.tenant] * sent + [small]
        for _ in range(13):
            go_on.release()
        await eventually(lambda: rows(count, CHECK, False) == rows(count, CHECK, True) == [(0,)], seconds=30)


@pytest.mark.feature("A15")
async def test_a_tenants_two_thousand_steps_do_not_delay_anothers_single_run(engine: Engine, rows: Rows) -> None:
    small = f"{engine.tenant}-b"
    # What other tests left in this queue would take up the room.
    rows("delete from orchestrator.ready_steps where capability = %s", CHECK)
    rows(
        "insert into orchestrator.ready_steps (step_id, tenant_id, run_id, workflow, step, capability, attempt,"
        " priority, held, unwanted, estimate_usd_micros, command, ready_at)"
        " select gen_random_uuid(), %s, gen_random_uuid(), 'checked', 'check', %s, 1, 3, false, false, 0,"
        " '{\"input\": {}}', now() - interval '1 hour' from generate_series(1, 2000)",
        engine.tenant, CHECK,
    )  # fmt: skip
    run_id = await engine.start("checked", tenant=small)
    await say(engine, slots=3)
    sent = (
        "select run_id from orchestrator.outbox where subject = 'cmd.compliance.check_brief.v1'"
        " and tenant_id in (%s, %s) order by seq"
    )
    order = await eventually(lambda: rows(sent, engine.tenant, small), until=lambda found: len(found) == 4, seconds=20)
    assert (run_id,) in order[:2]
    # It has its answer as soon as one worker had one turn; then the other tenant has all the room again.
    again = await engine.start("checked", tenant=small)
    rows("delete from orchestrator.ready_steps where capability = %s and sent_at is not null", CHECK)
    order = await eventually(lambda: rows(sent, engine.tenant, small), until=lambda found: len(found) == 8, seconds=20)
    assert (again,) in order[4:6]
    rows("delete from orchestrator.ready_steps where capability = %s", CHECK)
    for one in (run_id, again):
        await engine.post(f"/v1/runs/{one}/cancel", tenant=small)


async def say(engine: Engine, *, slots: int) -> None:
    """Tell the dispatcher of room that no worker will use."""
    bus = Bus(engine.stack.environment("compliance")["GREENLIGHT_NATS_URL"], service="compliance")
    await bus.connect()
    await bus.say("ctl.worker.compliance", b'{"worker": "w", "slots": {"%s": %d}}' % (CHECK.encode(), slots))
    await bus.close()


async def test_a_paused_runs_orders_are_held_and_overtaken(engine: Engine, rows: Rows) -> None:
    paused = await engine.start()
    happens(engine, rows, paused, "pause")
    await engine.shows(paused, "paused")
    async with engine.on_duty():
        await engine.shows(await engine.start(), "completed")
        assert rows("select held, sent_at from orchestrator.ready_steps where run_id = %s", paused) == [(True, None)]
        happens(engine, rows, paused, "resume")
        await engine.shows(paused, "completed")


def happens(engine: Engine, rows: Rows, run_id: UUID, kind: str) -> Any:
    """As if somebody had asked for it."""
    happening = f'{{"kind": "{kind}", "by": "rob", "at": "2026-01-01T00:00:00Z"}}'
    return rows(
        "insert into orchestrator.timers (id, tenant_id, run_id, due_at, happening) values (%s, %s, %s, now(), %s)",
        uuid4(), engine.tenant, run_id, happening,
    )  # fmt: skip
