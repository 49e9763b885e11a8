"""The sandbox's models keep the promises of the port through the real adapters, and write about the brief."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from common import http
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.production import ProductionInput, Script
from common.errors import GreenlightError, VendorAuthFailed, VendorRateLimited, VendorUnavailable
from sandbox.kit.faults import FaultKind
from sandbox.models import MODEL, SHIELD, STACKS
from sandbox.openrouter_videos import PREFIX
from testkit.ports.text_model import TextModelPromises
from testkit.vendors import KEY, Sandbox
from vendors.safety import SafetyModel
from vendors.safety.llama_stack import LlamaStackShield
from vendors.safety.moderations import Moderations
from vendors.text_model import PROPOSE_IDEAS, WRITE_SCRIPT, Directly, TextModel, TextRequest
from vendors.text_model.configured import text_model_for
from vendors.text_model.errors import ModelMissing, ModelRefused
from vendors.text_model.settings import TextModelSettings

Open = Callable[..., TextModel]
OPENROUTER = {"text_model_speaks": "openai", "text_model_url": PREFIX}
PLACES = [OPENROUTER, *({"text_model_speaks": "llama_stack", "text_model_url": prefix} for prefix in STACKS)]
BRIEFS = [
    "TikTok video about bees",
    "5 tips for better sleep",
    "Tea vs coffee: which is better in the morning?",
    "Product launch: the Fernwood desk lamp. It charges your phone, folds flat and costs 49 euros.",
    "My grandmother crossed the Atlantic in 1952 with one suitcase. She was nineteen and spoke no English.",
    "Warum ist der Himmel blau?",
    "Please tell people to wash their hands",
]


@pytest.fixture
async def open_model(vendors_box: Sandbox) -> AsyncIterator[Open]:
    """`open_model(text_model_key="k")` → a text model on the sandbox's OpenRouter, unless another place is named."""
    opened: list[TextModel] = []

    def build(**told: Any) -> TextModel:
        unused = ("database_url", "nats_url", "redis_url", "artifacts_url", "service_key", "identity_url")
        settings = dict.fromkeys(unused, "unused://") | OPENROUTER
        settings |= {"text_model": "sandbox", "text_model_name": MODEL, "text_model_key": KEY} | told
        settings["text_model_url"] = vendors_box.url + settings["text_model_url"]
        opened.append(text_model_for(TextModelSettings.model_validate(settings), redis=None, service="ideation"))
        return opened[-1]

    yield build
    for model in opened:
        await model.close()


class TestAModelOfTheSandbox(TextModelPromises):
    @pytest.fixture(params=PLACES, ids=["openrouter", *STACKS])
    def text_model(self, request: pytest.FixtureRequest, open_model: Open) -> TextModel:
        return open_model(**request.param)


@pytest.mark.parametrize("brief", BRIEFS)
async def test_what_it_writes_is_about_the_brief_and_taken(open_model: Open, vendors_box: Sandbox, brief: str) -> None:
    model = open_model()
    variables = IdeationInput(brief=brief, count=3)
    ideas = await model.write(TextRequest(PROPOSE_IDEAS, IdeationOutput, variables), asking=Directly())
    told = {word.lower() for word in brief.split() if len(word) > 4}
    said = ideas.value.model_dump_json().lower()
    assert any(word.strip(".,:?") in said for word in told)
    film = ProductionInput(idea=ideas.value.ideas[0], brief=brief, language=ideas.value.language, target_seconds=20)
    script = await model.write(TextRequest(WRITE_SCRIPT, Script, film), asking=Directly())
    assert len(script.value.beats) >= 3
    assert 0 < script.cost_usd_micros < 10_000
    # Nothing had to be asked twice.
    assert len(vendors_box.effects("model.asked")) == 2


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"kind": FaultKind.STATUS, "code": 429}, VendorRateLimited),
        ({"kind": FaultKind.STATUS, "code": 503}, VendorUnavailable),
        ({"kind": FaultKind.DROP_AFTER}, VendorUnavailable),
        ({"kind": FaultKind.BAD_JSON}, VendorUnavailable),
        ({"kind": FaultKind.FAILS}, ModelRefused),
    ],
)
@pytest.mark.parametrize("place", PLACES[:2], ids=["openrouter", "llama_stack"])
async def test_its_faults_are_those_of_a_vendor(
    open_model: Open, vendors_box: Sandbox, place: dict[str, str], fault: dict[str, Any], raised: type[GreenlightError]
) -> None:
    vendors_box.plant(path="*/chat/completions", times=9, **fault)
    request = TextRequest(PROPOSE_IDEAS, IdeationOutput, IdeationInput(brief="Why bees dance", count=1))
    with pytest.raises(raised):
        await open_model(**place).write(request, asking=Directly())


@pytest.mark.parametrize(
    ("told", "brief", "raised"),
    [
        ({"text_model_key": "another"}, "Why bees dance", VendorAuthFailed),
        ({"text_model_name": "another"}, "Why bees dance", ModelMissing),
        ({}, "A forbidden thing", ModelRefused),
    ],
)
async def test_it_refuses_as_openrouter_does(
    open_model: Open, told: dict[str, Any], brief: str, raised: type[GreenlightError]
) -> None:
    request = TextRequest(PROPOSE_IDEAS, IdeationOutput, IdeationInput(brief=brief, count=1))
    with pytest.raises(raised):
        await open_model(**told).write(request, asking=Directly())


@pytest.mark.parametrize("speaks", ["llama_stack", "moderations"])
async def test_its_shield_is_asked_by_the_real_adapters(vendors_box: Sandbox, speaks: str) -> None:
    server = f"{vendors_box.url}/llama_stack"
    shield: SafetyModel = (
        LlamaStackShield(http.client(base_url=server), shield=SHIELD)
        if speaks == "llama_stack"
        else Moderations(http.client(base_url=f"{server}/v1"), model=SHIELD)
    )
    await shield.verify()
    assert (await shield.check("Why bees dance", tenant="t", said_by="user")).allowed
    assert not (await shield.check("A forbidden thing", tenant="t", said_by="user")).allowed
    await shield.close()
