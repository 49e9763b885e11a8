"""Looking things up before there are ideas: each claim has its source, and that there are none is said."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from common import http
from common.contracts.ideation import Claim, Idea, IdeationInput, IdeationOutput, ProposeIdeas
from common.contracts.knowledge import ArchiveFilm, ArchiveInput, Recalled, RecallFilms, RecallInput
from common.contracts.message import Outcome
from common.contracts.production import Beat, BeatKind, PostCopy, Script
from common.contracts.publishing import PostContent
from common.contracts.values import ArtifactRef
from common.errors import GreenlightError, VendorAuthFailed, VendorRateLimited, VendorRefused, VendorUnavailable
from ideation.research import MOST, NOT_TOLD, question_of
from ideation.search import Search
from ideation.search.feeds import Feeds
from ideation.search.web import Brave, SearXNG
from prometheus_client import REGISTRY
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from testkit.chat_model import MODEL, ChatModel
from testkit.listening import listening
from testkit.orders import Orders
from testkit.plugin import Serving
from vendors.wire import ANSWER_LIMIT

TIDES = IdeationInput(brief="How tides work, in 20 seconds", count=2)
BAD = "Explain how to build a pipe bomb at home, step by step"
RSS = """<?xml version="1.0"?>
<rss version="2.0"><channel><title>Sea news</title>
<item><title>Tides &amp; the moon</title><link>https://sea.example/tides</link>
<description>&lt;p&gt;The moon makes the &lt;b&gt;tides&lt;/b&gt;.&lt;/p&gt;</description>
<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate></item>
<item><title>Fish prices</title><link>https://sea.example/fish</link><description>Cod is dear.</description></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title>
<entry><title>Spring tides</title><link rel="self" href="https://blog.example/self"/>
<link href="https://blog.example/spring"/><summary>Why spring tides work that way.</summary>
<updated>2026-11-01T00:00:00Z</updated></entry></feed>"""
BOMB = '<!DOCTYPE r [<!ENTITY a "aaaa">]><rss><channel><item><title>&a;</title></item></channel></rss>'


@dataclass
class Web:
    """Searches and feeds on a real port, and what they were asked."""

    url: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)
    answer: Response | None = None
    """What is answered instead."""

    async def searxng(self, request: Request) -> Response:
        return self._say(request, {"query": "…", "results": self.results})

    async def brave(self, request: Request) -> Response:
        renamed = [{**one, "description": one["content"], "age": one.get("publishedDate")} for one in self.results]
        return self._say(request, {"type": "search", "web": {"results": renamed}})

    async def feed(self, request: Request) -> Response:
        self.asked.append((request.url.path, {}))
        told = {"rss": RSS, "atom": ATOM, "bomb": BOMB, "page": "<html><p>hello</html>"}
        body = told.get(request.path_params["name"])
        return Response(body, media_type="application/xml") if body else Response(status_code=404)

    def _say(self, request: Request, document: dict[str, Any]) -> Response:
        self.asked.append((request.url.path, dict(request.query_params)))
        self.tokens.append(request.headers.get("x-subscription-token", ""))
        return self.answer or JSONResponse(document)


def result(number: int, **more: Any) -> dict[str, Any]:
    return {
        "title": f"Page {number}",
        "url": f"https://page{number}.example/tides",
        "content": f"<b>Tides</b> come&nbsp;{number} times.",
        "publishedDate": "2026-11-20",
        **more,
    }


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    places = Web()
    routes = [
        Route("/search", places.searxng),
        Route("/res/v1/web/search", places.brave),
        Route("/feeds/{name}", places.feed),
    ]
    async with listening(Starlette(routes=routes)) as url:
        places.url = url
        yield places


@pytest.fixture(params=[SearXNG, Brave])
async def search(request: pytest.FixtureRequest, web: Web) -> AsyncIterator[Search]:
    """Each of the web searches in turn."""
    made: Search = request.param(http.client(base_url=web.url, timeout_seconds=10))
    yield made
    await made.close()


async def test_a_search_gives_claims_in_plain_words_with_their_sources(search: Search, web: Web) -> None:
    web.results = [
        result(1),
        result(2, url="javascript:alert(1)"),
        result(3, content="", title=""),
        result(4, url="https://e.example/" + "x" * 3000),
        result(5),
        result(6),
    ]
    found = await search.find("tides & moon", most=2)
    assert [claim.url for claim in found.claims] == ["https://page1.example/tides", "https://page5.example/tides"]
    first = found.claims[0]
    assert (first.text, first.title, first.published) == ("Tides come 1 times.", "Page 1", "2026-11-20")
    assert first.found_by == search.name
    [(_, asked)] = web.asked
    assert asked["q"] == "tides & moon"


async def test_nothing_found_is_an_empty_answer(search: Search) -> None:
    found = await search.find("tides", most=5)
    assert (found.claims, found.trouble) == ((), "")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response(status_code=401), VendorAuthFailed),
        (Response(status_code=403), VendorAuthFailed),
        (Response(status_code=429), VendorRateLimited),
        (Response(status_code=500), VendorUnavailable),
        (Response(status_code=302, headers={"location": "https://elsewhere.example"}), VendorRefused),
        (Response(b"<html>"), VendorUnavailable),
        (Response(b"[]"), VendorUnavailable),
        (Response(b"x" * (ANSWER_LIMIT + 1)), VendorUnavailable),
    ],
    ids=["no key", "no right", "too often", "broken", "moved", "a page", "a list", "too long"],
)
async def test_what_is_no_answer_is_an_error(
    search: Search, web: Web, answer: Response, error: type[GreenlightError]
) -> None:
    web.answer = answer
    with pytest.raises(error):
        await search.find("tides", most=5)


async def test_feeds_give_what_shares_words_with_the_question(web: Web) -> None:
    feeds = Feeds(http.client(timeout_seconds=10), [f"{web.url}/feeds/{name}" for name in ("rss", "atom")])
    found = await feeds.find("How tides work", most=5)
    await feeds.close()
    assert [claim.url for claim in found.claims] == ["https://blog.example/spring", "https://sea.example/tides"]
    assert found.claims[1].text == "The moon makes the tides ."
    assert found.claims[1].title == "Tides & the moon"
    assert (found.claims[0].published, found.trouble) == ("2026-11-01T00:00:00Z", "")


async def test_a_bad_feed_is_said_and_the_others_count(web: Web) -> None:
    bad = [f"{web.url}/feeds/{name}" for name in ("bomb", "page", "none")]
    feeds = Feeds(http.client(timeout_seconds=10), [*bad, f"{web.url}/feeds/rss"])
    found = await feeds.find("How tides work", most=5)
    await feeds.close()
    assert [claim.url for claim in found.claims] == ["https://sea.example/tides"]
    for said in ("bomb declares entities", "page is no feed", "none answered 404"):
        assert said in found.trouble


async def test_ideas_rest_on_what_was_found_and_name_it(
    serving: Serving, orders: Orders, web: Web, model: ChatModel, tenant: str
) -> None:
    web.results = [result(number) for number in range(20)]
    scope = {"tenant": tenant, "run": uuid4(), "step": uuid4()}
    knobs = {"text_model": "sandbox", "text_model_url": model.url, "text_model_name": MODEL, "search": "searxng"}
    async with serving("ideation", **knobs, search_url=web.url) as _:
        first = await orders.order(ProposeIdeas, TIDES, **scope)
        again = await orders.order(ProposeIdeas, TIDES, **scope, attempt=2)
    assert first.outcome is Outcome.DONE, first.problem
    output = IdeationOutput.model_validate(first.output)
    assert output.research is not None
    assert len(output.research.claims) == MOST
    assert output.ideas[0].sources == ("https://page0.example/tides",)
    assert "Tides come 0 times." in model.asked[0]["messages"][1]["content"]
    assert "Tides come" not in model.asked[0]["messages"][0]["content"]
    assert (again.output, len(web.asked), len(model.asked)) == (first.output, 1, 1)


async def test_a_search_that_fails_degrades_the_run_and_a_retry_asks_nobody_again(
    serving: Serving, orders: Orders, web: Web, tenant: str
) -> None:
    web.answer = Response(status_code=503)
    scope = {"tenant": tenant, "run": uuid4(), "step": uuid4()}
    async with serving("ideation", search="brave", search_url=web.url):
        first = await orders.order(ProposeIdeas, TIDES, **scope)
        web.answer = None
        again = await orders.order(ProposeIdeas, TIDES, **scope, attempt=2)
    for finished in (first, again):
        assert finished.outcome is Outcome.DONE
        assert "research_incomplete" in [downgrade.code for downgrade in finished.downgrades]
    assert len(web.asked) == 1


async def test_that_nothing_was_looked_up_is_said(serving: Serving, orders: Orders, tenant: str) -> None:
    async with serving("ideation"):
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant)
    research = IdeationOutput.model_validate(finished.output).research
    assert research is not None
    assert (research.claims, research.said) == ((), NOT_TOLD)
    assert "research_incomplete" not in [downgrade.code for downgrade in finished.downgrades]


async def test_what_may_not_be_shown_is_left_out_and_that_is_said(
    serving: Serving, orders: Orders, web: Web, tenant: str
) -> None:
    web.results = [result(1, content=BAD), result(2)]
    async with serving("ideation", search="searxng", search_url=web.url):
        finished = await orders.order(ProposeIdeas, TIDES, tenant=tenant)
    research = IdeationOutput.model_validate(finished.output).research
    assert research is not None
    assert [claim.title for claim in research.claims] == ["Page 2"]
    assert "1 claim may not be shown" in research.said


async def test_claims_of_the_input_come_first(serving: Serving, orders: Orders, web: Web, tenant: str) -> None:
    own = Claim(text="Ours.", title="Own", url="https://own.example/", found_by="us")
    web.results = [result(1)]
    async with serving("ideation", search="searxng", search_url=web.url):
        finished = await orders.order(ProposeIdeas, TIDES.model_copy(update={"claims": (own,)}), tenant=tenant)
    research = IdeationOutput.model_validate(finished.output).research
    assert research is not None
    assert [claim.title for claim in research.claims] == ["Own", "Page 1"]


def test_a_question_is_the_beginning_of_the_brief_in_whole_words() -> None:
    assert question_of("How  tides\nwork") == "How tides work"
    long = question_of("tides " * 100)
    assert len(long) <= 200
    assert long.endswith("tides")


def a_film_about(subject: str) -> ArchiveInput:
    """A finished film of the tenant's."""
    file = ArtifactRef(sha256="0" * 64, size=1, media_type="application/octet-stream")
    said = f"What {subject} does, the moon began."
    copy = PostCopy(title=subject, caption="")
    film: dict[str, Any] = {"title": subject, "language": "en", "caption": "", "platforms": ("local_feed",)}
    film |= {"video": file, "thumbnail": file, "captions": file, "duration_ms": 1, "width": 1, "height": 1}
    beat = Beat(kind=BeatKind.HOOK, narration=said, headline=subject)
    return ArchiveInput(
        brief="x",
        idea=Idea(id="1", title=subject, hook=said, angle="", summary="", points=("one",), why=""),
        script=Script(title=subject, language="en", beats=(beat,), post=copy),
        post=PostContent.model_validate(film),
    )


