"""One model at several endpoints: they share its questions, and one that fails is left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.errors import VendorUnavailable
from redis.asyncio import Redis
from testkit.chat_model import MODEL, ChatModel, Trouble, chat_model
from testkit.ports.text_model import BRIEF
from vendors.text_model import PROPOSE_IDEAS, Directly, TextModel, TextRequest
from vendors.text_model.models_file import BadModelsFile, read_models_file

Configured = Callable[..., TextModel]


@pytest.fixture
async def other() -> AsyncIterator[ChatModel]:
    """The second place where the model is."""
    async with chat_model() as standing_in:
        yield standing_in


@pytest.fixture
def configured(
    make: Callable[..., TextModel], server: ChatModel, other: ChatModel, spare: ChatModel, tmp_path: Path
) -> Configured:
    """A text model of a file in which `large` is in two places and `small` stands in."""
    path = tmp_path / "models.yaml"
    endpoints = {"east": {"url": server.url}, "west": {"url": other.url}, "spare": {"url": spare.url}}
    models = {"large": {"endpoint": ["east", "west"], "name": MODEL}, "small": {"endpoint": "spare", "name": MODEL}}
    path.write_bytes(
        orjson.dumps({"endpoints": endpoints, "models": models, "routes": {"default": ["large", "small"]}})
    )

    def build(redis: Redis | None = None, **settings: Any) -> TextModel:
        told = {"models_file": str(path), "text_model_url": "", "text_model_cache_seconds": 0}
        return make(redis=redis, **told | settings)

    return build


def asking(brief: str = BRIEF) -> TextRequest[IdeationOutput]:
    return TextRequest(PROPOSE_IDEAS, IdeationOutput, IdeationInput(brief=brief, count=2))


@pytest.mark.feature("F40")
async def test_the_places_of_a_model_share_its_questions(
    configured: Configured, server: ChatModel, other: ChatModel, spare: ChatModel
) -> None:
    model = configured()
    for _ in range(10):
        assert (await model.write(asking(), asking=Directly())).notes == ()
    assert (len(server.asked), len(other.asked), len(spare.asked)) == (5, 5, 0)
    assert model.models == ("large", "small")


@pytest.mark.feature("F40")
async def test_a_place_that_fails_is_left_alone_and_nobody_stood_in(
    configured: Configured, server: ChatModel, other: ChatModel, spare: ChatModel, redis: Redis
) -> None:
    server.troubles = dict.fromkeys(range(20), Trouble(500))
    model = configured(redis)
    for _ in range(12):
        written = await model.write(asking(), asking=Directly())
        assert (written.model, written.notes) == (f"west/{MODEL}", ())
    # Three failures, and then it rests; another process knows that from the first question on.
    assert len(server.asked) == 3
    await configured(redis).write(asking(), asking=Directly())
    assert (len(server.asked), len(other.asked), len(spare.asked)) == (3, 13, 0)


@pytest.mark.feature("F40")
async def test_a_place_that_is_too_busy_is_not_asked_before_the_time_it_names(
    configured: Configured, server: ChatModel, other: ChatModel, spare: ChatModel
) -> None:
    server.troubles[0] = Trouble(429, headers={"retry-after": "60"})
    model = configured()
    for _ in range(4):
        written = await model.write(asking(), asking=Directly())
        assert (written.model, written.notes) == (f"west/{MODEL}", ())
    assert (len(server.asked), len(other.asked), len(spare.asked)) == (1, 4, 0)


async def test_only_when_all_its_places_fail_does_another_model_stand_in(
    configured: Configured, server: ChatModel, other: ChatModel, spare: ChatModel
) -> None:
    server.troubles[0] = other.troubles[0] = Trouble(503)
    written = await configured().write(asking(), asking=Directly())
    assert written.model == f"spare/{MODEL}"
    assert [note.code for note in written.notes] == ["text_model_fallback"]
    server.troubles[1], other.troubles[1], spare.troubles[1] = (Trouble(503),) * 3
    with pytest.raises(VendorUnavailable):
        await configured().write(asking(), asking=Directly())


async def test_what_one_place_has_said_the_other_is_not_asked(
    configured: Configured, server: ChatModel, other: ChatModel, redis: Redis
) -> None:
    model = configured(redis, text_model_cache_seconds=60)
    first = await model.write(asking(), asking=Directly("a"))
    again = await model.write(asking(), asking=Directly("a"))
    assert (again.value, again.cost_usd_micros) == (first.value, 0)
    assert len(server.asked) + len(other.asked) == 1


async def test_which_place_does_not_answer_is_noticed(configured: Configured, tmp_path: Path) -> None:
    path = tmp_path / "models.yaml"
    file = orjson.loads(path.read_bytes())
    file["endpoints"]["west"] = {"url": "http://127.0.0.1:1/v1"}
    path.write_bytes(orjson.dumps(file))
    said = await configured().notice()
    assert said is not None
    assert "'large': west does not answer" in said
    assert "east" not in said


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["east", "north"], "names the endpoint 'north', which is not declared"),
        (["east", "east"], "names an endpoint twice"),
        ([], "models.large.endpoint"),
    ],
)
def test_places_that_are_none_are_said(configured: Configured, tmp_path: Path, places: list[str], said: str) -> None:
    path = tmp_path / "models.yaml"
    file = orjson.loads(path.read_bytes())
    file["models"]["large"]["endpoint"] = places
    path.write_bytes(orjson.dumps(file))
    with pytest.raises(BadModelsFile, match=said):
        read_models_file(path)
