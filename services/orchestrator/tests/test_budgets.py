"""Money: no cap is ever passed, and nothing that was set aside is lost, whoever is killed in the middle."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from common.bus.step import Step
from common.contracts.gates import GateDecided, GateInput, GateOpened, OpenGate, Verdict, VerdictLevel
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import Decision
from common.errors import ContentBlocked
from testkit.engine import Engine, think, write_workflow
from testkit.listening import eventually
from testkit.money import ESTIMATE, Held, Spender, accounts, assert_settled, budgets, cap, ended, watched
from testkit.workshop import Rows, Worker

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
    "above": """
  - {id: below, subrun: dear, with: {brief: "${input.brief}"}}
""",
    "freely": """
  - {id: below, subrun: undeclared, with: {brief: "${input.brief}"}}
""",
    "side_by_side": """
  - id: both
    parallel:
      left: [{id: left, run: ideation.propose_ideas, with: {brief: left}, cost: {estimate: 0.10}}]
      right: [{id: right, run: ideation.propose_ideas, with: {brief: right}, cost: {estimate: 0.10}}]
""",
}


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workflows that cost something."""
    folder = tmp_path_factory.mktemp("workflows")
    for name, steps in WORKFLOWS.items():
        head = f"workflow_name: {name}\ninput: {{brief: str, dollars: {{type: float, default: 0.1}}}}\nsteps:"
        write_workflow(folder, head + steps)
    return folder


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
        await retry(engine, run_id)
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
        await retry(engine, run_id)
        await engine.shows(run_id, "completed")
    assert (await engine.get(path)).json()["spent_usd"] == "0.200000"
    assert_settled(rows, engine.tenant)


@dataclass
class Shopper:
    """Buys so many things of a vendor that its file says nothing of, all at once or one after another."""

    spender: Spender
    things: int
    at_once: bool = False

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        if self.at_once:
            await asyncio.gather(*(self.spender.pay(step, f"thing {number}") for number in range(self.things)))
        else:
            for number in range(self.things):
                await self.spender.pay(step, f"thing {number}")
        return await think(input, step)


@pytest.mark.parametrize("at_once", [False, True])
async def test_under_a_cap_a_step_that_declares_nothing_is_given_what_its_calls_need(
    engine: Engine, rows: Rows, at_once: bool
) -> None:
    shopper = Shopper(Spender(ESTIMATE, 30_000, 50_000), 3, at_once)
    async with engine.on_duty(shopper):
        await engine.shows(await engine.start("undeclared"), "completed")
        body = {"workflow": "undeclared", "input": {"brief": "x"}, "budget_usd": "0.30"}
        run_id = UUID((await engine.post("/v1/runs", body)).json()["run_id"])
        run = await engine.shows(run_id, "completed")
    # Nothing was bought twice, and nothing is in doubt.
    assert shopper.spender.made == 6
    assert (run["cost_usd"], run["unknown_usd"]) == ("0.180000", "0.000000")
    history = (await engine.get(f"/v1/runs/{run_id}/history")).json()
    asked = [entry["data"] for entry in history if entry["type"] == "agent.retrying"]
    assert [(entry["code"], entry["needs_usd_micros"]) for entry in asked] == [("over_budget", ESTIMATE)] * 3
    assert_settled(rows, engine.tenant)


async def test_what_a_step_asks_for_the_cap_may_refuse(engine: Engine, rows: Rows) -> None:
    spender = Spender(ESTIMATE)
    body = {"workflow": "undeclared", "input": {"brief": "x"}, "budget_usd": "0.25"}
    async with engine.on_duty(Shopper(spender, 3)):
        run_id = UUID((await engine.post("/v1/runs", body)).json()["run_id"])
        run = await engine.shows(run_id, "failed")
        assert (run["error"]["code"], run["cost_usd"], spender.made) == ("over_budget", "0.200000", 2)
        assert "this run has $0.05 left" in run["error"]["detail"]
        operator = await engine.person("operator")
        raised = {"budget_usd": "0.30"}
        await engine.client.put(f"/v1/budgets/runs/{run_id}", json=raised, headers=operator.headers)
        await retry(engine, run_id)
        await engine.shows(run_id, "completed")
    assert spender.made == 3
    assert_settled(rows, engine.tenant)


async def test_what_a_file_declares_is_a_bound(engine: Engine, rows: Rows) -> None:
    spender = Spender(ESTIMATE)
    async with engine.on_duty(Shopper(spender, 2)):
        run = await engine.shows(await engine.start("priced"), "failed")
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
        await retry(engine, run_id)
        await engine.shows(run_id, "completed")
        assert {(run_id, "left", 2), (run_id, "right", 2)} <= begun
        let_go.set()
    # What the first attempts had paid for, the second ones were given.
    assert spender.made == 2
    assert (await engine.run(run_id))["cost_usd"] == "0.200000"
    assert_settled(rows, engine.tenant)


