"""Llama Guard, or any other shield, behind a Llama Stack server of version 0.7 (`POST /v1/safety/run-shield`)."""

from __future__ import annotations

from typing import Any, Literal

import httpx
from common.errors import ShieldUnavailable
from pydantic import BaseModel, ConfigDict, Field

from vendors.safety.port import Judgement, SaidBy, category_of
from vendors.safety.wire import ask

_HARMLESS = "How do tides work?"


class _Violation(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")

    violation_level: Literal["info", "warn", "error"]
    user_message: str | None = None
    metadata: dict[str, Any] = {}


class _Ran(BaseModel):
    """The answer. `violation` has to be there, and null, for a text to pass: an empty object is no answer."""

    model_config = ConfigDict(strict=True, extra="ignore")

    violation: _Violation | None = Field()


class _Shield(BaseModel):
    model_config = ConfigDict(extra="ignore")

    identifier: str


class _Shields(BaseModel):
    model_config = ConfigDict(extra="ignore")

    data: list[_Shield]


class LlamaStackShield:
    """One shield of a Llama Stack server. The base address of `client` is the server's, without `/v1`."""

    def __init__(self, client: httpx.AsyncClient, *, shield: str) -> None:
        self.name = f"llama_stack/{shield}"
        self._client = client
        self._shield = shield

    async def check(self, text: str, *, tenant: str, said_by: SaidBy) -> Judgement:
        """What the shield says. `info` is a remark; `warn` and `error` stop the text."""
        message = {"role": "user", "content": text}
        if said_by == "agent":
            message = {"role": "assistant", "content": text, "stop_reason": "end_of_turn"}
        body = {"shield_id": self._shield, "messages": [message]}
        ran, took = await ask(self._client, "POST", "/v1/safety/run-shield", name=self.name, returns=_Ran, json=body)
        if ran.violation is None or ran.violation.violation_level == "info":
            return Judgement(allowed=True, latency_ms=took)
        said = ran.violation.metadata.get("violation_type")
        named = [said] if isinstance(said, str) else said if isinstance(said, list) else []
        categories = tuple(dict.fromkeys(category_of(str(one)) for one in named))
        return Judgement(allowed=False, categories=categories, latency_ms=took)

    async def verify(self) -> None:
        """Raises `ShieldUnavailable` unless the server lists the shield and it answers about a harmless text."""
        listed, _ = await ask(self._client, "GET", "/v1/shields", name=self.name, returns=_Shields)
        if self._shield not in {one.identifier for one in listed.data}:
            raise ShieldUnavailable(f"The server has no shield {self._shield!r}.")
        await self.check(_HARMLESS, tenant="", said_by="user")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
