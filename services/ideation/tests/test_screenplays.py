"""Screenplays, ordered over the real bus and asked for over HTTP: what is kept, recorded, paid, named and refused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import orjson
import pytest
from common.contracts.message import AgentSpec, Outcome
from common.contracts.screenplay import (
    CharactersInput,
    CharactersOutput,
    DevelopCharacters,
    ScreenplayInput,
    ScreenplayOutput,
    TypesetInput,
    TypesetScreenplay,
    WriteScreenplay,
)
from common.contracts.values import Origin
from testkit.chat_model import MODEL, USD_A_CALL, ChatModel, Trouble
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import Serving
from testkit.workshop import Rows

CONCEPT = "A lonely lighthouse keeper discovers that her light draws ships from the past."
KEEPER = ScreenplayInput(concept=CONCEPT, minutes=12, genre="mystery")
ROUTE = "/api/screenplay/generate"
A_CALL = round(USD_A_CALL * 1_000_000)
Modelled = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def modelled(serving: Serving, model: ChatModel, tmp_path: Path) -> Modelled:
    """`async with modelled():` → ideation writes with the stand-in model, which is there under two names."""
    there = {"endpoint": "home", "name": MODEL, "price": {"input": 1, "output": 2, "as_of": "2026-11-01"}}
    file = {
        "endpoints": {"home": {"url": model.url}},
        "models": {"large": there, "small": there | {"name": "stand-in-2"}},
        "routes": {"default": ["large"]},
    }
    (tmp_path / "models.yaml").write_bytes(orjson.dumps(file))

    @asynccontextmanager
    async def serve() -> AsyncIterator[httpx.AsyncClient]:
        knobs = {"text_model": "sandbox", "models_file": str(tmp_path / "models.yaml"), "text_model_cache_seconds": 0}
        async with serving("ideation", **knobs) as client:
            yield client

    return serve


@pytest.mark.feature("F26", "F27")
async def test_a_concept_becomes_a_screenplay_its_people_and_files(
    serving: Serving, orders: Orders, tenant: str
) -> None:
    run = uuid4()
    async with serving("ideation"):
        outlined = await orders.order(WriteScreenplay, KEEPER, tenant=tenant, run=run)
        written = ScreenplayOutput.model_validate(outlined.output)
        wanted = CharactersInput(concept=CONCEPT, screenplay=written.screenplay)
        peopled = await orders.order(DevelopCharacters, wanted, tenant=tenant, run=run)
        people = CharactersOutput.model_validate(peopled.output).characters
        approved = TypesetInput(screenplay=written.screenplay, characters=people, origin=written.origin)
        typeset = await orders.order(TypesetScreenplay, approved, tenant=tenant, run=run)
    assert (written.screenplay.title, written.screenplay.genre) == ("The Lighthouse Keeper and the Light", "mystery")
    assert (written.written_by, written.origin, outlined.origin) == ("offline/rules-1", Origin.OFFLINE, "offline")
    assert [note.code for note in outlined.downgrades] == ["plot_left_open"]
    assert [(one.name, one.origin) for one in outlined.artifacts] == [
        ("draft.json", "offline"),
        ("draft.fountain", "offline"),
    ]
    assert [one.name for one in people] == ["Lighthouse Keeper"]
    assert {"lonely", "patient"} <= set(people[0].traits)
    slug = "the-lighthouse-keeper-and-the-light"
    assert [one.name for one in typeset.artifacts] == [f"{slug}.fountain", f"{slug}.txt", f"{slug}.json"]
    assert {one.type.value for one in typeset.artifacts} == {"screenplay"}
    assert (typeset.origin, typeset.cost_usd_micros) == ("offline", 0)


@pytest.mark.feature("F26", "F29")
async def test_a_model_writes_it_is_put_right_and_paid_and_the_agent_is_heard(
    modelled: Modelled, orders: Orders, rows: Rows, model: ChatModel, tenant: str
) -> None:
    scope = {"tenant": tenant, "run": uuid4(), "step": uuid4()}
    agent = AgentSpec(name="screenwriter", instructions="Nobody speaks in this film.", model="large")
    small = KEEPER.model_copy(update={"model": "small", "feedback": "Darker"})
    model.troubles[0] = Trouble(text="no screenplay")
    async with modelled():
        finished = await orders.order(WriteScreenplay, small, agent=agent, **scope)
        again = await orders.order(WriteScreenplay, small, agent=agent, attempt=2, **scope)
    assert finished.outcome is Outcome.DONE, finished.problem
    written = ScreenplayOutput.model_validate(finished.output)
    assert (written.written_by, written.origin) == ("home/stand-in-2", Origin.SANDBOX)
    assert "Darker" in written.screenplay.logline
    assert (finished.cost_usd_micros, again.cost_usd_micros, again.output) == (2 * A_CALL, 0, finished.output)
    found = rows("select name, kind, cost_usd_micros from ideation.calls where tenant_id = %s", tenant)
    assert found == [("home/stand-in-2", "model", A_CALL)] * 2
    assert [body["model"] for body in model.asked] == ["stand-in-2"] * 2
    system = str(model.asked[0]["messages"][0]["content"])
    assert "Nobody speaks in this film." in system
    assert "three acts" in system


@pytest.mark.feature("F29")
async def test_a_model_that_is_not_offered_is_refused_with_those_that_are(
    modelled: Modelled, orders: Orders, model: ChatModel, tenant: str
) -> None:
    stranger = KEEPER.model_copy(update={"model": "gpt-5"})
    async with modelled():
        finished = await orders.order(WriteScreenplay, stranger, tenant=tenant)
    assert (finished.outcome, model.asked) == (Outcome.REFUSED, [])
    assert finished.problem is not None
    assert (finished.problem.code, finished.problem.retryable) == ("model_not_offered", False)
    assert "there are large, small" in finished.problem.detail


async def test_an_agents_tools_are_there_for_a_screenplay(modelled: Modelled, orders: Orders, tenant: str) -> None:
    agent = AgentSpec(name="screenwriter", tools=("search_web",))
    async with modelled():
        finished = await orders.order(WriteScreenplay, KEEPER, tenant=tenant, agent=agent)
    assert finished.problem is not None
    assert finished.problem.code == "tool_not_configured"


@pytest.mark.feature("F26")
async def test_a_screenplay_can_be_had_without_a_run(serving: Serving, people: People, tenant: str, rows: Rows) -> None:
    creator, reviewer = await people.join(tenant, "creator"), await people.join(tenant, "reviewer")
    async with serving("ideation") as client:
        answer = await client.post(ROUTE, json={"concept": CONCEPT, "minutes": 12}, headers=creator.headers)
        other = await client.post(ROUTE, json={"concept": "The last beekeeper on Mars."}, headers=creator.headers)
        refused = await client.post(ROUTE, json={"concept": CONCEPT}, headers=reviewer.headers)
        stranger = await client.post(ROUTE, json={"concept": CONCEPT})
        empty = await client.post(ROUTE, json={"concept": ""}, headers=creator.headers)
        mute = await client.post(ROUTE, json={"concept": "🎉🎉"}, headers=creator.headers)
        endless = await client.post(ROUTE, json={"concept": "word " * 2_001}, headers=creator.headers)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["title"] == "The Lighthouse Keeper and the Light"
    assert other.json()["title"] not in {found["title"], "Generated Title"}
    assert [len(act["scenes"]) for act in found["three_act_structure"]] == [3, 2, 2]
    assert [one["name"] for one in found["characters"]] == ["Lighthouse Keeper"]
    assert (found["agent_used"], found["model_used"]) == ("ideation.write_screenplay", "offline/rules-1")
    assert (found["origin"], found["cost_usd"]) == ("offline", "0.000000")
    assert [note["code"] for note in found["notes"]] == ["plot_left_open"]
    assert (refused.status_code, stranger.status_code, empty.status_code) == (403, 401, 422)
    assert (mute.json()["error"], endless.status_code) == ("brief_not_understood", 422)
    assert rows("select count(*) from ideation.calls where tenant_id = %s", tenant) == [(0,)]


@pytest.mark.feature("F29")
async def test_a_caller_names_one_of_the_models_there_are(
    modelled: Modelled, people: People, model: ChatModel, tenant: str
) -> None:
    creator = await people.join(tenant, "creator")
    async with modelled() as client:
        offered = (await client.get("/v1/models", headers=creator.headers)).json()
        asked = {
            name: await client.post(ROUTE, json={"concept": CONCEPT, "model": name}, headers=creator.headers)
            for name in ("small", "large", None, "gpt-5")
        }
    assert offered == {"models": ["large", "small"], "default": f"home/{MODEL}"}
    assert [body["model"] for body in model.asked] == ["stand-in-2", MODEL, MODEL]
    assert asked["small"].json()["model_used"] == "home/stand-in-2"
    refusal = asked["gpt-5"].json()
    assert (asked["gpt-5"].status_code, refusal["error"]) == (422, "model_not_offered")
    assert refusal["models"] == ["large", "small"]


async def test_what_may_not_be_said_goes_in_nor_out(
    modelled: Modelled, people: People, model: ChatModel, tenant: str
) -> None:
    creator = await people.join(tenant, "creator")
    bad = "Here is how to make a pipe bomb."
    scene = {"heading": "INT. SHED - DAY", "beats": [bad], "characters": []}
    draft = {
        "title": "Shed",
        "logline": "A shed.",
        "genre": "drama",
        "language": "en",
        "characters": [{"name": "Bo", "role": "lead", "description": "Bo."}],
        "acts": [{"title": "One", "purpose": "It turns.", "scenes": [scene]}] * 3,
    }
    model.troubles[0] = Trouble(text=orjson.dumps(draft).decode())
    async with modelled() as client:
        out = await client.post(ROUTE, json={"concept": CONCEPT}, headers=creator.headers)
        into = await client.post(ROUTE, json={"concept": bad}, headers=creator.headers)
    assert (out.status_code, into.status_code, len(model.asked)) == (400, 400, 1)
    assert "pipe bomb" not in out.text
