"""Forks: a new run from a step of another one, which keeps what was done before that step."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import ArtifactType, Origin
from testkit.engine import Engine, think, write_workflow, write_workflows
from testkit.workshop import Rows

Engines = Callable[..., AbstractAsyncContextManager[Engine]]
TWO = """workflow_name: two
input: {brief: str, tone: {type: str, default: plain}, aside: {type: str, default: ""}}
steps:
  - id: first
    run: ideation.propose_ideas
    with: {brief: "${input.brief}"}
  - id: second
    run: ideation.propose_ideas
    with: {brief: "${steps.first.output.ideas[0].title} ${input.tone}"}
"""
NOD = """
  - id: nod
    wait: {signal: nod}
"""


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two steps, with and without a wait behind them."""
    folder = write_workflows(tmp_path_factory.mktemp("workflows"))
    for steps in (TWO, TWO.replace("two", "nodded") + NOD):
        write_workflow(folder, steps)
    return folder


class Scribe:
    """An act that keeps what a tenant asked of it, and an artifact of it."""

    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self.asked: list[str] = []

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        # What another test left undone comes to whoever is on duty.
        if step.tenant == self.tenant:
            self.asked.append(input.brief)
        step.cost_usd_micros = 5
        await step.keep(
            input.brief.encode(), type=ArtifactType.SCRIPT, name="asked.txt", media_type="text/plain", made_by="test",
            origin=Origin.OFFLINE,
        )  # fmt: skip
        return await think(input, step)


async def fork(engine: Engine, run_id: UUID, body: dict[str, Any], **headers: str) -> UUID:
    """Fork as the creator. → the new run."""
    answer = await engine.post(f"/v1/runs/{run_id}/fork", body, **headers)
    assert answer.status_code == 202, answer.text
    return UUID(answer.json()["run_id"])


async def titles(engine: Engine, run_id: UUID) -> list[str | None]:
    """What each step gave."""
    steps = (await engine.get(f"/v1/runs/{run_id}/state")).json()["steps"]
    return [step["output"]["ideas"][0]["title"] if step["output"] else None for step in steps]


async def test_a_fork_keeps_what_was_done_and_does_the_rest_anew(engine: Engine, rows: Rows) -> None:
    scribe = Scribe(engine.tenant)
    async with engine.on_duty(scribe):
        body = {"workflow": "two", "input": {"brief": "Bees"}, "priority": "high", "session_id": str(uuid4())}
        source = UUID((await engine.post("/v1/runs", body)).json()["run_id"])
        before = await engine.shows(source, "completed")
        edited = await fork(engine, source, {"from_step": "second", "with": {"brief": "Something else"}})
        toned = await fork(engine, source, {"from_step": "second", "input": {"tone": "bright"}})
        run = await engine.shows(edited, "completed")
        await engine.shows(toned, "completed")
    assert scribe.asked[:2] == ["Bees", "Bees plain"]
    assert sorted(scribe.asked[2:]) == ["Bees bright", "Something else"]
    assert await titles(engine, edited) == ["Bees", "Something else"]
    assert await titles(engine, toned) == ["Bees", "Bees bright"]
    assert (run["forked_from"], run["priority"], run["session_id"]) == (str(source), "high", body["session_id"])
    assert (run["cost_usd"], (await engine.run(toned))["input"]["tone"]) == ("0.000005", "bright")
    assert await engine.history(edited) == [
        "run.created", "run.started", "agent.started", "agent.completed", "run.completed",
    ]  # fmt: skip
    made = {
        run_id: {(one["step"], one["size"]) for one in (await engine.get(f"/v1/runs/{run_id}/artifacts")).json()}
        for run_id in (source, edited)
    }
    assert made == {
        source: {("first", 4), ("second", 10)},
        edited: {("first", 4), ("second", 14)},
    }
    # The run it came from is as it was.
    assert await engine.run(source) == before
    audited = rows(
        "select convert_from(body, 'utf8')::jsonb -> 'detail' ->> 'from_step' from orchestrator.outbox"
        " where run_id = %s and subject = 'cmd.compliance.audit.v1'",
        edited,
    )
    assert audited == [("second",)]


