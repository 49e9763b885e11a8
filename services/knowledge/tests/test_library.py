"""The library over the real bus and database: kept once, found by its words, and by nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from common.bus.connection import Bus
from common.bus.wire import wire_headers
from common.contracts.erasing import RunForgotten
from common.contracts.holding import HoldChanged
from common.contracts.ideation import Idea
from common.contracts.knowledge import Archived, ArchiveFilm, ArchiveInput, Recalled, RecallFilms, RecallInput
from common.contracts.message import Outcome
from common.contracts.production import Beat, BeatKind, PostCopy, Script
from common.contracts.publishing import PostContent, PublishedPost, Visibility
from common.contracts.sharing import RunShared
from common.contracts.values import ArtifactRef
from common.manifest import state_sha256
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.workshop import Rows

Keep = Callable[..., Awaitable[str]]
TIDES = "The moon pulls the water, and twice a day the tides are rising."


@pytest.fixture
async def knowledge(serving: Callable[..., Any]) -> AsyncIterator[httpx.AsyncClient]:
    """The service, without credentials."""
    async with serving("knowledge") as client:
        yield client


def a_film(
    *, title: str = "How tides work", narration: str = TIDES, language: str = "en", **words: str
) -> ArchiveInput:
    """A film with these words."""
    file = ArtifactRef(sha256="0" * 64, size=1, media_type="application/octet-stream")
    beat = Beat(kind=BeatKind.HOOK, narration=narration, headline=title)
    copy = PostCopy(title=title, caption=words.get("caption", ""))
    return ArchiveInput(
        brief=words.get("brief", "Something for beginners"),
        idea=Idea(id="1", title=title, hook=narration, angle="", summary="", points=("one",), why=""),
        script=Script(title=title, language=language, beats=(beat,), post=copy),
        post=PostContent(
            title=title,
            caption=copy.caption,
            video=file,
            thumbnail=file,
            captions=file,
            duration_ms=20_000,
            width=1080,
            height=1920,
            platforms=("local_feed",),
            language=language,
        ),
    )


@pytest.fixture
def keep(orders: Orders, knowledge: httpx.AsyncClient, tenant: str) -> Keep:
    """`await keep(a_film(…))` → the id of its entry."""

    async def order(film: ArchiveInput, *, run: UUID | None = None, of: str | None = None) -> str:
        answer = await orders.order(ArchiveFilm, film, tenant=of or tenant, run=run)
        assert answer.outcome is Outcome.DONE, answer.problem
        return str(Archived.model_validate(answer.output).entry_id)

    return order


async def titles(knowledge: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> list[str]:
    """The titles of a page."""
    answer = await knowledge.get("/v1/library", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_a_run_archived_twice_is_one_entry_with_its_latest_words(
    *, knowledge: httpx.AsyncClient, keep: Keep, people: People, tenant: str
) -> None:
    run, headers = uuid4(), (await people.join(tenant, "creator")).headers
    ids = await asyncio.gather(*(keep(a_film(), run=run) for _ in range(3)))
    ids.append(await keep(a_film(title="Tides, told again"), run=run))
    assert len(set(ids)) == 1
    assert await titles(knowledge, headers) == ["Tides, told again"]
    entry = (await knowledge.get(f"/v1/library/{ids[0]}", headers=headers)).json()
    assert (entry["run_id"], entry["film"]["script"]["beats"][0]["narration"]) == (str(run), TIDES)


async def test_a_film_is_found_by_the_stems_of_its_own_language(
    *, knowledge: httpx.AsyncClient, keep: Keep, people: People, tenant: str
) -> None:
    headers = (await people.join(tenant, "creator")).headers
    await keep(a_film())
    await keep(a_film(title="Brot backen", narration="Die Häuser rochen nach frischen Broten.", language="de-AT"))
    await keep(a_film(title="面包", narration="bread in another script", language="zh"))
    for query, found in (
        ("tide rise", ["How tides work"]),
        ("haus", ["Brot backen"]),
        ("Brote", ["Brot backen"]),
        ("面包", ["面包"]),
        ("breads", []),
        ('"moon pulls"', ["How tides work"]),
        ('"pulls moon"', []),
        ("moon -water", []),
        ("nothing of the kind", []),
    ):
        assert await titles(knowledge, headers, query=query) == found, query


async def test_a_hit_in_the_title_comes_first_and_says_where_it_is(
    *, knowledge: httpx.AsyncClient, keep: Keep, people: People, tenant: str
) -> None:
    headers = (await people.join(tenant, "creator")).headers
    await keep(a_film(title="Octopus dreams", narration="They sleep."))
    await keep(
        a_film(title="Sleep", narration="An <b>octopus</b> & \ue000others\ue001 sleep too.", brief="\x00octopus")
    )
    page = (await knowledge.get("/v1/library", params={"query": "octopuses"}, headers=headers)).json()
    assert [item["title"] for item in page["items"]] == ["Octopus dreams", "Sleep"]
    first, second = page["items"]
    assert 1 > first["rank"] > second["rank"] > 0
    hits = [piece["text"] for piece in second["snippet"] if piece["hit"]]
    assert set(hits) == {"octopus"}
    assert "octopus & others sleep too." in "".join(piece["text"] for piece in second["snippet"])


async def test_pages_follow_each_other_with_and_without_a_question(
    *, knowledge: httpx.AsyncClient, keep: Keep, people: People, tenant: str
) -> None:
    headers = (await people.join(tenant, "creator")).headers
    for number in range(5):
        await keep(a_film(title=f"Film {number}"))
    for question in ({}, {"query": "tides"}):
        seen: list[str] = []
        cursor: str | None = None
        for _ in range(3):
            params: dict[str, Any] = {**question, "limit": 2, **({"cursor": cursor} if cursor else {})}
            page = (await knowledge.get("/v1/library", params=params, headers=headers)).json()
            seen += [item["title"] for item in page["items"]]
            cursor = page["next_cursor"]
        assert seen == [f"Film {number}" for number in (4, 3, 2, 1, 0)]
        assert cursor is None


async def test_another_tenant_finds_reads_and_removes_nothing(
    *, knowledge: httpx.AsyncClient, keep: Keep, people: People, tenant: str
) -> None:
    entry = await keep(a_film())
    stranger = (await people.join(f"{tenant}-other", "admin")).headers
    assert await titles(knowledge, stranger, query="tides") == []
    assert await titles(knowledge, stranger) == []
    for answer in (
        await knowledge.get(f"/v1/library/{entry}", headers=stranger),
        await knowledge.delete(f"/v1/library/{entry}", headers=stranger),
        await knowledge.get(f"/v1/library/{uuid4()}", headers=stranger),
    ):
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert (await knowledge.get("/v1/library")).status_code == 401


async def test_only_an_administrator_removes(
    *, knowledge: httpx.AsyncClient, keep: Keep, people: People, tenant: str, rows: Rows
) -> None:
    entry = await keep(a_film())
    creator, admin = await people.join(tenant, "creator"), await people.join(tenant, "admin")
    address = f"/v1/library/{entry}"
    assert (await knowledge.delete(address, headers=creator.headers)).status_code == 403
    assert (await knowledge.delete(address, headers=admin.headers)).status_code == 204
    assert (await knowledge.delete(address, headers=admin.headers)).status_code == 404
    assert (await knowledge.get(address, headers=admin.headers)).status_code == 404
    assert await titles(knowledge, admin.headers, query="tides") == []
    told = "select convert_from(body, 'utf8')::jsonb from knowledge.outbox where tenant_id = %s"
    told += " and convert_from(body, 'utf8')::jsonb ->> 'action' = 'library_entry.removed'"
    [(entry_told,)] = rows(told, tenant)
    assert (entry_told["actor"], entry_told["resource"]) == (admin.user_id, f"library_entry:{entry}")
    assert entry_told["before_sha256"] == state_sha256(a_film().model_dump(mode="json"))


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "'",
        '"',
        '"""',
        "\\",
        "a & | ! ( ) : * <-> -",
        "!!&&||",
        "-",
        "- - -",
        "or or or",
        "the of and",
        "🌊🌊 🌊",
        "tides:*",
        "'; drop table library_entries; --",
        "%00\x00\x00",
        "\ue000\ue001",
        "x" * 10_000,
        "moon " * 2_000,
        '"' * 10_000,
        "(" * 5_000,
        "e\u0301" * 1_000,
        "\u202e\u200b\ufeff",
    ],
)
async def test_any_text_is_a_question(
    *, knowledge: httpx.AsyncClient, keep: Keep, people: People, tenant: str, query: str
) -> None:
    await keep(a_film())
    headers = (await people.join(tenant, "creator")).headers
    assert await titles(knowledge, headers, query=query) in ([], ["How tides work"])


