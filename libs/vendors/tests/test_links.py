"""Files that lie where a vendor says: what is fetched, from where, and with which rights."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from common.errors import VendorRefused, VendorUnavailable
from vendors.links import file_at

OWN = "https://api.vendor.example"
PUBLIC, PRIVATE = "93.184.215.14", "10.0.0.5"
Answering = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Name → its addresses; an address is its own."""
    known: dict[str, list[str]] = {}

    async def look(_loop: Any, host: str, port: int, **_: Any) -> list[Any]:
        if host not in known and not host[0].isdigit() and ":" not in host:
            raise OSError("unknown")
        return [(0, 0, 0, "", (address, port)) for address in known.get(host, [host])]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", look)
    return known


async def fetch(link: str, answer: Answering, *, keyed: bool = False) -> tuple[httpx.Response, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def heard(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer(request)

    client = httpx.AsyncClient(
        base_url=OWN, headers={"authorization": "Bearer key"}, transport=httpx.MockTransport(heard)
    )
    async with client, file_at(client, link, vendor="x", broke=VendorUnavailable, keyed=keyed) as found:
        await found.aread()
    return found, asked


def file(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=b"film")


def sent_to(where: str) -> Answering:
    """A vendor that sends whoever comes to its own address to another."""

    def answer(request: httpx.Request) -> httpx.Response:
        own = request.url.host == "api.vendor.example"
        return httpx.Response(302, headers={"location": where}) if own else file(request)

    return answer


@pytest.mark.parametrize(("keyed", "key"), [(True, "Bearer key"), (False, None)])
async def test_the_vendors_own_file_is_fetched_with_its_key_only_where_that_is_asked_for(
    names: dict[str, list[str]], keyed: bool, key: str | None
) -> None:
    for link in ("/videos/1/content", f"{OWN}/videos/1/content"):
        found, [asked] = await fetch(link, file, keyed=keyed)
        assert (found.content, str(asked.url)) == (b"film", f"{OWN}/videos/1/content")
        assert asked.headers.get("authorization") == key


@pytest.mark.parametrize("redirected", [True, False])
async def test_a_file_elsewhere_is_asked_of_the_address_that_was_looked_at_in_its_name_and_without_a_key(
    names: dict[str, list[str]], redirected: bool
) -> None:
    names["cdn.example"] = [PUBLIC]
    link = "https://cdn.example:8443/a/film.mp4?sig=1"
    found, asked = await fetch("/f", sent_to(link), keyed=True) if redirected else await fetch(link, file, keyed=True)
    last = asked[-1]
    assert found.content == b"film"
    assert str(last.url) == f"https://{PUBLIC}:8443/a/film.mp4?sig=1"
    assert (last.headers["host"], last.extensions["sni_hostname"]) == ("cdn.example:8443", "cdn.example")
    # Not even an empty one: a store whose link is signed may refuse it.
    assert "authorization" not in last.headers


@pytest.mark.parametrize("redirected", [True, False])
@pytest.mark.parametrize(
    "link",
    [
        "http://cdn.example/film.mp4",
        "https://inside.example/film.mp4",
        "https://both.example/film.mp4",
        f"https://{PRIVATE}/film.mp4",
        "https://127.0.0.1:8000/v1/runs",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/film.mp4",
        "https://[fd00::1]/film.mp4",
    ],
)
async def test_what_a_vendor_says_does_not_reach_into_our_network(
    names: dict[str, list[str]], link: str, redirected: bool
) -> None:
    names.update({"cdn.example": [PUBLIC], "inside.example": [PRIVATE], "both.example": [PUBLIC, PRIVATE]})
    with pytest.raises(VendorRefused, match="which is"):
        await fetch("/f" if redirected else link, sent_to(link))


async def test_a_name_that_nobody_knows_may_be_known_later(names: dict[str, list[str]]) -> None:
    with pytest.raises(VendorUnavailable, match="cannot be found"):
        await fetch("https://nowhere.example/film.mp4", file)


async def test_going_round_in_circles_ends(names: dict[str, list[str]]) -> None:
    with pytest.raises(VendorRefused, match="from one address to the next"):
        await fetch("/f", lambda _: httpx.Response(302, headers={"location": "/f"}))
