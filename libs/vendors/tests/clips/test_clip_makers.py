"""The vendors of footage, each over real HTTP against its sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from common import http
from common.contracts.values import Origin
from testkit.ports.clips import ClipPromises, MakerWith, a_request, names_in
from testkit.vendors import Sandbox
from vendors.clips.download import download
from vendors.clips.openai_videos import OpenAIVideos
from vendors.clips.openrouter_videos import OpenRouterVideos
from vendors.clips.port import ClipMaker, ClipStage, ClipTooLarge


def client_for(url: str, key: str) -> httpx.AsyncClient:
    """A client as the wiring makes it."""
    client = http.client(base_url=url, timeout_seconds=5)
    client.headers["authorization"] = f"Bearer {key}"
    return client


@pytest.mark.feature("M36")
class TestOpenAIVideos(ClipPromises):
    """An endpoint of OpenAI's shape."""

    orders = "/openai/v1/videos"

    @pytest.fixture
    async def maker_with(self, vendors_box: Sandbox) -> AsyncIterator[MakerWith]:
        made: list[ClipMaker] = []

        def make(*, key: str = vendors_box.key, url: str = vendors_box.url) -> ClipMaker:
            client = client_for(f"{url}/openai/v1", key)
            made.append(OpenAIVideos(client, model="sora-2", usd_micros_per_second=100_000, origin=Origin.SANDBOX))
            return made[-1]

        yield make
        for maker in made:
            await maker.close()

    async def test_it_orders_the_nearest_length_and_shape(self, maker: ClipMaker, vendors_box: Sandbox) -> None:
        quote = maker.quote(a_request(seconds=4.2))
        assert (quote.seconds, quote.width, quote.height, quote.usd_micros) == (8, 720, 1280, 800_000)
        wide = a_request().model_copy(update={"width": 1920, "height": 1080})
        assert (maker.quote(wide).width, maker.quote(wide).height) == (1280, 720)

    async def test_what_is_deleted_is_gone(self, maker: ClipMaker, vendors_box: Sandbox) -> None:
        job = await maker.begin(a_request(), key="k")
        await maker.forget(job)
        await maker.forget(job)
        assert (await maker.check(job)).stage is ClipStage.GONE
        assert len(vendors_box.effects("video.deleted")) == 1


class TestOpenRouterVideos(ClipPromises):
    """OpenRouter, which lists no jobs: a lost order is for a person."""

    orders = "/openrouter/api/v1/videos"
    finds = False

    @pytest.fixture
    async def maker_with(self, vendors_box: Sandbox) -> AsyncIterator[MakerWith]:
        made: list[ClipMaker] = []

        def make(*, key: str = vendors_box.key, url: str = vendors_box.url) -> ClipMaker:
            client = client_for(f"{url}/openrouter/api/v1", key)
            model, lengths = "sandbox/reef-1", (4, 6, 8)
            made.append(
                OpenRouterVideos(
                    client, model=model, lengths=lengths, usd_micros_per_second=80_000, origin=Origin.SANDBOX
                )
            )
            return made[-1]

        yield make
        for maker in made:
            await maker.close()

    async def test_it_says_what_it_cost(self, maker: ClipMaker) -> None:
        job = await maker.begin(a_request(), key="k")
        assert (await maker.check(job)).cost_usd_micros is None
        assert (await self.done(maker, job)).cost_usd_micros == job.quote.usd_micros == 320_000


async def test_a_file_without_an_end_is_not_read_to_it(vendors_box: Sandbox, tmp_path: Path) -> None:
    async with client_for(vendors_box.url, vendors_box.key) as client:
        with pytest.raises(ClipTooLarge):
            await download(client, "/__sim/ledger", vendor="x", to=tmp_path / "film.mp4", limit=10)
    assert names_in(tmp_path) == []