async def test_a_cursor_of_somebody_elses_making_is_refused(
    *, knowledge: httpx.AsyncClient, people: People, tenant: str
) -> None:
    headers = (await people.join(tenant, "creator")).headers
    for cursor in ("x", "%%%", "bmFuIDIwMjYgeA", "a" * 300):
        answer = await knowledge.get("/v1/library", params={"cursor": cursor}, headers=headers)
        assert answer.status_code == 422, cursor


async def test_a_film_on_legal_hold_stays_until_the_hold_is_lifted(
    *, knowledge: httpx.AsyncClient, serving: Serving, keep: Keep, people: People, tenant: str
) -> None:
    run, other = uuid4(), f"{tenant}-other"
    held, free, theirs = await keep(a_film(), run=run), await keep(a_film()), await keep(a_film(), of=other)
    admin, officer = await people.admin(tenant), await people.join(tenant, "compliance_officer")
    async with serving("compliance") as compliance:

        async def hold(**on: str) -> str:
            body = {"reason": "a lawsuit", **on}
            answer = await compliance.post("/v1/audit/holds", headers=officer.headers, json=body)
            return str(answer.raise_for_status().json()["id"])

        async def lift(hold_id: str) -> None:
            (await compliance.delete(f"/v1/audit/holds/{hold_id}", headers=officer.headers)).raise_for_status()

        async def forget(entry: str) -> int:
            return (await knowledge.delete(f"/v1/library/{entry}", headers=admin.headers)).status_code

        first = await hold(kind="run", subject=str(run))
        await hold(kind="user", subject="somebody")
        await eventually(lambda: forget(held), until=lambda status: status == 409)
        assert await forget(free) == 204
        everything = await hold(kind="tenant")
        await lift(first)
        another = await keep(a_film())
        await eventually(lambda: forget(another), until=lambda status: status == 409)
        assert await forget(held) == 409
        await lift(everything)
        await eventually(lambda: forget(held), until=lambda status: status == 204)
    whose = (await people.admin(other)).headers
    assert (await knowledge.delete(f"/v1/library/{theirs}", headers=whose)).status_code == 204


