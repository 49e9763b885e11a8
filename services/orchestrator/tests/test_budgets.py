"""Money: no cap is ever passed, and nothing that was set aside is lost, whoever is killed in the middle."""

from __future__ import annotations

import asyncio
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest
from common.bus.step import Step
from common.contracts.gates import GateDecided, GateInput, GateOpened, OpenGate, Verdict, VerdictLevel
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import TERMINAL_STATUSES, Decision, Value
from common.ending import end_tasks
from common.errors import ContentBlocked
from testkit.engine import Engine, think
from testkit.listening import eventually
from testkit.stack import Stack
from testkit.workshop import Rows, Worker

ESTIMATE = 100_000
"""Micro-dollars a step of `priced` may cost."""
WORKFLOWS = {
    "priced": """
  - {id: first, run: ideation.propose_ideas, with: {brief: "${input.brief}"}, cost: {estimate: 0.10}}
""",
    "dear": """
  - {id: first, run: ideation.propose_ideas, with: {brief: "${input.brief}"}, cost: {estimate: 0.10}}
  - id: second
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    cost: {estimate: "${0.05 + 0.05}"}
    retry: {attempts: 2, backoff: 10ms}
""",
    "waiting": """
  - {id: first, run: ideation.propose_ideas, with: {brief: "${input.brief}"}, cost: {estimate: 0.10}}
  - {id: agree, gate: agreement, holds: {brief: "${input.brief}"}}
""",
    "undeclared": """
  - {id: first, run: ideation.propose_ideas, with: {brief: "${input.brief}"}}
""",
    "asked": """
  - id: first
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    cost: {estimate: "${input.dollars}", approve_above: 0.50}
""",
    "side_by_side": """
  - id: both
    parallel:
      left: [{id: left, run: ideation.propose_ideas, with: {brief: left}, cost: {estimate: 0.10}}]
      right: [{id: right, run: ideation.propose_ideas, with: {brief: right}, cost: {estimate: 0.10}}]
""",
}


KILLS = (("after_commit", (2, 6)), ("before_commit", (20, 90)), ("before_commit", (20, 90)))
"""Where a life ends, and after how many such commits."""


class Bill(Value):
    """What a vendor answers, and what that cost."""

    usd_micros: int


class Spender:
    """Pays a vendor for each idea: as much as the test says, never more than the step has."""

    def __init__(self, *prices: int, most: int = ESTIMATE) -> None:
        self.prices = prices
        self.most = most
        self.made = 0

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        await self.pay(step)
        return await think(input, step)

    async def pay(self, step: Step, key: str = "ask") -> Bill:
        async def ask() -> Bill:
            self.made += 1
            return Bill(usd_micros=self.prices[self.made % len(self.prices)])

        return await step.call(
            "vendor", key, ask, returns=Bill, kind="vendor", request=Bill(usd_micros=0),
            cost_usd_micros=lambda bill: bill.usd_micros, at_most_usd_micros=self.most,
        )  # fmt: skip


class Held(Spender):
    """Pays, and then goes on when it is let. What other tests left in the queue it may have, too."""

    def __init__(self, *prices: int) -> None:
        super().__init__(*prices)
        self.begun: set[UUID] = set()
        self.let_go = asyncio.Event()

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        await self.pay(step)
        self.begun.add(step.run_id)
        await self.let_go.wait()
        return await think(input, step)


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    """Workflows that cost something."""
    for name, steps in WORKFLOWS.items():
        own = tmp_path / "workflows" / name
        own.mkdir(parents=True)
        head = f"workflow_name: {name}\ninput: {{brief: str, dollars: {{type: float, default: 0.1}}}}\nsteps:"
        (own / "orchestrator.yaml").write_text(head + steps)
    return tmp_path / "workflows"


async def cap(engine: Engine, dollars: str | None, *, kind: str = "usd_micros_in_total") -> None:
    """Set one of the tenant's caps."""
    operator = await engine.person("operator")
    body = {"kind": kind, "at_most_usd": dollars}
    answer = await engine.client.put("/v1/limits", json=body, headers=operator.headers)
    assert answer.status_code == 200, answer.text


async def budgets(engine: Engine) -> list[dict[str, Any]]:
    answer = await engine.get("/v1/budgets")
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def ended(tenant: str, rows: Rows, *, workflow: str = "%", seconds: float = 60) -> dict[str, int]:
    """How many of the tenant's runs ended how, once all have."""
    statuses = (
        "select status, count(*)::int from orchestrator.runs where tenant_id = %s and workflow like %s group by status"
    )

    def look() -> dict[str, int] | None:
        found: dict[str, int] = dict(rows(statuses, tenant, workflow))
        return found if set(found) <= {status.value for status in TERMINAL_STATUSES} else None

    return dict(await eventually(look, seconds=seconds))


