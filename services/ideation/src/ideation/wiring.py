"""Everything ideation listens to, answers and leans on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from common import http
from common.bus.runner import serves
from common.contracts.agents import RunAgent
from common.contracts.ideation import ProposeIdeas
from common.contracts.screenplay import DevelopCharacters, TypesetScreenplay, WriteScreenplay
from common.contracts.values import Origin
from common.service.calls import ToldCalls
from common.service.serve import Platform, Wiring
from vendors.text_model.configured import text_model_for

from ideation import agents, api, handlers, screenplays
from ideation.frameworks.kit import Endpoint
from ideation.models import legal_holds, run_shares
from ideation.search import Search
from ideation.search.feeds import Feeds
from ideation.search.web import Brave, SearXNG
from ideation.settings import Settings
from ideation.toolbox import toolbox_for


def wire(settings: Settings, platform: Platform) -> Wiring:
    """The capabilities, the writer behind them, and the place where operators' own agents run."""
    writer = text_model_for(settings, redis=platform.redis, service="ideation")
    searches = _searches(settings)
    toolbox = toolbox_for(searches)
    run_agent = partial(agents.run_agent, writer=writer, workplace=_workplace(settings), toolbox=toolbox)
    write = partial(screenplays.write_screenplay, writer=writer, toolbox=toolbox)
    develop = partial(screenplays.develop_characters, writer=writer, toolbox=toolbox)
    told = ToldCalls(platform.work, platform.bus, shares=run_shares, holds=legal_holds)
    return Wiring(
        service="ideation",
        routers=[*api.routers(writer=writer, guard=platform.guard, clock=platform.clock), told.router()],
        serves=[
            serves(ProposeIdeas, partial(handlers.propose_ideas, writer=writer, searches=searches), slots=8),
            serves(RunAgent, run_agent, slots=4),
            serves(WriteScreenplay, write, slots=4),
            serves(DevelopCharacters, develop, slots=4),
            serves(TypesetScreenplay, screenplays.typeset_screenplay, slots=4),
        ],
        loops=told.loops,
        notices={"text_model": writer.notice},
        closes=[writer.close, *(search.close for search in searches)],
    )


def _searches(settings: Settings) -> list[Search]:
    """The places to look things up, in the order they are asked."""
    found: list[Search] = []
    key = settings.search_key.get_secret_value()
    match settings.search:
        case "searxng":
            client = http.client(base_url=settings.search_url, timeout_seconds=settings.search_seconds)
            if key:
                client.headers["authorization"] = f"Bearer {key}"
            found.append(SearXNG(client))
        case "brave":
            client = http.client(base_url=settings.search_url, timeout_seconds=settings.search_seconds)
            client.headers["x-subscription-token"] = key
            found.append(Brave(client))
        case "off":
            pass
    if settings.feeds:
        found.append(Feeds(http.client(timeout_seconds=settings.search_seconds), settings.feeds))
    return found


def _workplace(settings: Settings) -> agents.Workplace:
    endpoint = Endpoint(
        url=settings.agent_model_url if settings.agent_model != "off" else "",
        name=settings.agent_model_name,
        key=settings.agent_model_key.get_secret_value(),
        seconds=settings.agent_model_seconds,
    )
    return agents.Workplace(
        workflows=Path(settings.workflows_dir),
        endpoint=endpoint,
        origin={"real": Origin.REAL, "sandbox": Origin.SANDBOX}.get(settings.agent_model),
        database_url=settings.database_url.get_secret_value(),
    )
