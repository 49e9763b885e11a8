"""A person is forgotten by the orchestrator: what they wrote goes, what happened and what it cost stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from common.bus.connection import Bus
from common.bus.wire import wire_headers
from common.contracts.erasing import ErasureOrdered, RunForgotten
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import Invalid
from testkit.engine import Engine, think, write_workflow, write_workflows
from testkit.listening import eventually
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.workshop import Rows

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
BRIEF = "My daughter Ada learns to ride a bicycle"
STARTED = {"workflow": "thought", "input": {"brief": BRIEF}}
FAMILY = """workflow_name: family
input: {brief: str}
steps:
  - {id: plan, run: ideation.propose_ideas, with: {brief: "${input.brief}"}}
  - {id: below, subrun: thought, with: {brief: "${input.brief}"}}
"""
ANSWERS = (
    "select convert_from(body, 'utf8')::jsonb -> 'detail' from orchestrator.outbox"
    " where tenant_id = %s and convert_from(body, 'utf8')::jsonb ->> 'action' = 'personal_data.erased'"
)


@pytest.fixture(scope="module", autouse=True)
def looks_often() -> Iterator[None]:
    """Whether a run has ended by now is looked at without delay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("orchestrator.forgetting.LOOK_SECONDS", 0.2)
        yield


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small ones, and one that starts another."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    write_workflow(folder, FAMILY)
    return folder


@pytest.mark.feature("P90")
async def test_a_brief_goes_and_the_run_stays(engine: Engine, stack: Stack, rows: Rows) -> None:
    person = await engine.person()
    async with engine.on_duty(think):
        run_id = await engine.start(brief=BRIEF)
        before = await engine.shows(run_id, "completed")
    history = await engine.history(run_id)
    said = await engine.post("/v1/chat/supervisor", {"message": f"status of {BRIEF}"})
    assert [film["run_id"] for film in said.json()["films"]] == [str(run_id)]
    await order_erasure(engine, stack, user_id=person.user_id)
    await eventually(lambda: rows(ANSWERS, engine.tenant), seconds=20)
    told = "select 1 from orchestrator.outbox where run_id = %s and subject = %s"
    assert len(rows(told, run_id, RunForgotten.subject)) == 1
    assert [rows(ANSWERS, engine.tenant)[0][0][name] for name in ("runs", "conversations")] == [1, 1]
    assert rows("select 1 from orchestrator.conversation_turns where tenant_id = %s", engine.tenant) == []
    kept = rows("select r::text from orchestrator.runs r where id = %s", run_id)
    kept += rows("select e::text from orchestrator.run_events e where run_id = %s", run_id)
    text = "\n".join(line for (line,) in kept)
    assert BRIEF not in text
    assert person.user_id not in text
    # Whoever is forgotten is let in no more, so somebody else looks.
    del engine.persons[engine.tenant, "creator"]
    after = await engine.run(run_id)
    assert (after["status"], after["created_by"]) == ("completed", "erased")
    assert after["cost_usd"] == before["cost_usd"]
    assert await engine.history(run_id) == history


async def test_a_run_on_legal_hold_says_so_and_keeps_what_the_person_wrote(
    engine: Engine, stack: Stack, serving: Serving, rows: Rows
) -> None:
    person, officer = await engine.person(), await engine.person("compliance_officer")
    async with engine.on_duty(think):
        held, free = await engine.start(brief=BRIEF), await engine.start(brief=BRIEF)
        for run_id in (held, free):
            await engine.shows(run_id, "completed")
    async with serving("compliance") as compliance:
        body = {"kind": "run", "subject": str(held), "reason": "a lawsuit"}
        answered = await compliance.post("/v1/audit/holds", headers=officer.headers, json=body)
        hold = answered.raise_for_status().json()
        await eventually(lambda: engine.run(held), until=lambda run: run["legal_hold"])
    assert (await engine.run(free))["legal_hold"] is False
    await order_erasure(engine, stack, user_id=person.user_id)
    await eventually(lambda: rows(ANSWERS, engine.tenant), seconds=20)
    [(answer,)] = rows(ANSWERS, engine.tenant)
    assert (answer["runs"], answer["kept_under_way"]) == (1, 1)
    briefs = "select id, input ->> 'brief' from orchestrator.runs where tenant_id = %s"
    assert dict(rows(briefs, engine.tenant)) == {held: BRIEF, free: "erased"}
    async with serving("compliance") as compliance:
        lifted = await compliance.delete(f"/v1/audit/holds/{hold['id']}", headers=officer.headers)
        lifted.raise_for_status()
        await eventually(
            lambda: dict(rows(briefs, engine.tenant)), until=lambda left: left[held] == "erased", seconds=20
        )