def accounts(rows: Rows, tenant: str) -> tuple[int, int, int]:
    """Allotted, reserved and spent over all of a tenant's runs."""
    [found] = rows(
        "select coalesce(sum(allotted_usd_micros), 0)::bigint, coalesce(sum(reserved_usd_micros), 0)::bigint,"
        " coalesce(sum(spent_usd_micros), 0)::bigint from orchestrator.run_accounts where tenant_id = %s",
        tenant,
    )
    return found[0], found[1], found[2]


def paid(rows: Rows, tenant: str) -> int:
    """What the vendor was really paid."""
    found = rows("select coalesce(sum(cost_usd_micros), 0)::bigint from ideation.calls where tenant_id = %s", tenant)
    return int(found[0][0])


def assert_settled(rows: Rows, tenant: str) -> None:
    """Nothing is set aside any more, and the books say what was really paid."""
    spent = paid(rows, tenant)
    assert accounts(rows, tenant) == (spent, 0, spent)
    periods = rows(
        "select period = 'total', sum(allotted_usd_micros)::bigint from orchestrator.tenant_accounts"
        " where tenant_id = %s group by 1 order by 1",
        tenant,
    )
    assert periods == [(False, spent), (True, spent)]
    assert rows("select 1 from orchestrator.ready_steps where tenant_id = %s", tenant) == []


@asynccontextmanager
async def watched(stack: Stack, tenant: str, *, cap: int) -> AsyncIterator[list[int]]:
    """While it is entered, the books are looked at as fast as that goes; yields what was taken at each moment."""
    seen: list[int] = []
    wrong: list[Any] = []
    query = """
        select coalesce(sum(a.reserved_usd_micros + a.spent_usd_micros), 0)::bigint as taken,
            coalesce(sum(a.allotted_usd_micros), 0)::bigint as allotted,
            coalesce(sum(a.reserved_usd_micros), 0)::bigint as reserved,
            coalesce(bool_and(a.reserved_usd_micros >= 0
                and a.allotted_usd_micros >= a.reserved_usd_micros + a.spent_usd_micros), true) as sound,
            (select coalesce(sum(r.reserved_usd_micros), 0)::bigint from orchestrator.ready_steps r
                where r.tenant_id = %(tenant)s) as backlog,
            (select coalesce(sum(t.allotted_usd_micros), 0)::bigint from orchestrator.tenant_accounts t
                where t.tenant_id = %(tenant)s and t.period = 'total') as given,
            (select coalesce(sum(c.cost_usd_micros), 0)::bigint from ideation.calls c
                where c.tenant_id = %(tenant)s) as paid
        from orchestrator.run_accounts a where a.tenant_id = %(tenant)s
    """

    async def look() -> None:
        async with await psycopg.AsyncConnection.connect(stack.superuser_url, autocommit=True) as connection:
            while True:
                found = await (await connection.execute(query, {"tenant": tenant})).fetchone()
                assert found is not None
                taken, allotted, reserved, sound, backlog, given, spent = found
                seen.append(taken)
                if max(taken, allotted, given, spent) > cap or not sound or reserved != backlog or allotted != given:
                    wrong.append(found)
                # One look's end is the next one's beginning; others have to come to their turn between.
                await asyncio.sleep(0)

    looking = asyncio.create_task(look())
    try:
        yield seen
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    assert wrong == []
    assert seen


class Mortal:
    """An orchestrator in a process of its own, each life of which ends by SIGKILL at a place in its commits."""

    def __init__(self, stack: Stack, workflows: Path, folder: Path, lives: Sequence[str]) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            self._url = f"http://127.0.0.1:{door.getsockname()[1]}"
        self._environments = [
            stack.environment("orchestrator")
            | {
                "GREENLIGHT_PORT": self._url.rpartition(":")[2],
                "GREENLIGHT_WORKFLOWS_DIR": str(workflows),
                "GREENLIGHT_DATA_DIR": str(folder / str(number)),
                "GREENLIGHT_TESTING_POINTS": point,
                "GREENLIGHT_POLL_MS": "100",
            }
            for number, point in enumerate([*lives, ""])
        ]
        for number in range(len(self._environments)):
            (folder / str(number)).mkdir(parents=True)
        self.endings: list[int] = []
        self.alive = asyncio.Event()

    async def live(self) -> None:
        """Live all lives; the last one has no end of its own."""
        for environment in self._environments:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "embedded.host", "--service", "orchestrator"),
                env=environment,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                await self._answers()
                self.alive.set()
                self.endings.append(await process.wait())
            finally:
                self.alive.clear()
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()

    async def _answers(self) -> None:
        async with httpx.AsyncClient(base_url=self._url, trust_env=False) as client:

            async def ready() -> bool:
                try:
                    return (await client.get("/ready")).status_code == 200
                except httpx.HTTPError:
                    return False

            await eventually(ready, seconds=60)


