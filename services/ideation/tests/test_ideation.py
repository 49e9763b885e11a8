"""Ideation, ordered over the real bus."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from common.contracts.ideation import Idea, IdeationInput, IdeationOutput, ProposeIdeas
from common.contracts.message import Outcome
from common.contracts.values import Origin
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import Serving
from vendors.text_model import TextRequest
from vendors.text_model.port import Asking, Written

TIDES = IdeationInput(brief="How tides work, in 20 seconds", count=3)


@pytest.mark.feature("M21")
async def test_a_brief_becomes_ideas_and_an_artifact(serving: Serving, orders: Orders, tenant: str) -> None:
    async with serving("ideation"):
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant)
    assert finished.outcome is Outcome.DONE
    output = IdeationOutput.model_validate(finished.output)
    assert len({idea.title for idea in output.ideas}) == 3
    assert finished.origin == "offline"
    assert [record.type.value for record in finished.artifacts] == ["ideas"]
    assert output.document == finished.artifacts[0].ref


class TenLines:
    """A writer of somebody else's: all that the port asks for."""

    name, models = "ten/lines", ()

    async def write(self, request: TextRequest[Any], *, asking: Asking) -> Written[Any]:
        idea = Idea(id="1", title="Tides", hook="Look up.", angle="plain", summary="S.", points=("One.",), why="W.")
        return Written(value=IdeationOutput(ideas=(idea,)), model=self.name, origin=Origin.SANDBOX)

    async def notice(self) -> str | None:
        return None

    async def close(self) -> None: ...


@pytest.mark.feature("P9")
async def test_whoever_keeps_to_the_port_can_write(
    serving: Serving, orders: Orders, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ideation.wiring.text_model_for", lambda *_, **__: TenLines())
    async with serving("ideation"):
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    assert [idea.hook for idea in IdeationOutput.model_validate(finished.output).ideas] == ["Look up."]
    assert finished.origin == "sandbox"


async def test_the_same_order_twice_is_worked_on_once(serving: Serving, orders: Orders, tenant: str) -> None:
    run, step = uuid4(), uuid4()
    async with serving("ideation"):
        message = await orders.give(ProposeIdeas, TIDES, tenant=tenant, run=run, step=step)
        first = await orders.answer(message)
        await orders.give(ProposeIdeas, TIDES, tenant=tenant, run=run, step=step)
        second = await orders.answer(message, count=2)
    assert second == first


async def test_the_same_order_twice_at_once_gives_one_answer(serving: Serving, orders: Orders, tenant: str) -> None:
    run, step = uuid4(), uuid4()
    async with serving("ideation"):
        messages = await asyncio.gather(
            *(orders.give(ProposeIdeas, TIDES, tenant=tenant, run=run, step=step) for _ in range(5))
        )
        finished = await orders.answer(messages[0])
    assert finished.outcome is Outcome.DONE


async def test_a_brief_without_words_is_refused_with_a_sentence(serving: Serving, orders: Orders, tenant: str) -> None:
    async with serving("ideation"):
        finished = await orders.order(ProposeIdeas, IdeationInput(brief="🎉🎉 !!"), tenant=tenant)
    assert finished.outcome is Outcome.REFUSED
    assert finished.problem is not None
    assert finished.problem.code == "brief_not_understood"


async def test_an_order_that_does_not_fit_is_refused(serving: Serving, orders: Orders, tenant: str) -> None:
    async with serving("ideation"):
        finished = await orders.order(ProposeIdeas, {"brief": "", "count": 99}, tenant=tenant)
    assert finished.outcome is Outcome.REFUSED
    assert finished.problem is not None
    assert finished.problem.code == "invalid_input"


async def test_ideas_can_be_tried_without_a_run(serving: Serving, people: People, tenant: str) -> None:
    creator, reviewer = await people.join(tenant, "creator"), await people.join(tenant, "reviewer")
    async with serving("ideation") as client:
        answer = await client.post("/v1/ideas", json={"brief": "Why cats purr"}, headers=creator.headers)
        refused = await client.post("/v1/ideas", json={"brief": "Why cats purr"}, headers=reviewer.headers)
        stranger = await client.post("/v1/ideas", json={"brief": "Why cats purr"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["origin"] == "offline"
    assert (refused.status_code, stranger.status_code) == (403, 401)
    assert stranger.json()["error"] == "unauthenticated"
