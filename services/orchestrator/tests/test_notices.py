"""Reminders, escalations and mentions reach whoever follows the run, once each, and stay in its history."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from common.bus.connection import Bus
from common.bus.wire import wire_headers
from common.clock import utc_now
from common.contracts.gates import GateReminded
from common.contracts.message import Event
from common.contracts.notes import UserMentioned
from testkit.engine import Engine
from testkit.workshop import Rows
from websockets.asyncio.client import connect

MENTIONED = UserMentioned(item_id=uuid4(), gate="publish", note_id=uuid4(), mentioned=("ada",), by="bo")
REMINDED = GateReminded(item_id=uuid4(), gate="publish", title="Tides", to=("reviewer", "ada"))


@pytest.mark.feature("A55")
async def test_each_is_told_once_and_kept(engine: Engine, rows: Rows) -> None:
    run_id = await engine.start()
    person = await engine.person()
    address = str(engine.client.base_url).replace("http", "ws").rstrip("/") + "/ws"
    bus = Bus(engine.stack.environment("compliance")["GREENLIGHT_NATS_URL"], service="compliance")
    await bus.connect()
    try:
        async with connect(address, additional_headers=person.headers) as socket:
            await socket.send(orjson.dumps({"op": "subscribe", "run_id": str(run_id)}).decode())
            escalated = REMINDED.model_copy(update={"escalated": True})
            for fact in (MENTIONED, REMINDED, escalated):
                await tell(bus, fact, tenant=engine.tenant, run=run_id, times=2)
            # Of no run there is no history, and nothing waits for one.
            await tell(bus, REMINDED, tenant=engine.tenant, run=None)
            told: list[dict[str, Any]] = []
            while len(told) < 3:
                frame = orjson.loads(await asyncio.wait_for(socket.recv(), 15))
                told += [frame] if frame["type"] in {"gate.mentioned", "gate.reminded", "gate.escalated"} else []
    finally:
        await bus.close()
    assert [frame["type"] for frame in told] == ["gate.mentioned", "gate.reminded", "gate.escalated"]
    assert (told[0]["data"]["mentioned"], told[0]["data"]["by"]) == (["ada"], "bo")
    assert told[1]["data"]["to"] == ["reviewer", "ada"]

    kept = rows(
        "select type from orchestrator.run_events where run_id = %s and type like 'gate.%%' order by seq", run_id
    )
    assert [name for (name,) in kept] == [frame["type"] for frame in told]


async def tell(bus: Bus, fact: Event, *, tenant: str, run: UUID | None, times: int = 1) -> None:
    """As compliance tells it; more than once, as the bus may."""
    headers = {"ce-type": fact.subject, "ce-tenant": tenant} | ({"ce-run": str(run)} if run else {})
    row: dict[str, Any] = {"id": uuid4(), "created_at": utc_now(), "headers": headers}
    for sends in range(times):
        told = wire_headers(row | {"sends": sends}, source="compliance")
        await bus.publish(fact.subject, fact.model_dump_json().encode(), headers=told)
