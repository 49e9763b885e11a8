"""Limits over HTTP: who may set them, what they say of their use, and that it is recorded."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.manifest import state_sha256
from testkit.engine import Engine, think
from testkit.listening import eventually
from testkit.workshop import Rows

STEPS = {"kind": "steps", "at_most": 3}
DAY = {"kind": "usd_micros_of_a_day", "at_most_usd": "12.50"}
WORKFLOW = {"kind": "steps_of_workflow", "name": "thought", "at_most": 2}


async def ask(
    engine: Engine, method: str, path: str = "/v1/limits", *, role: str = "operator", **more: Any
) -> httpx.Response:
    person = await engine.person(role)
    return await engine.client.request(method, path, headers=person.headers, **more)


async def test_a_limit_is_set_changed_and_taken_away(engine: Engine, rows: Rows) -> None:
    for limit in (STEPS, DAY, WORKFLOW, STEPS | {"at_most": 4}):
        assert (await ask(engine, "PUT", json=limit)).status_code == 200
    unused = {"name": "", "at_most": None, "in_use": None, "at_most_usd": None, "in_use_usd": None}
    assert (await ask(engine, "GET")).json() == [
        unused | {"kind": "steps", "at_most": 4, "in_use": 0},
        unused | {"kind": "steps_of_workflow", "name": "thought", "at_most": 2, "in_use": 0},
        unused | {"kind": "usd_micros_of_a_day", "at_most_usd": "12.500000", "in_use_usd": "0.000000"},
    ]
    for _ in range(2):
        gone = await ask(engine, "DELETE", params={"kind": "steps_of_workflow", "name": "thought"})
        assert gone.status_code == 204
    assert [limit["kind"] for limit in (await ask(engine, "GET")).json()] == ["steps", "usd_micros_of_a_day"]
    recorded = rows(
        "select convert_from(body, 'utf8')::jsonb ->> 'action', convert_from(body, 'utf8')::jsonb ->> 'resource'"
        " from orchestrator.outbox where tenant_id = %s and subject like 'cmd.compliance.audit%%'"
        " and convert_from(body, 'utf8')::jsonb ->> 'action' like 'limit.%%' order by seq",
        engine.tenant,
    )
    assert recorded == [
        ("limit.set", "limit:steps"),
        ("limit.set", "limit:usd_micros_of_a_day"),
        ("limit.set", "limit:steps_of_workflow/thought"),
        ("limit.set", "limit:steps"),
        ("limit.removed", "limit:steps_of_workflow/thought"),
    ]
    hashes = rows(
        "select convert_from(body, 'utf8')::jsonb ->> 'before_sha256',"
        " convert_from(body, 'utf8')::jsonb ->> 'after_sha256'"
        " from orchestrator.outbox where tenant_id = %s and convert_from(body, 'utf8')::jsonb ->> 'resource' = %s"
        " order by seq",
        *(engine.tenant, "limit:steps"),
    )
    was, now = state_sha256({"at_most": 3}), state_sha256({"at_most": 4})
    assert hashes == [(None, was), (was, now)]


async def test_a_limit_shows_its_use(engine: Engine) -> None:
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def slow(input: IdeationInput, step: Step) -> IdeationOutput:
        if step.tenant == engine.tenant:
            begun.set()
        await let_go.wait()
        return await think(input, step)

    async with engine.on_duty(slow):
        run_id = await engine.start()
        await asyncio.wait_for(begun.wait(), 20)
        used = [(await ask(engine, "PUT", json=limit)).json()["in_use"] for limit in (STEPS, WORKFLOW)]
        assert used == [1, 1]
        let_go.set()
        await engine.shows(run_id, "completed")
    assert [limit["in_use"] for limit in (await ask(engine, "GET")).json()] == [0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "steps", "at_most": -1},
        {"kind": "steps", "at_most_usd": "1"},
        {"kind": "steps", "at_most": 1, "name": "thought"},
        {"kind": "steps_of_workflow", "at_most": 1},
        {"kind": "steps_of_capability", "name": "nobody.does_this", "at_most": 1},
        {"kind": "usd_micros_of_a_day", "at_most": 1},
        {"kind": "usd_micros_of_a_day", "at_most_usd": "-1"},
        {"kind": "usd_micros_of_a_day", "at_most_usd": "0.0000001"},
        {"kind": "patience", "at_most": 1},
    ],
)
async def test_what_is_no_limit_is_refused(engine: Engine, wrong: dict[str, Any]) -> None:
    refused = await ask(engine, "PUT", json=wrong)
    assert (refused.status_code, bool(refused.json()["detail"])) == (422, True)
    assert (await ask(engine, "GET")).json() == []


@pytest.mark.parametrize("role", ["creator", "reviewer", "publisher", "compliance_officer"])
async def test_only_operators_set_limits(engine: Engine, role: str) -> None:
    for method, more in (("PUT", {"json": STEPS}), ("DELETE", {"params": {"kind": "steps"}}), ("GET", {})):
        assert (await ask(engine, method, role=role, **more)).status_code == 403
    assert (await ask(engine, "PUT", role="admin", json=STEPS)).status_code == 200


async def test_a_limit_is_one_tenants_own(engine: Engine) -> None:
    await ask(engine, "PUT", json=STEPS)
    other = await engine.person("operator", tenant=f"{engine.tenant}-b")
    assert (await engine.client.get("/v1/limits", headers=other.headers)).json() == []
    run_id = await engine.start()
    path = f"/v1/budgets/runs/{run_id}"
    assert (await engine.client.get(path, headers=other.headers)).status_code == 404
    assert (await engine.client.put(path, headers=other.headers, json={"budget_usd": "1"})).status_code == 404
    assert (await ask(engine, "PUT", path, role="creator", json={"budget_usd": "1"})).status_code == 403
    assert (await ask(engine, "PUT", path, json={"budget_usd": "1"})).json()["cap_usd"] == "1.000000"
    await ask(engine, "PUT", json={"kind": "usd_micros_of_a_run", "at_most_usd": "0.50"})
    assert (await ask(engine, "GET", path)).json()["cap_usd"] == "0.500000"
    await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_budgets_begin_with_all_time_and_today(engine: Engine) -> None:
    await ask(engine, "PUT", json=DAY)
    total, today = (await ask(engine, "GET", "/v1/budgets", role="creator")).json()
    nothing = {"allotted_usd": "0.000000", "reserved_usd": "0.000000", "spent_usd": "0.000000"}
    assert total == nothing | {"of": "total", "cap_usd": None}
    assert today == nothing | {"of": today["of"], "cap_usd": "12.500000"}
    assert (await ask(engine, "GET", "/v1/budgets", role="reviewer")).status_code == 403
    await eventually(lambda: ask(engine, "GET", "/v1/budgets?days=0"), until=lambda answer: answer.status_code == 422)
