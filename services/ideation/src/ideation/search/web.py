"""Searching the web: SearXNG, which anybody can run, and Brave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import httpx

from ideation.search.port import Found, claim_of
from ideation.search.wire import document_of, fetch


class SearXNG:
    """An instance of SearXNG whose settings allow JSON. The base address of `client` is the instance's."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.name = f"searxng/{client.base_url.host}"
        self._client = client

    async def find(self, question: str, *, most: int) -> Found:
        """What its engines say."""
        body = await fetch(self._client, "/search", name=self.name, params={"q": question, "format": "json"})
        results = document_of(body, name=self.name).get("results")
        return _found(results, self.name, most=most, text="content", published="publishedDate")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class Brave:
    """Brave's web search. The base address of `client` is its API's, and its key is in the client's headers."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.name = f"brave/{client.base_url.host}"
        self._client = client

    async def find(self, question: str, *, most: int) -> Found:
        """What its index says."""
        params: dict[str, str | int] = {"q": question, "count": min(most, 20), "text_decorations": "false"}
        document = document_of(
            await fetch(self._client, "/res/v1/web/search", name=self.name, params=params), name=self.name
        )
        web = document.get("web")
        results = web.get("results") if isinstance(web, dict) else None
        return _found(results, self.name, most=most, text="description", published="age")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _found(results: object, name: str, *, most: int, text: str, published: str) -> Found:
    if results is not None and not isinstance(results, list):
        return Found(trouble=f"{name} answered in a way that is not understood")
    listed: Iterable[Mapping[str, object]] = (result for result in results or () if isinstance(result, dict))
    claims = (
        claim_of(
            text=result.get(text),
            title=result.get("title"),
            url=result.get("url"),
            found_by=name,
            published=result.get(published),
        )
        for result in listed
    )
    return Found(claims=tuple(claim for claim in claims if claim is not None)[:most])
