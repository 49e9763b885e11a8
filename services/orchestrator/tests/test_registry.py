"""Which services there are, by their heartbeats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from typing import Any

import orjson
import pytest
from common.bus.connection import Bus
from common.contracts.ideation import ProposeIdeas
from common.contracts.services import ServiceChanged
from testkit.engine import Engine
from testkit.listening import eventually
from testkit.workshop import Rows, Worker

Engines = Callable[..., AbstractAsyncContextManager[Engine]]


@pytest.fixture
async def engine(engines: Engines) -> AsyncIterator[Engine]:
    """One for each test: it knows nobody yet."""
    async with engines() as started:
        yield started


async def say(worker: Worker, service: str, *, leaves: bool = False) -> None:
    body = {"worker": "one", "slots": {f"{service}.act": 3}, "leaves": leaves}
    await worker.bus.say(f"ctl.worker.{service}", orjson.dumps(body))


async def state_of(engine: Engine, service: str) -> dict[str, Any]:
    found = {one["service"]: one for one in (await engine.get("/v1/services")).json()}
    return dict(found.get(service, {"status": "unknown"}))


@pytest.mark.feature("A20")
async def test_a_service_is_there_while_it_is_heard(engine: Engine) -> None:
    async with engine.on_duty() as worker:

        async def is_known() -> bool:
            await say(worker, "ideation")
            found = await state_of(engine, "ideation")
            return bool(found["status"] == "up" and found["capabilities"].get("ideation.act") == 3)

        await eventually(is_known)
        now = await state_of(engine, "ideation")
        assert (now["status"], now["workers"] >= 1) == ("up", True)


@pytest.mark.feature("A22")
async def test_one_that_leaves_is_down_and_its_changes_are_kept_and_told(engine: Engine, rows: Rows) -> None:
    async with engine.on_duty() as worker:

        async def is_up() -> bool:
            await say(worker, "ideation")
            return bool((await state_of(engine, "ideation"))["status"] == "up")

        await eventually(is_up)

    async def is_down() -> bool:
        return bool((await state_of(engine, "ideation"))["status"] == "down")

    # The worker of this test does not say goodbye: silence is enough.
    await eventually(is_down, seconds=15)
    changes = (await engine.get("/v1/services/ideation/changes")).json()
    assert [change["status"] for change in changes[:2]] == ["down", "up"]
    told = rows(
        "select convert_from(body, 'utf8')::jsonb from orchestrator.outbox where tenant_id = 'default' and subject = %s"
        " and position('ideation' in convert_from(body, 'utf8')) > 0 order by seq desc limit 2",
        ServiceChanged.subject,
    )
    assert [(fact["status"], fact["workers"] > 0) for (fact,) in told] == [("down", False), ("up", True)]
    assert (await engine.get("/metrics")).text.count(
        'greenlight_service_heard{service="orchestrator",watched="ideation"} 0.0'
    )


async def test_a_service_says_its_version_its_outbox_and_what_does_not_answer(engine: Engine) -> None:
    def has_sent_all(state: dict[str, Any]) -> bool:
        return state.get("unsent") == 0

    own = await eventually(lambda: state_of(engine, "orchestrator"), until=has_sent_all)
    assert (own["versions"], own["unwell"]) == ([version("greenlight-orchestrator")], {})
    said = {"version": "9.9", "unsent": 7, "unsent_since": "2026-11-22T10:00:00Z", "unwell": {"cache": "timeout"}}
    async with engine.on_duty(capability=ProposeIdeas) as worker:

        async def is_told() -> bool:
            body = {"worker": "ill", "slots": {}} | said
            await worker.bus.say("ctl.worker.ideation", orjson.dumps(body))
            return (await state_of(engine, "ideation")).get("unsent") == 7

        await eventually(is_told)
        told = await state_of(engine, "ideation")
    assert {name: told[name] for name in ("versions", "unsent_since", "unwell")} == {
        "versions": ["9.9"],
        "unsent_since": "2026-11-22T10:00:00Z",
        "unwell": {"cache": "timeout"},
    }


async def test_what_nobody_takes_is_in_the_backlog_and_then_in_the_queue(engine: Engine) -> None:
    operator = (await engine.people._person(engine.stack.secrets.admin_key.get_secret_value())).headers

    async def queue() -> dict[str, Any]:
        answer = await engine.client.get("/v1/services/queues", headers=operator)
        assert answer.status_code == 200, answer.text
        found = {one["name"]: one for one in answer.json()}
        return dict(found.get("ideation-propose_ideas", {}))

    async with engine.on_duty():
        # Who reads a queue opens it.
        before = await eventually(queue)
    assert (before["service"], before["stream"]) == ("ideation", "COMMANDS")
    run_id = await engine.start()
    await eventually(lambda: _reaches(queue, backlog=before["backlog"] + 1))
    bus = Bus(engine.stack.environment("ideation")["GREENLIGHT_NATS_URL"], service="ideation")
    await bus.connect()
    gone = {"worker": "gone", "slots": {ProposeIdeas.name: 4}}
    await bus.say("ctl.worker.ideation", orjson.dumps(gone))
    await eventually(lambda: _reaches(queue, waiting=before["waiting"] + 1))
    await bus.say("ctl.worker.ideation", orjson.dumps(gone | {"leaves": True}))
    await bus.close()
    # What lies in the queue is another test's as soon as somebody takes it there.
    async with engine.on_duty():
        await engine.shows(run_id, "completed")


async def test_queues_are_told_to_operators_of_the_installation_alone(engine: Engine) -> None:
    for role in ("creator", "operator"):
        answer = await engine.client.get("/v1/services/queues", headers=(await engine.person(role)).headers)
        assert answer.status_code == 403, role


async def _reaches(look: Callable[[], Awaitable[dict[str, Any]]], **least: int) -> bool:
    found = await look()
    return all(found.get(name, 0) >= count for name, count in least.items())


async def test_an_unknown_service_is_not_found(engine: Engine) -> None:
    answer = await engine.get("/v1/services/nobody/changes")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