async def test_what_is_shared_with_somebody_forgotten_is_so_no_more(engine: Engine, stack: Stack, rows: Rows) -> None:
    friend, other = await engine.people.join(engine.tenant, "creator"), await engine.person()
    started = await engine.post("/v1/runs", {"workflow": "thought", "input": {"brief": "x"}, "visibility": "private"})
    run_id = started.json()["run_id"]
    (await engine.post(f"/v1/runs/{run_id}/shares", {"who": f"user:{friend.user_id}"})).raise_for_status()
    for person in (friend, other):
        await order_erasure(engine, stack, user_id=person.user_id)
    await eventually(lambda: len(rows(ANSWERS, engine.tenant)) == 2, seconds=20)
    # The run is under way, and goes on to have an owner.
    left = rows("select who, level from orchestrator.run_shares where run_id = %s", run_id)
    assert left == [(f"user:{other.user_id}", "owner")]
    told = "select convert_from(body, 'utf8')::jsonb -> 'ended' from orchestrator.outbox where run_id = %s"
    assert (True,) in rows(told + " and subject = 'evt.orchestrator.run_shared.v1'", run_id)


async def test_who_acted_on_anothers_run_is_not_named_there_any_more(engine: Engine, stack: Stack, rows: Rows) -> None:
    other = await engine.people.join(engine.tenant, "creator", "operator")
    run_id, under_way = await engine.start(brief=BRIEF), await engine.start(brief=BRIEF)
    shared = await engine.post("/v1/runs", {"workflow": "thought", "input": {"brief": "x"}, "visibility": "private"})
    share = {"id": uuid4(), "run": shared.json()["run_id"], "tenant": engine.tenant, "by": other.user_id}
    rows(
        "insert into orchestrator.run_shares (id, tenant_id, run_id, who, level, shared_by, shared_at)"
        " values (%s, %s, %s, 'role:reviewer', 'read', %s, now())",
        *[share[name] for name in ("id", "tenant", "run", "by")],
    )
    for path in (f"/v1/runs/{run_id}/pause", f"/v1/runs/{run_id}/cancel", f"/v1/runs/{under_way}/pause"):
        (await engine.client.post(path, headers=other.headers)).raise_for_status()
    await engine.shows(run_id, "cancelled")
    history = await engine.history(run_id)
    await order_erasure(engine, stack, user_id=other.user_id)
    await eventually(lambda: rows(ANSWERS, engine.tenant), seconds=20)
    [(answer,)] = rows(ANSWERS, engine.tenant)
    assert (answer["named_in_runs"], answer["kept_under_way"]) == (1, 1)
    naming = "select run_id from orchestrator.run_events where tenant_id = %s and position(%s in data::text) > 0"
    assert set(rows(naming, engine.tenant, other.user_id)) == {(under_way,)}
    assert rows("select shared_by from orchestrator.run_shares where id = %s", share["id"]) == [("erased",)]
    # Whose run it is has not changed, and neither has what they wrote.
    assert (await engine.run(run_id))["created_by"] == (await engine.person()).user_id
    assert rows("select input ->> 'brief' from orchestrator.runs where id = %s", run_id) == [(BRIEF,)]
    assert await engine.history(run_id) == history
    # What was under way ends, and nobody has to order it again.
    for path in ("resume", "cancel"):
        (await engine.post(f"/v1/runs/{under_way}/{path}")).raise_for_status()
    await engine.shows(under_way, "cancelled")
    await eventually(lambda: rows(naming, engine.tenant, other.user_id), until=lambda found: found == [], seconds=20)
    assert (await engine.run(under_way))["created_by"] == (await engine.person()).user_id


