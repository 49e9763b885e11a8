"""Schedules: cron in time zones, each due instant once, whoever and however many look."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from common.clock import rfc3339
from common.errors import Invalid
from common.ids import derived_id
from orchestrator.instants import check_cron, due_after, due_before
from orchestrator.scheduler import CATCH_UP_LIMIT
from testkit.engine import Engine
from testkit.listening import eventually
from testkit.workshop import Rows

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
BERLIN = "Europe/Berlin"
BODY: dict[str, Any] = {
    "name": "Films",
    "cron": "0 0 1 1 *",
    "workflow": "checked",
    "input": {"brief": "How tides work"},
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# When


@pytest.mark.parametrize(
    ("cron", "since", "due"),
    [
        # On 28 March 2027 the clock goes from 02:00 to 03:00 (01:00 UTC). A time that is left out is due at the change.
        ("30 2 * * *", "2027-03-27T12:00", ["2027-03-28T01:00", "2027-03-29T00:30"]),
        ("15 1-3 * * *", "2027-03-28T00:00", ["2027-03-28T00:15", "2027-03-28T01:00", "2027-03-28T01:15"]),
        ("30 3 * * *", "2027-03-27T12:00", ["2027-03-28T01:30", "2027-03-29T01:30"]),
        # What goes by elapsed time goes on doing so.
        ("*/30 * * * *", "2027-03-28T00:10", ["2027-03-28T00:30", "2027-03-28T01:00", "2027-03-28T01:30"]),
        ("0 * * * *", "2027-03-27T23:30", ["2027-03-28T00:00", "2027-03-28T01:00", "2027-03-28T02:00"]),
        # On 31 October 2027 it goes from 03:00 back to 02:00 (01:00 UTC). A time that comes twice is due once.
        ("30 2 * * *", "2027-10-30T12:00", ["2027-10-31T00:30", "2027-11-01T01:30"]),
        ("0 3 * * SUN", "2027-10-30T12:00", ["2027-10-31T02:00", "2027-11-07T02:00"]),
        ("*/30 * * * *", "2027-10-31T00:10", ["2027-10-31T00:30", "2027-10-31T01:00", "2027-10-31T01:30"]),
        ("0 * * * *", "2027-10-30T23:30", ["2027-10-31T00:00", "2027-10-31T01:00", "2027-10-31T02:00"]),
    ],
)
def test_instants_where_the_clock_is_changed(cron: str, since: str, due: list[str]) -> None:
    wanted = [utc(instant) for instant in due]
    assert due_after(cron, BERLIN, utc(since), count=len(due)) == wanted


@pytest.mark.parametrize("cron", ["* * * * *", "*/7 * * * *", "30 2 * * *", "15 1-3 * * *", "0 0 31 * *", "0 12 L * *"])
@pytest.mark.parametrize("middle", ["2027-03-28T01:00", "2027-10-31T01:00", "2028-02-29T12:00"])
def test_looking_back_finds_the_same_instants(cron: str, middle: str) -> None:
    since, until = utc(middle) - timedelta(hours=30), utc(middle) + timedelta(hours=30)
    forward = [instant for instant in due_after(cron, BERLIN, since, count=4000) if instant <= until]
    backward = due_before(cron, BERLIN, until, since=since + timedelta(seconds=1), count=4000)
    assert backward == forward
    assert due_before(cron, BERLIN, until, since=since, count=3) == forward[-3:]


@pytest.mark.parametrize(("late", "newest", "following"), [(0, 0, 1), (0.4, 0, 1), (-0.1, -1, 0), (59.9, 0, 1)])
def test_an_instant_is_due_from_its_second_on(late: float, newest: int, following: int) -> None:
    noon = utc("2027-06-01T12:00")
    now = noon + timedelta(seconds=late)
    assert due_before("* * * * *", "UTC", now, since=noon - timedelta(hours=1), count=1) == [
        noon + timedelta(minutes=newest)
    ]
    assert due_after("* * * * *", "UTC", now, count=1) == [noon + timedelta(minutes=following)]


@pytest.mark.parametrize(
    ("cron", "zone"),
    [("", "UTC"), ("* * * *", "UTC"), ("* * * * * *", "UTC"), ("61 * * * *", "UTC"), ("0 0 30 2 *", "UTC"),
     ("@daily", "UTC"), ("* * * * *", "Mars/Olympus"), ("* * * * *", "../etc/passwd"), ("* * * * *", "")],
)  # fmt: skip
def test_what_is_no_time_is_refused(cron: str, zone: str) -> None:
    with pytest.raises(Invalid):
        check_cron(cron, zone)


# What people do to them


async def create(engine: Engine, **more: Any) -> dict[str, Any]:
    answer = await engine.post("/v1/schedules", BODY | more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def shown(engine: Engine, schedule_id: str) -> dict[str, Any]:
    answer = await engine.get(f"/v1/schedules/{schedule_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def patch(engine: Engine, schedule_id: str, **change: Any) -> dict[str, Any]:
    headers = (await engine.person()).headers
    answer = await engine.client.patch(f"/v1/schedules/{schedule_id}", json=change, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_schedule_is_made_shown_changed_and_deleted(engine: Engine, rows: Rows) -> None:
    asked = {"timezone": BERLIN, "cron": "30 6 * * MON", "budget_usd": "1.50", "priority": "high", "catch_up": "all"}
    made = await create(engine, **asked)
    assert {name: made[name] for name in ("timezone", "cron", "priority", "catch_up", "overlap")} == {
        "timezone": BERLIN, "cron": "30 6 * * MON", "priority": "high", "catch_up": "all", "overlap": "allow",
    }  # fmt: skip
    assert made["budget_usd"] == "1.500000"
    one = await shown(engine, made["id"])
    assert (len(one["next"]), one["next"][0], one["starts"]) == (5, one["next_at"], [])
    assert (await engine.get(f"/v1/schedules/{made['id']}/next?count=2")).json() == one["next"][:2]
    changed = await patch(engine, made["id"], cron="0 7 * * MON", budget_usd=None, name=None)
    assert (changed["cron"], changed["budget_usd"], changed["name"], changed["catch_up"]) == (
        "0 7 * * MON", None, "Films", "all",
    )  # fmt: skip
    assert changed["next_at"] != made["next_at"]
    paused = (await engine.post(f"/v1/schedules/{made['id']}/pause")).json()
    assert (paused["paused"], paused["next_at"], (await shown(engine, made["id"]))["next"]) == (True, None, [])
    assert (await engine.post(f"/v1/schedules/{made['id']}/resume")).json()["next_at"] == changed["next_at"]
    assert [one["id"] for one in (await engine.get("/v1/schedules")).json()["items"]] == [made["id"]]
    headers = (await engine.person()).headers
    gone = [await engine.client.delete(f"/v1/schedules/{made['id']}", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in gone] == [204, 404]
    audited = rows(
        "select convert_from(body, 'utf8')::json->>'action' from orchestrator.outbox"
        " where tenant_id = %s and subject = 'cmd.compliance.audit.v1'"
        " and convert_from(body, 'utf8')::json->>'action' like 'schedule.%%' order by seq",
        engine.tenant,
    )
    made_of = ["created", "changed", "changed", "changed", "deleted"]
    assert [action for (action,) in audited] == [f"schedule.{verb}" for verb in made_of]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"cron": "nonsense"}, 422),
        ({"timezone": "Nowhere"}, 422),
        ({"workflow": "nowhere"}, 404),
        ({"input": {}}, 422),
        ({"input": {"brief": "x", "colour": "red"}}, 422),
        ({"name": ""}, 422),
        ({"catch_up": "some"}, 422),
        ({"colour": "red"}, 422),
    ],
)
async def test_what_cannot_be_started_is_not_scheduled(engine: Engine, wrong: dict[str, Any], status: int) -> None:
    made = await create(engine)
    headers = (await engine.person()).headers
    changed = await engine.client.patch(f"/v1/schedules/{made['id']}", json=wrong, headers=headers)
    answers = [await engine.post("/v1/schedules", BODY | wrong), changed]
    assert [answer.status_code for answer in answers] == [status, status]
    assert [one["id"] for one in (await engine.get("/v1/schedules")).json()["items"]] == [made["id"]]


async def test_a_key_makes_one_schedule_and_starts_one_run(engine: Engine) -> None:
    await engine.person()
    made = await asyncio.gather(*(engine.post("/v1/schedules", BODY, **{"Idempotency-Key": "k"}) for _ in range(4)))
    [schedule_id] = {answer.json()["id"] for answer in made}
    door = f"/v1/schedules/{schedule_id}/run"
    begun = await asyncio.gather(*(engine.post(door, **{"Idempotency-Key": "r"}) for _ in range(4)))
    [run_id] = {answer.json()["run_id"] for answer in begun}
    other = (await engine.post(door)).json()["run_id"]
    assert {one["run_id"] for one in (await engine.get("/v1/runs")).json()["items"]} == {run_id, other}
    starts = (await shown(engine, schedule_id))["starts"]
    assert [start["outcome"] for start in starts] == ["started", "started"]
    await cancel_all(engine)


async def test_schedules_are_a_tenants_own_and_creators_work(engine: Engine) -> None:
    made = await create(engine)
    stranger = await engine.person(tenant=f"{engine.tenant}-b")
    path = f"/v1/schedules/{made['id']}"
    asked = [("GET", path), ("PATCH", path), ("DELETE", path), ("POST", f"{path}/run"), ("POST", f"{path}/pause")]
    for method, where in asked:
        answer = await engine.client.request(method, where, headers=stranger.headers, json={})
        assert answer.status_code == 404, where
    reviewer = await engine.person("reviewer")
    for method, where in asked[1:]:
        answer = await engine.client.request(method, where, headers=reviewer.headers, json={})
        assert answer.status_code == 403, where
    assert (await engine.client.get(path, headers=reviewer.headers)).status_code == 200


# What is due


async def cancel_all(engine: Engine) -> None:
    for one in (await engine.get("/v1/runs?limit=200")).json()["items"]:
        await engine.post(f"/v1/runs/{one['run_id']}/cancel")


def due_since(rows: Rows, schedule_id: str, since: datetime) -> None:
    """As if nobody had looked since then."""
    rows("update orchestrator.schedules set next_at = %s where id = %s", since, schedule_id)


def minutes_ago(count: int) -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=count)


async def dealt_with(engine: Engine, rows: Rows, schedule_id: str) -> list[tuple[datetime, str, UUID | None]]:
    """What became of each due instant, the oldest first, once nothing is due any more."""
    due = "select 1 from orchestrator.schedules where id = %s and next_at <= now()"
    await eventually(lambda: rows(due, schedule_id) == [], seconds=20)
    found = rows(
        "select due_at, outcome, run_id from orchestrator.schedule_starts where schedule_id = %s order by due_at",
        schedule_id,
    )
    return [(at, outcome, run_id) for at, outcome, run_id in found]


async def test_two_orchestrators_start_each_due_instant_once(engines: Engines, rows: Rows) -> None:
    async with engines(poll_ms=10) as engine, engines(poll_ms=10):
        made = await create(engine, cron="* * * * *", catch_up="all")
        for _ in range(3):
            # The same instants are due again and again, as for somebody who died before the commit.
            since = minutes_ago(8)
            due_since(rows, made["id"], since)
            dealt = await dealt_with(engine, rows, made["id"])
        assert len(dealt) in range(9, 12)
        assert {outcome for _, outcome, _ in dealt} == {"started"}
        ids = {run_id for _, _, run_id in dealt}
        assert ids == {derived_id(made["id"], rfc3339(at)) for at, _, _ in dealt}
        started = {UUID(one["run_id"]) for one in (await engine.get("/v1/runs?limit=200")).json()["items"]}
        assert started == ids
        await engine.post(f"/v1/schedules/{made['id']}/pause")
        await cancel_all(engine)


@pytest.mark.parametrize(
    ("catch_up", "outcomes"),
    [("all", ["started"] * 3), ("last", ["missed", "missed", "started"]), ("skip", ["missed"] * 3)],
)
async def test_what_was_missed_is_caught_up_on_as_asked(
    engine: Engine, rows: Rows, catch_up: str, outcomes: list[str]
) -> None:
    newest = minutes_ago(5)
    made = await create(engine, cron=f"{newest.minute} * * * *", catch_up=catch_up)
    due_since(rows, made["id"], newest - timedelta(hours=2))
    dealt = await dealt_with(engine, rows, made["id"])
    assert [outcome for _, outcome, _ in dealt] == outcomes
    assert len((await engine.get("/v1/runs")).json()["items"]) == outcomes.count("started")
    await cancel_all(engine)


async def test_after_a_long_outage_only_the_newest_are_looked_at(engine: Engine, rows: Rows) -> None:
    made = await create(engine, cron="* * * * *", catch_up="last")
    due_since(rows, made["id"], minutes_ago(60 * 24 * 365))
    dealt = await dealt_with(engine, rows, made["id"])
    assert len(dealt) == CATCH_UP_LIMIT
    assert [outcome for _, outcome, _ in dealt[:-2]] == ["missed"] * (CATCH_UP_LIMIT - 2)
    assert dealt[-1][1] == "started"
    await engine.post(f"/v1/schedules/{made['id']}/pause")
    await cancel_all(engine)


async def test_a_run_under_way_keeps_the_next_from_starting(engine: Engine, rows: Rows) -> None:
    made = await create(engine, cron="* * * * *", catch_up="all", overlap="skip")
    due_since(rows, made["id"], minutes_ago(3))
    dealt = await dealt_with(engine, rows, made["id"])
    assert [outcome for _, outcome, _ in dealt] == ["started", *["skipped"] * (len(dealt) - 1)]
    await cancel_all(engine)
    rows("delete from orchestrator.schedule_starts where schedule_id = %s and outcome = 'skipped'", made["id"])
    due_since(rows, made["id"], minutes_ago(0))
    again = await dealt_with(engine, rows, made["id"])
    assert [outcome for _, outcome, _ in again][:2] == ["started", "started"]
    await engine.post(f"/v1/schedules/{made['id']}/pause")
    await cancel_all(engine)


async def test_a_schedule_in_trouble_stops_no_other(engine: Engine, rows: Rows) -> None:
    broken, good = await create(engine, catch_up="last"), await create(engine, catch_up="last")
    rows("update orchestrator.schedules set workflow = 'gone' where id = %s", broken["id"])
    for one in (broken, good):
        due_since(rows, one["id"], utc("2024-01-01T00:00"))
    [*_, (_, refused, none)] = await dealt_with(engine, rows, broken["id"])
    [*_, (_, started, run_id)] = await dealt_with(engine, rows, good["id"])
    assert (refused, none, started, run_id is None) == ("refused", None, "started", False)
    assert "gone" in (await shown(engine, broken["id"]))["starts"][0]["detail"]
    await cancel_all(engine)


async def test_a_schedule_that_the_scheduler_breaks_on_stops_no_other_and_goes_on_when_it_is_mended(
    engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.scheduler.PUT_OFF", timedelta(seconds=0.2))
    broken, good = await create(engine, catch_up="last", cron="0 3 * * *"), await create(engine, catch_up="last")
    # Countries give up their time, and the next version of the library does not know it any more.
    rows("update orchestrator.schedules set timezone = 'Mars/Base' where id = %s", broken["id"])
    due_since(rows, broken["id"], utc("2024-01-01T00:00"))
    due_since(rows, good["id"], utc("2024-01-02T00:00"))
    [*_, (_, started, _)] = await dealt_with(engine, rows, good["id"])
    assert started == "started"
    assert rows("select 1 from orchestrator.schedule_starts where schedule_id = %s", broken["id"]) == []
    rows("update orchestrator.schedules set timezone = 'UTC' where id = %s", broken["id"])
    [*_, (_, mended, _)] = await dealt_with(engine, rows, broken["id"])
    assert mended == "started"
    await cancel_all(engine)


async def test_what_became_due_while_nobody_was_there_is_started_by_the_next(engines: Engines, rows: Rows) -> None:
    async with engines() as engine:
        made = await create(engine, cron="0 3 * * *", timezone=BERLIN)
    due = due_before("0 3 * * *", BERLIN, datetime.now(UTC), since=utc("2024-01-01T00:00"), count=1)[0]
    due_since(rows, made["id"], due)
    async with engines() as engine:
        [(at, outcome, run_id)] = await dealt_with(engine, rows, made["id"])
        assert (at, outcome) == (due, "started")
        assert run_id == derived_id(made["id"], rfc3339(due))
        run = await engine.run(run_id)
        assert (run["workflow"], run["created_by"]) == ("checked", made["created_by"])
        await cancel_all(engine)


async def test_a_paused_schedule_starts_nothing(engine: Engine, rows: Rows) -> None:
    paused, other = await create(engine, paused=True), await create(engine)
    for one in (paused, other):
        due_since(rows, one["id"], utc("2025-01-01T00:00"))
    assert await dealt_with(engine, rows, other["id"])
    assert rows("select 1 from orchestrator.schedule_starts where schedule_id = %s", paused["id"]) == []
    await cancel_all(engine)
