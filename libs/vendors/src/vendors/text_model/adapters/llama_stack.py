"""A Llama Stack server, or OGX as it is called since 2026. It is asked which generation it is.

Both generations also speak OpenAI's chat completions: until 0.2 below `/v1/openai/v1`, from 0.3 on below `/v1`.
"""

from __future__ import annotations

import re

import httpx
from common.errors import VendorUnavailable

from vendors.text_model.adapters.openai_compatible import Named, complete, listed
from vendors.text_model.chat import Answer, Hear, Question
from vendors.text_model.wire import document_in, error_of

_VERSION = re.compile(r"^v?(\d+)\.(\d+)")
_MOVED = (0, 3)
"""The first version without the longer path."""


class LlamaStack:
    """One model of a Llama Stack server. The base address of `client` is the server's, without `/v1`."""

    def __init__(self, client: httpx.AsyncClient, named: Named) -> None:
        self.name = named.name
        self._client = client
        self._named = named
        self._prefix: str | None = None

    async def complete(self, question: Question, *, hear: Hear | None = None) -> Answer:
        """The model's answer. The first question is preceded by that for the server's version."""
        path = f"{await self._find_prefix()}/chat/completions"
        try:
            return await complete(self._client, path, self._named, question, hear=hear)
        except VendorUnavailable:
            # Whoever updates the server restarts it, and it may be of another generation then.
            self._prefix = None
            raise

    async def verify(self) -> None:
        """Raises unless the server says its version and lists the model."""
        self._prefix = None
        await self._find_prefix()
        await listed(self._client, "/v1/models", self._named)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _find_prefix(self) -> str:
        if self._prefix is None:
            version = await self._ask_version()
            self._prefix = "/v1/openai/v1" if version < _MOVED else "/v1"
        return self._prefix

    async def _ask_version(self) -> tuple[int, int]:
        endpoint = self._named.endpoint
        try:
            response = await self._client.get("/v1/version")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise VendorUnavailable(f"{endpoint} does not answer: {type(error).__name__}.") from error
        if not response.is_success:
            raise error_of(response.status_code, response.headers, response.content)
        said = str(document_in(response.content).get("version") or "")
        match = _VERSION.match(said)
        if match is None:
            raise VendorUnavailable(f"{endpoint} does not say which version of Llama Stack it is ({said[:40]!r}).")
        return int(match[1]), int(match[2])
