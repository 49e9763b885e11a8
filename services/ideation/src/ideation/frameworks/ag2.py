"""An AG2 agent as a step: `build(kit)` returns an `ag2.Agent`."""

from __future__ import annotations

from typing import Any

from ag2 import Agent
from ag2.config.openai import OpenAIConfig
from common.contracts.agents import AgentInput
from pydantic_core import to_jsonable_python

from ideation.errors import AgentBroke
from ideation.frameworks.answers import Answer, as_data, prompt_of
from ideation.frameworks.kit import Kit


def make_model(kit: Kit) -> Any:
    """AG2's client of OpenAI-compatible endpoints, bound to ours. It does not retry: the orchestrator does."""
    return OpenAIConfig(
        model=kit.model_name,
        base_url=kit.endpoint.url,
        api_key=kit.endpoint.key or "none",
        http_client=kit.client,
        max_retries=0,
        **kit.agent.sampling,
    )


async def run(built: Any, kit: Kit, input: AgentInput) -> Answer:
    """Ask the agent once. Its text is the answer, and what its response schema makes of it is the data."""
    if not isinstance(built, Agent):
        raise AgentBroke(f"Agent {kit.agent.name!r} built a {type(built).__name__}; an ag2.Agent is expected.")
    reply = await built.ask(prompt_of(input))
    text = reply.body
    if text is None:
        raise AgentBroke(f"Agent {kit.agent.name!r} ended without a word.")
    if built.response_schema is None:
        return Answer(text)
    return Answer(text, as_data(to_jsonable_python(await reply.content()), kit.agent))