async def test_what_a_worker_that_is_gone_may_have_spent_counts_in_the_end(
    engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody will ever say what it had spent: all that was set aside for it counts, and the run says so."""
    await cap(engine, "0.10")
    held = Held(0)
    async with engine.on_duty(held):
        run_id = await engine.start("priced")
        await eventually(lambda: run_id in held.begun, seconds=20)
        monkeypatch.setattr("orchestrator.unwanted.NEVER_ANSWERED", timedelta(0))
        await engine.post(f"/v1/runs/{run_id}/cancel")
        await eventually(lambda: accounts(rows, engine.tenant) == (ESTIMATE, 0, ESTIMATE), seconds=20)
        run = await engine.run(run_id)
        assert (run["status"], run["cost_usd"], run["unknown_usd"]) == ("cancelled", "0.100000", "0.100000")
        assert (await engine.history(run_id))[-1] == "agent.stopped"
        # Should it come back after all, it is not counted twice.
        held.let_go.set()
    assert accounts(rows, engine.tenant) == (ESTIMATE, 0, ESTIMATE)


async def test_what_runs_below_cost_counts_above_at_once_and_late(engine: Engine, rows: Rows) -> None:
    """The run above is cancelled while one below it is at work; what that costs still counts above."""
    held = Held(30_000)
    async with engine.on_duty(held):
        above = await engine.start("above")
        [[below]] = await eventually(
            lambda: rows("select id from orchestrator.runs where parent_run_id = %s", above), seconds=20
        )
        await eventually(lambda: below in held.begun, seconds=20)
        budget = (await engine.get(f"/v1/budgets/runs/{above}")).json()
        assert (budget["reserved_usd"], budget["spent_usd"]) == ("0.100000", "0.000000")
        await engine.post(f"/v1/runs/{above}/cancel")
        await engine.shows(below, "cancelled")
        held.let_go.set()
        await eventually(lambda: engine.run(above), until=lambda run: run["cost_usd"] == "0.030000", seconds=20)
    assert (await engine.run(above))["status"] == "cancelled"
    assert (await engine.run(below))["cost_usd"] == "0.030000"
    assert (await engine.history(above))[-1] == "subrun.spent"
    budget = (await engine.get(f"/v1/budgets/runs/{above}")).json()
    assert (budget["reserved_usd"], budget["spent_usd"]) == ("0.000000", "0.030000")
    assert_settled(rows, engine.tenant)


async def test_a_runs_own_cap_binds_what_it_starts(engine: Engine, rows: Rows) -> None:
    body = {"workflow": "above", "input": {"brief": "x"}, "budget_usd": "0.15"}
    async with engine.on_duty(Spender(ESTIMATE)):
        above = UUID((await engine.post("/v1/runs", body)).json()["run_id"])
        run = await engine.shows(above, "failed")
        assert run["error"]["code"] == "subrun_failed"
        assert f"run {above}, of which this one is a part, has $0.05 left" in run["error"]["detail"]
        assert run["cost_usd"] == "0.100000"
        assert (await engine.history(above)).count("subrun.spent") == 1
        operator = await engine.person("operator")
        raised = {"budget_usd": "0.30"}
        await engine.client.put(f"/v1/budgets/runs/{above}", json=raised, headers=operator.headers)
        # What failed is over; the next try is a run of its own, and counts besides.
        await retry(engine, above)
        await engine.shows(above, "completed")
    assert (await engine.run(above))["cost_usd"] == "0.300000"
    assert_settled(rows, engine.tenant)


async def test_a_cap_of_a_run_above_binds_what_a_step_below_asks_for(engine: Engine, rows: Rows) -> None:
    spender = Spender(ESTIMATE)
    body = {"workflow": "freely", "input": {"brief": "x"}, "budget_usd": "0.15"}
    async with engine.on_duty(Shopper(spender, 2)):
        above = UUID((await engine.post("/v1/runs", body)).json()["run_id"])
        run = await engine.shows(above, "failed")
    assert (run["error"]["code"], spender.made) == ("subrun_failed", 1)
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


async def retry(engine: Engine, run_id: UUID) -> None:
    """Ask for a retry of a failed run."""
    answer = await engine.post(f"/v1/runs/{run_id}/retry")
    assert answer.status_code == 200, answer.text
