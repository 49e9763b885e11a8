"""Which model is asked, who stands in for it, what it costs, and how long one that failed is left alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from common.contracts.ideation import IdeationInput, IdeationOutput
from common.contracts.message import AgentSpec
from common.contracts.values import Origin
from common.errors import VendorAuthFailed, VendorRateLimited, VendorUnavailable
from pydantic import ValidationError
from redis.asyncio import Redis
from testkit.chat_model import MODEL, ChatModel, Trouble
from testkit.ports.text_model import BRIEF
from vendors.text_model import PROPOSE_IDEAS, Directly, TextModel, TextRequest
from vendors.text_model.errors import ModelNotOffered, ModelRefused, UnknownModel
from vendors.text_model.models_file import BadModelsFile, read_models_file
from vendors.text_model.settings import TextModelSettings

Configured = Callable[..., TextModel]
IDEAS = TextRequest(PROPOSE_IDEAS, IdeationOutput, IdeationInput(brief=BRIEF, count=2))


def as_agent(**spec: Any) -> TextRequest[IdeationOutput]:
    agent = AgentSpec(name="ideator", **spec)
    return TextRequest(PROPOSE_IDEAS, IdeationOutput, IDEAS.variables, agent=agent)


@pytest.fixture
def file(server: ChatModel, spare: ChatModel) -> dict[str, Any]:
    """A models' file with two models, one of them the other's stand-in."""
    return {
        "endpoints": {"home": {"url": server.url}, "away": {"url": spare.url}},
        "models": {
            "large": {"endpoint": "home", "name": "gpt-5", "price": {"input": 2, "output": 10, "as_of": "2026-11-01"}},
            "small": {"endpoint": "away", "name": "gpt-4o-mini"},
        },
        "routes": {"default": ["large", "small"]},
    }


@pytest.fixture
def configured(make: Callable[..., TextModel], file: dict[str, Any], tmp_path: Path) -> Configured:
    """`configured(redis)` → the text model of that file as it is by then."""

    def build(redis: Redis | None = None, **settings: Any) -> TextModel:
        path = tmp_path / "models.yaml"
        path.write_bytes(orjson.dumps(file))
        told = {"models_file": str(path), "text_model_url": "", "text_model_cache_seconds": 0} | settings
        return make(redis=redis, **told)

    return build


@pytest.mark.feature("P17")
async def test_the_first_of_a_route_is_asked_and_a_stand_in_is_visible(
    configured: Configured, server: ChatModel, spare: ChatModel
) -> None:
    model = configured()
    assert (await model.write(IDEAS, asking=Directly())).notes == ()
    server.troubles[1] = Trouble(503)
    written = await model.write(IDEAS, asking=Directly())
    assert written.model == "away/gpt-4o-mini"
    [note] = written.notes
    assert (note.code, note.stage) == ("text_model_fallback", "ideation")
    assert "vendor_unavailable" in note.detail
    assert (len(server.asked), len(spare.asked)) == (2, 1)


@pytest.mark.feature("F29")
async def test_who_is_asked_for_by_name_goes_before_agent_and_route_and_a_stand_in_is_visible(
    configured: Configured, file: dict[str, Any], server: ChatModel, spare: ChatModel
) -> None:
    model = configured()
    assert model.models == ("large", "small")
    small = replace(as_agent(model="large"), model="small")
    written = await model.write(small, asking=Directly())
    assert (written.model, written.notes, len(server.asked)) == ("away/gpt-4o-mini", (), 0)
    spare.troubles[1] = Trouble(503)
    instead = await model.write(small, asking=Directly())
    assert [note.code for note in instead.notes] == ["text_model_fallback"]
    with pytest.raises(ModelNotOffered, match="no model 'gpt-5' here; there are large, small"):
        await model.write(replace(IDEAS, model="gpt-5"), asking=Directly())
    # The writer without a model is offered where a route allows it to stand in, and nowhere else.
    file["routes"]["tasks"] = {"rewrite_post": ["offline"]}
    willing = configured()
    assert willing.models == ("large", "small", "offline")
    offline = await willing.write(replace(IDEAS, model="offline"), asking=Directly())
    assert (offline.origin, offline.notes, len(server.asked)) == (Origin.OFFLINE, (), 1)


@pytest.mark.parametrize(
    "trouble", [Trouble(401), Trouble(429), Trouble(402), Trouble(404, code="model_not_found"), Trouble(text="")]
)
async def test_whatever_is_wrong_with_a_model_its_stand_in_answers(
    configured: Configured, server: ChatModel, trouble: Trouble
) -> None:
    server.troubles = dict.fromkeys(range(4), trouble)
    assert (await configured().write(IDEAS, asking=Directly())).notes[0].code == "text_model_fallback"


async def test_a_refusal_is_not_shopped_around(configured: Configured, server: ChatModel, spare: ChatModel) -> None:
    server.troubles[0] = Trouble(refusal="No.")
    with pytest.raises(ModelRefused):
        await configured().write(IDEAS, asking=Directly())
    assert spare.asked == []


async def test_when_all_fail_the_error_that_waiting_mends_is_raised(
    configured: Configured, server: ChatModel, spare: ChatModel
) -> None:
    server.troubles[0], spare.troubles[0] = Trouble(401), Trouble(503)
    with pytest.raises(VendorUnavailable):
        await configured().write(IDEAS, asking=Directly())


async def test_when_waiting_mends_nothing_the_first_error_is_raised(
    configured: Configured, server: ChatModel, spare: ChatModel
) -> None:
    server.troubles[0], spare.troubles[0] = Trouble(401), Trouble(404, code="model_not_found")
    with pytest.raises(VendorAuthFailed):
        await configured().write(IDEAS, asking=Directly())


@pytest.mark.feature("M6")
async def test_an_agents_file_alone_chooses_another_model(
    configured: Configured, server: ChatModel, spare: ChatModel
) -> None:
    written = await configured().write(as_agent(model="small"), asking=Directly())
    assert (written.model, server.asked, len(spare.asked)) == ("away/gpt-4o-mini", [], 1)
    # It was asked for: nobody stood in.
    assert "text_model_fallback" not in [note.code for note in written.notes]
    with pytest.raises(UnknownModel, match="large, small"):
        await configured().write(as_agent(model="huge"), asking=Directly())


async def test_routes_follow_the_agent_then_the_task(
    configured: Configured, file: dict[str, Any], spare: ChatModel
) -> None:
    file["routes"] |= {"tasks": {PROPOSE_IDEAS: ["small"]}, "agents": {"ideator": ["large"]}}
    assert (await configured().write(IDEAS, asking=Directly())).model == "away/gpt-4o-mini"
    assert (await configured().write(as_agent(), asking=Directly())).model == "home/gpt-5"


async def test_the_rule_based_writer_may_stand_in_and_is_marked(
    configured: Configured, file: dict[str, Any], server: ChatModel
) -> None:
    file["routes"] = {"default": ["large", "offline"]}
    server.troubles[0] = Trouble(500)
    written = await configured().write(IDEAS, asking=Directly())
    assert (written.origin, written.notes[-1].code) == (Origin.OFFLINE, "text_model_fallback")


async def test_a_vendor_that_says_when_to_come_back_is_left_alone_by_all_processes(
    configured: Configured, file: dict[str, Any], server: ChatModel, redis: Redis
) -> None:
    file["routes"] = {"default": ["large"]}
    server.troubles[0] = Trouble(429, headers={"retry-after": "60"})
    for _process in range(2):
        with pytest.raises(VendorRateLimited) as raised:
            await configured(redis).write(IDEAS, asking=Directly())
        assert raised.value.retry_after_ms is not None
        assert 0 < raised.value.retry_after_ms <= 60_000
    assert len(server.asked) == 1


async def test_a_model_that_fails_again_and_again_is_asked_last_and_that_is_visible(
    configured: Configured, server: ChatModel, spare: ChatModel, redis: Redis
) -> None:
    server.troubles = dict.fromkeys(range(3), Trouble(500))
    model = configured(redis)
    for _ in range(3):
        await model.write(IDEAS, asking=Directly())
    written = await configured(redis).write(IDEAS, asking=Directly())
    assert (len(server.asked), len(spare.asked)) == (3, 4)
    assert written.notes[0].code == "text_model_fallback"
    spare.troubles[4] = Trouble(500)
    assert (await model.write(IDEAS, asking=Directly())).model == "home/gpt-5"


@pytest.mark.feature("F41")
async def test_a_limit_per_minute_is_kept_by_all_processes(
    configured: Configured, file: dict[str, Any], server: ChatModel, redis: Redis
) -> None:
    file["models"]["large"]["per_minute"] = 2
    models = [configured(redis), configured(redis)]
    # The third question may fall into the next minute; the fourth and the fifth may not all do.
    written = [(await models[turn % 2].write(IDEAS, asking=Directly())).model for turn in range(5)]
    assert written[:2] == ["home/gpt-5"] * 2
    assert "away/gpt-4o-mini" in written
    assert len(server.asked) == written.count("home/gpt-5") <= 4


@pytest.mark.feature("F41")
async def test_tokens_per_minute_are_counted_by_all_processes(
    configured: Configured, file: dict[str, Any], server: ChatModel, redis: Redis
) -> None:
    file["models"]["large"]["tokens_per_minute"] = 1
    models = [configured(redis), configured(redis)]
    # Only a new minute lets a second question through.
    written = [(await models[turn % 2].write(IDEAS, asking=Directly())).model for turn in range(4)]
    assert written[0] == "home/gpt-5"
    assert "away/gpt-4o-mini" in written
    assert len(server.asked) == written.count("home/gpt-5") <= 2


async def test_the_same_question_of_the_same_tenant_is_paid_for_once(
    configured: Configured, file: dict[str, Any], server: ChatModel, redis: Redis
) -> None:
    model = configured(redis, text_model_cache_seconds=60)
    first = await model.write(IDEAS, asking=Directly("a"))
    again = await model.write(IDEAS, asking=Directly("a"))
    assert (again.value, again.cost_usd_micros) == (first.value, 0)
    assert first.cost_usd_micros > 0
    await model.write(IDEAS, asking=Directly("b"))
    await model.write(as_agent(sampling={"seed": 7}), asking=Directly("a"))
    assert len(server.asked) == 3
    await redis.flushdb()
    await model.write(IDEAS, asking=Directly("a"))
    assert len(server.asked) == 4


async def test_redis_may_be_away(configured: Configured, server: ChatModel) -> None:
    nobody = Redis.from_url("redis://127.0.0.1:1")
    written = await configured(nobody, text_model_cache_seconds=60).write(IDEAS, asking=Directly("a"))
    assert written.model == "home/gpt-5"
    await nobody.aclose()


@pytest.mark.feature("P34", "F42", "P18")
async def test_tokens_are_paid_by_the_files_price_or_the_dated_table(
    configured: Configured, file: dict[str, Any], server: ChatModel, spare: ChatModel
) -> None:
    server.says_cost = spare.says_cost = False
    # 11 tokens in and 40 out, at 2 and 10 dollars a million: micro-dollars.
    assert (await configured().write(IDEAS, asking=Directly())).cost_usd_micros == 11 * 2 + 40 * 10
    # The table has gpt-4o-mini at 0.15 and 0.6; parts of a micro-dollar are rounded up.
    written = await configured().write(as_agent(model="small"), asking=Directly())
    assert (written.cost_usd_micros, written.notes) == (26, ())


async def test_a_model_that_is_not_there_is_noticed_before_anybody_asks_it(
    configured: Configured, file: dict[str, Any], server: ChatModel
) -> None:
    file["models"]["large"]["name"] = MODEL
    file["models"]["nowhere"] = {"endpoint": "gone", "name": "m"}
    file["endpoints"]["gone"] = {"url": "http://127.0.0.1:1/v1"}
    model = configured()
    said = await model.notice()
    assert said is not None
    assert "'small': away has no model 'gpt-4o-mini'" in said
    assert "'nowhere': gone does not answer" in said
    assert "'large'" not in said
    looked = len(server.keys)
    assert await model.notice() == said
    assert (len(server.keys), server.asked) == (looked, [])
    file["models"] = {"large": file["models"]["large"]}
    file["routes"] = {"default": ["large"]}
    assert await configured().notice() is None


BROKEN = {
    "an unknown key": ("models:\n  a: {endpoint: e, name: m, colour: red}\n", r":2: models\.a\.colour"),
    "a key twice": ("routes: {default: [a]}\nroutes: {default: [a]}\n", r":2: .*duplicate key"),
    "no endpoint": (
        "endpoints: {}\nmodels:\n  a: {endpoint: e, name: m}\nroutes: {default: [a]}\n",
        "'e', which is not declared",
    ),
    "a route to nobody": (
        "endpoints:\n  e: {url: 'http://e/v1'}\nmodels: {}\nroutes: {default: [b]}\n",
        "the model 'b', which is not declared",
    ),
    "no yaml": ("a: [", "models.yaml:"),
    "an empty file": ("", "endpoints: Field required"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_says_where(tmp_path: Path, what: str) -> None:
    text, said = BROKEN[what]
    (tmp_path / "models.yaml").write_text(text)
    with pytest.raises(BadModelsFile, match=said):
        read_models_file(tmp_path / "models.yaml")


def test_stand_ins_are_refused_in_production_unless_they_are_named(tmp_path: Path) -> None:
    needed = ("database_url", "nats_url", "redis_url", "artifacts_url", "service_key", "identity_url")
    told = dict.fromkeys(needed, "unused://") | {"environment": "production"}
    real = {"text_model": "real", "text_model_url": "http://m/v1", "text_model_name": "m"}
    for refused in ({}, {"text_model": "offline"}, real | {"text_model": "sandbox"}):
        with pytest.raises(ValidationError, match="must be allowed in production"):
            TextModelSettings.model_validate(told | refused)
        TextModelSettings.model_validate(told | refused | {"allow_stand_ins": ["text_model"]})
    TextModelSettings.model_validate(told | real)
    path = tmp_path / "models.yaml"
    path.write_text("endpoints: {}\nmodels: {}\nroutes: {default: [offline]}\n")
    with pytest.raises(ValidationError, match="'offline', which must be allowed"):
        TextModelSettings.model_validate(told | {"text_model": "real", "models_file": str(path)})


def test_a_model_is_named_whole_or_not_at_all() -> None:
    needed = ("database_url", "nats_url", "redis_url", "artifacts_url", "service_key", "identity_url")
    told = dict.fromkeys(needed, "unused://") | {"text_model": "real"}
    for half in ({}, {"text_model_url": "http://m/v1"}, {"models_file": "a", "text_model_url": "http://m/v1"}):
        with pytest.raises(ValidationError, match="GREENLIGHT_TEXT_MODEL_NAME"):
            TextModelSettings.model_validate(told | half)
