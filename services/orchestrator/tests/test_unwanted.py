"""Stops that were lost: workers are told again until they answer, whoever was away or killed meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import orjson
import pytest
from common.bus.connection import Bus
from common.bus.step import Step
from common.contracts.ideation import IdeationInput, IdeationOutput, ProposeIdeas
from orchestrator.announcer import Announcer
from orchestrator.writes import Aftermath
from testkit.engine import Engine, think
from testkit.listening import eventually
from testkit.workshop import Rows

UNANSWERED = "select unwanted from orchestrator.ready_steps where run_id = %s"


class Long:
    """An act that works until it is told to stop, and then cleans up."""

    def __init__(self) -> None:
        self.begun: list[UUID] = []
        self.cleaned: list[UUID] = []

    async def __call__(self, input: IdeationInput, step: Step) -> IdeationOutput:
        self.begun.append(step.run_id)
        await step.cancelled.wait()
        self.cleaned.append(step.run_id)
        return await think(input, step)


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the orchestrator were killed between each commit and its telling: no stop is told at once."""
    tell = Announcer.tell

    async def tell_the_rest(self: Announcer, aftermath: Aftermath) -> None:
        aftermath.stops.clear()
        await tell(self, aftermath)

    monkeypatch.setattr(Announcer, "tell", tell_the_rest)


@pytest.mark.usefixtures("forgetful")
async def test_a_stop_that_nobody_told_reaches_the_step_and_it_cleans_up(engine: Engine, rows: Rows) -> None:
    long = Long()
    async with engine.on_duty(long):
        cancelled, other = await engine.start(), await engine.start()
        await eventually(lambda: len(long.begun) == 2)
        await engine.post(f"/v1/runs/{cancelled}/cancel")
        await eventually(lambda: long.cleaned)
        await eventually(lambda: rows(UNANSWERED, cancelled) == [])
        # The other run's step was told nothing.
        assert long.cleaned == [cancelled]
        await engine.post(f"/v1/runs/{other}/cancel")
        await eventually(lambda: rows(UNANSWERED, other) == [])
    assert (await engine.history(cancelled))[-1] in {"run.cancelled", "agent.stopped"}


async def test_a_worker_that_was_away_is_told_when_it_comes(engine: Engine, rows: Rows) -> None:
    long = Long()
    async with sent_to_nobody(engine, rows) as run_id:
        await engine.post(f"/v1/runs/{run_id}/cancel")
        assert rows(UNANSWERED, run_id) == [(True,)]
    async with engine.on_duty(long):
        await eventually(lambda: rows(UNANSWERED, run_id) == [])
    # Either it was told before it began, or it began, was told and cleaned up.
    assert long.begun == long.cleaned


async def test_who_never_answers_is_answered_for_once_workers_are_there(
    engine: Engine, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.unwanted.NEVER_ANSWERED", timedelta(0))
    async with sent_to_nobody(engine, rows) as run_id:
        await engine.post(f"/v1/runs/{run_id}/cancel")
        await eventually(lambda: rows(UNANSWERED, run_id) == [])


@asynccontextmanager
async def sent_to_nobody(engine: Engine, rows: Rows) -> AsyncIterator[UUID]:
    """A run whose order was sent to a worker that died of it; the room it had is believed until the end."""
    bus = Bus(engine.stack.environment("ideation")["GREENLIGHT_NATS_URL"], service="ideation")
    await bus.connect()
    body = {"worker": "gone", "slots": {ProposeIdeas.name: 4}}
    await bus.say("ctl.worker.ideation", orjson.dumps(body))
    run_id = await engine.start()
    await eventually(lambda: rows("select sent_at from orchestrator.ready_steps where run_id = %s", run_id)[0][0])
    yield run_id
    await bus.say("ctl.worker.ideation", orjson.dumps(body | {"leaves": True}))
    await bus.close()
