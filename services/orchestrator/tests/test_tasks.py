"""Tasks: single orders outside of any workflow, and what a run may cost, before it is started and to its end."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.tasks import TaskCreated
from common.contracts.values import Value
from common.errors import VendorRefused
from nats.aio.msg import Msg
from orchestrator.definitions.loader import load_folder
from orchestrator.engine.state import Phase, RunState, StepState
from orchestrator.estimates import estimate
from testkit.engine import Engine, think, write_workflow, write_workflows
from testkit.listening import eventually
from testkit.workshop import Rows

ORDER = {"capability": "ideation.propose_ideas", "input": {"brief": "Why ${bees} dance"}}
PRICED = """workflow_name: priced
input: {brief: str, scenes: {type: 'list[str]', default: []}}
steps:
  - id: think
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
    cost: {estimate: "${0.05 * double(size(input.scenes))}"}
  - id: scenes
    foreach: "${input.scenes}"
    steps:
      - {id: draw, run: ideation.propose_ideas, with: {brief: "${item}"}}
  - {id: check, run: compliance.check_brief, with: {brief: "${input.brief}"}, when: "size(input.scenes) > 5"}
  - {id: agree, gate: agreement, holds: {brief: "${input.brief}"}}
  - {id: other, subrun: thought, with: {brief: "${input.brief}"}}
