"""Runs over HTTP, from start to end, with real servers and workers that do what the test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.bus.connection import Bus
from common.bus.step import Step
from common.contracts.gates import GateDecided, GateInput, GateOpened, OpenGate, Verdict, VerdictLevel
from common.contracts.ideation import IdeationInput, IdeationOutput, ProposeIdeas
from common.contracts.message import Finished, Outcome
from common.contracts.values import Decision
from common.errors import ContentBlocked, VendorUnavailable
from common.ids import derived_id
from testkit.engine import IDEAS, Engine, think
from testkit.listening import eventually
from testkit.workshop import Rows, Worker

Engines = Callable[[], AbstractAsyncContextManager[Engine]]


class Held:
    """An act that waits until it is let go."""

    def __init__(self) -> None:
        self.begun: list[Step] = []
        self.let_go = asyncio.Event()

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        self.begun.append(step)
        await self.let_go.wait()
        return await think(input, step)


# Starting


@pytest.mark.feature("P2", "A133")
async def test_a_run_is_worked_on_and_completed(engine: Engine) -> None:
    async with engine.on_duty():
        begun = await engine.post("/v1/runs", {"workflow": "thought", "input": {"brief": "Why bees dance"}})
        run_id = UUID(begun.json()["run_id"])
        assert (begun.status_code, begun.headers["location"]) == (202, f"/v1/runs/{run_id}")
        assert (await engine.get(begun.headers["location"])).json()["run_id"] == str(run_id)
        run = await engine.shows(run_id, "completed")
    assert await engine.history(run_id) == [
        "run.created", "run.started", "agent.started", "agent.completed", "run.completed",
    ]  # fmt: skip
    assert (run["degraded"], run["error"], run["cost_usd"], run["last_seq"]) == (False, None, "0.000000", 5)
    state = (await engine.get(f"/v1/runs/{run_id}/state")).json()
    assert state["steps"][0]["output"]["ideas"][0]["title"] == "Why bees dance"


@pytest.mark.feature("P12")
async def test_one_request_is_one_run_whichever_door_it_comes_in_by(engine: Engine) -> None:
    whole = {"workflow": "thought", "input": {"brief": "Why bees dance"}}
    short = {"workflow": "thought", "brief": "Why bees dance"}
    key = {"Idempotency-Key": uuid4().hex}
    await engine.person()
    doors = [("/v1/runs", whole), ("/v1/runs/start", short), ("/v2/runs/start", short)]
    answers = await asyncio.gather(*(engine.post(path, body, **key) for path, body in doors))
    assert [answer.status_code for answer in answers] == [202] * 3, [answer.text for answer in answers]
    assert len({answer.json()["run_id"] for answer in answers}) == 1
    listed = (await engine.get("/v1/runs")).json()["items"]
    assert [run["run_id"] for run in listed] == [answers[0].json()["run_id"]]
    other = await engine.post("/v2/runs/start", {**short, "brief": "Why bees sleep"}, **key)
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")


@pytest.mark.feature("M63")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"workflow": "nowhere", "input": {"brief": "x"}}, 404),
        ({"workflow": "../thought", "input": {"brief": "x"}}, 422),
        ({"workflow": "thought", "input": {"brief": "x" * 10_001}}, 422),
        ({"workflow": "thought", "input": {"brief": 7}}, 422),
        ({"workflow": "thought", "input": {"brief": "\x00 \t"}}, 422),
        ({"workflow": "thought", "input": {}}, 422),
        ({"workflow": "thought", "input": {"brief": "x", "colour": "red"}}, 422),
        ({"workflow": "thought", "input": {"brief": "x", "much": "not a list"}}, 422),
        ({"workflow": "thought", "input": {"brief": "x", "much": ["x"] * 101}}, 422),
        ({"workflow": "thought", "brief": "x"}, 422),
    ],
)
async def test_what_cannot_be_started_leaves_no_run(engine: Engine, body: dict[str, Any], status: int) -> None:
    answer = await engine.post("/v1/runs", body)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]
    assert (await engine.get("/v1/runs")).json()["items"] == []


async def test_an_order_that_fits_in_no_message_fails_with_a_word(engine: Engine, rows: Rows) -> None:
    run_id = await engine.start("greedy", much=["y" * 1000] * 90)
    run = await engine.run(run_id)
    assert (run["status"], run["error"]["code"], run["error"]["stage"]) == ("failed", "input_too_large", "think")
    assert rows("select 1 from orchestrator.ready_steps where run_id = %s", run_id) == []


async def test_a_key_starts_one_run(engine: Engine, rows: Rows) -> None:
    body = {"workflow": "checked", "input": {"brief": "x"}}
    await engine.person()
    answers = await asyncio.gather(*(engine.post("/v1/runs", body, **{"Idempotency-Key": "k"}) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {202}
    [run_id] = {answer.json()["run_id"] for answer in answers}
    other = await engine.post("/v1/runs", body | {"input": {"brief": "y"}}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")
    rows(
        "update orchestrator.idempotency_keys set created_at = now() - interval '25 hours' where tenant_id = %s",
        engine.tenant,
    )
    tomorrow = await engine.post("/v1/runs", body, **{"Idempotency-Key": "k"})
    assert (tomorrow.status_code, tomorrow.json()["run_id"] == run_id) == (202, False)
    assert len((await engine.get("/v1/runs")).json()["items"]) == 2


# The backlog


@pytest.mark.feature("A17")
async def test_without_a_worker_nothing_is_sent(engine: Engine, rows: Rows) -> None:
    run_id = await engine.start()
    waiting = "select sent_at from orchestrator.ready_steps where run_id = %s"
    assert rows(waiting, run_id) == [(None,)]
    # Another capability's worker is no help; its run going through shows that the dispatcher did look.
    async with engine.on_duty(Decide(), capability=OpenGate), engine.on_duty():
        await engine.shows(run_id, "completed")
    assert rows(waiting, run_id) == []


async def test_tenants_take_turns_and_no_more_is_sent_than_there_is_room(engine: Engine, rows: Rows) -> None:
    small = f"{engine.tenant}-b"
    # What other tests left in this queue would take up the room.
    rows("delete from orchestrator.ready_steps where capability = 'compliance.check_brief'")
    many = [await engine.start("checked") for _ in range(20)]
    one = await engine.start("checked", tenant=small)
    async with engine.on_duty() as worker:
        body = b'{"worker": "w", "slots": {"compliance.check_brief": 3}}'
        await announce_for(engine, "compliance", body)
        sent = "select run_id from orchestrator.ready_steps where capability = %s and sent_at is not null"
        await eventually(lambda: len(rows(sent, "compliance.check_brief")) == 4)
        order = rows(
            "select run_id from orchestrator.outbox where subject = 'cmd.compliance.check_brief.v1'"
            " and tenant_id in (%s, %s) order by seq",
            engine.tenant, small,
        )  # fmt: skip
        # Another round changes nothing: the room is taken.
        await engine.shows(await engine.start(), "completed")
        assert len(rows(sent, "compliance.check_brief")) == 4
        assert worker.bus.connected
    assert (one,) in order[:2]
    assert len(order) == 4
    for run_id in [*many, one]:
        tenant = small if run_id == one else None
        await engine.post(f"/v1/runs/{run_id}/cancel", tenant=tenant)
    assert (
        rows(
            "select 1 from orchestrator.ready_steps where not unwanted and tenant_id in (%s, %s)", engine.tenant, small
        )
        == []
    )


async def announce_for(engine: Engine, service: str, body: bytes) -> None:
    bus = Bus(engine.stack.environment(service)["GREENLIGHT_NATS_URL"], service=service)
    await bus.connect()
    await bus.say(f"ctl.worker.{service}", body)
    await bus.close()


# What arrives


async def answer_as_ideation(worker: Worker, run_id: UUID, step: UUID, *, attempt: int = 1, **scope: Any) -> None:
    async with worker.work.transaction(scope.pop("tenant")) as tx:
        tx.send(
            ProposeIdeas.finished_subject,
            Finished(outcome=Outcome.DONE, output=IDEAS.model_dump(mode="json"), **scope),
            run=run_id, step=step, attempt=attempt,
        )  # fmt: skip


async def test_an_answer_counts_once_however_often_it_comes(engine: Engine, rows: Rows) -> None:
    held = Held()
    async with engine.on_duty(held) as worker:
        run_id = await engine.start("gated")
        step = (await eventually(lambda: held.begun))[0]
        for _ in range(3):
            await answer_as_ideation(worker, run_id, step.id, tenant=engine.tenant, cost_usd_micros=7)
        held.let_go.set()
        await eventually(lambda: rows("select 1 from orchestrator.inbox where message_id = %s", step.answer_id()))
    run = await engine.run(run_id)
    assert (run["cost_usd"], run["current_step"]) == ("0.000007", "agree")
    assert (await engine.history(run_id)).count("agent.completed") == 1
    await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_one_unreadable_message_stops_no_other(engine: Engine, rows: Rows) -> None:
    held = Held()
    async with engine.on_duty(held) as worker:
        run_id = await engine.start()
        step = (await eventually(lambda: held.begun))[0]
        headers = {"ce-id": str(uuid4()), "ce-type": "x", "ce-tenant": engine.tenant, "ce-run": str(run_id)}
        nonce = uuid4().hex.encode()
        for wrong in (nonce, b'{"outcome": "sideways", "n": "' + nonce + b'"}'):
            await worker.bus.publish(ProposeIdeas.finished_subject, wrong, headers=headers)
        await worker.bus.publish(ProposeIdeas.finished_subject, nonce, headers={})
        await answer_as_ideation(worker, run_id, step.id, tenant=engine.tenant)
        await engine.shows(run_id, "completed")
        held.let_go.set()
    letters = "select count(*) from orchestrator.dead_letters where position(%s::bytea in body) > 0"
    assert await eventually(lambda: rows(letters, nonce) == [(3,)])


async def test_another_tenants_answer_changes_nothing(engine: Engine, rows: Rows) -> None:
    held = Held()
    async with engine.on_duty(held) as worker:
        run_id = await engine.start()
        step = (await eventually(lambda: held.begun))[0]
        await answer_as_ideation(worker, run_id, step.id, tenant=f"{engine.tenant}-b")
        seen = "select 1 from orchestrator.inbox where tenant_id = %s"
        await eventually(lambda: rows(seen, f"{engine.tenant}-b"))
        assert (await engine.run(run_id))["status"] == "running"
        held.let_go.set()
        await engine.shows(run_id, "completed")


async def test_a_transient_failure_is_tried_again_after_its_pause(engine: Engine, rows: Rows) -> None:
    attempts: list[int] = []

    async def flaky(input: IdeationInput, step: Step) -> IdeationOutput:
        attempts.append(step.attempt)
        if step.attempt < 3:
            raise VendorUnavailable("It is away.")
        return await think(input, step)

    async with engine.on_duty(flaky):
        run_id = await engine.start()
        await engine.shows(run_id, "completed")
    assert attempts == [1, 2, 3]
    assert (await engine.history(run_id)).count("agent.retrying") == 2
    assert rows("select 1 from orchestrator.timers where run_id = %s", run_id) == []


@pytest.mark.feature("M50")
async def test_a_run_that_fails_says_all_a_person_needs(engine: Engine) -> None:
    async def refuse(input: IdeationInput, step: Step) -> IdeationOutput:
        step.cost_usd_micros = 12
        raise ContentBlocked("Rule 7 forbids it.")

    async with engine.on_duty(refuse):
        run = await engine.shows(await engine.start(), "failed")
    assert run["error"]["code"] == "content_blocked"
    assert {"stage", "detail", "kept", "cost_usd_micros", "next_action"} <= set(run["error"])
    assert (run["cost_usd"], run["finished_at"] is None) == ("0.000012", False)
    assert (run["current_step"], run["input"]["brief"]) == ("think", "How tides work")


async def test_a_cancelled_run_takes_its_order_back(engine: Engine, rows: Rows) -> None:
    held = Held()
    async with engine.on_duty(held) as worker:
        run_id = await engine.start()
        step = (await eventually(lambda: held.begun))[0]
        answers = [await engine.post(f"/v1/runs/{run_id}/cancel") for _ in range(2)]
        assert [answer.json()["status"] for answer in answers] == ["cancelled", "cancelled"]
        assert rows("select unwanted from orchestrator.ready_steps where run_id = %s", run_id) == [(True,)]
        await answer_as_ideation(worker, run_id, step.id, tenant=engine.tenant)
        held.let_go.set()
        await eventually(lambda: rows("select 1 from orchestrator.inbox where message_id = %s", step.answer_id()))
    assert rows("select 1 from orchestrator.ready_steps where run_id = %s", run_id) == []
    assert (await engine.run(run_id))["status"] == "cancelled"
    assert (await engine.history(run_id))[-1] == "run.cancelled"
    assert (await engine.history(run_id)).count("run.cancelled") == 1


# Gates


class Decide:
    """Opens gates; the test decides."""

    async def __call__(self, input: GateInput, step: Step) -> GateOpened:
        verdict = Verdict(level=VerdictLevel.ALLOWED, policy_version="1")
        return GateOpened(item_id=step.id, manifest_sha256="0" * 64, verdict=verdict)


async def decide(worker: Worker, engine: Engine, run: dict[str, Any], decision: Decision) -> None:
    decided = GateDecided(
        item_id=UUID(run["interrupts"][0]["id"]), gate="ideation", decision=decision, decided_by="rob",
        content={"brief": "edited"}, manifest_sha256="0" * 64, policy_version="1",
    )  # fmt: skip
    async with worker.work.transaction(engine.tenant) as tx:
        tx.send(decided.subject, decided, run=UUID(run["run_id"]))


async def test_the_first_decision_counts(engine: Engine, rows: Rows) -> None:
    async with engine.on_duty(), engine.on_duty(Decide(), capability=OpenGate) as worker:
        run_id = await engine.start("gated")
        run = await engine.shows(run_id, "awaiting_agreement")
        assert run["interrupts"][0]["id"] == str(derived_id(run_id, "agree", 1))
        for decision in (Decision.APPROVED, Decision.REJECTED, Decision.APPROVED):
            await decide(worker, engine, run, decision)
        await engine.shows(run_id, "completed")
        taken = "select count(*) from orchestrator.inbox where tenant_id = %s"
        # Two answers and three decisions were taken; the later two changed nothing.
        await eventually(lambda: rows(taken, engine.tenant) == [(5,)])
    assert (await engine.history(run_id)).count("gate.decided") == 1
    assert (await engine.run(run_id))["status"] == "completed"


async def test_a_decision_without_compliance_is_not_made(engine: Engine) -> None:
    async with engine.on_duty(), engine.on_duty(Decide(), capability=OpenGate):
        run_id = await engine.start("gated")
        early = await engine.post(f"/v1/runs/{run_id}/approve", {})
        assert early.status_code == 409
        await engine.shows(run_id, "awaiting_agreement")
        away = await engine.post(f"/v1/runs/{run_id}/approve", {})
        assert (away.status_code, away.json()["error"]) == (503, "unavailable")
        other = await engine.post(f"/v1/runs/{run_id}/approve", {"interrupt_id": str(uuid4())})
        assert (other.status_code, other.json()["error"]) == (404, "unknown_interrupt")
    assert (await engine.run(run_id))["status"] == "awaiting_agreement"


# Looking


@pytest.mark.feature("A130")
async def test_pages_are_stable_while_runs_are_added(engine: Engine) -> None:
    started = [await engine.start("checked") for _ in range(5)]
    first = (await engine.get("/v1/runs?limit=2")).json()
    added = await engine.start("checked")
    seen = [item["run_id"] for item in first["items"]]
    cursor = first["next_cursor"]
    while cursor:
        page = (await engine.get(f"/v1/runs?limit=2&cursor={cursor}")).json()
        seen += [item["run_id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [str(run_id) for run_id in reversed(started)]
    assert (await engine.get("/v1/runs?limit=1")).json()["items"][0]["run_id"] == str(added)
    assert (await engine.get("/v1/runs?limit=201")).status_code == 422
    for wrong in ("x", "%00", "MjAyNi0wMS0wMXxub3QtYS11dWlk", "é"):
        assert (await engine.get(f"/v1/runs?cursor={wrong}")).status_code == 422, wrong
    for run_id in [*started, added]:
        await engine.post(f"/v1/runs/{run_id}/cancel")


@pytest.mark.feature("Z26")
async def test_another_tenants_run_is_not_there(engine: Engine) -> None:
    run_id = await engine.start("checked")
    other = f"{engine.tenant}-b"
    for path in ("", "/state", "/history", "/artifacts"):
        answer = await engine.get(f"/v1/runs/{run_id}{path}", tenant=other)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found"), path
    for verb in ("approve", "cancel"):
        assert (await engine.post(f"/v1/runs/{run_id}/{verb}", {}, tenant=other)).status_code == 404
    assert (await engine.get("/v1/runs", tenant=other)).json()["items"] == []
    assert (await engine.run(run_id))["status"] == "running"
    await engine.post(f"/v1/runs/{run_id}/cancel")


@pytest.mark.feature("M58", "M19")
async def test_any_orchestrator_serves_any_run(engine: Engine, engines: Engines) -> None:
    async with engines() as other, engine.on_duty():
        run_ids = [await (engine, other)[number % 2].start() for number in range(6)]
        for number, run_id in enumerate(run_ids):
            await (other, engine)[number % 2].shows(run_id, "completed")
            assert (await engine.history(run_id)).count("agent.completed") == 1