@pytest.mark.feature("P90")
async def test_a_run_that_was_under_way_forgets_when_it_ends(
    engine: Engine, stack: Stack, engines: Engines, rows: Rows
) -> None:
    """Once, though two look for it."""
    person, other = await engine.person(), await engine.people.join(engine.tenant, "creator")
    run_id = await engine.start(brief=BRIEF)
    theirs = await engine.client.post("/v1/runs", json=STARTED, headers=other.headers)
    await order_erasure(engine, stack, user_id=person.user_id)
    await eventually(lambda: rows(ANSWERS, engine.tenant), seconds=20)
    brief = "select input ->> 'brief', created_by from orchestrator.runs where id = %s"
    assert rows(brief, run_id) == [(BRIEF, person.user_id)]
    async with engines():
        # Whoever is forgotten is let in no more, so somebody else looks on.
        engine.persons[engine.tenant, "creator"] = other
        async with engine.on_duty(think):
            await engine.shows(run_id, "completed")
        await eventually(lambda: len(rows(ANSWERS, engine.tenant)) == 2, seconds=20)
    assert rows(brief, run_id) == [("erased", "erased")]
    told = "select 1 from orchestrator.outbox where run_id = %s and subject = %s"
    assert len(rows(told, run_id, RunForgotten.subject)) == 1
    answers = [answer for (answer,) in rows(ANSWERS, engine.tenant)]
    assert {(answer["runs"], answer["kept_under_way"]) for answer in answers} == {(0, 1), (1, 0)}
    assert len(answers) == 2
    # Who heard it may have had to keep it then, or may have got something of it since: it is told again, twice.

    def more(before: int) -> bool:
        return len(rows(told, run_id, RunForgotten.subject)) > before

    soon = "update orchestrator.forgotten_later set again_at = now() where tenant_id = %s and user_id = 'erased'"
    for _ in range(2):
        rows(soon, engine.tenant)
        before = len(rows(told, run_id, RunForgotten.subject))
        await eventually(partial(more, before), seconds=20)
    assert rows(LATER, engine.tenant) == []
    # What others ask for is theirs as before.
    assert rows(brief, theirs.json()["run_id"]) == [(BRIEF, other.user_id)]


async def test_two_people_are_forgotten_in_one_run(engine: Engine, stack: Stack, rows: Rows) -> None:
    author, operator = await engine.person(), await engine.people.join(engine.tenant, "creator", "operator")
    started = await engine.post("/v1/runs", STARTED | {"visibility": "private"})
    run_id = started.json()["run_id"]
    share = {"who": f"user:{operator.user_id}", "level": "control"}
    (await engine.post(f"/v1/runs/{run_id}/shares", share)).raise_for_status()
    for action in ("pause", "resume"):
        (await engine.client.post(f"/v1/runs/{run_id}/{action}", headers=operator.headers)).raise_for_status()
    for person in (author, operator):
        await order_erasure(engine, stack, user_id=person.user_id)
    await eventually(lambda: len(rows(ANSWERS, engine.tenant)) == 2, seconds=20)
    engine.persons[engine.tenant, "creator"] = await engine.people.join(engine.tenant, "admin")
    async with engine.on_duty(think):
        await eventually(lambda: rows(UNTOLD, engine.tenant), until=lambda left: left == [], seconds=20)
    kept = rows("select r::text from orchestrator.runs r where id = %s", run_id)
    kept += rows("select e::text from orchestrator.run_events e where run_id = %s", run_id)
    kept += rows("select s::text from orchestrator.run_shares s where run_id = %s", run_id)
    text = "\n".join(line for (line,) in kept)
    for gone in (BRIEF, author.user_id, operator.user_id):
        assert gone not in text


async def test_what_a_run_starts_after_the_order_is_forgotten_with_it(engine: Engine, stack: Stack, rows: Rows) -> None:
    person = await engine.person()
    run_id = await engine.start("family", brief=BRIEF)
    await order_erasure(engine, stack, user_id=person.user_id)
    await eventually(lambda: rows(ANSWERS, engine.tenant), seconds=20)
    engine.persons[engine.tenant, "creator"] = await engine.people.join(engine.tenant, "creator")
    async with engine.on_duty(think):
        await engine.shows(run_id, "completed")
    briefs = "select workflow, input ->> 'brief', created_by from orchestrator.runs where tenant_id = %s order by 1"
    gone = [("family", "erased", "erased"), ("thought", "erased", "erased")]
    await eventually(lambda: rows(briefs, engine.tenant), until=lambda found: found == gone, seconds=20)


