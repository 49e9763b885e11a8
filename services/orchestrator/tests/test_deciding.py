"""Decisions in the moment between the airlock opening a gate and the run hearing of it, with the real airlock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest
import pytest_asyncio
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.values import Downgrade
from common.ids import derived_id
from orchestrator.engine.state import At, step_id
from testkit.engine import Engine, think
from testkit.listening import eventually
from testkit.local import local_client

Orchestrators = Callable[..., AbstractAsyncContextManager[str]]


@dataclass
class Studio:
    """An orchestrator with the airlock beside it."""

    engine: Engine
    airlock: httpx.AsyncClient

    async def decide(self, run_id: UUID, path: str, **body: Any) -> httpx.Response:
        """Ask the orchestrator as the reviewer."""
        reviewer = await self.engine.person("reviewer")
        return await self.engine.client.post(f"/{path.format(run_id)}", json=body, headers=reviewer.headers)

    async def talk(self, message: str, **more: Any) -> dict[str, Any]:
        """Say something to the supervisor as the reviewer. → the answer."""
        reviewer = await self.engine.person("reviewer")
        body = {"message": message} | more
        answer = await self.engine.client.post("/v1/chat/supervisor", json=body, headers=reviewer.headers)
        return dict(answer.raise_for_status().json())

    async def held(self, item: UUID) -> str | None:
        """The item's status in the airlock; None when it does not know it."""
        reviewer = await self.engine.person("reviewer")
        answer = await self.airlock.get(f"/v1/airlock/items/{item}", headers=reviewer.headers)
        return str(answer.json()["item"]["status"]) if answer.status_code == 200 else None

    async def phase(self, run_id: UUID, step: str) -> str:
        """Where the run sees a step."""
        steps = (await self.engine.get(f"/v1/runs/{run_id}/state")).json()["steps"]
        return str(next(one["state"] for one in steps if one["id"] == step))

    async def ordered_and_paused(self) -> UUID:
        """A run that has come to its gate, whose order waits because the run is paused."""
        begun, let_go = asyncio.Event(), asyncio.Event()

        async def act(input: IdeationInput, step: Step) -> IdeationOutput:
            begun.set()
            await let_go.wait()
            return await think(input, step)

        async with self.engine.on_duty(act):
            run_id = await self.engine.start("gated")
            async with asyncio.timeout(20):
                await begun.wait()
            assert (await self.engine.post(f"/v1/runs/{run_id}/pause")).status_code == 200
            let_go.set()
            await eventually(lambda: self.phase(run_id, "agree"), until=lambda phase: phase == "ordered")
        return run_id

    @asynccontextmanager
    async def open_and_unheard(self, run_id: UUID) -> AsyncIterator[UUID]:
        """While it is entered, the run's gate is open in the airlock, and the run has not heard of it. → the item."""
        item = step_id(run_id, At("agree"), 1)
        answer = derived_id(derived_id(item, 1), "answer")
        async with await psycopg.AsyncConnection.connect(self.engine.stack.superuser_url) as somebody:
            # Whoever takes the same message waits until this transaction has ended.
            taken = "insert into orchestrator.inbox (message_id, tenant_id) values (%s, %s)"
            await somebody.execute(taken, (answer, self.engine.tenant))
            await self.engine.post(f"/v1/runs/{run_id}/resume")
            await eventually(lambda: self.held(item), until=lambda status: status == "open")
            assert (await self.phase(run_id, "agree"), (await self.engine.run(run_id))["interrupts"]) == ("ordered", [])
            yield item
            assert await self.phase(run_id, "agree") == "ordered"
            await somebody.rollback()


@pytest_asyncio.fixture(scope="module")
async def orchestrator(orchestrators: Orchestrators, airlock: str) -> AsyncIterator[str]:
    """An orchestrator that asks the airlock beside it."""
    async with orchestrators(compliance_url=airlock) as url:
        yield url


@pytest.fixture
async def studio(engine: Engine, airlock: str) -> AsyncIterator[Studio]:
    """Both of them, running."""
    async with local_client(airlock) as client:
        yield Studio(engine, client)


async def test_before_the_airlock_knows_the_gate_it_is_not_open_yet(studio: Studio) -> None:
    run_id = await studio.ordered_and_paused()
    item = str(step_id(run_id, At("agree"), 1))
    for path, body in (
        ("v1/runs/{}/approve", {}),
        ("v1/runs/{}/approve", {"interrupt_id": item}),
        ("v1/runs/{}/reject", {"comment": "no"}),
        ("v1/runs/{}/request-changes", {"comment": "shorter", "interrupt_id": item}),
        ("v2/runs/{}/approve", {}),
        ("v2/runs/{}/resume", {"interrupt_id": item, "approved": True}),
    ):
        early = await studio.decide(run_id, path, **body)
        assert (early.status_code, early.json()["error"]) == (409, "gate_not_open_yet"), (path, early.text)
        assert early.headers["Retry-After"] == "1"
    await studio.engine.post(f"/v1/runs/{run_id}/resume")
    await studio.engine.shows(run_id, "awaiting_agreement")
    assert (await studio.decide(run_id, "v1/runs/{}/approve", interrupt_id=item)).status_code == 200
    await studio.engine.shows(run_id, "completed")


