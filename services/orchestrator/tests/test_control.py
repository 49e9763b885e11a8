"""What people do to runs: pause, resume, cancel, terminate, retry. Each is idempotent and audited."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import ContentBlocked
from testkit.engine import Engine, think, write_workflow, write_workflows
from testkit.listening import eventually
from testkit.workshop import Rows

TWO = """workflow_name: two
input: {brief: str}
steps:
  - id: first
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
  - id: second
    run: ideation.propose_ideas
    with: {brief: "${steps.first.output.ideas[0].title} again"}
"""
FAMILY = """workflow_name: family
input: {brief: str}
steps:
  - id: both
    parallel:
      early: [{id: first_film, subrun: two, with: {brief: "${input.brief}"}}]
      late:
        - {id: plan, run: ideation.propose_ideas, with: {brief: Plan}}
        - {id: second_film, subrun: thought, with: {brief: Late}}
"""


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two steps, one after the other, and a run that starts others, besides the usual ones."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    write_workflow(folder, TWO)
    write_workflow(folder, FAMILY)
    return folder


class Held:
    """An act that waits until it is let go."""

    def __init__(self) -> None:
        self.briefs: list[str] = []
        self.stopped: list[str] = []
        self.let_go = asyncio.Event()

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        self.briefs.append(input.brief)
        try:
            await self.let_go.wait()
        except asyncio.CancelledError:
            self.stopped.append(input.brief)
            raise
        return await think(input, step)


async def steer(engine: Engine, run_id: UUID, action: str) -> dict[str, Any]:
    """Do it as the creator. → the run."""
    answer = await engine.post(f"/v1/runs/{run_id}/{action}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def audited(rows: Rows, engine: Engine, run_id: UUID) -> list[str]:
    """What compliance is told that was done to the run, in order."""
    found = rows(
        "select convert_from(body, 'utf8')::jsonb ->> 'action' from orchestrator.outbox"
        " where tenant_id = %s and run_id = %s and subject = 'cmd.compliance.audit.v1' order by seq",
        engine.tenant, run_id,
    )  # fmt: skip
    return [action for (action,) in found]


async def test_a_paused_run_takes_answers_and_hands_out_nothing_new(engine: Engine, rows: Rows) -> None:
    held = Held()
    async with engine.on_duty(held):
        run_id = await engine.start("two", brief="Bees")
        await eventually(lambda: held.briefs)
        assert [(await steer(engine, run_id, "pause"))["status"] for _ in range(2)] == ["paused", "paused"]
        held.let_go.set()
        # The answer counts, and what comes next is ready but held.
        waiting = "select step, held, sent_at is null from orchestrator.ready_steps where run_id = %s"
        await eventually(lambda: rows(waiting, run_id) == [("second", True, True)])
        # Another run going through shows that the dispatcher did look.
        await engine.shows(await engine.start(), "completed")
        assert rows(waiting, run_id) == [("second", True, True)]
        assert (await engine.run(run_id))["state"] == "paused"
        await steer(engine, run_id, "resume")
        await engine.shows(run_id, "completed")
    assert held.briefs == ["Bees", "How tides work", "Bees again"]


async def below(engine: Engine, rows: Rows, run_id: UUID, workflow: str) -> UUID:
    """The run of a workflow that this one started, once it is there."""
    query = "select id from orchestrator.runs where parent_run_id = %s and workflow = %s"
    found = await eventually(lambda: rows(query, run_id, workflow))
    return UUID(str(found[0][0]))


async def test_a_paused_run_pauses_what_it_started_and_starts(engine: Engine, rows: Rows) -> None:
    held = Held()
    async with engine.on_duty(held):
        run_id = await engine.start("family", brief="Bees")
        early = await below(engine, rows, run_id, "two")
        await eventually(lambda: sorted(held.briefs) == ["Bees", "Plan"])
        await steer(engine, run_id, "pause")
        await engine.shows(early, "paused")
        held.let_go.set()
        # What is started by a run that is paused is paused from its beginning.
        late = await below(engine, rows, run_id, "thought")
        await engine.shows(late, "paused")
        waiting = "select held, sent_at is null from orchestrator.ready_steps where run_id = any(%s)"
        await eventually(lambda: rows(waiting, [early, late]) == [(True, True)] * 2)
        refused = await engine.post(f"/v1/runs/{late}/resume")
        assert (refused.status_code, refused.json()["error"]) == (409, "paused_above")
        await steer(engine, early, "pause")
        await steer(engine, run_id, "resume")
        await engine.shows(late, "completed")
        # Who was paused for its own sake stays so.
        assert (await engine.run(early))["status"] == "paused"
        assert rows(waiting, [early]) == [(True, True)]
        await steer(engine, early, "resume")
        await engine.shows(run_id, "completed")
    assert sorted(held.briefs) == ["Bees", "Bees again", "Late", "Plan"]
    assert (await engine.history(late))[:3] == ["run.created", "run.paused", "run.started"]


async def test_terminating_a_run_stops_what_it_started_at_once(
    engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.bus.runner.CANCEL_GRACE_SECONDS", 3600)
    held = Held()
    async with engine.on_duty(held):
        run_id = await engine.start("family", brief="Bees")
        early = await below(engine, rows, run_id, "two")
        await eventually(lambda: sorted(held.briefs) == ["Bees", "Plan"])
        await steer(engine, run_id, "terminate")
        await engine.shows(early, "cancelled")
        await eventually(lambda: sorted(held.stopped) == ["Bees", "Plan"])


async def test_pausing_and_resuming_twice_does_it_once(engine: Engine, rows: Rows) -> None:
    # Nobody is on duty for it, so nothing else happens to it.
    run_id = await engine.start("checked")
    for action, status in (("pause", "paused"), ("resume", "running")):
        answers = await asyncio.gather(*(engine.post(f"/v1/runs/{run_id}/{action}") for _ in range(3)))
        assert {(one.status_code, one.json()["status"]) for one in answers} == {(200, status)}
    history = await engine.history(run_id)
    assert (history.count("run.paused"), history.count("run.resumed")) == (1, 1)
    assert audited(rows, engine, run_id) == ["run.started", "run.paused", "run.resumed"]
    await steer(engine, run_id, "cancel")


async def test_a_failed_run_is_tried_again_where_it_failed(engine: Engine, rows: Rows) -> None:
    asked: list[str] = []

    async def refuse_once(input: IdeationInput, step: Step) -> IdeationOutput:
        asked.append(input.brief)
        if asked.count("Bees again") == 1 and input.brief == "Bees again":
            raise ContentBlocked("Rule 7 forbids it.")
        return await think(input, step)

    async with engine.on_duty(refuse_once):
        run_id = await engine.start("two", brief="Bees")
        failed = await engine.shows(run_id, "failed")
        assert failed["error"]["kept"] == ["first"]
        retried = await steer(engine, run_id, "retry")
        assert (retried["error"], retried["finished_at"]) == (None, None)
        run = await engine.shows(run_id, "completed")
        again = await engine.post(f"/v1/runs/{run_id}/retry")
    assert asked == ["Bees", "Bees again", "Bees again"]
    assert run["output"]["ideas"][0]["title"] == "Bees again"
    assert (again.status_code, again.json()["error"], again.json()["status_now"]) == (409, "run_is_over", "completed")
    assert audited(rows, engine, run_id) == ["run.started", "run.retried"]


@pytest.mark.parametrize(("action", "record"), [("cancel", "run.cancelled"), ("terminate", "run.terminated")])
async def test_ending_a_run_twice_ends_it_once(engine: Engine, rows: Rows, action: str, record: str) -> None:
    run_id = await engine.start("checked")
    answers = await asyncio.gather(*(engine.post(f"/v1/runs/{run_id}/{action}") for _ in range(3)))
    assert {(one.status_code, one.json()["status"]) for one in answers} == {(200, "cancelled")}
    assert (await engine.history(run_id)).count("run.cancelled") == 1
    assert audited(rows, engine, run_id) == ["run.started", record]
    for late in ("pause", "resume", "retry"):
        answer = await engine.post(f"/v1/runs/{run_id}/{late}")
        assert (answer.status_code, answer.json()["error"]) == (409, "run_is_over"), late


async def test_only_creators_of_the_tenant_steer_its_runs(engine: Engine) -> None:
    run_id = await engine.start("checked")
    reviewer = await engine.person("reviewer")
    for action in ("pause", "resume", "cancel", "terminate", "retry"):
        foreign = await engine.post(f"/v1/runs/{run_id}/{action}", tenant=f"{engine.tenant}-b")
        assert foreign.status_code == 404, action
        refused = await engine.client.post(f"/v1/runs/{run_id}/{action}", headers=reviewer.headers)
        assert (refused.status_code, refused.json()["error"]) == (403, "forbidden"), action
    assert (await engine.run(run_id))["status"] == "running"
    await steer(engine, run_id, "cancel")
