"""Makes films out of briefs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from common.contracts.ideation import Idea, IdeationInput, IdeationOutput
from common.contracts.production import ProductionInput, Script
from redis.asyncio import Redis
from testkit.chat_model import MODEL, ChatModel, chat_model
from testkit.stack import Stack
from vendors.text_model import PROPOSE_IDEAS, WRITE_SCRIPT, Directly, TextModel, TextRequest, Written
from vendors.text_model.configured import text_model_for
from vendors.text_model.offline import OfflineTextModel
from vendors.text_model.settings import TextModelSettings

Propose = Callable[..., Awaitable[Written[IdeationOutput]]]
Make = Callable[..., TextModel]
Film = Callable[..., Awaitable[Script]]

BRIEFS: dict[str, str] = json.loads((Path(__file__).parent / "briefs.json").read_text(encoding="utf-8"))


@pytest.fixture
def text_model() -> TextModel:
    return OfflineTextModel()


@pytest.fixture
def briefs() -> dict[str, str]:
    """Very different briefs by a short name."""
    return BRIEFS


async def ideas_for(
    brief: str, *, count: int = 3, seconds: int = 20, feedback: str | None = None, previous: tuple[Idea, ...] = ()
) -> Written[IdeationOutput]:
    variables = IdeationInput(brief=brief, count=count, target_seconds=seconds, feedback=feedback, previous=previous)
    return await OfflineTextModel().write(TextRequest(PROPOSE_IDEAS, IdeationOutput, variables), asking=Directly())


async def film_of(brief: str, *, seconds: int = 20, idea: Idea | None = None) -> Script:
    chosen = idea or (await ideas_for(brief, seconds=seconds)).value.ideas[0]
    variables = ProductionInput(idea=chosen, brief=brief, target_seconds=seconds)
    return (await OfflineTextModel().write(TextRequest(WRITE_SCRIPT, Script, variables), asking=Directly())).value


@pytest.fixture
def propose() -> Propose:
    return ideas_for


@pytest.fixture
def film() -> Film:
    return film_of


@pytest.fixture(scope="session")
def scripts() -> dict[str, Script]:
    """The film of 20 seconds that each brief gets first; made once."""

    async def made() -> dict[str, Script]:
        return {name: await film_of(text) for name, text in BRIEFS.items()}

    return asyncio.run(made())


@pytest.fixture(params=sorted(BRIEFS))
def script(request: pytest.FixtureRequest, scripts: dict[str, Script]) -> Script:
    """Each of those films in turn."""
    return scripts[request.param]


@pytest.fixture
async def server() -> AsyncIterator[ChatModel]:
    async with chat_model() as standing_in:
        yield standing_in


@pytest.fixture
async def spare() -> AsyncIterator[ChatModel]:
    """A second endpoint."""
    async with chat_model() as standing_in:
        yield standing_in


@pytest.fixture
async def redis(stack: Stack) -> AsyncIterator[Redis]:
    client = Redis.from_url(stack.environment("ideation")["GREENLIGHT_REDIS_URL"])
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
async def make(server: ChatModel) -> AsyncIterator[Make]:
    """`make(text_model_key="k")` → a text model by these settings, on the stand-in unless they name another place."""
    made: list[TextModel] = []

    def build(redis: Redis | None = None, **settings: Any) -> TextModel:
        there = {"text_model_speaks": server.speaks, "text_model_url": server.url, "text_model_name": MODEL}
        told = a_place(text_model="sandbox") | there | settings
        made.append(text_model_for(TextModelSettings.model_validate(told), redis=redis, service="ideation"))
        return made[-1]

    yield build
    for model in made:
        await model.close()


def a_place(**settings: Any) -> dict[str, Any]:
    """What every service's settings need, and these tests do not use."""
    needed = ("database_url", "nats_url", "redis_url", "artifacts_url", "service_key", "identity_url")
    return dict.fromkeys(needed, "unused://") | settings
