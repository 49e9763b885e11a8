"""A publisher that really listens, films that really play, and the airlock it asks."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import imageio_ffmpeg
import pytest
import uvicorn
from common import testing_points
from common.artifacts import Artifacts
from common.contracts.publishing import PostContent, PublishInput
from common.ids import new_id
from common.manifest import manifest_sha256
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from publisher.main import app
from testkit.plugin import SettingsFor

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:00.900\nThe tide comes in.\n"
POLICY = "test-policy"


@dataclass(frozen=True)
class Film:
    """The files of a film on disk."""

    video: Path
    thumbnail: Path


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Film:
    """One second of real H.264 and a real still."""
    folder = tmp_path_factory.mktemp("film")
    video, thumbnail = folder / "film.mp4", folder / "still.jpg"
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    source = ["-f", "lavfi", "-i", "testsrc2=size=180x320:rate=15:duration=1"]
    subprocess.run(
        [ffmpeg, "-v", "error", *source, "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(video)], check=True
    )
    subprocess.run([ffmpeg, "-v", "error", *source, "-frames:v", "1", str(thumbnail)], check=True)
    return Film(video, thumbnail)


@dataclass
class Desk:
    """Puts films in the store and writes posts about them."""

    film: Film
    artifacts: Artifacts

    async def write(self, tenant: str, **words: Any) -> PostContent:
        """A post with its files in the store."""
        return PostContent.model_validate(
            {
                "title": "How tides work",
                "caption": "The moon pulls, the sea follows.",
                "hashtags": ("tides", "moon"),
                "video": await self.artifacts.put_file(tenant, self.film.video, media_type="video/mp4"),
                "thumbnail": await self.artifacts.put_file(tenant, self.film.thumbnail, media_type="image/jpeg"),
                "captions": await self.artifacts.put(tenant, CAPTIONS, media_type="text/vtt"),
                "duration_ms": 1000,
                "width": 180,
                "height": 320,
                "platforms": ("local_feed",),
                **words,
            }
        )


@pytest.fixture
def write(film: Film, settings_for: SettingsFor) -> Callable[..., Awaitable[PostContent]]:
    """`await write(tenant, title=…)` → a post whose files are in the store."""
    return Desk(film, Artifacts(settings_for("publisher").artifacts_url)).write


@pytest.fixture
def approve(airlock: Airlock) -> Callable[..., Awaitable[PublishInput]]:
    """`await approve(tenant, post)` → what the publisher is ordered once a person said yes to exactly this post."""
    return airlock.approve


@asynccontextmanager
async def listening(served: FastAPI, port: int) -> AsyncIterator[None]:
    """The app on a real port, for as long as the block runs."""
    server = uvicorn.Server(uvicorn.Config(served, host="127.0.0.1", port=port, log_config=None, lifespan="on"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        if task.done():
            task.result()
            raise RuntimeError("the server ended before it listened")
        # uvicorn has no event for "now I listen"; this only yields to it.
        await asyncio.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@dataclass
class Airlock:
    """Compliance's permit door with a little memory."""

    approved: dict[UUID, str] = field(default_factory=dict)
    permits: dict[UUID, UUID] = field(default_factory=dict)
    finished: list[tuple[UUID, str]] = field(default_factory=list)
    down: bool = False

    async def approve(self, _tenant: str, post: PostContent) -> PublishInput:
        """A person looked at exactly this and said yes."""
        body = post.model_dump(mode="json")
        item = uuid4()
        self.approved[item] = manifest_sha256(body, policy_version=POLICY)
        return PublishInput(item_id=item, policy_version=POLICY, post=body)

    def app(self) -> FastAPI:
        """The door."""
        door = FastAPI()

        @door.post("/v1/permits")
        async def ask(request: Request) -> JSONResponse:
            body = await request.json()
            item = UUID(body["item_id"])
            if self.down:
                return JSONResponse({}, 503)
            if item not in self.approved:
                return JSONResponse({"error": "not_approved", "detail": "Nobody approved it."}, 409)
            if self.approved[item] != body["manifest_sha256"]:
                return JSONResponse({"error": "content_changed", "detail": "It is another."}, 409)
            permit = self.permits.setdefault(item, new_id())
            if any(known == permit for known, _ in self.finished):
                return JSONResponse({"error": "already_released", "detail": "It went out."}, 409)
            return JSONResponse({"permit_id": str(permit), **body}, 201)

        @door.post("/v1/permits/{permit}/finish")
        async def finish(permit: UUID, request: Request) -> dict[str, str]:
            self.finished.append((permit, (await request.json())["outcome"]))
            return {}

        return door


@pytest.fixture
async def airlock(settings_for: SettingsFor) -> AsyncIterator[Airlock]:
    """The airlock, listening."""
    standing = Airlock()
    async with listening(standing.app(), int(settings_for("publisher").compliance_url.rpartition(":")[2])):
        yield standing


@pytest.fixture
async def publisher(settings_for: SettingsFor, airlock: Airlock) -> AsyncIterator[httpx.AsyncClient]:
    """The publisher on its port; the client has no credentials."""
    settings = settings_for("publisher")
    async with (
        listening(app(settings), settings.port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", trust_env=False) as client,
    ):
        yield client


@pytest.fixture(autouse=True)
def nothing_armed() -> Iterator[None]:
    """No test leaves a trap behind."""
    yield
    for name in list(testing_points._armed):
        testing_points.disarm(name)
