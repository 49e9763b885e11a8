"""The producer on a language model: its script is spoken and timed, its rewrites touch one scene."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import orjson
import pytest
from common.contracts.ideation import Idea
from common.contracts.message import Outcome
from common.contracts.production import PlanProduction, ProductionInput, ProductionOutput
from common.contracts.rework import Rework, ReworkStage
from testkit.chat_model import MODEL, USD_A_CALL, ChatModel, Trouble, chat_model
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import Serving

IDEA = Idea(
    id="1", title="Why tides rise", hook="The sea breathes twice a day.", angle="plain",
    summary="The moon pulls the sea.", points=("The moon pulls the sea.",), why="Short.",
)  # fmt: skip
ORDER = ProductionInput(idea=IDEA, brief="How tides work", target_seconds=8)
A_CALL = round(USD_A_CALL * 1_000_000)


@pytest.fixture
async def model() -> AsyncIterator[ChatModel]:
    async with chat_model() as standing_in:
        yield standing_in


@pytest.fixture
def knobs(model: ChatModel) -> dict[str, Any]:
    told = {"text_model": "sandbox", "text_model_url": model.url, "text_model_name": MODEL}
    return told | {"text_model_cache_seconds": 0, "render_scale": 0.1}


async def test_a_models_script_is_spoken_timed_and_paid(
    serving: Serving, orders: Orders, model: ChatModel, knobs: dict[str, Any], tenant: str
) -> None:
    invented = {"kind": "point", "narration": "It rises 77 metres.", "headline": "77 metres"}
    post = {"title": "t", "caption": "c", "hashtags": []}
    model.troubles[0] = Trouble(text=orjson.dumps({"title": "t", "beats": [invented] * 3, "post": post}).decode())
    scope = {"tenant": tenant, "run": uuid4(), "step": uuid4()}
    async with serving("producer", **knobs):
        finished = await orders.order(PlanProduction, ORDER, **scope)
        again = await orders.order(PlanProduction, ORDER, **scope, attempt=2)
    assert finished.outcome is Outcome.DONE, finished.problem
    plan = ProductionOutput.model_validate(finished.output)
    assert plan.shots[0].beat.narration == "The sea is leaving."
    assert all(shot.speech.duration_ms > 0 for shot in plan.shots)
    script = next(record for record in finished.artifacts if record.type.value == "script")
    assert (script.origin.value, script.made_by) == ("sandbox", f"producer/endpoint/{MODEL}")
    assert (finished.cost_usd_micros, again.cost_usd_micros) == (2 * A_CALL, 0)
    # The number that nobody had given was sent back, and what came instead was used.
    assert "must not be invented: ['77']" in model.asked[1]["messages"][-1]["content"]
    assert len(model.asked) == 2


async def test_a_reviewers_wish_changes_one_scene(
    serving: Serving, orders: Orders, model: ChatModel, knobs: dict[str, Any], tenant: str
) -> None:
    async with serving("producer", **knobs):
        finished = await orders.order(PlanProduction, ORDER, tenant=tenant)
        before = ProductionOutput.model_validate(finished.output)
        wish = Rework(stage=ReworkStage.SCRIPT, scene=1, instruction="Plainer words")
        order = ORDER.model_copy(update={"rework": (wish,), "previous": before})
        redone = await orders.order(PlanProduction, order, tenant=tenant)
    assert redone.outcome is Outcome.DONE, redone.problem
    after = ProductionOutput.model_validate(redone.output)
    said = [shot.beat.narration for shot in after.shots]
    assert said[1] == "The moon tugs at the sea."
    assert [said[0], *said[2:]] == [shot.beat.narration for shot in before.shots if shot.index != 1]
    assert (after.remarks[0].done, after.remarks[0].said) == (True, "The sentence is plainer.")
    assert redone.cost_usd_micros == A_CALL


async def test_a_script_can_be_tried_and_its_price_is_said(
    serving: Serving, people: People, knobs: dict[str, Any], tenant: str
) -> None:
    creator = await people.join(tenant, "creator")
    async with serving("producer", **knobs) as client:
        answer = await client.post("/v1/scripts", json=ORDER.model_dump(mode="json"), headers=creator.headers)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["origin"], answer.json()["cost_usd"]) == ("sandbox", "0.001250")