@pytest.mark.parametrize("path", ["v1/runs/{}/approve", "v2/runs/{}/resume"])
@pytest.mark.parametrize("named", ["named", "unnamed"])
async def test_a_decision_counts_before_the_run_has_heard_that_its_gate_is_open(
    studio: Studio, path: str, named: str
) -> None:
    run_id = await studio.ordered_and_paused()
    async with studio.open_and_unheard(run_id) as item:
        body: dict[str, Any] = {"interrupt_id": str(item)} if named == "named" else {}
        answer = await studio.decide(run_id, path, approved=True, **body)
        assert answer.status_code == 200, answer.text
        assert await studio.held(item) == "approved"
        again = await studio.decide(run_id, path, approved=True, **body)
        assert (again.status_code, again.json()["error"]) == (409, "gate_already_decided")
    await studio.engine.shows(run_id, "completed")
    history = await studio.engine.history(run_id)
    assert history.count("gate.decided") == 1


async def test_asking_for_changes_counts_too_and_the_old_gate_stays_decided(studio: Studio) -> None:
    run_id = await studio.ordered_and_paused()
    async with studio.open_and_unheard(run_id) as first:
        asked = await studio.decide(run_id, "v1/runs/{}/request-changes", comment="shorter", interrupt_id=str(first))
        assert asked.status_code == 200, asked.text
    async with studio.engine.on_duty():
        # The run may hear of the gate, and show it, just before it hears what was decided there.
        second = str(step_id(run_id, At("agree"), 2))
        await eventually(lambda: studio.engine.run(run_id), until=lambda run: second in str(run["interrupts"]))
    late = await studio.decide(run_id, "v1/runs/{}/approve", interrupt_id=str(first))
    assert (late.status_code, late.json()["error"], late.json()["decision"]) == (
        409, "gate_already_decided", "changes_requested",
    )  # fmt: skip
    assert (await studio.decide(run_id, "v1/runs/{}/reject", comment="no")).status_code == 200
    await studio.engine.shows(run_id, "rejected")


VOICE = Downgrade(code="voice_stand_in", detail="The draft voice speaks.", stage="think")


async def fall_back(input: IdeationInput, step: Step) -> IdeationOutput:
    step.degrade(VOICE)
    return await think(input, step)


async def test_a_degraded_run_goes_on_only_with_what_it_fell_back_to_accepted(studio: Studio) -> None:
    doors = ("v1/runs/{}/approve", "v2/runs/{}/approve", "v2/runs/{}/approve/hitl", "v2/runs/{}/resume")
    async with studio.engine.on_duty(fall_back):
        runs = {door: await studio.engine.start("gated") for door in doors}
        for door, run_id in runs.items():
            await studio.engine.shows(run_id, "awaiting_agreement")
            silent = await studio.decide(run_id, door, approved=True)
            assert (silent.status_code, silent.json()["error"]) == (422, "downgrades_not_accepted"), (door, silent.text)
            assert silent.json()["downgrades"] == [VOICE.model_dump()]
            said = await studio.decide(run_id, door, approved=True, accepts_downgrades=["voice_stand_in"])
            assert said.status_code == 200, said.text
        for run_id in runs.values():
            await studio.engine.shows(run_id, "completed")


async def test_nobody_accepts_by_talking_without_having_named_it(studio: Studio) -> None:
    async with studio.engine.on_duty(fall_back):
        run_id = await studio.engine.start("gated")
        run = await studio.engine.shows(run_id, "awaiting_agreement")
        first = await studio.talk(f"approve {run_id}")
        here = first["conversation_id"]
        assert "voice_stand_in: The draft voice speaks." in first["text"]
        words = first["proposal"]["confirm_with"]
        bare = words.removesuffix(" accepting voice_stand_in")
        assert bare != words
        for vague in (bare, f"{bare} accepting no_sources", "yes"):
            again = await studio.talk(vague, conversation_id=here)
            assert (again["deed"], again["proposal"]) == (None, first["proposal"]), vague
        assert await studio.held(UUID(run["interrupts"][0]["id"])) == "open"
        assert (await studio.talk(words, conversation_id=here))["deed"]["decision"] == "approved"
        await studio.engine.shows(run_id, "completed")