async def test_money_for_ten_starts_ten(engine: Engine, rows: Rows) -> None:
    await cap(engine, "1.00")
    async with engine.on_duty(Spender(ESTIMATE), slots=8), watched(engine.stack, engine.tenant, cap=10 * ESTIMATE):
        await asyncio.gather(*(engine.start("priced") for _ in range(50)))
        assert await ended(engine.tenant, rows) == {"completed": 10, "failed": 40}
    assert_settled(rows, engine.tenant)
    failed = [run for run in (await engine.get("/v1/runs?status=failed")).json()["items"] if run["error"]]
    assert {(run["error"]["code"], run["error"]["stage"]) for run in failed} == {("over_budget", "first")}
    assert "may cost $0.10" in failed[0]["error"]["detail"]


async def test_what_was_not_needed_is_there_for_others(engine: Engine, rows: Rows) -> None:
    await cap(engine, "0.30")
    async with engine.on_duty(Spender(10_000), slots=1):
        runs = []
        for _ in range(12):
            runs.append(await engine.start("priced"))
            await engine.shows(runs[-1], "completed")
    assert_settled(rows, engine.tenant)
    total, today, *_ = await budgets(engine)
    assert (total["spent_usd"], total["reserved_usd"], total["cap_usd"]) == ("0.120000", "0.000000", "0.300000")
    assert (today["spent_usd"], today["cap_usd"]) == ("0.120000", None)


async def test_idle_slices_of_waiting_runs_are_taken_back(engine: Engine, rows: Rows) -> None:
    """A run is not refused while the tenant's money lies idle with another."""
    await cap(engine, "8.00")
    async with engine.on_duty(Spender(ESTIMATE)), engine.on_duty(Gates(), capability=OpenGate) as compliance:
        # There is plenty, so the first one takes four times what it needs; then it waits.
        waiting = await engine.start("waiting")
        run = await engine.shows(waiting, "waiting")
        assert accounts(rows, engine.tenant) == (4 * ESTIMATE, 0, ESTIMATE)
        await cap(engine, "0.40")
        for _ in range(4):
            await engine.start("priced")
        assert await ended(engine.tenant, rows, workflow="priced") == {"completed": 3, "failed": 1}
        await decide(compliance, engine, run, Decision.APPROVED)
        await engine.shows(waiting, "completed")
    assert_settled(rows, engine.tenant)


@pytest.mark.parametrize("kind", ["usd_micros_of_a_run", "usd_micros_of_a_day", "usd_micros_in_total"])
async def test_a_run_over_budget_goes_on_when_the_cap_is_raised(engine: Engine, rows: Rows, kind: str) -> None:
    await cap(engine, "0.15", kind=kind)
    spender = Spender(ESTIMATE)
    async with engine.on_duty(spender):
        run_id = await engine.start("dear")
        run = await engine.shows(run_id, "failed")
        assert (run["error"]["code"], run["error"]["stage"], run["error"]["kept"]) == (
            "over_budget", "second", ["first"],
        )  # fmt: skip
        assert run["cost_usd"] == "0.100000"
        await cap(engine, "0.20", kind=kind)
        retry(engine, rows, run_id)
        await engine.shows(run_id, "completed")
    # What was done before was kept.
    assert spender.made == 2
    assert_settled(rows, engine.tenant)


async def test_a_runs_own_cap_binds_besides_its_tenants(engine: Engine, rows: Rows) -> None:
    body = {"workflow": "dear", "input": {"brief": "x"}, "budget_usd": "0.10"}
    async with engine.on_duty(Spender(ESTIMATE)):
        run_id = UUID((await engine.post("/v1/runs", body)).json()["run_id"])
        run = await engine.shows(run_id, "failed")
        assert "this run has $0.00 left" in run["error"]["detail"]
        operator = await engine.person("operator")
        path, raised = f"/v1/budgets/runs/{run_id}", {"budget_usd": "0.20"}
        assert (await engine.client.put(path, json=raised, headers=operator.headers)).json()["cap_usd"] == "0.200000"
        retry(engine, rows, run_id)
        await engine.shows(run_id, "completed")
    assert (await engine.get(path)).json()["spent_usd"] == "0.200000"
    assert_settled(rows, engine.tenant)