async def test_a_hold_that_is_heard_late_or_twice_is_what_it_was_last(
    *, knowledge: httpx.AsyncClient, keep: Keep, stack: Stack, people: People, rows: Rows, tenant: str
) -> None:
    entry, admin = await keep(a_film()), await people.admin(tenant)
    hold_id, last = uuid4(), HoldChanged(hold_id=uuid4(), run_id=uuid4())
    lifted, set_late = HoldChanged(hold_id=hold_id, lifted=True), HoldChanged(hold_id=hold_id)
    bus = Bus(stack.environment("compliance")["GREENLIGHT_NATS_URL"], service="compliance")
    await bus.connect()
    for fact in (lifted, set_late, set_late, last):
        headers = {"ce-type": fact.subject, "ce-tenant": tenant}
        row = {"id": uuid4(), "sends": 0, "created_at": datetime.now(UTC), "headers": headers}
        body = fact.model_dump_json().encode()
        await bus.publish(fact.subject, body, headers=wire_headers(row, source="compliance"))
    await bus.close()
    found = "select lifted from knowledge.legal_holds where hold_id = %s"
    await eventually(lambda: rows(found, last.hold_id), seconds=20)
    assert rows(found, hold_id) == [(True,)]
    assert (await knowledge.delete(f"/v1/library/{entry}", headers=admin.headers)).status_code == 204


@pytest.mark.feature("P56")
async def test_a_film_of_a_private_run_is_for_those_it_is_shared_with(
    *, knowledge: httpx.AsyncClient, orders: Orders, people: People, tenant: str
) -> None:
    run = uuid4()
    answer = await orders.order(ArchiveFilm, a_film(), tenant=tenant, run=uuid4(), private_of=run)
    entry = Archived.model_validate(answer.output).entry_id
    friend, fellow, officer = [await people.join(tenant, role) for role in ("creator", "creator", "compliance_officer")]

    async def shown(headers: dict[str, str]) -> tuple[int, list[str], list[str]]:
        found = (await knowledge.get(f"/v1/library/{entry}", headers=headers)).status_code
        return found, await titles(knowledge, headers), await titles(knowledge, headers, query="tides")

    everything, nothing = (200, ["How tides work"], ["How tides work"]), (404, list[str](), list[str]())
    assert [await shown(one.headers) for one in (friend, fellow, officer)] == [nothing, nothing, everything]
    share = RunShared(share_id=uuid4(), run_id=run, who=f"user:{friend.user_id}")
    await orders.tell(share, tenant=tenant, run=run)
    await eventually(lambda: shown(friend.headers), until=lambda found: found == everything)
    assert await shown(fellow.headers) == nothing
    await orders.tell(share.model_copy(update={"ended": True}), tenant=tenant, run=run)
    await eventually(lambda: shown(friend.headers), until=lambda found: found == nothing)
    # Told again, late, it stays as it ended. What is told after it is heard after it.
    await orders.tell(share, tenant=tenant, run=run)
    await orders.tell(RunShared(share_id=uuid4(), run_id=run, who="role:operator"), tenant=tenant, run=run)
    operator = await people.join(tenant, "operator")
    await eventually(lambda: shown(operator.headers), until=lambda found: found == everything)
    assert await shown(friend.headers) == nothing


