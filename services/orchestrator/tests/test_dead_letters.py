"""The dead letters of all services as one list, and their way back, with real servers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.bus.connection import Bus
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput, ProposeIdeas
from common.contracts.message import SIGNAL_SUBJECT, Finished, Outcome, Signal
from common.db.work import Transaction
from common.ending import end_tasks
from common.masking import HIDDEN, masked, shown_body
from orchestrator.dead_letters import capability_of
from testkit.engine import IDEAS, Engine, think
from testkit.listening import eventually
from testkit.people import Person
from testkit.workshop import Rows, Worker

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
KILLS = 2
"""How often the job kills its worker before it is given up, in these tests."""


async def operator(engine: Engine) -> Person:
    return await engine.person("operator")


async def letters(engine: Engine, who: Person | None = None, **query: Any) -> list[dict[str, Any]]:
    asker = who or await operator(engine)
    answer = await engine.client.get("/admin/dlq", headers=asker.headers, params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def letter(engine: Engine, who: Person | None = None, **query: Any) -> dict[str, Any]:
    """The one letter there is, once it is there."""
    [found] = await eventually(lambda: letters(engine, who, **query), seconds=30)
    return dict(found)


async def act(engine: Engine, letter_id: str, verb: str, who: Person | None = None, **body: Any) -> Any:
    asker = who or await operator(engine)
    return await engine.client.post(f"/admin/dlq/{letter_id}/{verb}", headers=asker.headers, json=body or None)


@asynccontextmanager
async def ideation_bus(engine: Engine) -> AsyncIterator[Bus]:
    bus = Bus(engine.stack.environment("ideation")["GREENLIGHT_NATS_URL"], service="ideation")
    await bus.connect()
    yield bus
    await bus.close()


async def poison(engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """A run whose step really killed `KILLS` workers, and was given up by the next. → its id."""
    async with ideation_bus(engine) as bus:
        announcing = asyncio.create_task(announce_by(bus))
        run_id = await engine.start(brief="Too heavy")
        for _ in range(KILLS):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(Path(__file__).with_name("dying_worker.py")),
                str(engine.stack.site.data),
                engine.tenant,
            )
            assert await asyncio.wait_for(process.wait(), 60) == 137
        await end_tasks([announcing])
    step = "select claims from ideation.attempts where tenant_id = %s"
    assert rows(step, engine.tenant) == [(KILLS,)]
    monkeypatch.setattr("common.bus.runner.POISON_CLAIMS", KILLS)

    async def never(input: IdeationInput, step: Step) -> IdeationOutput:
        raise AssertionError("it was given up")

    async with engine.on_duty(never):
        run = await engine.shows(run_id, "failed")
    assert (run["error"]["code"], "dead letter" in run["error"]["next_action"]) == ("poison", True)
    monkeypatch.undo()
    return run_id


async def announce_by(bus: Bus) -> None:
    """Say for ever that ideation has room."""
    while True:
        await bus.say("ctl.worker.ideation", b'{"worker": "dying", "slots": {"ideation.propose_ideas": 4}}')
        await asyncio.sleep(1)


@pytest.mark.feature("P51", "P50")
async def test_what_kills_its_worker_ends_in_the_list_and_goes_on_when_it_is_redriven(
    engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = await poison(engine, rows, monkeypatch)
    found = await letter(engine, run_id=str(run_id))
    assert (found["code"], found["state"], found["times"]) == ("poison", "open", 1)
    assert (found["service"], found["capability"], found["step"]) == ("ideation", "ideation.propose_ideas", "think")
    assert f"ended its worker {KILLS} times" in found["reason"]
    assert "dead_letter.buried" in await engine.history(run_id)
    async with engine.on_duty():
        answers = await asyncio.gather(*(act(engine, found["id"], "replay") for _ in range(5)))
        assert {answer.status_code for answer in answers} == {200}
        assert sum(answer.json()["changed"] for answer in answers) == 1
        await engine.shows(run_id, "completed")
    history = await engine.history(run_id)
    assert (history.count("run.retried"), history.count("dead_letter.redriven")) == (1, 1)
    [(attempt,)] = rows("select attempt from ideation.attempts where tenant_id = %s", engine.tenant)
    assert attempt == 2
    assert [one["state"] for one in await letters(engine)] == ["redriven"]
    audited = rows(
        "select count(*) from orchestrator.outbox where tenant_id = %s and subject = 'cmd.compliance.audit.v1'"
        " and convert_from(body, 'utf8') like '%%dead_letter.redriven%%'",
        engine.tenant,
    )
    assert audited == [(1,)]


@pytest.mark.feature("P51")
async def test_a_worker_whose_lease_is_over_cannot_finish_the_step(
    engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first worker is held up for longer than its lease; what it then brings counts for nothing."""
    for module in ("leases", "step"):
        monkeypatch.setattr(f"common.bus.{module}.LEASE", timedelta(milliseconds=300))
    monkeypatch.setattr("common.bus.runner.HEARTBEAT_SECONDS", 3600)
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def held_up(input: IdeationInput, step: Step) -> IdeationOutput:
        begun.set()
        await let_go.wait()
        return IDEAS.model_copy(update={"ideas": ()})

    async with engine.on_duty(held_up, slots=1):
        run_id = await engine.start(brief="By the second")
        await asyncio.wait_for(begun.wait(), 20)
        async with engine.on_duty(slots=1):
            await engine.shows(run_id, "completed")
            let_go.set()
    assert (await engine.history(run_id)).count("agent.completed") == 1
    state = (await engine.get(f"/v1/runs/{run_id}/state")).json()
    assert state["steps"][0]["output"]["ideas"][0]["title"] == "By the second"
    assert rows("select count(*) from ideation.inbox where tenant_id = %s", engine.tenant) == [(1,)]


