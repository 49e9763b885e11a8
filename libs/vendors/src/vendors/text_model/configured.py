"""From settings to the text model that a service is given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pkgutil import resolve_name

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
from vendors.text_model.telemetry import Traced, Turns

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
    tracer = tracer_for(service)
    match settings.text_model:
        case "offline":
            return Turns(OfflineTextModel(), tracer=tracer)
        case "off":
            return NoTextModel()
        case "sandbox" | "real":
            return Turns(_routed(settings, redis=redis, tracer=tracer, service=service), tracer=tracer)


def _routed(settings: TextModelSettings, *, redis: Redis | None, tracer: trace.Tracer, service: str) -> RoutedTextModel:
    file = settings.models

    def candidate(id: str, entry: ModelEntry, place: str) -> Candidate:
        endpoint, price = file.endpoints[place], price_of(entry)
        chat = Traced(
            chat_model(endpoint, entry, place=place, key=settings.key_of(place)),
            id=id,
            asked_for=entry.name,
            provider=place,
            url=endpoint.url,
            price=price,
            tracer=tracer,
            service=service,
        )
        address, places = f"{endpoint.url} {entry.name}", asyncio.Semaphore(entry.at_once)
        key = id if len(entry.endpoints) == 1 else f"{id}@{place}"
        return Candidate(id, key, chat, entry, price=price, address=address, places=places)

    candidates = {
        name: tuple(candidate(name, entry, place) for place in entry.endpoints) for name, entry in file.models.items()
    }
    seconds = settings.text_model_cache_seconds
    return RoutedTextModel(
        candidates,
        routes=file.routes,
        origin=Origin.SANDBOX if settings.text_model == "sandbox" else Origin.REAL,
        pace=Pace(redis),
        memory=Memory(redis, seconds) if redis is not None and seconds else None,
    )


def chat_model(endpoint: EndpointEntry, entry: ModelEntry, *, place: str, key: str) -> ChatModel:
    """One model of the endpoint that the file calls `place`, over connections of its own."""
    client = http.client(base_url=endpoint.url, timeout_seconds=entry.seconds)
    client.timeout = httpx.Timeout(entry.seconds, connect=_CONNECT_SECONDS)
    if key:
        client.headers["authorization"] = f"Bearer {key}"
    named = Named(place, entry.name, answers_as=entry.answers_as, seconds=entry.seconds)
    match endpoint.speaks:
        case "openai":
            return OpenAICompatible(client, named)
        case "llama_stack":
            # Its client takes most of a second to import, so it waits until somebody needs it.
            from vendors.text_model.adapters.llama_stack import LlamaStack

            return LlamaStack(client, named)
        case own:
            adapter: Callable[[httpx.AsyncClient, Named], ChatModel] = resolve_name(own)
            return adapter(client, named)
