"""An AG2 agent with one tool. What the tool gave is recorded: a retry is given it again."""

from __future__ import annotations

from typing import Any

from ag2 import Agent


def build(kit: Any) -> Agent:
    """The agent, under its name and instructions in `agents.yaml`."""

    async def reading_time(words: int) -> str:
        """How many seconds it takes to say so many words."""
        return f"{words / 2.5:.1f} seconds"

    return Agent(kit.agent.name, kit.agent.instructions, config=kit.model(), tools=[kit.tool(reading_time)])
