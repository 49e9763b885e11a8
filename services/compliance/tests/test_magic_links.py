"""Links for people without an account: made, opened, used up, revoked; and what guessing them gets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from common.contracts.edge import SECRET_PATHS
from testkit.browser import Browser

BODY = {"person": "Anna Müller", "may": ["look"]}
Open = Callable[[], Browser]


async def make(airlock: Any, item_id: Any, *, role: str = "reviewer", **body: Any) -> httpx.Response:
    """A link to an item."""
    person = await airlock.person(role)
    answer: httpx.Response = await airlock.client.post(
        f"/v1/airlock/items/{item_id}/links", headers=person.headers, json={**BODY, **body}
    )
    return answer


async def url_of(airlock: Any, item_id: Any, **body: Any) -> str:
    """A new link's path: the rest is how people reach the suite."""
    made = (await make(airlock, item_id, **body)).raise_for_status().json()["url"]
    return f"/review/{made.split('/review/')[1]}"


def plain(page: httpx.Response) -> str:
    """A page without what is new in each answer."""
    return re.sub(r'nonce="[^"]*"', "", page.text)


async def test_a_link_shows_one_item_in_plain_words(airlock: Any, browser: Open) -> None:
    opened = await airlock.open()
    visitor = browser()
    page = await visitor.go(await url_of(airlock, opened.item_id))
    assert page.status_code == 200
    assert str(page.url).endswith(page.url.path)
    assert "glr_" not in str(page.url)
    assert not page.history
    for words in ("Review for Anna Müller", "Tides", "The moon pulls, the sea follows.", "#tides", "local feed"):
        assert words in page.text
    assert "The automatic checks" in page.text
    assert not visitor.forms("/decision")
    assert not visitor.forms("/hold")
    assert not visitor.forms("/note")


async def test_the_way_in_leaves_no_token_behind(airlock: Any, browser: Open) -> None:
    opened = await airlock.open()
    url = await url_of(airlock, opened.item_id)
    visitor = browser()
    first = await visitor.client.get(url)
    assert url.startswith(SECRET_PATHS)
    cookie = first.headers["set-cookie"]
    link_id = re.search(r"Path=/review/([0-9a-f-]{36});", cookie)
    assert link_id is not None
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert first.headers["referrer-policy"] == "no-referrer"
    assert first.headers["cache-control"] == "no-store"
    token = url.rsplit("/", 1)[1]
    assert token not in first.text
    policy = first.headers["content-security-policy"]
    nonce = re.search(r'<style nonce="([^"]+)">', first.text)
    assert nonce is not None
    assert f"'nonce-{nonce[1]}'" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "<script" not in (await visitor.go(url)).text


async def test_the_database_holds_only_hashes(airlock: Any, rows: Any) -> None:
    opened = await airlock.open()
    url = await url_of(airlock, opened.item_id)
    token = url.rsplit("/", 1)[1]
    stored = rows("select l::text from compliance.review_links l where tenant_id = %s", airlock.tenant)
    assert len(stored) == 1
    assert token[-43:] not in stored[0][0]
    assert token not in str(await airlock.audit())


async def test_a_link_may_be_for_an_address(airlock: Any) -> None:
    opened = await airlock.open()
    made = await make(airlock, opened.item_id, person="anna.mueller@example.org")
    assert made.status_code == 201, made.text
    assert made.json()["link"]["person"] == "anna.mueller@example.org"


@pytest.mark.parametrize("role", ["creator", "operator"])
async def test_who_does_not_answer_for_items_makes_no_links(airlock: Any, role: str) -> None:
    opened = await airlock.open()
    assert (await make(airlock, opened.item_id, role=role)).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"expires_in": 30 * 86400 + 1},
        {"expires_in": 0},
        {"uses": 0},
        {"person": " "},
        {"person": "a\nb"},
        {"may": ["all"]},
    ],
)
async def test_orders_out_of_bounds_make_no_link(airlock: Any, body: dict[str, Any]) -> None:
    opened = await airlock.open()
    assert (await make(airlock, opened.item_id, **body)).status_code == 422


async def test_another_tenant_has_no_links_to_it(airlock: Any, people: Any) -> None:
    opened = await airlock.open()
    link = (await make(airlock, opened.item_id)).json()["link"]
    stranger = await people.join(f"t-{uuid4().hex[:12]}", "reviewer")
    path = f"/v1/airlock/items/{opened.item_id}/links"
    for method, where in (("POST", path), ("GET", path), ("DELETE", f"{path}/{link['id']}")):
        answer = await airlock.client.request(
            method, where, headers=stranger.headers, json=BODY if method == "POST" else None
        )
        assert answer.status_code == 404


