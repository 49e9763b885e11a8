"""Ideation on a language model, ordered over the real bus: what is recorded, paid, retried, shown and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from common.bus.connection import Bus
from common.contracts.agents import AgentInput, AgentOutput, RunAgent
from common.contracts.ideation import IdeationInput, IdeationOutput, ProposeIdeas
from common.contracts.message import AgentSpec, Outcome
from nats.aio.msg import Msg
from testkit.chat_model import MODEL, USD_A_CALL, ChatModel, Trouble
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.workshop import Rows

Written = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]
TIDES = IdeationInput(brief="How tides work, in 20 seconds", count=2)
A_CALL = round(USD_A_CALL * 1_000_000)
BAD = "Here is how to make a pipe bomb."


@pytest.fixture
def written(serving: Serving, model: ChatModel) -> Written:
    """`async with written():` → ideation runs, and writes with the stand-in model."""

    @asynccontextmanager
    async def serve(**overrides: Any) -> AsyncIterator[httpx.AsyncClient]:
        knobs = {"text_model": "sandbox", "text_model_url": model.url, "text_model_name": MODEL}
        async with serving("ideation", **(knobs | {"text_model_cache_seconds": 0} | overrides)) as client:
            yield client

    return serve


def a_step(tenant: str) -> dict[str, Any]:
    return {"tenant": tenant, "run": uuid4(), "step": uuid4()}


@pytest.mark.feature("M21")
@pytest.mark.feature("P34")
async def test_a_model_writes_the_ideas_and_is_paid(
    written: Written, orders: Orders, rows: Rows, model: ChatModel, tenant: str
) -> None:
    async with written():
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    assert len(IdeationOutput.model_validate(finished.output).ideas) == 2
    assert (finished.origin, finished.cost_usd_micros, finished.downgrades) == ("sandbox", A_CALL, ())
    assert finished.artifacts[0].made_by == f"ideation/endpoint/{MODEL}"
    found = rows("select name, kind, state, cost_usd_micros from ideation.calls where tenant_id = %s", tenant)
    assert found == [(f"endpoint/{MODEL}", "model", "done", A_CALL)]


async def test_a_retry_reads_what_was_answered_and_pays_for_the_rest_alone(
    written: Written, orders: Orders, model: ChatModel, tenant: str
) -> None:
    scope = a_step(tenant)
    model.troubles = {0: Trouble(text="no ideas"), 1: Trouble(503)}
    async with written():
        first = await orders.order(ProposeIdeas, TIDES, **scope)
        second = await orders.order(ProposeIdeas, TIDES, **scope, attempt=2)
        third = await orders.order(ProposeIdeas, TIDES, **scope, attempt=3)
    assert first.problem is not None
    assert (first.problem.code, first.problem.retryable, first.cost_usd_micros) == ("vendor_unavailable", True, A_CALL)
    assert (second.outcome, second.cost_usd_micros) == (Outcome.DONE, A_CALL)
    assert (third.output, third.cost_usd_micros) == (second.output, 0)
    # The wrong answer was asked for once, and its correction twice: the first time nobody answered.
    assert [len(body["messages"]) for body in model.asked] == [2, 4, 4]


@pytest.mark.feature("M21")
async def test_an_answer_that_stays_wrong_fails_the_step_and_was_paid(
    written: Written, orders: Orders, model: ChatModel, tenant: str
) -> None:
    model.troubles = {number: Trouble(text="[]") for number in range(9)}
    async with written():
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant)
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code) == (Outcome.FAILED, "answer_malformed")
    assert (finished.problem.retryable, finished.cost_usd_micros) == (False, 3 * A_CALL)


@dataclass(frozen=True)
class Told:
    """How a failure is told to the orchestrator."""

    code: str
    retryable: bool = False
    cost: int = 0
    retry_after_ms: int | None = None


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Trouble(429, headers={"retry-after": "9"}), Told("vendor_rate_limited", retryable=True, retry_after_ms=9000)),
        (Trouble(401), Told("vendor_auth_failed")),
        (Trouble(refusal="No."), Told("model_refused", cost=A_CALL)),
        (Trouble(text="{", finish="length"), Told("answer_truncated", cost=A_CALL)),
    ],
)
async def test_a_failure_is_told_as_what_it_is(
    written: Written, orders: Orders, model: ChatModel, tenant: str, *, trouble: Trouble, told: Told
) -> None:
    model.troubles[0] = trouble
    async with written():
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant)
    problem = finished.problem
    assert problem is not None
    assert Told(problem.code, problem.retryable, finished.cost_usd_micros, problem.retry_after_ms) == told


async def test_a_stand_in_degrades_the_run(
    written: Written, orders: Orders, model: ChatModel, tenant: str, tmp_path: Path
) -> None:
    name = f"m-{tenant}"
    file = {
        "endpoints": {"home": {"url": model.url}},
        "models": {name: {"endpoint": "home", "name": MODEL}},
        "routes": {"default": [name, "offline"]},
    }
    (tmp_path / "models.yaml").write_bytes(orjson.dumps(file))
    model.troubles[0] = Trouble(500)
    scope = a_step(tenant)
    async with written(text_model_url="", models_file=str(tmp_path / "models.yaml")):
        finished = await orders.order(ProposeIdeas, TIDES, **scope)
    assert (finished.outcome, finished.origin) == (Outcome.DONE, "offline")
    assert [downgrade.code for downgrade in finished.downgrades] == ["text_model_fallback"]


async def test_under_a_cap_a_model_whose_price_nobody_knows_is_not_asked(
    written: Written, orders: Orders, model: ChatModel, tenant: str
) -> None:
    async with written():
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant, budget_usd_micros=1_000_000)
    assert finished.problem is not None
    assert (finished.problem.code, model.asked) == ("price_unknown", [])


async def test_under_a_cap_no_question_is_asked_that_could_pass_it(
    written: Written, orders: Orders, model: ChatModel, tenant: str
) -> None:
    async with written(text_model_name="gpt-4o-mini"):
        refused = await orders.order(ProposeIdeas, TIDES, tenant=tenant, budget_usd_micros=10)
        done = await orders.order(ProposeIdeas, TIDES, tenant=tenant, budget_usd_micros=1_000_000)
    assert refused.problem is not None
    assert refused.problem.code == "over_budget"
    assert (done.outcome, len(model.asked)) == (Outcome.DONE, 1)


async def test_without_a_model_ideation_says_so(written: Written, orders: Orders, tenant: str) -> None:
    async with written(text_model="off") as client:
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant)
        ready = await client.get("/ready")
    assert "GREENLIGHT_TEXT_MODEL is 'off'" in ready.text
    assert finished.problem is not None
    assert finished.problem.code == "model_not_configured"


async def test_what_a_model_may_not_say_goes_nowhere(
    written: Written, orders: Orders, model: ChatModel, people: People, tenant: str
) -> None:
    idea = dict.fromkeys(("title", "hook", "angle", "summary", "why"), BAD) | {"points": [BAD]}
    bad = Trouble(text=orjson.dumps({"language": "en", "ideas": [idea], "chosen": 0}).decode())
    model.troubles = {0: bad, 1: bad}
    one = TIDES.model_copy(update={"count": 1})
    creator = await people.join(tenant, "creator")
    async with written() as client:
        finished = await orders.order(ProposeIdeas, one, tenant=tenant)
        answer = await client.post("/v1/ideas", json=one.model_dump(mode="json"), headers=creator.headers)
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code, finished.artifacts) == (Outcome.REFUSED, "content_blocked", ())
    assert finished.cost_usd_micros == A_CALL
    assert answer.status_code == 400
    assert "pipe bomb" not in answer.text


@pytest.fixture
async def live(stack: Stack, tenant: str) -> AsyncIterator[list[dict[str, Any]]]:
    """The frames that watchers of this tenant's runs are shown."""
    frames: list[dict[str, Any]] = []
    bus = Bus(stack.environment("orchestrator")["GREENLIGHT_NATS_URL"], service="orchestrator")
    await bus.connect()

    async def note(message: Msg) -> None:
        frames.append(orjson.loads(message.data))

    await bus.hear(f"live.{tenant}.>", note)
    yield frames
    await bus.close()


