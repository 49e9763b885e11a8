"""A Google ADK agent as a step: `build(kit)` returns an agent (an `LlmAgent`, or one made of several)."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

from common.contracts.agents import AgentInput
from google.adk.agents import BaseAgent
from google.adk.integrations.openai import OpenAILlm
from google.adk.runners import Runner
from google.adk.sessions import InMemorySessionService
from google.genai import types
from openai import AsyncOpenAI

from ideation.errors import AgentBroke
from ideation.frameworks.answers import Answer, as_data, prompt_of
from ideation.frameworks.kit import Kit

_APP = "greenlight"


def make_model(kit: Kit) -> Any:
    """ADK's own model for OpenAI-compatible endpoints, bound to ours. It does not retry: the orchestrator does."""
    client = AsyncOpenAI(
        base_url=kit.endpoint.url, api_key=kit.endpoint.key or "none", http_client=kit.client, max_retries=0
    )
    if unknown := sorted(set(kit.agent.sampling) - {"max_tokens"}):
        raise AgentBroke(
            f"Agent {kit.agent.name!r} declares {', '.join(unknown)}, which ADK's model does not take;"
            " write it into the agent's generate_content_config."
        )
    return OpenAILlm(model=kit.model_name, client=client, **kit.agent.sampling)


async def run(built: Any, kit: Kit, input: AgentInput) -> Answer:
    """Run the agent until its final response, which is the text; its session's state is the data.

    The session lives as long as the attempt: what has to outlast it is the recorded calls.
    """
    if not isinstance(built, BaseAgent):
        raise AgentBroke(f"Agent {kit.agent.name!r} built a {type(built).__name__}; an ADK agent is expected.")
    sessions = InMemorySessionService()
    who, where = str(kit.run_id), str(kit.calls.step.id)
    await sessions.create_session(app_name=_APP, user_id=who, session_id=where, state=dict(input.context))
    runner = Runner(app_name=_APP, agent=built, session_service=sessions)
    message = types.Content(role="user", parts=[types.Part(text=prompt_of(input))])
    text = ""
    async with aclosing(runner.run_async(user_id=who, session_id=where, new_message=message)) as events:
        async for event in events:
            if event.error_code:
                raise AgentBroke(f"Agent {kit.agent.name!r}: {event.error_code}: {event.error_message}")
            if event.is_final_response() and event.content:
                text = "".join(part.text or "" for part in event.content.parts or ()) or text
    if not text:
        raise AgentBroke(f"Agent {kit.agent.name!r} ended without a word.")
    session = await sessions.get_session(app_name=_APP, user_id=who, session_id=where)
    state = {name: value for name, value in session.state.items() if input.context.get(name) != value}
    return Answer(text, as_data(state, kit.agent) or None)
