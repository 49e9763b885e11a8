"""A Llama Stack server, or OGX as it is called since 2026, by Llama Stack's own client.

Importing the client takes most of a second: this module is imported once an endpoint speaks Llama Stack.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import httpx
from common.contracts.values import JsonObject
from common.errors import VendorRefused, VendorUnavailable
from llama_stack_client import APIConnectionError, APIStatusError, AsyncAPIResponse, AsyncLlamaStackClient, Omit

from vendors.text_model.adapters.openai_compatible import Named, answer_in, find_model, within
from vendors.text_model.chat import Answer, Hear, Question
from vendors.text_model.wire import body_of, document_in, error_of

# Below that the client writes down whole questions.
logging.getLogger("llama_stack_client").setLevel(logging.WARNING)
_VERSION = re.compile(r"^v?(\d+)\.(\d+)")
_MOVED = (0, 3)
"""The first version that speaks OpenAI's shapes below `/v1`, where until 0.2 it was `/v1/openai/v1`."""


class _EveryGeneration(AsyncLlamaStackClient):
    """Llama Stack's client of 0.2.12, the last one for Python 3.11, as servers of later generations take it too."""

    has_moved = False
    """Whether the server speaks OpenAI's shapes below `/v1`."""

    @property
    def default_headers(self) -> dict[str, str | Omit]:
        """Not the client's version, for another server would refuse it; no key but our own; nothing of the machine."""
        return {"accept": "application/json", "content-type": "application/json"}

    def _prepare_url(self, url: str) -> httpx.URL:
        return super()._prepare_url(url.replace("/v1/openai/v1/", "/v1/") if self.has_moved else url)


class LlamaStack:
    """One model of a Llama Stack server. The base address of `client` is the server's, without `/v1`."""

    def __init__(self, client: httpx.AsyncClient, named: Named) -> None:
        self.name = named.name
        self._named = named
        self._knows_generation = False
        # The orchestrator owns retries; times, key and trace are those of the HTTP client.
        self._stack = _EveryGeneration(
            base_url=client.base_url, http_client=client, timeout=client.timeout, max_retries=0
        )

    async def complete(self, question: Question, *, hear: Hear | None = None) -> Answer:
        """The model's answer. The first question is preceded by that for the server's version."""
        if not self._knows_generation:
            await self._find_generation()
        named = self._named
        body = body_of(question, model=named.model, answers_as=named.answers_as, stream=hear is not None)
        try:
            async with (
                _own_errors(named),
                self._stack.chat.completions.with_streaming_response.create(**body) as response,
            ):
                return await answer_in(response.http_response, hear)
        except (VendorUnavailable, VendorRefused):
            # Whoever updated the server may have made it one of another generation, which has no such path.
            # What is known is kept until then: other questions are on their way by it.
            self._knows_generation = False
            raise

    async def verify(self) -> None:
        """Raises unless the server says its version and lists the model."""
        await self._find_generation()
        find_model(await self._ask(self._stack.models.with_raw_response.list()), self._named)

    async def close(self) -> None:
        """Close the connections."""
        await self._stack.close()

    async def _find_generation(self) -> None:
        said = str((await self._ask(self._stack.inspect.with_raw_response.version())).get("version") or "")
        match = _VERSION.match(said)
        if match is None:
            endpoint = self._named.endpoint
            raise VendorUnavailable(f"{endpoint} does not say which version of Llama Stack it is ({said[:40]!r}).")
        self._stack.has_moved = (int(match[1]), int(match[2])) >= _MOVED
        self._knows_generation = True

    async def _ask(self, asking: Awaitable[AsyncAPIResponse[Any]]) -> JsonObject:
        """What the server says, as it says it: the client's classes are those of one generation, and unchecked."""
        async with _own_errors(self._named):
            return document_in((await asking).http_response.content)


@asynccontextmanager
async def _own_errors(named: Named) -> AsyncIterator[None]:
    """Within the model's time, what the client raises by our names."""
    async with within(named):
        try:
            yield
        except APIStatusError as error:
            answer = error.response
            raise error_of(answer.status_code, answer.headers, answer.content) from error
        except APIConnectionError as error:
            why = type(error.__cause__ or error).__name__
            raise VendorUnavailable(f"{named.name} did not answer: {why}.") from error
