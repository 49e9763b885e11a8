"""Timers are accurate to a second, however many are pending."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from statistics import median

import pytest
from testkit.engine import Engine, write_workflow
from testkit.workshop import Rows

PENDING = 100_000
RUNS = 5


@pytest.fixture(scope="module")
def workflows(workflows: Path) -> Path:
    """Also a workflow that sleeps, and one that wakes to what PostgreSQL does not take."""
    head = "workflow_name: nap\ninput: {brief: str}\nsteps:\n"
    write_workflow(workflows, head + "  - id: rest\n    sleep: 2s\n")
    refused = "  - id: rest\n    sleep: 1ms\n  - id: never\n    run: ideation.propose_ideas\n"
    refused += "    with: {brief: x}\n"
    write_workflow(workflows, head.replace("nap", "refused") + refused)
    return workflows


async def test_a_hundred_thousand_pending_timers_make_none_late(engine: Engine, rows: Rows) -> None:
    alone = await _lateness(engine)
    rows(
        "insert into orchestrator.timers (id, tenant_id, run_id, due_at, happening)"
        " select gen_random_uuid(), %s, gen_random_uuid(), now() + interval '1 day' + n * interval '1 second',"
        """ '{"kind": "timer", "at": "2026-01-01T00:00:00Z", "purpose": "wake", "attempt": 1,"""
        """ "step_id": "00000000-0000-0000-0000-000000000000"}'"""
        " from generate_series(1, %s) n",
        engine.tenant, PENDING,
    )  # fmt: skip
    try:
        among_them = await _lateness(engine)
        # Against the same without them, because a busy machine makes both late.
        assert min(alone) >= 0
        assert median(among_them) < median(alone) + 1, (alone, among_them)
        assert rows("select count(*) from orchestrator.timers where tenant_id = %s", engine.tenant) == [(PENDING,)]
    finally:
        rows("delete from orchestrator.timers where tenant_id = %s", engine.tenant)


async def _lateness(engine: Engine) -> list[float]:
    """By how many seconds some runs that sleep for two were late."""
    late = []
    for run_id in [await engine.start("nap") for _ in range(RUNS)]:
        run = await engine.shows(run_id, "completed")
        slept = datetime.fromisoformat(run["finished_at"]) - datetime.fromisoformat(run["created_at"])
        late.append(slept.total_seconds() - 2)
    return late


@pytest.fixture
async def _refusing(rows: Rows) -> AsyncIterator[None]:
    """PostgreSQL takes no step of one workflow."""
    # Not on the loop: what has the table locked goes on there.
    constraint = "alter table orchestrator.ready_steps add constraint refusing check (workflow <> 'refused')"
    await asyncio.to_thread(rows, constraint)
    yield
    await asyncio.to_thread(rows, "alter table orchestrator.ready_steps drop constraint refusing")


@pytest.mark.usefixtures("_refusing")
async def test_a_timer_that_the_database_refuses_stops_no_other(engine: Engine, rows: Rows) -> None:
    refused = await engine.start("refused")
    other = await engine.start("nap")
    await engine.shows(other, "completed")
    # It is looked at again later, and not with each of the others.
    assert rows("select due_at > now() from orchestrator.timers where run_id = %s", refused) == [(True,)]
    assert (await engine.run(refused))["status"] == "waiting"
    await engine.post(f"/v1/runs/{refused}/cancel")
