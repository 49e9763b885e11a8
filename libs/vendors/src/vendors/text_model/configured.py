"""From settings to the text model that a service is given."""

from __future__ import annotations

import asyncio

import httpx
from common import http
from common.contracts.values import Origin
from common.observability.tracing import tracer_for
from opentelemetry import trace
from redis.asyncio import Redis

from vendors.text_model.adapters.openai_compatible import Named, OpenAICompatible
from vendors.text_model.chat import ChatModel
from vendors.text_model.errors import ModelNotConfigured
from vendors.text_model.models_file import EndpointEntry, ModelEntry
from vendors.text_model.offline import OfflineTextModel
from vendors.text_model.pace import Pace
from vendors.text_model.port import Asking, Out, TextModel, TextRequest, Written
from vendors.text_model.prices import price_of
from vendors.text_model.routed import Candidate, Memory, RoutedTextModel
from vendors.text_model.settings import TextModelSettings
from vendors.text_model.telemetry import Traced

_CONNECT_SECONDS = 5.0
_OFF = (
    "Nothing can be written: GREENLIGHT_TEXT_MODEL is 'off'. Set it to 'offline' for the writer without a model, or to"
    " 'real' with GREENLIGHT_MODELS_FILE."
)


class NoTextModel:
    """Writes nothing: this installation has no text model, and says so."""

    name = "off"
    models: tuple[str, ...] = ()

    async def write(self, request: TextRequest[Out], *, asking: Asking) -> Written[Out]:
        """Raises `ModelNotConfigured`."""
        raise ModelNotConfigured(_OFF)

    async def notice(self) -> str:
        """That nothing can be written."""
        return _OFF

    async def close(self) -> None:
        """There is nothing to close."""


def text_model_for(settings: TextModelSettings, *, redis: Redis | None, service: str) -> TextModel:
    """The text model that the settings name. Nothing is asked yet; whoever has it closes it."""
    match settings.text_model:
        case "offline":
            return OfflineTextModel()
        case "off":
            return NoTextModel()
        case "sandbox" | "real":
            return _routed(settings, redis=redis, tracer=tracer_for(service), service=service)


def _routed(settings: TextModelSettings, *, redis: Redis | None, tracer: trace.Tracer, service: str) -> RoutedTextModel:
    file = settings.models
    candidates: dict[str, Candidate] = {}
    for name, entry in file.models.items():
        endpoint = file.endpoints[entry.endpoint]
        chat = Traced(
            chat_model(endpoint, entry, key=settings.key_of(entry.endpoint)),
            id=name,
            asked_for=entry.name,
            provider=entry.endpoint,
            url=endpoint.url,
            tracer=tracer,
            service=service,
        )
        candidates[name] = Candidate(
            name,
            chat,
            entry,
            price=price_of(entry),
            address=f"{endpoint.url} {entry.name}",
            places=asyncio.Semaphore(entry.at_once),
        )
    seconds = settings.text_model_cache_seconds
    return RoutedTextModel(
        candidates,
        routes=file.routes,
        origin=Origin.SANDBOX if settings.text_model == "sandbox" else Origin.REAL,
        pace=Pace(redis),
        memory=Memory(redis, seconds) if redis is not None and seconds else None,
    )


def chat_model(endpoint: EndpointEntry, entry: ModelEntry, *, key: str) -> ChatModel:
    """One model of an endpoint, over connections of its own."""
    client = http.client(base_url=endpoint.url, timeout_seconds=entry.seconds)
    client.timeout = httpx.Timeout(entry.seconds, connect=_CONNECT_SECONDS)
    if key:
        client.headers["authorization"] = f"Bearer {key}"
    named = Named(entry.endpoint, entry.name, answers_as=entry.answers_as, seconds=entry.seconds)
    match endpoint.speaks:
        case "openai":
            return OpenAICompatible(client, named)
        case "llama_stack":
            # Its client takes most of a second to import, so it waits until somebody needs it.
            from vendors.text_model.adapters.llama_stack import LlamaStack

            return LlamaStack(client, named)
