"""RSS and Atom feeds that an operator trusts: the entries that share words with the question."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

import httpx
from common.contracts.ideation import Claim
from common.errors import GreenlightError, VendorRefused

from ideation.search.port import Found, claim_of
from ideation.search.wire import fetch

_WORD = re.compile(r"[^\W\d_]{4,}")
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_ENTRIES = {"item", "entry"}
_WORDS = ("description", "summary", "content", "encoded")
_WHEN = ("pubDate", "updated", "date")


class Feeds:
    """Some feeds together. One that fails is said, and the others count."""

    name = "feeds"

    def __init__(self, client: httpx.AsyncClient, urls: Sequence[str]) -> None:
        self._client = client
        self._urls = tuple(urls)

    async def find(self, question: str, *, most: int) -> Found:
        """The entries that have most words in common with the question, and at least one."""
        read = await asyncio.gather(*(self._read(url) for url in self._urls))
        wanted = _words(question)
        ranked = [
            (len(wanted & _words(f"{claim.title} {claim.text}")), claim) for claims, _ in read for claim in claims
        ]
        best = sorted((pair for pair in ranked if pair[0]), key=lambda pair: -pair[0])
        trouble = "; ".join(said for _, said in read if said)
        return Found(claims=tuple(claim for _, claim in best)[:most], trouble=trouble)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _read(self, url: str) -> tuple[list[Claim], str]:
        try:
            return list(_entries(await fetch(self._client, url, name=url), url)), ""
        except GreenlightError as error:
            return [], error.detail


def _entries(body: bytes, url: str) -> Iterator[Claim]:
    # No feed declares entities, and a few lines of them unfold into gigabytes. In UTF-16 they would not be seen.
    if _DECLARES.search(body) or b"\0" in body:
        raise VendorRefused(f"{url} declares entities or is no UTF-8, and is not read.")
    try:
        root = ElementTree.fromstring(body)  # noqa: S314 — declarations were refused above
    except ElementTree.ParseError as error:
        raise VendorRefused(f"{url} is no feed: {error}.") from error
    for entry in root.iter():
        if _name(entry) in _ENTRIES:
            claim = claim_of(
                text=_first(entry, _WORDS),
                title=_first(entry, ("title",)),
                url=_link(entry),
                found_by=url,
                published=_first(entry, _WHEN),
            )
            if claim is not None:
                yield claim


def _link(entry: ElementTree.Element) -> str:
    for child in entry:
        if _name(child) == "link" and child.get("rel", "alternate") == "alternate":
            return str(child.get("href") or child.text or "")
    return ""


def _first(entry: ElementTree.Element, names: Sequence[str]) -> str:
    found = {_name(child): "".join(child.itertext()) for child in reversed(entry)}
    return next((found[name] for name in names if found.get(name)), "")


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