def said(frames: list[dict[str, Any]]) -> str:
    return "".join(frame["data"]["text"] for frame in frames if frame["type"] == "token")


@pytest.mark.feature("M7")
async def test_an_agent_in_yaml_answers_and_is_seen_writing(
    written: Written, orders: Orders, model: ChatModel, live: list[dict[str, Any]], tenant: str
) -> None:
    model.troubles[0] = Trouble(text="The moon pulls. The sea follows. And back")
    agent = AgentSpec(
        name="teller", role="Tells.", instructions="Be brief.", model="model", sampling={"temperature": 0.1}
    )
    async with written():
        finished = await orders.order(RunAgent, AgentInput(prompt="Why tides?"), tenant=tenant, agent=agent)
        await eventually(lambda: said(live), until=lambda text: text == "The moon pulls. The sea follows. ")
    output = AgentOutput.model_validate(finished.output)
    assert output.text == "The moon pulls. The sea follows. And back"
    assert (output.usage.model_calls, output.usage.input_tokens) == (1, 11)
    [asked] = model.asked
    assert "You are teller. Tells.\n\nBe brief." in asked["messages"][0]["content"]
    assert asked["temperature"] == 0.1


async def test_watchers_see_nothing_that_the_shield_stops(
    written: Written, orders: Orders, model: ChatModel, live: list[dict[str, Any]], tenant: str
) -> None:
    model.troubles[0] = Trouble(text=f"It is easy. {BAD} Then you run. ")
    async with written():
        finished = await orders.order(RunAgent, AgentInput(prompt="Why tides?"), tenant=tenant)
        await eventually(lambda: said(live))
    assert finished.outcome is Outcome.REFUSED
    assert "bomb" not in said(live)
    assert "run" not in said(live)