async def broken_answer(worker: Worker, engine: Engine, run_id: UUID) -> None:
    headers = {"ce-id": str(uuid4()), "ce-type": "x", "ce-tenant": engine.tenant, "ce-run": str(run_id)}
    headers |= {"ce-step": str(uuid4()), "ce-attempt": "1", "authorization": "Bearer abcdefghijkl"}
    body = b'{"outcome": "sideways", "api_key": "sk-aaaaaaaaaaaaaaaa"}'
    await worker.bus.publish(ProposeIdeas.finished_subject, body, headers=headers)


async def test_a_broken_message_stops_no_other_and_shows_without_its_secrets(engine: Engine) -> None:
    async with engine.on_duty() as worker:
        run_id = await engine.start()
        await broken_answer(worker, engine, run_id)
        await engine.shows(run_id, "completed")
    found = await letter(engine, state="open")
    assert (found["service"], found["code"], found["run_id"]) == ("orchestrator", "unreadable", str(run_id))
    whole = await engine.client.get(f"/admin/dlq/{found['id']}", headers=(await operator(engine)).headers)
    assert whole.json()["body"] == {"outcome": "sideways", "api_key": HIDDEN}
    assert whole.json()["headers"]["authorization"] == HIDDEN
    refused = await act(engine, found["id"], "replay")
    assert (refused.status_code, refused.json()["error"]) == (409, "cannot_be_redriven")
    assert "outcome" in refused.json()["detail"]
    resolved = [await act(engine, found["id"], "resolve", note="An old version sent it.") for _ in range(2)]
    assert [answer.json()["changed"] for answer in resolved] == [True, False]
    assert resolved[0].json()["letter"]["note"] == "An old version sent it."
    assert (await act(engine, found["id"], "replay")).json()["error"] == "letter_resolved"
    history = await engine.history(run_id)
    assert (history.count("dead_letter.buried"), history[-1]) == (1, "dead_letter.resolved")


