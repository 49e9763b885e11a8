"""Any endpoint that speaks OpenAI's moderations (`POST …/moderations`)."""

from __future__ import annotations

import httpx
from common.errors import ShieldUnavailable
from pydantic import BaseModel, ConfigDict, Field

from vendors.safety.port import Judgement, SaidBy, category_of
from vendors.safety.wire import ask

_HARMLESS = "How do tides work?"


class _Result(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    flagged: bool
    categories: dict[str, bool | None] = {}


class _Moderated(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    results: list[_Result] = Field(min_length=1)


class Moderations:
    """One model of a moderations endpoint. The base address of `client` ends where `/moderations` begins."""

    def __init__(self, client: httpx.AsyncClient, *, model: str) -> None:
        self.name = f"moderations/{model}"
        self._client = client
        self._model = model

    async def check(self, text: str, *, tenant: str, said_by: SaidBy) -> Judgement:
        """What the model says. One input has one result; another number of them is no answer."""
        body = {"input": text, "model": self._model}
        moderated, took = await ask(self._client, "POST", "/moderations", name=self.name, returns=_Moderated, json=body)
        if len(moderated.results) != 1:
            raise ShieldUnavailable(f"Shield {self.name} answered about {len(moderated.results)} texts, not one.")
        [result] = moderated.results
        if not result.flagged:
            return Judgement(allowed=True, latency_ms=took)
        named = dict.fromkeys(category_of(name) for name, applies in result.categories.items() if applies)
        return Judgement(allowed=False, categories=tuple(named), latency_ms=took)

    async def verify(self) -> None:
        """Raises `ShieldUnavailable` unless the model answers about a harmless text."""
        await self.check(_HARMLESS, tenant="", said_by="user")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
