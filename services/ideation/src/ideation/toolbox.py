"""The tools that `agents.yaml` may name, bound to what this installation can look into.

All of them read and none of them does anything: no tool spends, publishes or decides, whatever a text asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from common.contracts.agents import AgentTool
from common.contracts.message import AgentSpec
from common.errors import Permanent, Transient
from pydantic import BaseModel, ConfigDict, Field
from vendors.text_model.tool import Tool

from ideation.errors import ToolNotConfigured
from ideation.search import Search
from ideation.search.feeds import Feeds

_MOST = 6
_ABOUT = {
    AgentTool.SEARCH_WEB: "Look something up on the web. Gives claims, each with its address.",
    AgentTool.READ_FEEDS: "Look into the studio's news feeds. Gives the entries that share words with the question.",
}
_NEEDS = {AgentTool.SEARCH_WEB: "GREENLIGHT_SEARCH", AgentTool.READ_FEEDS: "GREENLIGHT_FEEDS"}
Toolbox = Mapping[str, Tool]


class LookUp(BaseModel):
    """What is looked for."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=2, max_length=200, description="A few words, as one types them into a search.")


def toolbox_for(searches: Sequence[Search]) -> Toolbox:
    """The tools there are here, by name."""
    tools = {}
    for search in searches:
        name = AgentTool.READ_FEEDS if isinstance(search, Feeds) else AgentTool.SEARCH_WEB
        tools[name.value] = Tool(name.value, _ABOUT[name], LookUp, partial(_look_up, search), repeatable=True)
    return tools


def tools_of(agent: AgentSpec | None, toolbox: Toolbox) -> tuple[Tool, ...]:
    """Those that the agent was given, and no other. Raises `ToolNotConfigured`."""
    wanted = agent.tools if agent else ()
    for name in wanted:
        if name not in toolbox:
            needs = f"; set {_NEEDS[AgentTool(name)]}" if name in tuple(AgentTool) else ""
            raise ToolNotConfigured(f"The agent's tool {name!r} is bound to nothing here{needs}.")
    return tuple(toolbox[name] for name in wanted)


async def _look_up(search: Search, asked: LookUp) -> dict[str, Any]:
    """What was found; that a search failed is said to the model, which can do without it."""
    try:
        found = await search.find(asked.question, most=_MOST)
    except (Transient, Permanent) as error:
        return {"claims": [], "trouble": error.detail}
    return found.model_dump(mode="json")
