"""Many runs at once: by filter or by name, each by itself, told what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
from testkit.engine import Engine
from testkit.workshop import Rows


async def bulk(engine: Engine, action: str, *, role: str = "operator", **body: Any) -> httpx.Response:
    """Ask as an operator."""
    person = await engine.person(role)
    return await engine.client.post("/v1/runs/bulk", json={"action": action, **body}, headers=person.headers)


async def told(engine: Engine, action: str, **body: Any) -> dict[str, Any]:
    """The answer to a request that is allowed."""
    answer = await bulk(engine, action, **body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def counted(answer: dict[str, Any]) -> dict[str, int]:
    """Outcomes there are any of."""
    return {outcome: count for outcome, count in answer["counts"].items() if count}


async def test_many_are_steered_and_each_is_audited(engine: Engine, rows: Rows) -> None:
    mine = [await engine.start("checked") for _ in range(3)]
    other = await engine.start("thought")
    wanted = {"workflow": "checked"}
    dry = await told(engine, "pause", filter=wanted, dry_run=True)
    assert (counted(dry), {one["run_id"] for one in dry["results"]}) == ({"would": 3}, {str(one) for one in mine})
    assert {(await engine.run(run_id))["status"] for run_id in mine} == {"running"}
    done = await told(engine, "pause", filter=wanted)
    assert (counted(done), {one["status"] for one in done["results"]}) == ({"changed": 3}, {"paused"})
    assert (await engine.run(other))["status"] == "running"
    # By filter what is done is not asked for again; by name it is, and is no change.
    assert (await told(engine, "pause", filter=wanted))["matched"] == 0
    ids = [str(run_id) for run_id in mine]
    assert counted(await told(engine, "pause", filter={"ids": ids})) == {"unchanged": 3}
    ended = await told(engine, "cancel", filter={"status": ["paused"], "created_before": "2100-01-01T00:00:00Z"})
    assert counted(ended) == {"changed": 3}
    late = await told(engine, "retry", filter={"ids": [*ids, str(uuid4())]})
    assert counted(late) == {"refused": 4}
    assert {one["error"] for one in late["results"]} == {"run_is_over", "not_found"}
    audited = rows(
        "select convert_from(body, 'utf8')::jsonb ->> 'action', count(*) from orchestrator.outbox"
        " where run_id = any(%s) and subject = 'cmd.compliance.audit.v1' group by 1 order by 1",
        mine,
    )
    assert audited == [("run.cancelled", 3), ("run.paused", 3), ("run.started", 3)]
    await engine.post(f"/v1/runs/{other}/cancel")


async def test_one_in_trouble_stops_no_other(engine: Engine, rows: Rows) -> None:
    broken, *others = [await engine.start("checked") for _ in range(3)]
    rows("update orchestrator.runs set state = state || '{\"of_a_later_version\": 1}' where id = %s", broken)
    done = await told(engine, "cancel", filter={"ids": [str(one) for one in (broken, *others)]})
    assert counted(done) == {"changed": 2, "refused": 1}
    [refused] = [one for one in done["results"] if one["outcome"] == "refused"]
    assert (refused["run_id"], refused["status"], refused["error"]) == (str(broken), "running", "internal_error")
    assert {(await engine.run(run_id))["status"] for run_id in others} == {"cancelled"}
    rows("update orchestrator.runs set state = state - 'of_a_later_version' where id = %s", broken)
    await engine.post(f"/v1/runs/{broken}/cancel")


async def test_a_page_of_many_says_that_there_are_more(engine: Engine) -> None:
    mine = [await engine.start("checked") for _ in range(3)]
    first = await told(engine, "terminate", filter={"workflow": "checked"}, limit=2)
    assert (counted(first), first["more"]) == ({"changed": 2}, True)
    # The newest come first.
    assert {UUID(one["run_id"]) for one in first["results"]} == set(mine[1:])
    second = await told(engine, "terminate", filter={"workflow": "checked"}, limit=2)
    assert (counted(second), second["more"]) == ({"changed": 1}, False)


async def test_runs_are_found_by_whose_they_are_how_they_went_and_how_long_they_took(
    engine: Engine, rows: Rows
) -> None:
    long, degraded, plain = [await engine.start("checked") for _ in range(3)]
    rows("update orchestrator.runs set created_at = created_at - interval '2 hours' where id = %s", long)
    note = """ '{"downgrades": [{"code": "a", "detail": "b", "stage": "check"}]}'::jsonb"""
    rows(f"update orchestrator.runs set state = state || {note} where id = %s", degraded)
    creator = (await engine.person()).user_id

    async def found(**wanted: Any) -> set[UUID]:
        answer = await told(engine, "cancel", filter=wanted, dry_run=True)
        return {UUID(one["run_id"]) for one in answer["results"]}

    assert await found(created_by=creator) == {long, degraded, plain}
    assert await found(created_by="somebody") == set()
    assert await found(degraded=True) == {degraded}
    assert await found(min_seconds=3600) == {long}
    assert await found(max_seconds=3600, degraded=False) == {plain}
    assert counted(await told(engine, "cancel", filter={"created_by": creator, "max_seconds": 3600})) == {"changed": 2}
    assert (await engine.run(long))["status"] == "running"
    await engine.post(f"/v1/runs/{long}/cancel")


async def test_what_says_too_little_or_comes_from_others_changes_nothing(engine: Engine) -> None:
    run_id = await engine.start("checked")
    bodies: list[dict[str, Any]] = [
        {},
        {"filter": {}},
        {"filter": {"colour": "red"}},
        {"filter": {"created_by": "a\0"}},
        {"filter": {"min_seconds": -1}},
        {"filter": {"workflow": "checked"}, "limit": 1001},
    ]
    for body in bodies:
        assert (await bulk(engine, "cancel", **body)).status_code == 422, body
    assert (await bulk(engine, "melt", filter={"workflow": "checked"})).status_code == 422
    assert (await bulk(engine, "cancel", role="creator", filter={"workflow": "checked"})).status_code == 403
    stranger = await engine.person("operator", tenant=f"{engine.tenant}-b")
    named = {"action": "cancel", "filter": {"ids": [str(run_id)]}}
    answer = await engine.client.post("/v1/runs/bulk", json=named, headers=stranger.headers)
    assert counted(answer.json()) == {"refused": 1}
    assert (await engine.run(run_id))["status"] == "running"
    await engine.post(f"/v1/runs/{run_id}/cancel")
