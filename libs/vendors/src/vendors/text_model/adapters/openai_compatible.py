"""Any endpoint that speaks OpenAI's chat completions: a LiteLLM proxy, OpenRouter, vLLM, Ollama."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import httpx
import orjson
from common.contracts.values import JsonObject
from common.errors import VendorUnavailable

from vendors.text_model.chat import Answer, Hear, Question
from vendors.text_model.errors import ModelMissing
from vendors.text_model.streaming import Pieces, chunks_of
from vendors.text_model.wire import AnswersAs, answer_of, body_of, document_in, error_of

ANSWER_LIMIT = 4 << 20
"""Bytes of an answer. A model cannot write that much; a server that does not stop can."""
PATH = "/chat/completions"


@dataclass(frozen=True)
class Named:
    """A model as the endpoint knows it, and how it takes a schema."""

    endpoint: str
    model: str
    answers_as: AnswersAs = AnswersAs.JSON_SCHEMA
    seconds: float = 60.0

    @property
    def name(self) -> str:
        """Endpoint and model."""
        return f"{self.endpoint}/{self.model}"


class OpenAICompatible:
    """One model of such an endpoint. The base address of `client` ends where `/chat/completions` begins."""

    def __init__(self, client: httpx.AsyncClient, named: Named) -> None:
        self.name = named.name
        self._client = client
        self._named = named

    async def complete(self, question: Question, *, hear: Hear | None = None) -> Answer:
        """The model's answer."""
        return await complete(self._client, PATH, self._named, question, hear=hear)

    async def verify(self) -> None:
        """Raises unless the endpoint lists the model."""
        await listed(self._client, "/models", self._named)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def complete(
    client: httpx.AsyncClient, path: str, named: Named, question: Question, *, hear: Hear | None
) -> Answer:
    """One answer over the wire, within the model's time."""
    body = body_of(question, model=named.model, answers_as=named.answers_as, stream=hear is not None)
    async with within(named), client.stream("POST", path, json=body) as response:
        return await answer_in(response, hear)


@asynccontextmanager
async def within(named: Named) -> AsyncIterator[None]:
    """The model's time. Raises `VendorUnavailable` when it is over, and when the connection fails before."""
    try:
        async with asyncio.timeout(named.seconds):
            yield
    except TimeoutError as error:
        raise VendorUnavailable(f"{named.name} did not answer within {named.seconds:g} s.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise VendorUnavailable(f"{named.name} did not answer: {type(error).__name__}.") from error


async def answer_in(response: httpx.Response, hear: Hear | None) -> Answer:
    """The answer in a response that was not read yet; a stream is told to `hear` as it comes."""
    if not response.is_success:
        raise error_of(response.status_code, response.headers, await _read(response))
    if hear is not None and "event-stream" in response.headers.get("content-type", ""):
        return await _listen(response, hear)
    return answer_of(_document(await _read(response)), response.headers)


async def listed(client: httpx.AsyncClient, path: str, named: Named) -> None:
    """Return when the endpoint lists the model. Raises `ModelMissing`, or as `complete` does."""
    try:
        response = await client.get(path)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise VendorUnavailable(f"{named.endpoint} does not answer: {type(error).__name__}.") from error
    if not response.is_success:
        raise error_of(response.status_code, response.headers, response.content)
    find_model(document_in(response.content), named)


def find_model(listing: JsonObject, named: Named) -> None:
    """Return when the model is in the endpoint's list of models. Raises `ModelMissing`."""
    models = listing.get("data") or ()
    there = {str(model.get("id") or model.get("identifier")) for model in models if isinstance(model, dict)}
    if named.model not in there:
        some = ", ".join(sorted(there)[:5]) or "none"
        raise ModelMissing(f"{named.endpoint} has no model {named.model!r}; it has {some}.")


async def _listen(response: httpx.Response, hear: Hear) -> Answer:
    pieces = Pieces()
    async with aclosing(chunks_of(_lines(response))) as chunks:
        async for chunk in chunks:
            await pieces.take(chunk, hear)
    return pieces.whole(response.headers)


async def _lines(response: httpx.Response) -> AsyncIterator[str]:
    seen = 0
    async for line in response.aiter_lines():
        seen += len(line)
        if seen > ANSWER_LIMIT:
            raise VendorUnavailable("The model does not stop answering.")
        yield line


async def _read(response: httpx.Response) -> bytes:
    data = bytearray()
    async for piece in response.aiter_bytes():
        data += piece
        if len(data) > ANSWER_LIMIT:
            raise VendorUnavailable("The model does not stop answering.")
    return bytes(data)


def _document(content: bytes) -> JsonObject:
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise VendorUnavailable("The model's endpoint answered what is no JSON.") from error
    if not isinstance(found, dict):
        raise VendorUnavailable("The model's endpoint answered what is no JSON object.")
    return found