async def test_a_failed_run_may_be_retried_for_a_day_and_then_it_forgets(
    engine: Engine, stack: Stack, rows: Rows
) -> None:
    person, brief = await engine.person(), "select input ->> 'brief' from orchestrator.runs where id = %s"

    async def breaks(input: IdeationInput, step: object) -> IdeationOutput:
        raise Invalid("no")

    run_id, cancelled = await engine.start(brief=BRIEF), await engine.start(brief=BRIEF)
    await order_erasure(engine, stack, user_id=person.user_id)
    await eventually(lambda: rows(ANSWERS, engine.tenant), seconds=20)
    engine.persons[engine.tenant, "creator"] = await engine.people.join(engine.tenant, "creator")
    (await engine.post(f"/v1/runs/{cancelled}/pause")).raise_for_status()
    async with engine.on_duty(breaks):
        await engine.shows(run_id, "failed")
        (await engine.post(f"/v1/runs/{cancelled}/cancel")).raise_for_status()
        await eventually(lambda: rows(brief, cancelled), until=lambda found: found == [("erased",)], seconds=20)
        assert rows(brief, run_id) == [(BRIEF,)]
        (await engine.post(f"/v1/runs/{run_id}/retry")).raise_for_status()
        await engine.shows(run_id, "failed")
    rows("update orchestrator.runs set updated_at = now() - interval '25 hours' where id = %s", run_id)
    await eventually(lambda: rows(brief, run_id), until=lambda found: found == [("erased",)], seconds=20)
    # Of what is forgotten nothing is made, and nobody would be kept from approving it.
    refused = await engine.post(f"/v1/runs/{run_id}/retry")
    assert (refused.status_code, refused.json()["error"]) == (409, "run_is_over")


async def test_what_somebody_asked_for_again_and_again_or_what_died_goes(
    engine: Engine, stack: Stack, rows: Rows
) -> None:
    person = await engine.person()
    body = {"name": "Films", "cron": "0 0 1 1 *", "workflow": "thought", "input": {"brief": BRIEF}}
    schedule_id = (await engine.post("/v1/schedules", body)).raise_for_status().json()["id"]
    run_id = await engine.start(brief=BRIEF)
    (await engine.post(f"/v1/runs/{run_id}/cancel")).raise_for_status()
    await engine.shows(run_id, "cancelled")
    made = (
        "insert into orchestrator.letters (id, tenant_id, service, subject, code, reason, run_id, headers, body, size,"
    )
    made += " state, times, first_seen, last_seen) values (%s, %s, 'editor', 's', 'broke', 'r', %s, '{}', %s, 1,"
    rows(made + " 'open', 1, now(), now())", letter := uuid4(), engine.tenant, run_id, BRIEF.encode())
    await order_erasure(engine, stack, user_id=person.user_id)
    await eventually(lambda: rows(ANSWERS, engine.tenant), seconds=20)
    schedule = "select input ->> 'brief', created_by, paused from orchestrator.schedules where id = %s"
    assert rows(schedule, schedule_id) == [("erased", "erased", True)]
    assert rows("select body from orchestrator.letters where id = %s", letter) == [(None,)]


LATER = "select 1 from orchestrator.forgotten_later where tenant_id = %s"
UNTOLD = LATER + " and told = 0"
PEOPLE = {
    ("runs", "created_by"),
    ("forgotten_later", "user_id"),
    ("run_shares", "who"),
    ("run_shares", "shared_by"),
    ("letters", "handled_by"),
    ("schedules", "created_by"),
    ("conversations", "user_id"),
    ("conversation_turns", "user_id"),
}
NOT_PEOPLE = {("artifacts", "made_by"), ("run_artifacts", "made_by")}


def test_every_column_that_names_people_is_known(stack: Stack, rows: Rows) -> None:
    query = (
        "select table_name::text, column_name::text from information_schema.columns where table_schema = 'orchestrator'"
        " and data_type = 'text' and column_name ~ '(_by|_to|^author|^actor|^user_id|^person|^who)$'"
    )
    assert set(rows(query)) == PEOPLE | NOT_PEOPLE


async def order_erasure(engine: Engine, stack: Stack, *, user_id: str) -> None:
    """Order as compliance does that somebody is forgotten."""
    bus = Bus(stack.environment("compliance")["GREENLIGHT_NATS_URL"], service="compliance")
    await bus.connect()
    body = ErasureOrdered(erasure_id=uuid4(), user_id=user_id, ordered_at=datetime.now(UTC))
    row = {
        "id": uuid4(),
        "sends": 0,
        "created_at": datetime.now(UTC),
        "headers": {"ce-type": body.subject, "ce-tenant": engine.tenant},
    }
    await bus.publish(body.subject, body.model_dump_json().encode(), headers=wire_headers(row, source="compliance"))
    await bus.close()
