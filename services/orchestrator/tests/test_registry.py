"""Which services there are, by their heartbeats."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from common.contracts.services import ServiceChanged
from testkit.engine import Engine
from testkit.listening import eventually
from testkit.workshop import Rows, Worker


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


async def test_an_unknown_service_is_not_found(engine: Engine) -> None:
    answer = await engine.get("/v1/services/nobody/changes")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