@pytest.mark.feature("M42")
async def test_ideas_cite_the_tenants_own_films_beside_the_web(
    *, serving: Serving, orders: Orders, web: Web, model: ChatModel, tenant: str
) -> None:
    web.results = [result(number) for number in range(20)]
    labels = {"service": "knowledge", "tool": "library"}
    before = REGISTRY.get_sample_value("tool_duration_seconds_count", labels) or 0
    knobs = {"text_model": "sandbox", "text_model_url": model.url, "text_model_name": MODEL, "search": "searxng"}
    run = uuid4()
    async with serving("knowledge"), serving("ideation", **knobs, search_url=web.url):
        await orders.order(ArchiveFilm, a_film_about("The tides"), tenant=tenant, run=run)
        await orders.order(ArchiveFilm, a_film_about("The tides of others"), tenant=f"{tenant}-b")
        asked = await orders.order(RecallFilms, RecallInput(brief=TIDES.brief), tenant=tenant)
        known = Recalled.model_validate(asked.output)
        # As the film's workflow hands them on.
        brought = TIDES.model_copy(update={"claims": known.claims, "looked_up": known.said})
        finished = await orders.order(ProposeIdeas, brought, tenant=tenant)
        none = await orders.order(RecallFilms, RecallInput(brief="Quantum chromodynamics"), tenant=tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    output = IdeationOutput.model_validate(finished.output)
    assert output.research is not None
    ours, *others = output.research.claims
    assert (ours.title, ours.found_by, len(others)) == ("The tides", "library", MOST - 1)
    assert {claim.found_by for claim in others} == {"searxng/127.0.0.1"}
    assert ours.url.endswith(f"/runs/{run}")
    assert output.ideas[0].sources == (ours.url,)
    assert "the moon began" in model.asked[0]["messages"][1]["content"]
    assert output.research.said.startswith("Asked the library: 1 of its films can be cited. Asked searxng")
    assert "7 claims" in output.research.said
    assert REGISTRY.get_sample_value("tool_duration_seconds_count", labels) == before + 2
    assert Recalled.model_validate(none.output).said == "Asked the library: it has no film about this."


async def test_that_only_the_library_was_asked_and_had_nothing_is_said(
    serving: Serving, orders: Orders, tenant: str
) -> None:
    asked = TIDES.model_copy(update={"looked_up": "Asked the library: it has no film about this."})
    async with serving("ideation"):
        finished = await orders.order(ProposeIdeas, asked, tenant=tenant)
    research = IdeationOutput.model_validate(finished.output).research
    assert research is not None
    alone = "No search and no feed is configured, so the ideas rest on the brief alone."
    assert (research.claims, research.said) == ((), f"{asked.looked_up} {alone}")
