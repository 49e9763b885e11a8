"""Questions to models are seen: a span each, in the words of the conventions, and metrics; never what was said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from common import http
from common.errors import VendorRateLimited
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client import REGISTRY
from testkit.chat_model import MODEL, ChatModel, Trouble
from vendors.text_model.adapters.openai_compatible import Named, OpenAICompatible
from vendors.text_model.chat import Message, Question
from vendors.text_model.models_file import Price
from vendors.text_model.telemetry import Traced

SECRET = "Why do tides come twice?"


@pytest.mark.feature("F43", "F67")
async def test_a_question_is_a_span_and_a_count(server: ChatModel) -> None:
    seen = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(seen))
    traced = Traced(
        OpenAICompatible(http.client(base_url=server.url, timeout_seconds=30), Named("home", MODEL)),
        id="large",
        asked_for=MODEL,
        provider="home",
        url=server.url,
        price=Price(input=Decimal(2), output=Decimal(10), as_of=date(2026, 11, 1)),
        tracer=provider.get_tracer("t"),
        service="telemetry-test",
    )
    server.says_cost = False
    question = Question(
        messages=(Message(role="user", content=SECRET),), prompt_version="p-1", max_output_tokens=99, temperature=0.5
    )
    answer = await traced.complete(question)
    server.troubles[1] = Trouble(429)
    with pytest.raises(VendorRateLimited):
        await traced.complete(question)
    await traced.close()
    good, bad = seen.get_finished_spans()
    assert (good.name, good.kind) == (f"chat {MODEL}", SpanKind.CLIENT)
    told = dict(good.attributes or {})
    assert told == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "home",
        "gen_ai.request.model": MODEL,
        "gen_ai.request.max_tokens": 99,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.output.type": "text",
        "gen_ai.prompt.name": "p-1",
        "gen_ai.response.model": MODEL,
        "gen_ai.response.id": answer.id,
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 6,
        "gen_ai.usage.cost": 0.000082,
        "server.address": "127.0.0.1",
        "server.port": int(server.url.split(":")[2].partition("/")[0]),
    }
    assert (bad.attributes or {})["error.type"] == "vendor_rate_limited"
    assert bad.status.status_code is StatusCode.ERROR
    assert SECRET not in good.to_json() + bad.to_json()

    def counted(name: str, **labels: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"service": "telemetry-test", "model": "large", **labels})

    assert counted("greenlight_model_calls_total", outcome="stop") == 1
    assert counted("greenlight_model_calls_total", outcome="vendor_rate_limited") == 1
    assert counted("greenlight_model_tokens_total", kind="input") == 11
    assert counted("greenlight_model_seconds_count") == 1
