"""Spans leave by OTLP: one trace a run, questions to models under their step, and never in anybody's way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from common.contracts.agents import AgentInput, RunAgent
from common.contracts.ideation import IdeationInput, ProposeIdeas
from common.contracts.message import Outcome
from common.observability.tracing import otlp_headers
from ideation.settings import Settings
from pydantic import SecretStr, ValidationError
from testkit.chat_model import MODEL, ChatModel
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
    asked = collector.named(f"chat {MODEL}")
    assert {span.trace for span in (*steps, *asked)} == {run.hex}
    assert {span.parent for span in asked} == {span.id for span in steps}
    assert {span.service for span in collector.spans} == {"ideation"}
    for span in asked:
        assert span.attributes["gen_ai.request.model"] == MODEL
        assert span.attributes["gen_ai.usage.output_tokens"] > 0
    for span in steps:
        assert (span.attributes["greenlight.run_id"], span.attributes["greenlight.tenant"]) == (str(run), tenant)
    assert "tides" not in str(collector.spans).lower()
    assert {header["authorization"] for header in collector.headers} == {"Basic cHVibGljOnNlY3JldA=="}
    assert {header["content-encoding"] for header in collector.headers} == {"gzip"}


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
