"""Ideas are judged by their words, and differ from films there are already."""

from __future__ import annotations

from uuid import uuid4

import pytest
from common.contracts.ideation import Idea, IdeationInput, IdeationOutput, PastFilm, ProposeIdeas
from common.contracts.message import Outcome
from ideation.judging import RUBRIC, judged
from testkit.chat_model import MODEL, ChatModel
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import Serving
from vendors.text_model.tasks.ideas import ALIKE, likeness

BRIEF = "How tides work, in 20 seconds"
POINTS = (
    "The Moon pulls the sea towards itself and leaves a second bulge behind.",
    "In the Bay of Fundy the water rises 16 metres, twice a day.",
    "When Sun and Moon pull together, the tide is highest.",
)
GOOD = Idea(
    id="good",
    title="The sea is breathing",
    hook="Twice a day, a bay in Canada swallows its own beach.",
    angle="one place",
    summary="The Bay of Fundy shows it.",
    points=POINTS,
    why="Something to see.",
)


def asked(**more: object) -> IdeationInput:
    return IdeationInput.model_validate({"brief": BRIEF, "target_seconds": 20} | more)


def scores(idea: Idea, **more: object) -> dict[str, int]:
    """The points of an idea by part."""
    [one] = judged(IdeationOutput(ideas=(idea,)), asked(**more)).ideas
    assert one.score is not None
    assert (one.score.points, one.score.by) == (sum(part.points for part in one.score.parts), RUBRIC)
    assert sum(part.of for part in one.score.parts) == 100
    assert all(part.why for part in one.score.parts)
    return {part.name: part.points for part in one.score.parts}


def film_of(idea: Idea) -> PastFilm:
    """A film that was made of an idea."""
    return PastFilm(entry_id=uuid4(), **idea.model_dump(include={"title", "hook", "angle", "summary", "points"}))


@pytest.mark.feature("A25")
@pytest.mark.parametrize(
    ("part", "worse"),
    [
        ("length", {"points": ("The Moon pulls.",)}),
        ("length", {"points": POINTS * 3}),
        ("hook", {"hook": "Did you know that tides happen twice a day?"}),
        ("hook", {"hook": "Tides are a thing of the sea that many people like to look at when they are on a holiday."}),
        ("concreteness", {"points": ("the sea goes up and later it goes down again", "that is how it is " * 5)}),
    ],
)
def test_a_worse_idea_gets_fewer_points_for_what_is_worse(part: str, worse: dict[str, object]) -> None:
    assert scores(GOOD.model_copy(update=worse))[part] < scores(GOOD)[part]


def test_the_score_depends_on_length_platform_and_audience() -> None:
    assert scores(GOOD, target_seconds=90)["length"] < scores(GOOD)["length"]
    short = GOOD.model_copy(update={"points": POINTS[:1]})
    assert scores(short, platforms=["tiktok"])["length"] > scores(short)["length"]
    assert scores(GOOD, audience="people who visit Canada")["audience"] > scores(GOOD, audience="pilots")["audience"]


@pytest.mark.feature("A25")
def test_an_idea_says_which_film_it_is_like_and_another_one_goes_on() -> None:
    film = film_of(GOOD)
    words = {"title": "Salt", "hook": "Why is rain not salty?", "angle": "a riddle", "summary": "A drop's way."}
    other = GOOD.model_copy(update={"id": "other", "points": ("Heat lifts water.",), **words})
    output = judged(IdeationOutput(ideas=(GOOD, other), chosen=0), asked(past=[film.model_dump()]))
    [resembled] = output.ideas[0].resembles
    assert (resembled.entry_id, resembled.title, resembled.likeness) == (film.entry_id, GOOD.title, 1.0)
    assert (output.ideas[1].resembles, output.chosen) == ((), 1)
    assert "film" in next(part.why for part in output.ideas[0].score.parts if part.name == "novelty")  # type: ignore[union-attr]
    alone = judged(IdeationOutput(ideas=(GOOD,), chosen=0), asked(past=[film.model_dump()]))
    assert (alone.chosen, len(alone.ideas[0].resembles)) == (0, 1)


@pytest.mark.feature("A25")
async def test_the_same_brief_again_gives_other_ideas_than_the_film_there_is(
    serving: Serving, orders: Orders, tenant: str
) -> None:
    async with serving("ideation"):
        first = await orders.order(ProposeIdeas, asked(), tenant=tenant)
        idea = IdeationOutput.model_validate(first.output).ideas[0]
        film = film_of(idea)
        second = await orders.order(ProposeIdeas, asked(past=[film.model_dump()]), tenant=tenant)
    assert (first.outcome, second.outcome) == (Outcome.DONE, Outcome.DONE)
    again = IdeationOutput.model_validate(second.output)
    assert idea.title not in {one.title for one in again.ideas}
    assert max(likeness(one, film) for one in again.ideas) < ALIKE
    assert again.ideas[again.chosen].resembles == ()
    assert all(one.score is not None for one in again.ideas)


@pytest.mark.feature("A25")
async def test_a_model_that_proposes_a_film_again_is_asked_for_another(
    serving: Serving, orders: Orders, model: ChatModel, tenant: str
) -> None:
    knobs = {"text_model": "sandbox", "text_model_url": model.url, "text_model_name": MODEL}
    async with serving("ideation", **knobs, text_model_cache_seconds=0):
        first = await orders.order(ProposeIdeas, asked(), tenant=tenant)
        film = film_of(IdeationOutput.model_validate(first.output).ideas[0])
        before = len(model.asked)
        second = await orders.order(ProposeIdeas, asked(past=[film.model_dump()]), tenant=tenant)
    # The stand-in says the same again; each time it is told what is wrong about it.
    assert second.problem is not None
    assert second.problem.code == "answer_malformed"
    assert "made before" in str(model.asked[before + 1]["messages"][-1])
    assert "past_films" in str(model.asked[before]["messages"][1])


@pytest.mark.feature("A23")
async def test_ideas_without_a_run_are_judged_alike(serving: Serving, people: People, tenant: str) -> None:
    creator = await people.join(tenant, "creator")
    async with serving("ideation") as client:
        answer = await client.post("/v1/ideas", json={"brief": BRIEF}, headers=creator.headers)
        compatible = await client.post("/generate-ideas", json={"topic": BRIEF}, headers=creator.headers)
    assert all(idea["score"]["by"] == RUBRIC for idea in answer.json()["ideas"]["ideas"])
    assert [idea["estimated_engagement"] for idea in compatible.json()["ideas"]] == [None] * 5
