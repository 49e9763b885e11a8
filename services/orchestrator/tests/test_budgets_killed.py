"""Money while orchestrators and workers are killed: no cap is passed, nothing set aside lost, no charge forgotten."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from common.ending import end_tasks
from common.forking import ForkServer
from embedded.settings import inherited_environment
from testkit.engine import Engine, write_workflow
from testkit.listening import eventually
from testkit.money import ESTIMATE, Mortal, accounts, assert_settled, cap, charged, ended, mortal_orchestrator, watched
from testkit.workshop import Rows

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
WORKFLOWS = {
    "priced": """
  - id: first
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    cost: {estimate: 0.10}
    retry: {attempts: 5, backoff: 10ms}
""",
    "dear": """
  - id: first
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    cost: {estimate: 0.10}
    retry: {attempts: 5, backoff: 10ms}
  - id: second
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    cost: {estimate: 0.10}
    retry: {attempts: 5, backoff: 10ms}
""",
    "family": """
  - id: parts
    foreach: "${[1, 2, 3, 4, 5, 6]}"
    on_failure: accept
    steps: [{id: part, subrun: dear, with: {brief: "${input.brief}"}}]
""",
}
ORCHESTRATOR_ENDS = (("after_commit", (2, 6)), ("before_commit", (10, 40)))
"""Where a life ends, and after how many such commits."""
ALONE_ENDS = (("after_commit", (1, 4)), ("before_commit", (2, 8)), ("after_commit", (1, 4)))
"""Where lives end if no other orchestrator does a part of the work."""
NO_CAP = 1 << 62
"""The tenant has none; those of runs are looked at besides."""
WORKER_ENDS = (
    ("vendor.charged", (10, 20)),
    ("ideation.propose_ideas.acted", (5, 15)),
    ("ideation.before_commit", (10, 40)),
)


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workflows that cost something."""
    folder = tmp_path_factory.mktemp("workflows")
    for name, steps in WORKFLOWS.items():
        head = f"workflow_name: {name}\ninput: {{brief: str}}\nsteps:"
        write_workflow(folder, head + steps)
    return folder


@pytest.fixture
async def engine(engines: Engines) -> AsyncIterator[Engine]:
    """One for each test: it has no start over those that are killed."""
    async with engines() as started:
        yield started


@pytest_asyncio.fixture(scope="module")
async def forks() -> AsyncIterator[ForkServer]:
    """What all that is killed here is forked from."""
    preload = ("embedded.hosting", "orchestrator.main", "testkit.money", "testkit.workshop")
    server = ForkServer("mortals", preload=preload, environment=inherited_environment(), log=None)
    await server.start()
    yield server
    await server.stop()


def mortal_worker(forks: ForkServer, engine: Engine, folder: Path, points: list[str], *, beside: Mortal) -> Mortal:
    """A worker that dies at these points, one after another; the vendor's `ledger` is in the folder.

    It does nothing while the other one is away, so that this one always has its part.
    """
    script, stack = str(Path(__file__).with_name("paying_worker.py")), engine.stack
    commands = []
    for number, point in enumerate([*points, ""]):
        own = folder / str(number)
        own.mkdir(parents=True)
        (own / "ledger").symlink_to(folder / "ledger")
        commands.append((script, str(own), str(stack.site.data), engine.tenant, point, str(beside.alive)))
    return Mortal(forks, commands, [stack.environment("ideation")] * len(commands), folder)


def drawn(chance: random.Random, ends: Any, *, service: str = "") -> list[str]:
    """Where lives end, this time."""
    return [f"{service}{point}:{chance.randrange(*span)}" for point, span in ends]


def unknown(rows: Rows, tenant: str) -> tuple[int, int]:
    """How many calls were lost, and what the histories say they may have cost."""
    [[lost]] = rows("select count(*)::int from ideation.calls where tenant_id = %s and state = 'unknown'", tenant)
    [[said]] = rows(
        "select coalesce(sum((data->>'unknown_usd_micros')::bigint), 0)::bigint from orchestrator.run_events"
        " where tenant_id = %s and type in ('agent.outcome_unknown', 'agent.stopped')",
        tenant,
    )
    return lost, said