async def test_a_key_forks_once(engine: Engine) -> None:
    async with engine.on_duty():
        source = await engine.start("two")
        await engine.shows(source, "completed")
        body, key = {"from_step": "first"}, {"Idempotency-Key": "k"}
        forks = await asyncio.gather(*(fork(engine, source, body, **key) for _ in range(4)))
        assert len(set(forks)) == 1
        other = await engine.post(f"/v1/runs/{source}/fork", {"from_step": "second"}, **key)
        assert (other.status_code, other.json()["error"]) == (422, "idempotency_key_reused")
        await engine.shows(forks[0], "completed")
    assert len((await engine.get("/v1/runs?workflow=two")).json()["items"]) == 2


async def test_what_cannot_be_forked_leaves_no_run(engine: Engine) -> None:
    async with engine.on_duty():
        source = await engine.start("nodded")
        await engine.shows(source, "waiting")
        for body, status, told in (
            ({"from_step": "third"}, 422, "first, second, nod"),
            ({"from_step": "second", "with": {"colour": "red"}}, 422, "takes no colour"),
            ({"from_step": "nod", "with": {"signal": "x"}}, 422, "nothing that could be replaced"),
            ({"from_step": "second", "input": {"colour": "red"}}, 422, "takes no colour"),
            ({"from_step": "second", "input": {"brief": None}}, 422, "missing"),
            ({"from_step": "second", "colour": "red"}, 422, "colour"),
        ):
            answer = await engine.post(f"/v1/runs/{source}/fork", body)
            assert (answer.status_code, told in answer.json()["detail"]) == (status, True), answer.text
        foreign = await engine.post(f"/v1/runs/{source}/fork", {"from_step": "first"}, tenant=f"{engine.tenant}-b")
        assert foreign.status_code == 404
    # Nobody is on duty, so the first step of this one never ends.
    unfinished = await engine.start("two")
    early = await engine.post(f"/v1/runs/{unfinished}/fork", {"from_step": "second"})
    assert (early.status_code, early.json()["error"]) == (409, "cannot_be_forked")
    assert len((await engine.get("/v1/runs")).json()["items"]) == 2
    for run_id in (source, unfinished):
        await engine.post(f"/v1/runs/{run_id}/cancel")


async def test_a_run_that_goes_on_can_be_forked_from_what_it_has_done(engine: Engine) -> None:
    async with engine.on_duty():
        source = await engine.start("nodded")
        await engine.shows(source, "waiting")
        forked = await fork(engine, source, {"from_step": "nod"})
        await engine.shows(forked, "waiting")
        assert (await engine.post(f"/v1/runs/{forked}/signals/nod")).json()["status"] == "taken"
        await engine.shows(forked, "completed")
    assert (await engine.run(source))["status"] == "waiting"
    await engine.post(f"/v1/runs/{source}/cancel")


async def test_a_fork_goes_by_the_same_version_or_by_the_present_one(
    engine: Engine, engines: Engines, workflows: Path, tmp_path: Path
) -> None:
    async with engine.on_duty():
        source = await engine.start("two", brief="Bees")
        old = await engine.shows(source, "completed")
        changed = shutil.copytree(workflows, tmp_path / "changed")
        (changed / "two" / "orchestrator.yaml").write_text(TWO.replace("${input.tone}", "anew"))
        async with engines(workflows_dir=str(changed)) as later:
            same = await fork(later, source, {"from_step": "second"})
            current = await fork(later, source, {"from_step": "second", "definition": "current"})
            assert (await later.shows(same, "completed"))["definition_digest"] == old["definition_digest"]
            assert (await later.shows(current, "completed"))["definition_digest"] != old["definition_digest"]
            assert (await titles(later, same), await titles(later, current)) == (
                ["Bees", "Bees plain"],
                ["Bees", "Bees anew"],
            )