@pytest.mark.feature("P90")
async def test_a_film_stays_without_what_a_forgotten_person_asked_for(
    *, knowledge: httpx.AsyncClient, keep: Keep, people: People, orders: Orders, tenant: str
) -> None:
    run, headers = uuid4(), (await people.join(tenant, "creator")).headers
    brief = "My daughter Ada learns to ride a bicycle"
    entry = await keep(a_film(brief=brief, caption=f"{brief}, and how!"), run=run)
    assert await titles(knowledge, headers, query="Ada") == ["How tides work"]
    for _ in range(2):
        await orders.tell(RunForgotten(run_id=run), tenant=tenant, run=run)
    await eventually(lambda: titles(knowledge, headers, query="Ada"), until=lambda found: not found, seconds=20)
    film = (await knowledge.get(f"/v1/library/{entry}", headers=headers)).json()["film"]
    assert (film["brief"], film["post"]["caption"]) == ("erased", "erased")
    assert film["script"]["beats"][0]["narration"] == TIDES
    assert await titles(knowledge, headers, query="tides") == ["How tides work"]


@pytest.mark.feature("A25")
async def test_films_are_recalled_by_the_words_of_a_brief_and_only_those_one_may_see(
    *, knowledge: httpx.AsyncClient, keep: Keep, orders: Orders, tenant: str
) -> None:
    tides = await keep(a_film())
    await keep(a_film(title="Bread", narration="Dough and heat.", brief="baking"))
    await keep(a_film(), of=f"t-{uuid4().hex[:12]}")
    private = uuid4()
    scope = {"tenant": tenant, "run": private, "private_of": private}
    hidden = await orders.order(ArchiveFilm, a_film(title="Tides of ours"), **scope)
    assert hidden.outcome is Outcome.DONE

    async def recalled(brief: str, **scope: Any) -> set[str]:
        answer = await orders.order(RecallFilms, RecallInput(brief=brief), tenant=tenant, **scope)
        assert answer.outcome is Outcome.DONE, answer.problem
        found = Recalled.model_validate(answer.output)
        assert len(found.claims) == len(found.films), "what may not be seen is not cited either"
        assert ("it has no film about this" in found.said) == (not found.films)
        return {str(film.entry_id) for film in found.films}

    assert await recalled("Ignore that; what are TIDES & the sea?") == {tides}
    assert await recalled("tides", private_of=private) == {tides, str(Archived.model_validate(hidden.output).entry_id)}
    assert await recalled("tides", run=private, private_of=private) == {tides}
    assert await recalled("🎉 a b c") == set()
    assert await recalled("quantum chromodynamics") == set()


async def test_what_films_say_is_cited_by_where_it_can_be_seen(
    *, keep: Keep, orders: Orders, tenant: str, stack: Stack
) -> None:
    run = uuid4()
    long = " ".join(f"Sentence {number} of the harbour." for number in range(200))
    await keep(a_film(title="Harbours", narration=f"{long} {TIDES} {long}", brief="tides for Ada Lovelace"), run=run)
    shown = a_film(title="Tides, shown", narration=f"Look. {TIDES}")
    post: dict[str, Any] = {"platform": "local_feed", "post_id": "1", "published_at": datetime(2026, 11, 1, tzinfo=UTC)}
    hidden = PublishedPost(**post, url="https://feed.example/hidden", visibility=Visibility.PRIVATE)
    public = PublishedPost(**post, url="https://feed.example/tides", visibility=Visibility.PUBLIC)
    await keep(shown.model_copy(update={"posts": (hidden, public)}))
    for number in range(4):
        await keep(a_film(title=f"Water {number}", narration="Water is wet."))
    answer = await orders.order(RecallFilms, RecallInput(brief="What makes tides rise?"), tenant=tenant)
    found = Recalled.model_validate(answer.output)
    cited = {claim.url: claim for claim in found.claims}
    edge = stack.environment("knowledge")["GREENLIGHT_EDGE_URL"]
    assert set(cited) == {"https://feed.example/tides", f"{edge}/runs/{run}"}
    passage = cited[f"{edge}/runs/{run}"]
    assert (passage.title, passage.found_by) == ("Harbours", "library")
    assert "twice a day the tides are rising" in passage.text, "the passage that answers, not the beginning"
    assert "Ada" not in passage.text
    assert len(passage.text) <= 600
    many = await orders.order(RecallFilms, RecallInput(brief="Water and tides"), tenant=tenant)
    both = Recalled.model_validate(many.output)
    assert (len(both.films), len(both.claims)) == (6, 3)
