"""Many runs at once: by filter or by name, each by itself, told what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from testkit.engine import Engine, write_workflow
from testkit.workshop import Rows

Engines = Callable[[], AbstractAsyncContextManager[Engine]]
NODDED = "workflow_name: nodded\ninput: {brief: str}\nsteps:\n  - {id: nod, wait: {signal: nod}}\n"


async def bulk(
    engine: Engine, action: str, *, role: str = "operator", key: str | None = None, **body: Any
) -> httpx.Response:
    """Ask as an operator."""
    person = await engine.person(role)
    headers = person.headers | ({"Idempotency-Key": key} if key else {})
    return await engine.client.post("/v1/runs/bulk", json={"action": action, **body}, headers=headers)


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


async def test_many_are_forked_once_by_one_key(engine: Engine, rows: Rows) -> None:
    async with engine.on_duty():
        mine = [await engine.start() for _ in range(2)]
        for run_id in mine:
            await engine.shows(run_id, "completed")
        asked: dict[str, Any] = {"filter": {"workflow": "thought"}, "fork": {"from_step": "think"}}
        assert counted(await told(engine, "fork", **asked, dry_run=True)) == {"would": 2}
        lost = await told(engine, "fork", filter=asked["filter"], fork={"from_step": "nowhere"}, dry_run=True)
        assert (counted(lost), lost["results"][0]["error"]) == ({"refused": 2}, "invalid")
        together = await asyncio.gather(*(told(engine, "fork", **asked, key="one") for _ in range(2)))
        made = [{one["run_id"]: one["forked_to"] for one in answer["results"]} for answer in together]
        assert (made[0], set(made[0])) == (made[1], {str(run_id) for run_id in mine})
        assert sum(answer["counts"]["changed"] for answer in together) == 2
        for forked in made[0].values():
            await engine.shows(UUID(forked), "completed")
    # The forks fit the filter by now; the same key means those that were there at first.
    again = await told(engine, "fork", **asked, key="one")
    assert (counted(again), {one["run_id"]: one["forked_to"] for one in again["results"]}) == (
        {"unchanged": 2},
        made[0],
    )
    of = "select forked_from_run_id::text, id::text from orchestrator.runs where forked_from_run_id = any(%s)"
    assert dict(rows(of, mine)) == made[0]
    assert audited(rows, "run.forked", [UUID(one) for one in made[0].values()]) == 2
    refused = [
        await bulk(engine, "fork", **asked),
        await bulk(engine, "fork", filter=asked["filter"], key="two"),
        await bulk(engine, "pause", **asked, key="two"),
        await bulk(engine, "fork", filter=asked["filter"], fork={"from_step": "other"}, key="one"),
    ]
    assert [answer.status_code for answer in refused] == [422] * 4


async def test_many_are_moved_to_the_present_version(
    engine: Engine, engines: Engines, workflows: Path, rows: Rows
) -> None:
    folder = write_workflow(workflows, NODDED)
    async with engines() as earlier:
        mine = [await earlier.start("nodded") for _ in range(2)]
        busy = await earlier.start("checked")
    (folder / "orchestrator.yaml").write_text(NODDED.replace("signal: nod", "signal: a_nod"))
    async with engines() as later:
        dry = await told(later, "migrate", filter={"workflow": "nodded"}, dry_run=True)
        assert (counted(dry), dry["results"][0]["report"]["changes"][0]["step"]) == ({"would": 2}, "nod")
        assert counted(await told(later, "migrate", filter={"workflow": "nodded"})) == {"changed": 2}
        # By filter what is done is not asked for again; by name it is, and is no change.
        assert (await told(later, "migrate", filter={"workflow": "nodded"}))["matched"] == 0
        named = await told(later, "migrate", filter={"ids": [str(one) for one in (*mine, busy)]})
        assert counted(named) == {"unchanged": 2, "refused": 1}
        [refused] = [one for one in named["results"] if one["outcome"] == "refused"]
        assert (refused["run_id"], refused["error"]) == (str(busy), "cannot_be_migrated")
    assert audited(rows, "run.migrated", mine) == 2
    for run_id in (*mine, busy):
        await engine.post(f"/v1/runs/{run_id}/cancel")


def audited(rows: Rows, action: str, runs: list[UUID]) -> int:
    """How often it is on record that this was done to these."""
    [(count,)] = rows(
        "select count(*)::int from orchestrator.outbox where run_id = any(%s) and subject = 'cmd.compliance.audit.v1'"
        " and convert_from(body, 'utf8')::jsonb ->> 'action' = %s",
        runs,
        action,
    )
    return int(count)


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