async def test_two_at_once_are_two_questions(written: Written, orders: Orders, model: ChatModel, tenant: str) -> None:
    async with written():
        both = await asyncio.gather(*(orders.order(ProposeIdeas, TIDES, tenant=tenant) for _ in range(2)))
    assert [one.outcome for one in both] == [Outcome.DONE] * 2
    assert len(model.asked) == 2


@pytest.mark.feature("A23", "A83")
async def test_clients_of_the_agent_suite_get_ideas_in_their_shape(
    written: Written, model: ChatModel, people: People, tenant: str
) -> None:
    creator, reviewer = await people.join(tenant, "creator"), await people.join(tenant, "reviewer")
    wanted = {"topic": "How tides work", "target_audience": "sailors", "tone": "warm", "count": 2}
    async with written() as client:
        for path in ("/generate-ideas", "/compat/agent-os/generate-ideas"):
            answer = await client.post(path, json=wanted, headers=creator.headers)
            assert answer.status_code == 200, answer.text
            refused = await client.post(path, json=wanted, headers=reviewer.headers)
            assert refused.status_code == 403
        unfit = await client.post(path, json={"topic": "", "count": 99}, headers=creator.headers)
        model.troubles[2] = Trouble(503)
        broken = await client.post(path, json=wanted, headers=creator.headers)
    assert (unfit.status_code, broken.status_code) == (422, 503)
    body = answer.json()
    assert len(body["ideas"]) == body["generation_metadata"]["ideas_generated"] == 2
    assert {idea["target_audience"] for idea in body["ideas"]} == {"sailors"}
    # Nobody knows how an idea will do, so nobody says it.
    assert [(idea["estimated_engagement"], idea["trending_score"]) for idea in body["ideas"]] == [(None, None)] * 2
    assert body["market_insights"]["sources"] == []
    assert body["generation_metadata"]["model_used"] == f"endpoint/{MODEL}"
    assert (body["generation_metadata"]["origin"], body["generation_metadata"]["cost_usd"]) == ("sandbox", "0.001250")
    told = model.asked[0]["messages"][1]["content"]
    assert "sailors" in told
    assert "warm" in told