async def test_everything_that_is_wrong_looks_the_same(airlock: Any, browser: Open, tamper: Any) -> None:
    opened = await airlock.open()
    reviewer = await airlock.person("reviewer")
    urls = {name: await url_of(airlock, opened.item_id, uses=1) for name in ("expired", "revoked", "used", "wrong")}
    links = (await airlock.client.get(f"/v1/airlock/items/{opened.item_id}/links", headers=reviewer.headers)).json()
    newest_first = [link["id"] for link in links["items"]]
    ids = dict(zip(reversed(urls), newest_first, strict=True))
    past = datetime.now(UTC) - timedelta(seconds=1)
    assert tamper("update compliance.review_links set expires_at = %s where id = %s", past, ids["expired"]) == 1
    revoked = f"/v1/airlock/items/{opened.item_id}/links/{ids['revoked']}"
    for _ in range(2):
        assert (await airlock.client.delete(revoked, headers=reviewer.headers)).json()["works"] is False
    assert (await browser().go(urls["used"])).status_code == 200
    wrong = urls["wrong"][:-2] + ("AA" if urls["wrong"][-2:] != "AA" else "QQ")
    unknown = "/review/open/glr_" + "A" * 65
    pages = [
        await browser().go(url)
        for url in (
            urls["expired"],
            urls["revoked"],
            urls["used"],
            wrong,
            unknown,
            "/review/open/x",
            f"/review/{ids['used']}",
        )
    ]
    assert [page.status_code for page in pages] == [404] * len(pages)
    assert len({plain(page) for page in pages}) == 1
    assert all("set-cookie" not in page.headers for page in pages)
    refused = [entry["result"] for entry in await airlock.audit(action="link.refused")]
    assert refused == ["expired", "revoked", "used_up"]


async def test_each_use_is_on_record_with_where_it_came_from(airlock: Any, browser: Open) -> None:
    opened = await airlock.open()
    visitor = browser()
    visitor.client.headers["user-agent"] = "Reviewer's phone"
    await visitor.go(await url_of(airlock, opened.item_id, uses=3))
    await visitor.go(str(visitor.page.url) if visitor.page else "")
    (entry,) = await airlock.audit(action="link.used")
    assert entry["actor"] == f"external:{entry['detail']['link_id']}"
    assert entry["detail"]["name"] == "Anna Müller"
    assert entry["detail"]["user_agent"] == "Reviewer's phone"
    assert (entry["detail"]["use"], entry["detail"]["uses"]) == (1, 3)
    assert entry["ip"].startswith("10."), "that of the browser"
    assert (await airlock.verify())["ok"] is True


async def test_what_only_follows_links_uses_nothing_up(airlock: Any, browser: Open) -> None:
    opened = await airlock.open()
    url = await url_of(airlock, opened.item_id, uses=1)
    for _ in range(3):
        assert (await browser().client.get(url)).status_code == 200
    assert (await browser().go(url)).status_code == 200
    assert (await browser().go(url)).status_code == 404


async def test_two_browsers_race_for_the_last_use(airlock: Any, browser: Open) -> None:
    opened = await airlock.open()
    url = await url_of(airlock, opened.item_id, uses=1)
    pages = await asyncio.gather(*(browser().go(url) for _ in range(8)))
    assert sorted(page.status_code for page in pages) == [200] + [404] * 7
    assert len(await airlock.audit(action="link.used")) == 1


async def test_one_browser_asks_often_and_uses_one(airlock: Any, browser: Open) -> None:
    opened = await airlock.open()
    visitor = browser()
    first = await visitor.client.get(await url_of(airlock, opened.item_id, uses=5))
    place = re.search(r"url=(/review/[0-9a-f-]+)", first.text)
    assert place is not None
    pages = await asyncio.gather(*(visitor.client.get(place[1]) for _ in range(8)))
    assert {page.status_code for page in pages} == {200}
    assert len(await airlock.audit(action="link.used")) == 1