async def test_no_cap_is_passed_while_orchestrators_and_workers_are_killed(
    engine: Engine, forks: ForkServer, rows: Rows, workflows: Path, tmp_path: Path
) -> None:
    """200 runs at once, money for some of them; of two orchestrators one is killed, and the worker is, too."""
    chance, tenant, cap_usd_micros = random.Random(20), engine.tenant, 6_000_000
    orchestrator_ends = drawn(chance, ORCHESTRATOR_ENDS, service="orchestrator.")
    worker_ends = drawn(chance, WORKER_ENDS)
    orchestrator = mortal_orchestrator(forks, engine.stack, workflows, tmp_path / "orchestrators", orchestrator_ends)
    worker = mortal_worker(forks, engine, tmp_path / "workers", worker_ends, beside=orchestrator)
    await cap(engine, "6.00")
    living = [asyncio.create_task(orchestrator.live())]
    try:
        async with watched(engine.stack, tenant, cap=cap_usd_micros) as seen:
            await asyncio.gather(*(engine.start(("priced", "dear")[number % 2]) for number in range(200)))
            living.append(asyncio.create_task(worker.live()))

            await eventually(lambda: len(worker.endings) == len(worker_ends), seconds=120)
            await eventually(lambda: len(orchestrator.endings) == len(orchestrator_ends), seconds=120)
            statuses = await ended(tenant, rows, seconds=120)
    finally:
        await end_tasks(living)
    assert orchestrator.endings == [-signal.SIGKILL] * len(orchestrator_ends)
    assert worker.endings == [-signal.SIGKILL] * len(worker_ends)
    assert sum(statuses.values()) == 200
    # The money was there for some of them and not for all.
    assert statuses["completed"] >= 20
    assert statuses["failed"] >= 20
    assert max(seen) > 5_000_000
    assert_settled(rows, tenant)
    # The vendor charged no more than the books say, and what was lost in the middle of a charge is said apart.
    lost, said = unknown(rows, tenant)
    really, booked = sum(charged(tmp_path / "workers" / "ledger")), accounts(rows, tenant)[2]
    assert lost >= 1
    assert said == lost * ESTIMATE
    assert really <= booked <= cap_usd_micros
    assert booked - really <= said


async def test_a_runs_cap_binds_all_it_starts_while_orchestrators_are_killed(
    engines: Engines, forks: ForkServer, rows: Rows, workflows: Path, tmp_path: Path
) -> None:
    """Six runs below each of ten race for money for three steps; no cap of a family is ever passed."""
    async with engines() as engine:
        tenant = engine.tenant
        await engine.person()
        body = {"workflow": "family", "input": {"brief": "x"}, "budget_usd": "0.30"}
        started = await asyncio.gather(*(engine.post("/v1/runs", body) for _ in range(10)))
        assert {answer.status_code for answer in started} == {202}
    # From here on nobody but those that are killed takes the runs further, so that each of them comes to its end.
    ends = drawn(random.Random(5), ALONE_ENDS, service="orchestrator.")
    orchestrator = mortal_orchestrator(forks, engine.stack, workflows, tmp_path / "orchestrators", ends)
    worker = mortal_worker(forks, engine, tmp_path / "workers", [], beside=orchestrator)
    living = [asyncio.create_task(process.live()) for process in (orchestrator, worker)]
    try:
        async with watched(engine.stack, tenant, cap=NO_CAP):
            statuses = await ended(tenant, rows, seconds=120)
    finally:
        await end_tasks(living)
    assert orchestrator.endings == [-signal.SIGKILL] * len(ends)
    assert sum(statuses.values()) == 70
    assert statuses["failed"] >= 30
    assert_settled(rows, tenant)
    families = rows(
        "select r.cost_usd_micros, a.spent_usd_micros, a.reserved_below_usd_micros, a.spent_below_usd_micros"
        " from orchestrator.runs r join orchestrator.run_accounts a on a.run_id = r.id"
        " where r.tenant_id = %s and r.parent_run_id is null",
        tenant,
    )
    assert len(families) == 10
    for cost, own, reserved_below, spent_below in families:
        assert (own, reserved_below) == (0, 0)
        assert 0 < cost == spent_below <= 300_000
    assert sum(cost for cost, *_ in families) == sum(charged(tmp_path / "workers" / "ledger"))
