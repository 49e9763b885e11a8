"""Libraries of footage: the file that suits the picture, and no search twice a day."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from vendors.clips.port import ClipJob, ClipRequest
from vendors.clips.stock import Library, Pexels, Pixabay, StockClips

OFFERED = ((540, 960), (720, 1280), (1080, 1920), (2160, 3840))


class Catalogue:
    """One film in several sizes, in both vendors' answers; the largest first and last, so that no order helps."""

    def __init__(self, sizes: tuple[tuple[int, int], ...]) -> None:
        self._sizes = sizes
        self.shapes: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        sizes = [*self._sizes[::2], *self._sizes[1::2]]
        files = [(f"https://films.example/{width}.mp4", width, height) for width, height in sizes]
        told: dict[str, Any] = {"id": 7, "duration": 9}
        if "pixabay" in request.url.host:
            keys = ("tiny", "large", "small", "medium")
            named = zip(keys, files, strict=False)
            videos = {key: {"url": link, "width": wide, "height": high} for key, (link, wide, high) in named}
            empty = {"url": "", "width": 9_000, "height": 9_000}
            return httpx.Response(
                200, json={"hits": [told | {"pageURL": "p", "user": "u", "videos": videos | {"x": empty}}]}
            )
        self.shapes.append(request.url.params["orientation"])
        kind = {"file_type": "video/mp4"}
        listed: list[dict[str, Any]] = [{"link": "l.m3u8", "width": None, "height": None} | kind]
        listed += [{"link": link, "width": width, "height": height} | kind for link, width, height in files]
        return httpx.Response(200, json={"videos": [told | {"url": "p", "user": {"name": "u"}, "video_files": listed}]})


@pytest.mark.parametrize("library", [Pexels("key"), Pixabay("key")])
@pytest.mark.parametrize(
    ("picture", "offered", "taken"),
    [
        ((1080, 1920), OFFERED, 1080),
        ((1080, 1920), OFFERED[:2], 720),
        ((270, 480), OFFERED, 540),
        ((1000, 1900), OFFERED, 1080),
        ((1080, 1080), OFFERED, 1080),
    ],
)
async def test_the_smallest_file_is_taken_that_covers_the_picture_else_the_largest(
    library: Library, picture: tuple[int, int], offered: tuple[tuple[int, int], ...], taken: int
) -> None:
    job = await ordered(library, picture, Catalogue(offered))
    assert (job.link, job.quote.width) == (f"https://films.example/{taken}.mp4", taken)


async def test_footage_is_looked_for_in_the_shape_of_the_picture() -> None:
    catalogue = Catalogue(OFFERED)
    for picture in ((1080, 1920), (1920, 1080), (1080, 1080)):
        await ordered(Pexels("key"), picture, catalogue)
    assert catalogue.shapes == ["portrait", "landscape", "square"]


async def ordered(library: Library, picture: tuple[int, int], catalogue: Catalogue) -> ClipJob:
    """What is found for a picture of that size."""
    transport = httpx.MockTransport(catalogue)
    async with httpx.AsyncClient(base_url=f"https://{library.name}.example", transport=transport) as client:
        request = ClipRequest(prompt="p", seconds=4, width=picture[0], height=picture[1], subject="tide")
        return await StockClips(client, library).begin(request, key="k")
