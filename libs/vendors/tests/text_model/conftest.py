"""Makes films out of briefs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from common.contracts.ideation import Idea, IdeationInput, IdeationOutput
from common.contracts.production import ProductionInput, Script
from vendors.text_model import PROPOSE_IDEAS, WRITE_SCRIPT, TextModel, TextRequest, Written
from vendors.text_model.offline import OfflineTextModel

Propose = Callable[..., Awaitable[Written[IdeationOutput]]]
Film = Callable[..., Awaitable[Script]]

BRIEFS: dict[str, str] = json.loads((Path(__file__).parent / "briefs.json").read_text(encoding="utf-8"))


@pytest.fixture
def text_model() -> TextModel:
    return OfflineTextModel()


@pytest.fixture(params=sorted(BRIEFS))
def brief(request: pytest.FixtureRequest) -> str:
    """Each of the briefs in turn."""
    return BRIEFS[request.param]


@pytest.fixture
def propose(text_model: TextModel) -> Propose:
    async def ideas(
        brief: str, *, count: int = 3, seconds: int = 20, feedback: str | None = None, previous: tuple[Idea, ...] = ()
    ) -> Written[IdeationOutput]:
        variables = IdeationInput(
            brief=brief, count=count, target_seconds=seconds, feedback=feedback, previous=previous
        )
        return await text_model.write(TextRequest(PROPOSE_IDEAS, IdeationOutput, variables), key="ideas")

    return ideas


@pytest.fixture
def film(text_model: TextModel, propose: Propose) -> Film:
    async def made(brief: str, *, seconds: int = 20, idea: Idea | None = None) -> Script:
        chosen = idea or (await propose(brief, seconds=seconds)).value.ideas[0]
        variables = ProductionInput(idea=chosen, brief=brief, target_seconds=seconds)
        return (await text_model.write(TextRequest(WRITE_SCRIPT, Script, variables), key="script")).value

    return made
