"""Spans leave by OTLP: one trace a run, questions to models under their step, and never in anybody's way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from common.contracts.agents import AgentInput, AgentOutput, RunAgent
from common.contracts.ideation import IdeationInput, ProposeIdeas
from common.contracts.message import AgentSpec, Outcome
from common.observability.tracing import otlp_headers
from ideation.settings import Settings
from prometheus_client import REGISTRY
from pydantic import SecretStr, ValidationError
from testkit.chat_model import MODEL, USD_A_CALL, ChatModel, Trouble
from testkit.collector import Collector, collecting
from testkit.orders import Orders
from testkit.plugin import Serving, SettingsFor

BRIEF = "How tides work, in 20 seconds"


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    """A collector on a port of its own."""
    async with collecting() as running:
        yield running


@pytest.mark.feature("P38")
@pytest.mark.feature("P40")
async def test_a_run_is_one_trace_and_a_models_span_is_below_its_step(
    *, serving: Serving, orders: Orders, model: ChatModel, collector: Collector, tenant: str
) -> None:
    run = uuid4()
    knobs = {"text_model": "sandbox", "text_model_url": model.url, "text_model_name": MODEL}
    out = {"otlp_endpoint": collector.url, "otlp_headers": SecretStr("Authorization=Basic%20cHVibGljOnNlY3JldA==")}
    async with serving("ideation", **knobs, **out):
        ideas = await orders.order(ProposeIdeas, IdeationInput(brief=BRIEF, count=2), tenant=tenant, run=run)
        words = await orders.order(RunAgent, AgentInput(prompt="Why?"), tenant=tenant, run=run)
    assert (ideas.outcome, words.outcome) == (Outcome.DONE, Outcome.DONE)
    steps = collector.named(" process")
    assert {span.name for span in steps} == {"ideation.propose_ideas process", "ideation.run_agent process"}
    turns = collector.named("agent.turn")
    asked = collector.named(f"chat {MODEL}")
    assert {span.trace for span in (*steps, *turns, *asked)} == {run.hex}
    assert {span.parent for span in turns} == {span.id for span in steps}
    assert {span.parent for span in asked} == {span.id for span in turns}
    assert {span.service for span in collector.spans} == {"ideation"}
    for span in asked:
        assert span.attributes["gen_ai.request.model"] == MODEL
        assert span.attributes["gen_ai.usage.output_tokens"] > 0
    for span in steps:
        assert (span.attributes["greenlight.run_id"], span.attributes["greenlight.tenant"]) == (str(run), tenant)
    assert "tides" not in str(collector.spans).lower()
    assert {header["authorization"] for header in collector.headers} == {"Basic cHVibGljOnNlY3JldA=="}
    assert {header["content-encoding"] for header in collector.headers} == {"gzip"}


@pytest.mark.feature("M68")
async def test_an_agents_turn_says_whose_it_was_and_what_it_took(
    *, serving: Serving, orders: Orders, model: ChatModel, collector: Collector, tenant: str
) -> None:
    knobs = {"text_model": "sandbox", "text_model_url": model.url, "text_model_name": MODEL}
    scout = AgentSpec(name="scout", instructions="Be brief.")
    model.troubles[1] = Trouble(refusal="No.")
    async with serving("ideation", **knobs, otlp_endpoint=collector.url) as client:
        await client.get("/v1/jane.doe@example.com")
        said = await orders.order(RunAgent, AgentInput(prompt="Why?"), tenant=tenant, agent=scout)
        declined = await orders.order(RunAgent, AgentInput(prompt="How?"), tenant=tenant, agent=scout)
    assert (said.outcome, declined.outcome) == (Outcome.DONE, Outcome.FAILED)
    good, bad = collector.named("agent.turn")
    assert good.attributes == {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.agent.name": "scout",
        "greenlight.task": "run_agent",
        "gen_ai.response.model": f"endpoint/{MODEL}",
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": len(AgentOutput.model_validate(said.output).text.split()),
        "greenlight.cost_usd_micros": round(USD_A_CALL * 1_000_000),
        "greenlight.outcome": "ok",
    }
    assert [span.attributes["url.path"] for span in collector.named("GET /v1/")] == ["/v1/j•••@e•••"]
    assert (bad.attributes["gen_ai.agent.name"], bad.attributes["greenlight.outcome"]) == ("scout", "model_refused")


@pytest.mark.feature("M69")
async def test_what_a_step_looks_up_is_a_span_and_a_time(
    *, serving: Serving, orders: Orders, collector: Collector, tenant: str
) -> None:
    labels = {"service": "ideation", "tool": "searxng/127.0.0.1"}
    before = REGISTRY.get_sample_value("tool_duration_seconds_count", labels) or 0
    knobs = {"search": "searxng", "search_url": "http://127.0.0.1:1", "otlp_endpoint": collector.url}
    async with serving("ideation", **knobs):
        await orders.order(ProposeIdeas, IdeationInput(brief=BRIEF, count=2), tenant=tenant)
    [step] = collector.named(" process")
    [found] = collector.named("execute_tool searxng/127.0.0.1")
    assert found.parent == step.id
    assert found.attributes == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "searxng/127.0.0.1",
        "gen_ai.tool.type": "extension",
    }
    assert REGISTRY.get_sample_value("tool_duration_seconds_count", labels) == before + 1


@pytest.mark.parametrize("trouble", ["refuses", "is not there"])
async def test_a_collector_in_trouble_is_in_nobodys_way(
    *, serving: Serving, orders: Orders, collector: Collector, tenant: str, trouble: str
) -> None:
    collector.status = 400
    url = collector.url if trouble == "refuses" else "http://127.0.0.1:1"
    async with serving("ideation", otlp_endpoint=url):
        finished = await orders.order(ProposeIdeas, IdeationInput(brief=BRIEF, count=2), tenant=tenant)
    assert finished.outcome is Outcome.DONE
    assert (collector.asked > 0) is (trouble == "refuses")
    assert collector.spans == []


async def test_nothing_leaves_unless_it_is_asked_for(
    serving: Serving, orders: Orders, collector: Collector, tenant: str
) -> None:
    async with serving("ideation"):
        await orders.order(ProposeIdeas, IdeationInput(brief=BRIEF, count=2), tenant=tenant)
    assert collector.asked == 0


def test_the_variables_are_those_of_opentelemetry(settings_for: SettingsFor) -> None:
    given = {f"GREENLIGHT_{name.upper()}": "x" for name in ("nats_url", "redis_url", "service_key", "identity_url")}
    given |= {"GREENLIGHT_DATABASE_URL": "x", "GREENLIGHT_ARTIFACTS_URL": "file:///x"}
    out = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_EXPORTER_OTLP_HEADERS": "a=1, B=x%3Dy"}
    settings = Settings.from_environment(given | out)
    assert settings.otlp_endpoint == "http://localhost:4318"
    assert otlp_headers(settings.otlp_headers.get_secret_value()) == {"a": "1", "b": "x=y"}
    for wrong in ({"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost"}, {"OTEL_EXPORTER_OTLP_HEADERS": "no pair"}):
        with pytest.raises(ValidationError, match=next(iter(wrong))):
            Settings.from_environment(given | out | wrong)
