"""What the function that builds an agent is given: `def build(kit): …` in the operator's own file."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import httpx
from common import http
from common.bus.calls import CallKind
from common.contracts.message import AgentSpec
from common.contracts.values import Value
from pydantic_core import to_json
from vendors.text_model.errors import ModelNotConfigured

from ideation.frameworks.calls import OURS, Calls, ModelTransport

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Endpoint:
    """Where the model of operators' agents is. `url` is empty when there is none."""

    url: str
    name: str
    key: str = field(repr=False)
    seconds: float


class Arguments(Value):
    """What a tool was called with."""

    tool: str
    given: str


class Result(Value):
    """What a tool gave: plain data, so that a retry can be given it again."""

    value: Any = None


@dataclass(frozen=True)
class Kit:
    """What an agent is built from. All of it belongs to one attempt of one step; keep none of it for later.

    `checkpointer` is LangGraph's, bound to this step's thread; None for the other libraries.
    """

    agent: AgentSpec
    run_id: UUID
    calls: Calls
    endpoint: Endpoint
    client: httpx.AsyncClient
    make_model: Callable[[Kit], Any]
    checkpointer: Any = None

    def model(self) -> Any:
        """A model of the agent's library that speaks to the configured endpoint.

        LangGraph: a `ChatOpenAI`; AG2: an `OpenAIConfig`; ADK: an `OpenAILlm`. Raises `ModelNotConfigured`.
        """
        if not self.endpoint.url:
            error = ModelNotConfigured(
                f"Agent {self.agent.name!r} asks a model, and none is configured: set GREENLIGHT_AGENT_MODEL,"
                " GREENLIGHT_AGENT_MODEL_URL and GREENLIGHT_AGENT_MODEL_NAME."
            )
            self.calls.failed(error, lasting="no later call can mend it")
            raise error
        return self.make_model(self)

    @property
    def model_name(self) -> str:
        """The agent's own model, or the endpoint's usual one."""
        return self.agent.model or self.endpoint.name

    def tool(
        self, fn: Callable[P, R], *, repeatable: bool = True, kind: CallKind = "tool"
    ) -> Callable[P, Awaitable[R]]:
        """`fn`, sync or async, as a tool whose results are recorded: a retry gets what it gave the first time.

        Its result must be JSON. Without `repeatable` a call that began and never ended is not made again: the
        attempt fails as `outcome_unknown`.
        """

        @functools.wraps(fn)
        async def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
            async def act() -> Result:
                given = fn(*args, **kwargs)
                return Result(value=await given if inspect.isawaitable(given) else given)

            asked = Arguments(tool=fn.__name__, given=to_json([args, kwargs], fallback=str).decode())
            key = self.calls.key(f"tool-{fn.__name__}", asked.model_dump_json().encode())
            try:
                result = await self.calls.step.call(
                    fn.__name__, key, act, returns=Result, kind=kind, request=asked, repeatable=repeatable
                )
            except OURS as error:
                # A library may hand it to the model as the tool's answer and go on; the attempt may not.
                self.calls.failed(error, lasting="a tool's effect is in question")
                raise
            value: R = result.value
            return value

        return recorded


def open_client(calls: Calls, endpoint: Endpoint) -> httpx.AsyncClient:
    """A client for the model's endpoint whose calls are recorded. Whoever opens it closes it."""
    inner = httpx.AsyncHTTPTransport(verify=http.trust(), trust_env=False)
    return httpx.AsyncClient(
        transport=ModelTransport(calls, inner),
        timeout=httpx.Timeout(endpoint.seconds, connect=5.0),
        headers={"user-agent": "greenlight/0.1"},
        trust_env=False,
    )