async def test_what_the_engine_understands_by_now_is_taken_when_it_is_redriven(
    engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after an upgrade: a message that yesterday's version could not read."""

    def too_old(*_: Any, **__: Any) -> Any:
        raise ValueError("an old version")

    monkeypatch.setattr("orchestrator.arrivals._TRIES", 1)
    held = asyncio.Event()

    async def hold(input: IdeationInput, step: Step) -> IdeationOutput:
        await held.wait()
        return await think(input, step)

    async with engine.on_duty(hold) as worker:
        run_id = await engine.start()
        [(step,)] = await eventually(
            lambda: rows(
                "select step_id from orchestrator.ready_steps where run_id = %s and sent_at is not null", run_id
            )
        )
        monkeypatch.setattr("orchestrator.transitions.advance", too_old)
        async with worker.work.transaction(engine.tenant) as tx:
            answer = Finished(outcome=Outcome.DONE, output=IDEAS.model_dump(mode="json"))
            tx.send(ProposeIdeas.finished_subject, answer, run=run_id, step=step, attempt=1)
        found = await letter(engine)
        assert found["code"] == "broke"
        still = await act(engine, found["id"], "replay")
        assert (still.status_code, still.json()["error"]) == (409, "cannot_be_redriven")
        monkeypatch.undo()
        assert (await act(engine, found["id"], "replay")).json()["changed"]
        run = await engine.run(run_id)
        assert run["status"] == "completed"
        held.set()


async def test_what_the_database_refuses_to_keep_stops_no_other(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.arrivals._TRIES", 2)
    run_id = await engine.start("checked")
    other = await engine.start("checked")
    async with engine.on_duty() as worker:
        async with worker.work.transaction(engine.tenant) as tx:
            tx.send(SIGNAL_SUBJECT, Signal(handle="x:1", payload={"text": "\x00"}), run=run_id)
            tx.send(SIGNAL_SUBJECT, Signal(handle="x:2", payload={"text": "fine"}), run=other)
        found = await letter(engine)
        assert (found["code"], found["subject"]) == ("broke", SIGNAL_SUBJECT)
        again = await engine.post(f"/v1/runs/{other}/cancel")
        assert again.status_code == 200
    await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_what_names_no_tenant_is_for_the_operators_of_the_platform(engine: Engine, rows: Rows) -> None:
    platform = await engine.people._person(engine.stack.secrets.admin_key.get_secret_value())
    nonce = uuid4().hex
    async with engine.on_duty():
        bus = Bus(engine.stack.environment("orchestrator")["GREENLIGHT_NATS_URL"], service="orchestrator")
        await bus.connect()
        await bus.publish(ProposeIdeas.command_subject, f'"{nonce}"'.encode(), headers={"ce-id": "7"})
        await bus.close()

        async def mine() -> list[str]:
            found = await letters(engine, platform, nobodys=True, service="ideation")
            bodies = [await engine.client.get(f"/admin/dlq/{one['id']}", headers=platform.headers) for one in found]
            return [one.json()["id"] for one in bodies if one.json()["body"] == nonce]

        [letter_id] = await eventually(mine)
        assert (await act(engine, letter_id, "replay")).status_code == 404
        own = (await operator(engine)).headers
        assert (await engine.client.get("/admin/dlq?nobodys=true", headers=own)).status_code == 403
        # It goes out again as it was, and is given up again: the same letter, open again.
        assert (await act(engine, letter_id, "replay", platform)).json()["changed"]
        again = "select state, times from orchestrator.letters where id = %s"
        assert await eventually(lambda: rows(again, letter_id), until=lambda found: found == [("open", 2)])


async def test_only_operators_see_letters_and_only_their_own(engine: Engine) -> None:
    async with engine.on_duty() as worker:
        run_id = await engine.start()
        await broken_answer(worker, engine, run_id)
        found = await letter(engine)
    assert (await engine.get("/admin/dlq")).status_code == 403
    stranger = await engine.person("operator", tenant=f"{engine.tenant}-b")
    assert await letters(engine, stranger) == []
    for verb in ("replay", "resolve"):
        assert (await act(engine, found["id"], verb, stranger, note="x")).status_code == 404
    assert (await engine.client.get(f"/admin/dlq/{found['id']}", headers=stranger.headers)).status_code == 404
    mine = (await operator(engine)).headers
    assert (await engine.client.get(f"/admin/dlq/{uuid4()}", headers=mine)).status_code == 404
    # What PostgreSQL cannot even look for is nobody's name.
    for name in ("service", "capability"):
        assert (await engine.client.get(f"/admin/dlq?{name}=%00", headers=mine)).status_code == 422
        odd = await engine.client.post("/admin/dlq/replay", json={name: "a\0"}, headers=mine)
        assert odd.status_code == 422


async def test_many_are_treated_at_once_and_listed_in_pages(engine: Engine) -> None:
    async with engine.on_duty() as worker:
        run_id = await engine.start()
        for _ in range(5):
            await broken_answer(worker, engine, run_id)
        await eventually(lambda: letters(engine), until=lambda found: len(found) == 5)
    headers = (await operator(engine)).headers
    first = (await engine.client.get("/admin/dlq?limit=3", headers=headers)).json()
    rest = (await engine.client.get(f"/admin/dlq?limit=3&cursor={first['next_cursor']}", headers=headers)).json()
    assert rest["next_cursor"] is None
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 5
    body = {"run_id": str(run_id)}
    replayed = (await engine.client.post("/admin/dlq/replay", headers=headers, json=body)).json()
    assert (replayed["done"], len(replayed["refused"]), replayed["more"]) == ([], 5, False)
    none = {"service": "editor", "note": "x"}
    assert (await engine.client.post("/admin/dlq/resolve", headers=headers, json=none)).json()["done"] == []
    resolved = await engine.client.post("/admin/dlq/resolve", headers=headers, json=body | {"note": "Old."})
    assert len(resolved.json()["done"]) == 5
    assert await letters(engine, state="open") == []


async def test_one_letter_in_trouble_spoils_nothing_for_the_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine.on_duty() as worker:
        broken, sound = [await engine.start() for _ in range(2)]
        for run_id in (broken, sound):
            await broken_answer(worker, engine, run_id)
        await eventually(lambda: letters(engine), until=lambda found: len(found) == 2)

    async def steer(tx: Transaction, run: Any) -> None:
        if run["id"] == broken:
            raise RuntimeError("cannot be read")

    monkeypatch.setattr("orchestrator.redriving.must_steer", steer)
    headers = (await operator(engine)).headers
    body = {"service": "orchestrator", "note": "Old."}
    answer = (await engine.client.post("/admin/dlq/resolve", headers=headers, json=body)).raise_for_status().json()
    assert (len(answer["done"]), len(answer["refused"])) == (1, 1)
    assert "could not be done" in answer["refused"][0]["detail"]
    [left] = await letters(engine, state="open")
    assert left["run_id"] == str(broken)


async def test_a_poisoned_step_of_a_run_that_is_over_is_not_redriven(
    engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with engine.on_duty() as worker:
        run_id = await engine.start()
        await engine.shows(run_id, "completed")
        await broken_answer(worker, engine, run_id)
        found = await letter(engine)
    rows("update orchestrator.letters set code = 'poison' where id = %s", found["id"])
    refused = await act(engine, found["id"], "replay")
    assert (refused.status_code, refused.json()["status_now"]) == (409, "completed")


async def test_what_somebody_dealt_with_is_forgotten_after_ninety_days(engines: Engines, rows: Rows) -> None:
    """Both lists: the operators' forgets only what is not open, each service's own what the other one has."""
    made = "insert into orchestrator.letters (id, tenant_id, service, subject, code, reason, headers, size, state,"
    made += " times, first_seen, last_seen, handled_at) select %s, 't', 'editor', 's', 'broke', 'r', '{}', 0, %s, 1,"
    made += " now(), now(), now() - %s::interval"
    own = "insert into orchestrator.dead_letters (id, tenant_id, subject, reason, headers, body, created_at)"
    own += " select %s, 't', 's', 'r', '{}', %s, now() - %s::interval"
    stay, go = [uuid4() for _ in range(5)], [uuid4() for _ in range(3)]
    for letter_id, state, age in (
        (stay[0], "open", None), (stay[1], "open", "91 days"), (stay[2], "resolved", "89 days"),
        (go[0], "resolved", "91 days"), (go[1], "redriven", "91 days"),
    ):  # fmt: skip
        rows(made, letter_id, state, age)
    for letter_id, size, age in ((stay[3], 10, "89 days"), (stay[4], 70_000, "91 days"), (go[2], 10, "91 days")):
        rows(own, letter_id, b"x" * size, age)
    there = "select id from orchestrator.letters where id = any(%s) union all"
    there += " select id from orchestrator.dead_letters where id = any(%s)"

    def left() -> set[UUID]:
        return {row[0] for row in rows(there, [*stay, *go], [*stay, *go])}

    assert left() == {*stay, *go}
    async with engines():
        await eventually(lambda: left() == set(stay))
    rows("delete from orchestrator.letters where id = any(%s)", stay)
    rows("delete from orchestrator.dead_letters where id = any(%s)", stay)


def test_what_is_secret_is_hidden() -> None:
    shown = masked({"token": "x", "tokens": 7, "in": ["Bearer abcdefgh12", "https://me:pw@host/x"], "brief": "tides"})
    hidden = {"token": HIDDEN, "tokens": 7, "in": [HIDDEN, f"https://{HIDDEN}@host/x"], "brief": "tides"}
    assert shown == hidden
    assert shown_body(b"\xff no JSON whsec_aaaaaaaaaaaaaaaa") == f"\ufffd no JSON {HIDDEN}"


def test_a_subject_says_which_capability() -> None:
    assert capability_of("cmd.ideation.propose_ideas.v1") == "ideation.propose_ideas"
    assert capability_of("evt.ideation.propose_ideas_finished.v1") == "ideation.propose_ideas"
    assert capability_of("evt.compliance.gate_decided.v1") is None
