"""What any declared agent is asked and answers."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from common.contracts.message import Capability
from common.contracts.provenance import Source, Untrusted
from common.contracts.values import JsonObject, Value


class AgentTool(StrEnum):
    """What an agent of `agents.yaml` may be given under `tools`. All of them look, none of them does anything."""

    SEARCH_WEB = "search_web"
    READ_FEEDS = "read_feeds"


class AgentInput(Value):
    """What an agent is to do, and what it may know."""

    prompt: Annotated[str, Untrusted(Source.CONTENT)] = Field(min_length=1, max_length=20_000)
    context: Annotated[JsonObject, Untrusted(Source.AGENT)] = Field(
        default_factory=dict, description="Data for the agent: what other steps gave, say."
    )


class AgentUsage(Value):
    """What the model's endpoint said it took; zero where it said nothing."""

    model_calls: int = Field(default=0, ge=0)
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)


class AgentOutput(Value):
    """What the agent said, and what it gave as data, if anything."""

    text: str
    data: JsonObject | None = None
    usage: AgentUsage = AgentUsage()


RunAgent = Capability("ideation.run_agent", AgentInput, AgentOutput, timeout_ms=300_000, takes_tools=True)