async def test_a_cookie_opens_no_other_link(airlock: Any, browser: Open) -> None:
    opened, other = await airlock.open(), await airlock.open()
    visitor = browser()
    page = await visitor.go(await url_of(airlock, opened.item_id))
    cookie = visitor.client.cookies["greenlight_review"]
    foreign = browser()
    place = (await foreign.go(await url_of(airlock, other.item_id))).url.path
    for path in (place, f"{place}/player/0", f"{place}/film/0", f"{place}/done/note"):
        answer = await browser().client.get(path, headers={"cookie": f"greenlight_review={cookie}"})
        assert answer.status_code == 404
        assert "There is nothing here" in answer.text
    assert (await visitor.client.get(page.url.path)).status_code == 200


async def test_revoking_works_at_once_for_open_browsers(airlock: Any, browser: Open) -> None:
    opened = await airlock.open()
    reviewer = await airlock.person("reviewer")
    visitor = browser()
    page = await visitor.go(await url_of(airlock, opened.item_id, may=["hold"]))
    link_id = page.url.path.rsplit("/", 1)[1]
    await airlock.client.delete(f"/v1/airlock/items/{opened.item_id}/links/{link_id}", headers=reviewer.headers)
    assert (await visitor.client.get(page.url.path)).status_code == 404
    assert (await visitor.submit("/hold", reason="Stop.")).status_code == 404
    assert (await airlock.item(opened.item_id))["item"]["hold"] is None
    assert len(await airlock.audit(action="link.revoked")) == 1


async def test_a_visit_can_be_forgotten(airlock: Any, browser: Open) -> None:
    opened = await airlock.open()
    visitor = browser()
    page = await visitor.go(await url_of(airlock, opened.item_id))
    cookie = visitor.client.cookies["greenlight_review"]
    assert "forgotten" in (await visitor.submit("/leave")).text
    answer = await browser().client.get(page.url.path, headers={"cookie": f"greenlight_review={cookie}"})
    assert answer.status_code == 404


async def test_guessing_is_limited(serving: Any, airlock: Any) -> None:
    async with serving("compliance", link_opens_per_minute=6) as client:
        # An address of its own: the limit is counted for all tests of a minute.
        transport = httpx.ASGITransport(app=client._transport.app, client=(f"2001:db8::{uuid4().hex[:4]}", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://compliance") as guesser:
            codes = [(await guesser.get(f"/review/open/glr_{uuid4().hex}")).status_code for _ in range(9)]
            last = await guesser.get("/review/open/glr_x")
    assert codes == [404] * 6 + [429] * 3
    assert int(last.headers["retry-after"]) > 0
    assert "text/html" in last.headers["content-type"]


async def test_one_link_is_limited_from_wherever_it_is_tried(serving: Any, airlock: Any) -> None:
    opened = await airlock.open()
    url = await url_of(airlock, opened.item_id, uses=50)
    wrong = url[:-2] + ("AA" if url[-2:] != "AA" else "QQ")
    async with serving("compliance", link_opens_per_minute=6) as client:
        codes = []
        for number in range(8):
            transport = httpx.ASGITransport(
                app=client._transport.app, client=(f"2001:db8:{uuid4().hex[:4]}::{number}", 1)
            )
            async with httpx.AsyncClient(transport=transport, base_url="http://compliance") as guesser:
                codes.append((await guesser.get(wrong)).status_code)
    assert codes == [404] * 6 + [429] * 2


async def test_too_many_links_to_one_item_are_refused(airlock: Any, tamper: Any) -> None:
    opened = await airlock.open()
    await make(airlock, opened.item_id)
    columns = "tenant_id, item_id, secret_sha256, person, may, created_by, created_at, expires_at, uses"
    copied = (
        f"insert into compliance.review_links (id, {columns}) select gen_random_uuid(), {columns}"
        " from compliance.review_links, generate_series(1, 49) where item_id = %s"
    )
    assert tamper(copied, opened.item_id) == 49
    assert (await make(airlock, opened.item_id)).json()["error"] == "too_many_links"


async def test_links_are_listed_without_what_makes_them_work(airlock: Any) -> None:
    opened = await airlock.open()
    made = [(await make(airlock, opened.item_id)).json()["link"]["id"] for _ in range(3)]
    reviewer = await airlock.person("reviewer")
    path = f"/v1/airlock/items/{opened.item_id}/links"
    first = (await airlock.client.get(path, headers=reviewer.headers, params={"limit": 2})).json()
    rest = (
        await airlock.client.get(path, headers=reviewer.headers, params={"limit": 2, "cursor": first["next_cursor"]})
    ).json()
    assert [link["id"] for link in first["items"] + rest["items"]] == made[::-1]
    assert "glr_" not in str(first)
    assert first["items"][0]["works"] is True
