"""The local feed as strangers meet it: pages, Atom, files; and nothing that is not public."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from xml.etree import ElementTree

import httpx
import pytest
from common.artifacts import Artifacts
from common.contracts.message import Outcome
from common.contracts.publishing import PostContent, Publish, PublishInput, PublishOutput
from testkit.orders import Orders

Write = Callable[..., Awaitable[PostContent]]
Approve = Callable[..., Awaitable[PublishInput]]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def publish(approve: Approve, orders: Orders, tenant: str) -> Callable[[PostContent], Awaitable[str]]:
    """`await publish(post)` → the path of its page."""

    async def order(post: PostContent) -> str:
        answer = await orders.order(Publish, await approve(tenant, post), tenant=tenant)
        assert answer.outcome is Outcome.DONE, answer.problem
        return urlsplit(PublishOutput.model_validate(answer.output).posts[0].url).path

    return order


async def test_text_from_outside_is_never_markup(
    *, publisher: httpx.AsyncClient, publish: Callable[..., Awaitable[str]], write: Write, tenant: str
) -> None:
    attack = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"
    path = await publish(await write(tenant, title=attack, caption=f"{attack}\x08\ufffe", language='en"><b>'))
    for address in (f"/feed/{tenant}/", path):
        page = await publisher.get(address)
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "<img src=x" not in page.text
        assert 'lang="en"><b>' not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "script-src" not in policy
        assert "unsafe" not in policy
    atom = ElementTree.fromstring((await publisher.get(f"/feed/{tenant}/atom.xml")).content)
    assert atom.findtext(f"{ATOM}entry/{ATOM}title") == attack
    assert atom.findtext(f"{ATOM}entry/{ATOM}summary") == attack


async def test_the_atom_feed_has_what_rfc_4287_asks_for(
    *,
    publisher: httpx.AsyncClient,
    publish: Callable[..., Awaitable[str]],
    write: Write,
    tenant: str,
    settings_for: Callable[..., Any],
) -> None:
    empty = ElementTree.fromstring((await publisher.get(f"/feed/{tenant}/atom.xml")).content)
    older, newer = await write(tenant, title="First"), await write(tenant, title="Second")
    paths = [await publish(older), await publish(newer)]
    answer = await publisher.get(f"/feed/{tenant}/atom.xml")
    feed = ElementTree.fromstring(answer.content)
    edge = settings_for("publisher").edge_url

    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert feed.tag == f"{ATOM}feed"
    for document in (empty, feed):
        for name in ("id", "title", "updated"):
            assert len(document.findall(f"{ATOM}{name}")) == 1
        assert document.findtext(f"{ATOM}author/{ATOM}name") == tenant
    assert feed.findtext(f"{ATOM}id") == empty.findtext(f"{ATOM}id")
    [own] = [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own.get("href") == f"{edge}/feed/{tenant}/atom.xml"
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Second", "First"]
    assert feed.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    for entry, path in zip(entries, reversed(paths), strict=True):
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entry.findtext(f"{ATOM}id") or "")
        [enclosure] = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "enclosure"]
        assert enclosure.get("href") == f"{edge}{path}video.mp4"
        assert (enclosure.get("type"), enclosure.get("length")) == ("video/mp4", str(newer.video.size))


async def test_files_come_whole_in_parts_and_not_at_all(
    *,
    publisher: httpx.AsyncClient,
    publish: Callable[..., Awaitable[str]],
    write: Write,
    artifacts: Artifacts,
    tenant: str,
) -> None:
    post = await write(tenant)
    video = f"{await publish(post)}video.mp4"
    data, tag = await artifacts.get(tenant, post.video), f'"{post.video.sha256}"'

    whole = await publisher.get(video)
    assert (whole.status_code, whole.content) == (200, data)
    wanted = {"etag": tag, "content-type": "video/mp4", "accept-ranges": "bytes", "x-content-type-options": "nosniff"}
    assert wanted.items() <= dict(whole.headers).items()
    head = await publisher.head(video)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(data)))

    size = len(data)
    for asked, status, content, described in (
        ("bytes=0-9", 206, data[:10], f"bytes 0-9/{size}"),
        ("bytes=10-", 206, data[10:], f"bytes 10-{size - 1}/{size}"),
        ("bytes=-7", 206, data[-7:], f"bytes {size - 7}-{size - 1}/{size}"),
        (f"bytes=0-{size * 9}", 206, data, f"bytes 0-{size - 1}/{size}"),
        (f"bytes={size}-", 416, b"", f"bytes */{size}"),
        ("bytes=-0", 416, b"", f"bytes */{size}"),
        ("bytes=0-1,4-5", 200, data, None),
        ("bytes=9-1", 200, data, None),
        ("lines=1-2", 200, data, None),
        ("bytes=" + "9" * 5000 + "-", 200, data, None),
    ):
        part = await publisher.get(video, headers={"range": asked})
        assert (part.status_code, part.headers.get("content-range")) == (status, described), asked
        assert part.content == content, asked
    assert (await publisher.get(video, headers={"if-none-match": tag})).status_code == 304
    stale = await publisher.get(video, headers={"range": "bytes=0-9", "if-range": '"older"'})
    assert (stale.status_code, stale.content) == (200, data)


async def test_pictures_and_captions_have_their_own_types(
    *, publisher: httpx.AsyncClient, publish: Callable[..., Awaitable[str]], write: Write, tenant: str
) -> None:
    post = await write(tenant)
    path = await publish(post)
    thumbnail, captions = await publisher.get(f"{path}thumbnail.jpg"), await publisher.get(f"{path}captions.vtt")
    assert (thumbnail.headers["content-type"], thumbnail.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert captions.headers["content-type"] == "text/vtt; charset=utf-8"
    assert captions.text.startswith("WEBVTT")
    assert {answer.headers["x-content-type-options"] for answer in (thumbnail, captions)} == {"nosniff"}


async def test_a_link_to_a_film_shows_what_it_is(
    *,
    publisher: httpx.AsyncClient,
    publish: Callable[..., Awaitable[str]],
    write: Write,
    tenant: str,
    settings_for: Callable[..., Any],
) -> None:
    post = await write(tenant, title="Ebb & flow")
    path = await publish(post)
    page = (await publisher.get(path)).text
    edge = settings_for("publisher").edge_url
    for name, value in (
        ("og:title", "Ebb &amp; flow"),
        ("og:url", f"{edge}{path}"),
        ("og:image", f"{edge}{path}thumbnail.jpg"),
        ("og:video", f"{edge}{path}video.mp4"),
    ):
        assert f'<meta property="{name}" content="{value}">' in page
    assert "<track " in page
    without_slash = await publisher.get(path.rstrip("/"))
    assert (without_slash.status_code, without_slash.headers["location"]) == (308, path)


async def test_older_films_are_on_further_pages(
    *, listens: Callable[..., Any], publish: Callable[..., Awaitable[str]], write: Write, tenant: str
) -> None:
    async with listens("publisher", feed_page_size=2) as publisher:
        for number in range(3):
            await publish(await write(tenant, title=f"Film {number}"))
        first = (await publisher.get(f"/feed/{tenant}/")).text
        link = re.search(r'href="(\?before=[^"]+)"', first)
        assert link is not None
        second = (await publisher.get(f"/feed/{tenant}/{link.group(1)}")).text
    assert [f"Film {number}" in first for number in range(3)] == [False, True, True]
    assert [f"Film {number}" in second for number in range(3)] == [True, False, False]
    assert "?before=" not in second


@pytest.mark.parametrize("tenant_name", ["..", "...", "%2e%2e", "a%2fb", "a b", "x" * 65, "%00", "ä"])
async def test_a_tenant_that_cannot_be_is_not_found(publisher: httpx.AsyncClient, tenant_name: str) -> None:
    for tail in ("", "/", "/atom.xml", f"/{uuid4()}/video.mp4"):
        assert (await publisher.get(f"/feed/{tenant_name}{tail}")).status_code in {401, 404}


async def test_addresses_that_never_were_are_not_found(publisher: httpx.AsyncClient, tenant: str) -> None:
    for tail in (f"{uuid4()}/", f"{uuid4()}/video.mp4", "film/", "../etc/passwd", f"{uuid4().hex}/", "?before=x"):
        assert (await publisher.get(f"/feed/{tenant}/{tail}")).status_code in {401, 404}, tail
    missing = await publisher.get(f"/feed/{tenant}/{uuid4()}/")
    assert "This film is not here" in missing.text
    assert "The first film is on its way" in (await publisher.get(f"/feed/{tenant}/")).text
