"""Stock footage: nothing is ordered, something is found. Who filmed it, and on what terms, stays with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import httpx
from common.contracts.values import Origin
from pydantic import BaseModel, ConfigDict

from vendors.clips.download import download
from vendors.clips.port import ClipFailed, ClipJob, ClipProgress, ClipRequest, ClipStage, Quote
from vendors.wire import VendorKeyMissing, ask

_AMONG = 3
"""Chance chooses among so many of the best: two shots about the same need not show the same."""
_LOWEST = 480
"""The shorter side of what is worth showing."""


class Found(BaseModel):
    """A film that a library has, in the size that suits best of those it comes in."""

    model_config = ConfigDict(frozen=True)

    id: str
    link: str
    seconds: int
    width: int
    height: int
    author: str
    page: str


class Library(Protocol):
    """Where footage is looked for."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def terms(self) -> str:
        """Its licence, in a sentence."""

    async def search(self, client: httpx.AsyncClient, query: str, *, width: int, height: int) -> list[Found]:
        """What there is for a picture of that size, best first."""


class StockClips:
    """A library as a maker of clips: an order is a search, and is done at once."""

    repeatable = True

    def __init__(self, client: httpx.AsyncClient, library: Library, *, origin: Origin = Origin.REAL) -> None:
        self.name = library.name
        self.origin = origin
        self.licence = library.terms
        self._client = client
        self._library = library

    def quote(self, request: ClipRequest) -> Quote:
        """It costs nothing."""
        whole = max(1, round(request.seconds))
        return Quote(model=self.name, seconds=whole, width=request.width, height=request.height, usd_micros=0)

    async def begin(self, request: ClipRequest, *, key: str) -> ClipJob:
        """Search, by fewer words when all of them find nothing. Raises `ClipFailed` if there is nothing to show."""
        words = request.subject.split()
        for query in dict.fromkeys((" ".join(words), " ".join(words[:2]), " ".join(words[:1]))):
            if not query:
                continue
            found = await self._library.search(self._client, query, width=request.width, height=request.height)
            if fitting := _best(found, request):
                one = fitting[request.seed % min(_AMONG, len(fitting))]
                quote = Quote(model=self.name, seconds=one.seconds, width=one.width, height=one.height, usd_micros=0)
                return ClipJob(
                    id=one.id,
                    quote=quote,
                    submitted_at=datetime.now(UTC),
                    link=one.link,
                    credit=f"{one.author} on {self.name.capitalize()}, {one.page}",
                )
        raise ClipFailed(f"{self.name} has no footage for {request.subject!r}.")

    async def find(self, request: ClipRequest, *, since: datetime) -> tuple[ClipJob, ...]:
        """Nothing was ordered, so nothing can be lost."""
        return ()

    async def check(self, job: ClipJob) -> ClipProgress:
        """It is there already."""
        return ClipProgress(stage=ClipStage.READY, share=1.0)

    async def fetch(self, job: ClipJob, *, to: Path) -> None:
        """See `ClipMaker`. The address is the library's word."""
        await download(self._client, job.link, vendor=self.name, to=to)

    async def forget(self, job: ClipJob) -> None:
        """It is theirs."""

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class _PexelsFile(BaseModel):
    link: str
    file_type: str = ""
    quality: str | None = None
    width: int | None = None
    height: int | None = None


class _PexelsUser(BaseModel):
    name: str


class _PexelsVideo(BaseModel):
    id: int
    url: str
    duration: int
    user: _PexelsUser
    video_files: list[_PexelsFile]


class _PexelsPage(BaseModel):
    videos: list[_PexelsVideo]


class Pexels:
    """Pexels. The base address of the client ends where `/v1` begins; only searches carry the key."""

    name = "pexels"
    terms = "Pexels licence: free to use; the author and Pexels are credited."

    def __init__(self, key: str) -> None:
        self._headers = {"authorization": key}

    async def search(self, client: httpx.AsyncClient, query: str, *, width: int, height: int) -> list[Found]:
        """See `Library`."""
        shape = "square" if width == height else "portrait" if height > width else "landscape"
        params = {"query": query, "orientation": shape, "per_page": "40"}
        path = "/v1/videos/search"
        page = await ask(
            client, "GET", path, vendor=self.name, returns=_PexelsPage, params=params, headers=self._headers
        )
        found = []
        for video in page.videos:
            films = [one for one in video.video_files if one.file_type == "video/mp4"]
            sizes = [_Size(one.link, one.width, one.height) for one in films if one.width and one.height]
            if sizes:
                best = _nearest(sizes, width=width, height=height)
                found.append(
                    Found(
                        id=str(video.id),
                        link=best.link,
                        seconds=video.duration,
                        width=best.width,
                        height=best.height,
                        author=video.user.name,
                        page=video.url,
                    )
                )
        return found


class _PixabayFile(BaseModel):
    url: str
    width: int
    height: int


class _PixabayHit(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    id: int
    pageURL: str  # noqa: N815 — the vendor's own spelling
    duration: int
    videos: dict[str, _PixabayFile]
    user: str


class _PixabayPage(BaseModel):
    hits: list[_PixabayHit]


class Pixabay:
    """Pixabay. The base address of the client ends where `/api` begins. Its key goes in the query, as it wants it."""

    name = "pixabay"
    terms = "Pixabay content licence: free to use; the author and Pixabay are credited."

    def __init__(self, key: str) -> None:
        if not key:
            raise VendorKeyMissing("Pixabay wants a key.")
        self._key = key

    async def search(self, client: httpx.AsyncClient, query: str, *, width: int, height: int) -> list[Found]:
        """See `Library`. It knows no orientation, so what lies is sorted behind what stands."""
        params = {"key": self._key, "q": query[:100], "per_page": "40", "safesearch": "true"}
        page = await ask(client, "GET", "/api/videos/", vendor=self.name, returns=_PixabayPage, params=params)
        found = []
        for hit in page.hits:
            # `large` may be there and empty.
            sizes = [_Size(one.url, one.width, one.height) for one in hit.videos.values() if one.url]
            if sizes:
                best = _nearest(sizes, width=width, height=height)
                found.append(
                    Found(
                        id=str(hit.id),
                        link=best.link,
                        seconds=hit.duration,
                        width=best.width,
                        height=best.height,
                        author=hit.user,
                        page=hit.pageURL,
                    )
                )
        return sorted(found, key=lambda one: (one.height > one.width) != (height > width))


class _Size(NamedTuple):
    """One of the files that a film comes in."""

    link: str
    width: int
    height: int


def _nearest(sizes: Sequence[_Size], *, width: int, height: int) -> _Size:
    """The smallest that covers the picture without being blown up, since what is larger only takes longer; if none
    does, the largest.
    """
    smallest_first = sorted(sizes, key=lambda one: one.width * one.height)
    return next((one for one in smallest_first if one.width >= width and one.height >= height), smallest_first[-1])


def _best(found: list[Found], request: ClipRequest) -> list[Found]:
    """What is sharp enough; what is long enough and stands as the picture does comes first."""
    sharp = [one for one in found if min(one.width, one.height) >= _LOWEST]
    upright = request.height > request.width

    def order(one: Found) -> tuple[bool, bool]:
        return ((one.height > one.width) != upright, one.seconds < request.seconds)

    ranked = sorted(sharp, key=order)
    return [one for one in ranked if order(one) == order(ranked[0])]