async def test_under_a_cap_nothing_is_spent_that_no_file_declares(engine: Engine, rows: Rows) -> None:
    spender = Spender(ESTIMATE)
    async with engine.on_duty(spender):
        await engine.shows(await engine.start("undeclared"), "completed")
        await cap(engine, "5.00")
        # The dispatcher reads limits once a second.
        await eventually(lambda: rows("select 1 from orchestrator.limits where tenant_id = %s", engine.tenant))
        body = {"workflow": "undeclared", "input": {"brief": "x"}, "budget_usd": "5.00"}
        run_id = UUID((await engine.post("/v1/runs", body)).json()["run_id"])
        run = await engine.shows(run_id, "failed")
    assert (run["error"]["code"], spender.made) == ("over_budget", 1)
    assert_settled(rows, engine.tenant)


async def test_work_in_flight_of_a_cancelled_run_stays_on_the_books(engine: Engine, rows: Rows) -> None:
    """Its money is set aside until it answers; then what it cost is booked and the rest goes back."""
    held = Held(30_000)
    await cap(engine, "1.00")
    async with engine.on_duty(held):
        run_id = await engine.start("priced")
        await eventually(lambda: run_id in held.begun, seconds=20)
        await engine.post(f"/v1/runs/{run_id}/cancel")
        assert accounts(rows, engine.tenant) == (ESTIMATE, ESTIMATE, 0)
        held.let_go.set()
        await eventually(lambda: accounts(rows, engine.tenant)[1] == 0)
    assert (await engine.run(run_id))["cost_usd"] == "0.030000"
    assert_settled(rows, engine.tenant)


async def test_a_retry_beside_work_that_was_given_up_loses_no_money(engine: Engine, rows: Rows) -> None:
    """The left branch is at work when the right one fails; the run is retried before the left one has answered."""
    spender, left, let_go = Spender(ESTIMATE), asyncio.Event(), asyncio.Event()
    begun: set[tuple[UUID, str, int]] = set()

    async def act(input: IdeationInput, step: Step) -> IdeationOutput:
        begun.add((step.run_id, input.brief, step.attempt))
        await spender.pay(step)
        if (input.brief, step.attempt) == ("left", 1):
            left.set()
            await let_go.wait()
        if (input.brief, step.attempt) == ("right", 1):
            await left.wait()
            raise ContentBlocked("Not this.")
        return await think(input, step)

    await cap(engine, "1.00")
    async with engine.on_duty(act):
        run_id = await engine.start("side_by_side")
        await engine.shows(run_id, "failed")
        # The left one is at work still; its money is not to be had for others.
        assert accounts(rows, engine.tenant) == (2 * ESTIMATE, ESTIMATE, ESTIMATE)
        retry(engine, rows, run_id)
        await engine.shows(run_id, "completed")
        assert {(run_id, "left", 2), (run_id, "right", 2)} <= begun
        let_go.set()
    # What the first attempts had paid for, the second ones were given.
    assert spender.made == 2
    assert (await engine.run(run_id))["cost_usd"] == "0.200000"
    assert_settled(rows, engine.tenant)


async def test_a_worker_that_is_gone_gives_its_money_back_in_the_end(engine: Engine, rows: Rows) -> None:
    await cap(engine, "0.10")
    held = Held(0)
    async with engine.on_duty(held):
        run_id = await engine.start("priced")
        await eventually(lambda: run_id in held.begun, seconds=20)
        await engine.post(f"/v1/runs/{run_id}/cancel")
    rows("update orchestrator.ready_steps set sent_at = sent_at - interval '20 minutes' where run_id = %s", run_id)
    await eventually(lambda: accounts(rows, engine.tenant) == (0, 0, 0), seconds=20)
    assert_settled(rows, engine.tenant)


