"""What an agent does to the outside: its model's answers and its tools' results, written down by the step.

Whatever library an agent is written in, its calls of the model pass through one HTTP transport. So all three are
recorded, counted and mapped to our errors in one place, by what is on the wire and not by a library's exceptions.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

import httpx
import psycopg
from common.bus.step import Step
from common.contracts.agents import AgentUsage
from common.contracts.values import Value
from common.errors import GreenlightError, Transient, VendorUnavailable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from vendors.text_model.errors import ModelRefused
from vendors.text_model.wire import document_in, error_of, refusal_in, said_cost

OURS = (GreenlightError, DBAPIError, PoolTimeout)
"""What `step.call` raises by itself. Libraries wrap it in errors of theirs, so it is remembered where it happens."""


class Asked(Value):
    """A request to the model's endpoint, as its recorded answer is found by."""

    path: str
    body: str


class Told(Value):
    """What the endpoint said, whole: enough to say it again to a retry."""

    content_type: str
    body: str
    cost_usd_micros: int = 0


@dataclass
class Calls:
    """The calls of one attempt: what they took, and the error that the agent did not get over."""

    step: Step
    scope: str = ""
    """Recorded calls are found again by attempts with the same scope (see `frameworks.langgraph`)."""
    usage: AgentUsage = field(default_factory=AgentUsage)
    failure: Exception | None = None
    lasting: bool = False
    """Whether `failure` stays whatever follows: a library may hide what a tool raised, and go on."""
    _seen: Counter[str] = field(default_factory=Counter)

    def key(self, kind: str, content: bytes) -> str:
        """The key of a call: the same for the same call in the same place of a later attempt.

        It is made of what is asked and how often it was asked before, not of the order, because an agent may ask
        several things at once.
        """
        digest = hashlib.sha256(self.scope.encode() + b"\0" + content).hexdigest()[:32]
        self._seen[digest] += 1
        return f"{kind}-{digest}-{self._seen[digest]}"

    def failed(self, error: Exception, *, lasting: str = "") -> None:
        """Remember an error for the end of the attempt; the first `lasting` one stays."""
        if not self.lasting:
            self.failure, self.lasting = error, bool(lasting)

    def went_well(self, body: bytes) -> None:
        """Count an answer. Errors of the model before it were got over."""
        if not self.lasting:
            self.failure = None
        told = document_in(body).get("usage") or {}
        self.usage = AgentUsage(
            model_calls=self.usage.model_calls + 1,
            input_tokens=self.usage.input_tokens + int(told.get("prompt_tokens") or 0),
            output_tokens=self.usage.output_tokens + int(told.get("completion_tokens") or 0),
        )


class ModelTransport(httpx.AsyncBaseTransport):
    """Sends requests to the model, each through `step.call`: a retry gets the answers that were recorded."""

    def __init__(self, calls: Calls, inner: httpx.AsyncBaseTransport) -> None:
        self._calls = calls
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The endpoint's answer; what is no success is answered as it came, and remembered as our error."""
        body = await request.aread()
        refused: list[httpx.Response] = []

        async def send() -> Told:
            response = await self._send(request)
            content = await response.aread()
            await response.aclose()
            if response.is_success:
                return _told(response, content)
            plain = {name: value for name, value in response.headers.items() if name != "content-encoding"}
            refused.append(httpx.Response(response.status_code, headers=plain, content=content))
            raise error_of(response.status_code, response.headers, content)

        asked = Asked(path=request.url.path, body=body.decode(errors="replace"))
        key = self._calls.key("model", asked.model_dump_json().encode())
        try:
            told = await self._calls.step.call(
                f"model {request.url.host}",
                key,
                send,
                returns=Told,
                kind="model",
                request=asked,
                cost_usd_micros=lambda answer: answer.cost_usd_micros,
            )
            if refusal := refusal_in(told.body.encode()):
                raise ModelRefused(f"The model declined: {refusal}")
        except OURS as error:
            self._calls.failed(error)
            if refused:
                return refused[-1]
            raise
        self._calls.went_well(told.body.encode())
        return httpx.Response(200, headers={"content-type": told.content_type}, content=told.body.encode())

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._inner.handle_async_request(request)
        except httpx.TransportError as error:
            raise VendorUnavailable(f"The model did not answer: {type(error).__name__}.") from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def is_passing(error: BaseException) -> bool:
    """Whether what an agent's own code raised may get better by itself."""
    return isinstance(error, OSError | TimeoutError | httpx.TransportError | psycopg.OperationalError | Transient)


def _told(response: httpx.Response, content: bytes) -> Told:
    usage = document_in(content).get("usage") or {}
    return Told(
        content_type=response.headers.get("content-type", "application/json"),
        body=content.decode(errors="replace"),
        # What the endpoint does not say costs nothing here.
        cost_usd_micros=said_cost(usage, response.headers) or 0,
    )
