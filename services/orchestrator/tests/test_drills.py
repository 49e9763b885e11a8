"""What drills found is kept for those who operate the installation."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

from orchestrator.drills import KEPT
from testkit.engine import Engine
from testkit.workshop import Rows

FOUND = {
    "commit": "7dbf142123fb",
    "machine": "2 cores",
    "runs": 60,
    "kills": 30,
    "lost": 0,
    "repeated": 0,
    "stuck": 0,
    "audit_problems": 0,
    "recovery_p50_ms": 800,
    "recovery_p99_ms": None,
    "took_ms": 61_000,
    "targets": {"nats": 20, "worker": 10},
}


def a_name() -> str:
    return f"drill-{uuid4().hex[:10]}"


async def operator(engine: Engine) -> dict[str, str]:
    return (await engine.people._person(engine.stack.secrets.admin_key.get_secret_value())).headers


async def keep(engine: Engine, name: str, **also: Any) -> int:
    headers = await operator(engine)
    return (await engine.client.put(f"/admin/drills/{name}", json=FOUND | also, headers=headers)).status_code


async def listed(engine: Engine, *, limit: int = 3) -> list[dict[str, Any]]:
    answer = await engine.client.get(f"/admin/drills?limit={limit}", headers=await operator(engine))
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def test_the_newest_drill_comes_first_and_is_kept_once(engine: Engine) -> None:
    good, bad = a_name(), a_name()
    assert await keep(engine, good) == 204
    assert await keep(engine, bad, lost=1, findings=["lost: run 1 never ended"]) == 204
    # The first word of a drill stays, whoever repeats it and with whatever.
    assert set(await asyncio.gather(keep(engine, good, lost=9), keep(engine, good, lost=8))) == {204}
    [newer, older] = (await listed(engine))[:2]
    assert (newer["name"], newer["passed"], newer["findings"]) == (bad, False, ["lost: run 1 never ended"])
    assert (older["name"], older["passed"], older["recovery_p99_ms"]) == (good, True, None)
    assert {name: older[name] for name in FOUND} == FOUND


async def test_the_last_hundred_are_kept(engine: Engine, rows: Rows) -> None:
    rows(
        "insert into orchestrator.drills (name, at, result)"
        " select 'drill-old-' || n, now() - n * interval '1 day', %s from generate_series(1, 150) n returning name",
        json.dumps(FOUND),
    )
    name = a_name()
    assert await keep(engine, name) == 204
    assert rows("select count(*) from orchestrator.drills") == [(KEPT,)]
    assert (await listed(engine))[0]["name"] == name


async def test_a_drill_that_makes_no_sense_is_refused(engine: Engine) -> None:
    assert await keep(engine, a_name(), lost=-1) == 422
    assert await keep(engine, a_name(), commit="\x00") == 422
    assert await keep(engine, a_name(), findings=["x"] * 21) == 422
    assert await keep(engine, "a%20name") == 422


async def test_drills_are_for_operators_of_the_installation_alone(engine: Engine) -> None:
    for role in ("creator", "operator"):
        headers = (await engine.person(role)).headers
        assert (await engine.client.get("/admin/drills", headers=headers)).status_code == 403, role
        put = await engine.client.put(f"/admin/drills/{a_name()}", json=FOUND, headers=headers)
        assert put.status_code == 403, role