async def test_a_day_that_ends_gives_the_next_one_its_own_cap(engine: Engine, rows: Rows) -> None:
    """What was set aside yesterday counts to yesterday, also when it is answered today."""
    await cap(engine, "0.10", kind="usd_micros_of_a_day")
    held = Held(40_000)
    async with engine.on_duty(held):
        run_id = await engine.start("dear")
        await eventually(lambda: run_id in held.begun, seconds=20)
        # As if all of that had been yesterday.
        day = "to_char(period::date - 1, 'YYYY-MM-DD')"
        rows(f"update orchestrator.tenant_accounts set period = {day} where tenant_id = %s and period <> 'total'",
             engine.tenant)  # fmt: skip
        rows("update orchestrator.run_accounts set day = day - 1 where run_id = %s", run_id)
        rows("update orchestrator.ready_steps set sent_at = sent_at - interval '1 day' where run_id = %s", run_id)
        held.let_go.set()
        await engine.shows(run_id, "completed")
    _, today, yesterday = await budgets(engine)
    assert (today["spent_usd"], yesterday["spent_usd"]) == ("0.040000", "0.040000")
    assert_settled(rows, engine.tenant)


class Gates:
    """Stands in for compliance: opens every gate."""

    def __init__(self) -> None:
        self.opened: list[GateInput] = []

    async def __call__(self, input: GateInput, step: Step) -> GateOpened:
        self.opened.append(input)
        verdict = Verdict(level=VerdictLevel.ALLOWED, policy_version="1")
        return GateOpened(item_id=step.id, manifest_sha256="0" * 64, verdict=verdict)


async def decide(worker: Worker, engine: Engine, run: dict[str, Any], decision: Decision) -> None:
    decided = GateDecided(
        item_id=UUID(run["interrupts"][0]["id"]), gate="spending", decision=decision, decided_by="rob",
        content={}, manifest_sha256="0" * 64, policy_version="1",
    )  # fmt: skip
    async with worker.work.transaction(engine.tenant) as tx:
        tx.send(decided.subject, decided, run=UUID(run["run_id"]))


async def test_a_person_agrees_before_something_dear_is_done(engine: Engine, rows: Rows) -> None:
    spender, gates = Spender(ESTIMATE), Gates()
    async with engine.on_duty(spender), engine.on_duty(gates, capability=OpenGate) as compliance:
        await engine.shows(await engine.start("asked", dollars=0.50), "completed")
        assert (gates.opened, spender.made) == ([], 1)
        agreed, refused = [await engine.start("asked", dollars=0.75) for _ in range(2)]
        for run_id, decision, status in (
            (agreed, Decision.APPROVED, "completed"),
            (refused, Decision.REJECTED, "rejected"),
        ):
            run = await engine.shows(run_id, "awaiting_spending_approval")
            await decide(compliance, engine, run, decision)
            await engine.shows(run_id, status)
    assert spender.made == 2
    assert gates.opened[0].content["estimate_usd"] == 0.75
    assert_settled(rows, engine.tenant)


def retry(engine: Engine, rows: Rows, run_id: UUID) -> None:
    """As if somebody had asked for a retry."""
    happening = '{"kind": "retry", "by": "rob", "at": "2026-01-01T00:00:00Z"}'
    rows(
        "insert into orchestrator.timers (id, tenant_id, run_id, due_at, happening) values (%s, %s, %s, now(), %s)",
        uuid4(), engine.tenant, run_id, happening,
    )  # fmt: skip


async def test_no_cap_is_passed_while_orchestrators_are_killed(
    engine: Engine, rows: Rows, workflows: Path, tmp_path: Path
) -> None:
    """200 runs at once, money for some of them, two orchestrators, one of which is killed in its commits."""
    chance = random.Random(20)
    lives = [f"orchestrator.{point}:{chance.randrange(*span)}" for point, span in KILLS]
    mortal = Mortal(engine.stack, workflows, tmp_path / "lives", lives)
    spender = Spender(*(chance.randrange(ESTIMATE // 10, ESTIMATE + 1, 1000) for _ in range(97)))

    async def act(input: IdeationInput, step: Step) -> IdeationOutput:
        # Nothing is done while the other orchestrator is away, so that it always has its part.
        await mortal.alive.wait()
        return await spender(input, step)

    await cap(engine, "6.00")
    living = asyncio.create_task(mortal.live())
    try:
        async with watched(engine.stack, engine.tenant, cap=6_000_000) as seen, engine.on_duty(act, slots=8):
            await asyncio.gather(*(engine.start(("priced", "dear")[number % 2]) for number in range(200)))
            await eventually(lambda: len(mortal.endings) == len(lives), seconds=120)
            statuses = await ended(engine.tenant, rows, seconds=120)
    finally:
        await end_tasks([living])
    assert mortal.endings == [-signal.SIGKILL] * len(lives)
    assert sum(statuses.values()) == 200
    # The money was there for some of them and not for all.
    assert statuses["completed"] >= 20
    assert statuses["failed"] >= 20
    assert max(seen) > 5_000_000
    assert_settled(rows, engine.tenant)
