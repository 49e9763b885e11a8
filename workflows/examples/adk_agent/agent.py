"""A Google ADK agent with one tool. What the tool gave is recorded: a retry is given it again."""

from __future__ import annotations

from typing import Any

from google.adk.agents import LlmAgent


def build(kit: Any) -> LlmAgent:
    """The agent, under its name and instructions in `agents.yaml`. What it writes to its state is the step's data."""

    async def reading_time(words: int) -> str:
        """How many seconds it takes to say so many words."""
        return f"{words / 2.5:.1f} seconds"

    return LlmAgent(
        name=kit.agent.name,
        model=kit.model(),
        instruction=kit.agent.instructions,
        tools=[kit.tool(reading_time)],
        output_key="pitch",
    )
