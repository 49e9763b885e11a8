"""Spans and metrics of questions to models, in the words of OpenTelemetry's conventions for generative AI."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from common.errors import GreenlightError
from common.observability.metrics import MODEL_CALLS, MODEL_SECONDS, MODEL_TOKENS
from common.observability.tracing import span_from
from opentelemetry import trace
from opentelemetry.util.types import AttributeValue

from vendors.text_model.chat import Answer, ChatModel, Hear, Question
from vendors.text_model.models_file import Price
from vendors.text_model.port import Asking, Out, TextModel, TextRequest, Written
from vendors.text_model.prices import cost_of


class Traced:
    """A chat model whose every question is a span `chat <model>` of kind client. What is said is not in it."""

    def __init__(
        self,
        model: ChatModel,
        *,
        id: str,
        asked_for: str,
        provider: str,
        url: str,
        price: Price | None,
        tracer: trace.Tracer,
        service: str,
    ) -> None:
        self._model = model
        self._id = id
        self._price = price
        self._span_name = f"chat {asked_for}"
        self._service = service
        self._tracer = tracer
        address = urlsplit(url)
        self._about: dict[str, AttributeValue] = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": provider,
            "gen_ai.request.model": asked_for,
            "server.address": address.hostname or "",
            "server.port": address.port or (443 if address.scheme == "https" else 80),
        }

    @property
    def name(self) -> str:
        """That of the model behind."""
        return self._model.name

    async def complete(self, question: Question, *, hear: Hear | None = None) -> Answer:
        """The model's answer, seen."""
        about: dict[str, AttributeValue] = self._about | {"gen_ai.request.max_tokens": question.max_output_tokens}
        about["gen_ai.output.type"] = "json" if question.answer else "text"
        for name in ("temperature", "top_p", "seed"):
            if (value := getattr(question, name)) is not None:
                about[f"gen_ai.request.{name}"] = value
        if question.prompt_version:
            about["gen_ai.prompt.name"] = question.prompt_version
        began = time.perf_counter()
        with self._tracer.start_as_current_span(
            self._span_name, kind=trace.SpanKind.CLIENT, attributes=about, record_exception=False,
            set_status_on_exception=False,
        ) as span:  # fmt: skip
            try:
                answer = await self._model.complete(question, hear=hear)
            except BaseException as error:
                kind = error.code if isinstance(error, GreenlightError) else type(error).__name__
                span.set_attribute("error.type", kind)
                span.set_status(trace.StatusCode.ERROR, kind)
                MODEL_CALLS.labels(self._service, self._id, kind).inc()
                raise
            span.set_attributes(
                {
                    "gen_ai.response.model": answer.model,
                    "gen_ai.response.id": answer.id,
                    "gen_ai.response.finish_reasons": [answer.finish.value],
                    "gen_ai.usage.input_tokens": answer.usage.input_tokens,
                    "gen_ai.usage.output_tokens": answer.usage.output_tokens,
                }
            )
            if (cost := cost_of(answer, self._price)) is not None:
                # Not in the conventions yet; Langfuse reads it, in dollars.
                span.set_attribute("gen_ai.usage.cost", cost / 1_000_000)
        MODEL_CALLS.labels(self._service, self._id, answer.finish.value).inc()
        MODEL_SECONDS.labels(self._service, self._id).observe(time.perf_counter() - began)
        MODEL_TOKENS.labels(self._service, self._id, "input").inc(answer.usage.input_tokens)
        MODEL_TOKENS.labels(self._service, self._id, "output").inc(answer.usage.output_tokens)
        return answer

    async def verify(self) -> None:
        """Ask the model itself."""
        await self._model.verify()

    async def close(self) -> None:
        """Close the model's connections."""
        await self._model.close()


class Turns:
    """A text model of which each task is a span `agent.turn`: whose it was, who wrote, what it took, how it ended.

    Below it are the questions that it took, and the tools. What was said is not in it.
    """

    def __init__(self, model: TextModel, *, tracer: trace.Tracer) -> None:
        self._model = model
        self._tracer = tracer

    @property
    def name(self) -> str:
        """That of the model behind."""
        return self._model.name

    @property
    def models(self) -> tuple[str, ...]:
        """Those of the model behind."""
        return self._model.models

    async def write(self, request: TextRequest[Out], *, asking: Asking) -> Written[Out]:
        """What the model behind writes, seen."""
        about = {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": request.agent.name if request.agent else request.task,
            "greenlight.task": request.task,
        }
        with span_from(
            self._tracer, "agent.turn", kind=trace.SpanKind.INTERNAL, traceparent=None, attributes=about
        ) as span:
            try:
                written = await self._model.write(request, asking=asking)
            except GreenlightError as error:
                span.set_attribute("greenlight.outcome", error.code)
                raise
            span.set_attributes(
                {
                    "gen_ai.response.model": written.model,
                    "gen_ai.usage.input_tokens": written.input_tokens,
                    "gen_ai.usage.output_tokens": written.output_tokens,
                    "greenlight.cost_usd_micros": written.cost_usd_micros,
                    "greenlight.outcome": "degraded" if written.notes else "ok",
                }
            )
            return written

    async def notice(self) -> str | None:
        """What the model behind has to say of itself."""
        return await self._model.notice()

    async def close(self) -> None:
        """Close the model behind."""
        await self._model.close()