"""


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small workflows, and one that costs something."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    write_workflow(folder, PRICED)
    return folder


class Held:
    """An act that waits until it is let go."""

    def __init__(self) -> None:
        self.begun: list[Step] = []
        self.let_go = asyncio.Event()

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        self.begun.append(step)
        await self.let_go.wait()
        return await think(input, step)


class Bill(Value):
    """What a vendor answers."""

    usd_micros: int = 20_000


async def pay(input: IdeationInput, step: Step) -> IdeationOutput:
    """An act that costs two cents."""

    async def ask() -> Bill:
        return Bill()

    await step.call(
        "vendor", "ask", ask, returns=Bill, kind="vendor", request=Bill(),
        cost_usd_micros=lambda bill: bill.usd_micros, at_most_usd_micros=20_000,
    )  # fmt: skip
    return await think(input, step)


async def order(engine: Engine, **more: Any) -> dict[str, Any]:
    answer = await engine.post("/v1/tasks", ORDER | more)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


async def task(engine: Engine, task_id: str) -> dict[str, Any]:
    return dict((await engine.get(f"/v1/tasks/{task_id}")).json())


async def in_state(engine: Engine, task_id: str, state: str) -> dict[str, Any]:
    return dict(await eventually(lambda: task(engine, task_id), until=lambda one: one["state"] == state, seconds=20))


@pytest.mark.feature("A4", "A15", "A18")
async def test_a_task_goes_from_pending_to_completed(engine: Engine) -> None:
    held = Held()
    made = await order(engine, priority="urgent", estimate_usd="0.10")
    assert (made["state"], made["priority"], made["name"]) == ("pending", "urgent", "ideation.propose_ideas")
    async with engine.on_duty(held):
        await eventually(lambda: [step for step in held.begun if str(step.run_id) == made["task_id"]], seconds=20)
        at_work = await task(engine, made["task_id"])
        assert at_work["state"] == "in_progress"
        held.let_go.set()
        done = await in_state(engine, made["task_id"], "completed")
    # What looks like a template in an order is text.
    assert done["output"]["ideas"][0]["title"] == "Why ${bees} dance"
    assert await engine.history(made["task_id"]) == [
        "run.created", "run.started", "agent.started", "agent.completed", "run.completed",
    ]  # fmt: skip


@pytest.mark.feature("A18")
async def test_a_task_is_cancelled_also_at_work_and_only_before_its_end(engine: Engine) -> None:
    waiting, held = await order(engine), Held()
    stopped: list[str] = []

    async def hear(message: Msg) -> None:
        stopped.append(message.subject)

    for _ in range(2):
        assert (await engine.post(f"/v1/tasks/{waiting['task_id']}/cancel")).json()["state"] == "cancelled"
    async with engine.on_duty(held) as worker:
        await worker.bus.hear("ctl.cancel.*", hear)
        at_work = await order(engine)
        await eventually(lambda: [step for step in held.begun if str(step.run_id) == at_work["task_id"]], seconds=20)
        assert (await engine.post(f"/v1/tasks/{at_work['task_id']}/cancel")).json()["state"] == "cancelled"
        await eventually(lambda: f"ctl.cancel.{at_work['task_id']}" in stopped)
        held.let_go.set()
        done = await order(engine)
        await in_state(engine, done["task_id"], "completed")
    assert (await task(engine, at_work["task_id"]))["state"] == "cancelled"
    refused = await engine.post(f"/v1/tasks/{done['task_id']}/cancel")
    assert (refused.status_code, refused.json()["error"], refused.json()["state"]) == (
        409, "illegal_transition", "completed",
    )  # fmt: skip


async def test_a_task_fails_with_its_reason(engine: Engine) -> None:
    async def refuse(input: IdeationInput, step: Step) -> IdeationOutput:
        raise VendorRefused("Not today.")

    async with engine.on_duty(refuse):
        failed = await in_state(engine, (await order(engine))["task_id"], "failed")
    assert (failed["error"]["code"], failed["error"]["detail"]) == ("vendor_refused", "Not today.")
    assert (await engine.post(f"/v1/tasks/{failed['task_id']}/cancel")).status_code == 409


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"capability": "nobody.does_this"}, 422, "ideation.propose_ideas"),
        ({"capability": "compliance.open_gate"}, 422, "behind its gates"),
        ({"capability": "publisher.publish"}, 422, "behind its gates"),
        ({"input": {}}, 422, "brief"),
        ({"parent_id": str(uuid4())}, 404, "There is no run"),
        ({"priority": "now"}, 422, "priority"),
    ],
)
async def test_what_cannot_be_ordered_leaves_no_task(
    engine: Engine, change: dict[str, Any], status: int, says: str
) -> None:
    answer = await engine.post("/v1/tasks", ORDER | change)
    assert (answer.status_code, says in answer.text) == (status, True), answer.text
    assert (await engine.get("/v1/tasks")).json()["items"] == []


@pytest.mark.feature("A74")
async def test_task_created_is_told_once(engine: Engine, rows: Rows) -> None:
    await engine.person()
    answers = await asyncio.gather(*(engine.post("/v1/tasks", ORDER, **{"Idempotency-Key": "k"}) for _ in range(4)))
    [task_id] = {answer.json()["task_id"] for answer in answers}
    told = rows(
        "select convert_from(body, 'utf8') from orchestrator.outbox where tenant_id = %s and subject = %s",
        engine.tenant, TaskCreated.subject,
    )  # fmt: skip
    assert [str(TaskCreated.model_validate_json(body).task_id) for (body,) in told] == [task_id]
    await engine.post(f"/v1/tasks/{task_id}/cancel")


async def test_tasks_are_found_by_what_they_are(engine: Engine) -> None:
    first = await order(engine, priority="low")
    second = await order(engine, parent_id=first["task_id"])
    third = await order(engine, parent_id=first["task_id"], priority="high")
    await engine.post(f"/v1/tasks/{third['task_id']}/cancel")

    async def found(query: str) -> list[str]:
        return [item["task_id"] for item in (await engine.get(f"/v1/tasks?{query}")).json()["items"]]

    everything = [third["task_id"], second["task_id"], first["task_id"]]
    assert await found("") == everything
    assert await found(f"parent_id={first['task_id']}") == everything[:2]
    assert await found("state=pending") == everything[1:]
    assert await found("state=cancelled") == everything[:1]
    assert await found("state=in_progress") == []
    assert await found("priority=low") == everything[2:]
    assert await found("capability=compliance.check_brief") == []
    assert (await engine.get("/v1/tasks?capability=%00")).status_code == 422
    page = (await engine.get("/v1/tasks?limit=2")).json()
    assert [item["task_id"] for item in page["items"]] == everything[:2]
    assert await found(f"limit=2&cursor={page['next_cursor']}") == everything[2:]
    for one in everything:
        await engine.post(f"/v1/tasks/{one}/cancel")


async def test_another_tenants_task_is_not_there_and_a_reviewer_starts_none(engine: Engine) -> None:
    made = await order(engine)
    other = f"{engine.tenant}-b"
    assert (await engine.get(f"/v1/tasks/{made['task_id']}", tenant=other)).status_code == 404
    assert (await engine.post(f"/v1/tasks/{made['task_id']}/cancel", tenant=other)).status_code == 404
    assert (await engine.get("/v1/tasks", tenant=other)).json()["items"] == []
    reviewer = await engine.person("reviewer")
    assert (await engine.client.post("/v1/tasks", json=ORDER, headers=reviewer.headers)).status_code == 403
    run_id = await engine.start()
    assert (await engine.get(f"/v1/tasks/{run_id}")).status_code == 404
    for one in (f"/v1/tasks/{made['task_id']}", f"/v1/runs/{run_id}"):
        await engine.post(f"{one}/cancel")


@pytest.mark.feature("A82")
async def test_each_step_of_a_run_is_a_task_of_it(engine: Engine) -> None:
    async with engine.on_duty():
        run_id = await engine.start("gated")
        await eventually(lambda: engine.get(f"/v1/runs/{run_id}/tasks"), until=lambda a: "completed" in a.text)
        think_, agree = (await engine.get(f"/v1/runs/{run_id}/tasks")).json()
    assert (think_["name"], think_["state"], think_["parent_id"]) == ("think", "completed", str(run_id))
    assert (agree["name"], agree["state"], agree["parent_id"]) == ("agree", "pending", str(run_id))
    await engine.post(f"/v1/runs/{run_id}/cancel")
    states = [one["state"] for one in (await engine.get(f"/v1/runs/{run_id}/tasks")).json()]
    assert states == ["completed", "cancelled"]


async def ask(engine: Engine, scenes: list[str]) -> dict[str, Any]:
    body = {"workflow": "priced", "input": {"brief": "x", "scenes": scenes}}
    answer = await engine.post("/v1/runs/estimate", body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_an_estimate_says_what_is_declared_measured_and_unknown(engine: Engine, rows: Rows) -> None:
    empty = await ask(engine, ["a", "b"])
    by_step = {step["step"]: step for step in empty["steps"]}
    assert (by_step["think"]["cost_usd"], by_step["think"]["cost_source"]) == ("0.100000", "declared")
    assert (by_step["draw"]["cost_usd"], by_step["draw"]["cost_source"], by_step["draw"]["times"]) == (
        None, "unknown", 2,
    )  # fmt: skip
    assert by_step["check"]["times"] == 0
    assert (by_step["agree"]["cost_source"], by_step["agree"]["duration_ms"]) == ("free", None)
    assert (empty["known_cost_usd"], empty["cost_unknown_for"]) == ("0.100000", ["draw", "other"])
    assert empty["known_duration_ms"] == 0
    async with engine.on_duty(pay):
        for _ in range(3):
            await in_state(engine, (await order(engine))["task_id"], "completed")
    known = await ask(engine, ["a", "b"])
    draw = {step["step"]: step for step in known["steps"]}["draw"]
    assert (draw["cost_usd"], draw["cost_source"], draw["samples"]) == ("0.020000", "measured", 3)
    [median] = rows(
        "select percentile_cont(0.5) within group (order by extract(epoch from d.at - s.at) * 1000)::bigint"
        " from orchestrator.run_events d join orchestrator.run_events s on s.run_id = d.run_id"
        " where d.tenant_id = %s and d.type = 'agent.completed' and s.type = 'agent.started'",
        engine.tenant,
    )
    assert (draw["duration_ms"],) == median
    assert (known["known_cost_usd"], known["cost_unknown_for"]) == ("0.140000", ["other"])
    assert known["known_duration_ms"] == 3 * median[0]
    assert (await engine.get("/v1/runs")).json()["items"][0]["workflow"].startswith("task:")
    other = await engine.post(
        "/v1/runs/estimate", {"workflow": "priced", "input": {"brief": "x"}}, tenant=f"{engine.tenant}-b"
    )
    assert {step["samples"] for step in other.json()["steps"]} == {0}


async def rest_of(engine: Engine, run_id: UUID) -> dict[str, tuple[int | None, str | None]]:
    answer = await engine.get(f"/v1/runs/{run_id}/estimate")
    assert answer.status_code == 200, answer.text
    return {step["step"]: (step["times"], step["cost_usd"]) for step in answer.json()["steps"]}


@pytest.mark.feature("P21")
async def test_what_is_done_is_not_in_what_a_run_may_still_cost(engine: Engine) -> None:
    run_id = await engine.start("priced", brief="x", scenes=["a", "b"])
    still = {"draw": (2, None), "agree": (1, "0.000000"), "other": (1, None)}
    assert await rest_of(engine, run_id) == {"think": (1, "0.100000"), **still}
    async with engine.on_duty(pay):
        await eventually(lambda: rest_of(engine, run_id), until=lambda rest: "draw" not in rest)
    answer = (await engine.get(f"/v1/runs/{run_id}/estimate")).json()
    assert ([step["step"] for step in answer["steps"]], answer["cost_unknown_for"]) == (["agree", "other"], ["other"])
    assert answer["known_cost_usd"] == "0.000000"
    stranger = await engine.get(f"/v1/runs/{run_id}/estimate", tenant=f"{engine.tenant}-b")
    assert stranger.status_code == 404
    await engine.post(f"/v1/runs/{run_id}/cancel")
    assert await rest_of(engine, run_id) == {}


def test_of_a_list_that_is_being_gone_through_what_is_left_counts(tmp_path: Path) -> None:
    definition = load_folder(write_workflow(tmp_path / "workflows", PRICED)).definition
    parts = {"0": Phase.DONE, "1": Phase.ACTIVE, "2": Phase.IDLE}
    state = RunState(steps={"scenes": StepState(phase=Phase.ACTIVE, parts=parts)})
    by_step = {step.step: step.times for step in estimate(definition, {"scenes": ["a"]}, {}, state=state)}
    assert by_step == {"think": 1, "draw": 2, "check": 0, "agree": 1, "other": 1}
