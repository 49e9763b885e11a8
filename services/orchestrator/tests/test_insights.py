"""What runs cost and how far they come: added up from what happened, and from nobody else's runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import ArtifactType, Origin
from common.errors import ContentBlocked
from orchestrator import insights
from testkit.engine import Engine, think, write_workflow
from testkit.listening import eventually
from testkit.money import ESTIMATE, Spender
from testkit.workshop import Rows

FIRST = """
  - id: first
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    agent: writer
    cost: {estimate: 0.10}
"""
SECOND = """
  - {id: second, run: compliance.check_brief, with: {brief: "${input.brief}"}}
"""
BELOW = """
  - {id: below, subrun: priced, with: {brief: "${input.brief}"}}
"""
WORKFLOWS = {"priced": FIRST, "two_steps": FIRST + SECOND, "above": BELOW}
AGENTS = "agents:\n  - {name: writer, instructions: Write.}\n"


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Workflows that cost something."""
    folder = tmp_path_factory.mktemp("workflows")
    for name, steps in WORKFLOWS.items():
        own = write_workflow(folder, f"workflow_name: {name}\ninput: {{brief: str}}\nsteps:{steps}")
        if "writer" in steps:
            (own / "agents.yaml").write_text(AGENTS)
    return folder


class Signing(Spender):
    """Pays, and keeps a file that says which model it was; a brief about nothing fails after it was paid for."""

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        await self.pay(step)
        if input.brief == "nothing":
            raise ContentBlocked("There is nothing to say.")
        name = f"{uuid4()}.json"
        made_by = "ideation/grand-model"
        await step.keep(
            name.encode(),
            type=ArtifactType.IDEAS,
            name=name,
            media_type="text/plain",
            made_by=made_by,
            origin=Origin.REAL,
        )
        return await think(input, step)


async def costs(engine: Engine, by: str, **query: Any) -> dict[str, Any]:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    answer = await engine.get(f"/v1/insights/costs?by={by}{more}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def shares(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [(one["name"], one["cost_usd"], one["runs"]) for one in found["shares"]]


@pytest.mark.feature("P21")
async def test_money_is_added_up_by_what_it_went_to(engine: Engine, rows: Rows) -> None:
    async with engine.on_duty(Signing(ESTIMATE), slots=4):
        above = await engine.start("above", brief="Tides")
        await engine.shows(above, "completed")
        plain = await engine.start("priced", brief="Bees")
        await engine.shows(plain, "completed")
        lost = await engine.start("priced", brief="nothing")
        await engine.shows(lost, "failed")
    today = datetime.now(UTC).date().isoformat()

    async def told() -> bool:
        # What a run below cost is told to the one above a moment after it.
        return bool((await engine.run(above))["cost_usd"] == "0.100000")

    await eventually(told)
    by_day = await costs(engine, "day")
    # Three were paid for. What the run below cost is counted there, and not once more in the one above.
    assert (by_day["total_usd"], by_day["rest_usd"], by_day["is_whole"]) == ("0.300000", "0.000000", True)
    assert [(name, cost) for name, cost, _ in shares(by_day)] == [(today, "0.300000")]
    assert ("priced", "0.300000") in {(name, cost) for name, cost, _ in shares(await costs(engine, "workflow"))}
    creator = await engine.person()
    assert shares(await costs(engine, "user"))[0][:2] == (creator.user_id, "0.300000")
    # What the failed step cost belongs to no agent that did anything; it is the rest.
    by_agent = await costs(engine, "agent")
    assert (shares(by_agent), by_agent["rest_usd"]) == ([("writer", "0.200000", 2)], "0.100000")
    assert shares(await costs(engine, "model")) == [("ideation/grand-model", "0.200000", 2)]
    dearest = await costs(engine, "run", limit=1)
    assert (len(dearest["shares"]), dearest["rest_usd"]) == (1, "0.200000")
    titles = {one["title"] for one in (await costs(engine, "run"))["shares"] if one["cost_usd"] != "0.000000"}
    assert titles == {"Tides", "Bees", "nothing"}


@pytest.mark.feature("P21")
async def test_there_is_nothing_of_others_and_nothing_of_before(engine: Engine, rows: Rows, tenant: str) -> None:
    async with engine.on_duty(Signing(ESTIMATE)):
        run = await engine.start("priced")
        await engine.shows(run, "completed")
    stranger = await engine.get("/v1/insights/costs", tenant=f"{tenant}-other")
    assert (stranger.json()["total_usd"], stranger.json()["shares"]) == ("0.000000", [])
    funnel = await engine.get("/v1/insights/funnel?workflow=priced", tenant=f"{tenant}-other")
    assert (funnel.json()["began"], funnel.json()["stages"][0]["passed"]) == (0, 0)
    private = await engine.post("/v1/runs", {"workflow": "priced", "input": {"brief": "x"}, "visibility": "private"})
    assert private.status_code == 202
    colleague = await engine.people.join(tenant, "creator")
    seen = await engine.client.get("/v1/insights/funnel?workflow=priced", headers=colleague.headers)
    assert seen.json()["began"] == 1
    await engine.post(f"/v1/runs/{private.json()['run_id']}/cancel")
    rows("update orchestrator.runs set created_at = created_at - interval '3 days' where tenant_id = %s", tenant)
    assert (await costs(engine, "day", days=3))["total_usd"] == "0.000000"
    assert (await costs(engine, "day", days=4))["total_usd"] == "0.100000"


async def test_who_came_further_is_past_everything_before(engine: Engine) -> None:
    async with engine.on_duty(Signing(ESTIMATE)):
        there = await engine.start("two_steps")
        await engine.shows(there, "running")

        async def passed() -> bool:
            return "agent.completed" in await engine.history(there)

        await eventually(passed)
        lost = await engine.start("two_steps", brief="nothing")
        await engine.shows(lost, "failed")
    answer = (await engine.get("/v1/insights/funnel?workflow=two_steps")).json()
    assert answer["began"] == 2
    assert [(one["step"], one["passed"], one["here"], one["ended"]) for one in answer["stages"]] == [
        ("first", 1, 0, 1),
        ("second", 0, 1, 0),
    ]
    assert (await engine.get("/v1/insights/funnel?workflow=unknown")).status_code == 404
    await engine.post(f"/v1/runs/{there}/cancel")


async def test_more_runs_than_are_added_up_are_said(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(insights, "RUNS_AT_MOST", 1)
    async with engine.on_duty(Signing(ESTIMATE)):
        for _ in range(2):
            await engine.shows(await engine.start("priced"), "completed")
    found = await costs(engine, "day")
    assert (found["total_usd"], found["runs"], found["is_whole"]) == ("0.100000", 1, False)
    assert (await engine.get("/v1/insights/costs?days=93")).status_code == 422
    reviewer = await engine.person("reviewer")
    assert (await engine.client.get("/v1/insights/costs", headers=reviewer.headers)).status_code == 403
