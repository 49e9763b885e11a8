"""A publisher and an airlock that really listen, and films that really play."""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import imageio_ffmpeg
import pytest
from common import http, testing_points
from common.artifacts import Artifacts
from common.contracts.audit import AuditEntry
from common.contracts.gates import GateInput, GateOpened, OpenGate
from common.contracts.message import AUDIT_SUBJECT, Outcome
from common.contracts.publishing import PostContent, PostPublished, PublishInput
from common.db.pool import Pool
from common.db.work import Work
from publisher.adapters.local_feed import LocalFeed
from publisher.models import tables
from publisher.settings import Settings
from testkit.listening import listening
from testkit.local import local_client
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import SettingsFor
from testkit.workshop import Rows

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:00.900\nThe tide comes in.\n"
Listens = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


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
    source = [ffmpeg, "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=180x320:rate=15:duration=1"]
    subprocess.run([*source, "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(video)], check=True)
    subprocess.run([*source, "-frames:v", "1", str(thumbnail)], check=True)
    return Film(video, thumbnail)


@pytest.fixture
def artifacts(settings_for: SettingsFor) -> Artifacts:
    """The store that all services share."""
    return Artifacts(settings_for("publisher").artifacts_url)


@pytest.fixture
def write(film: Film, artifacts: Artifacts) -> Callable[..., Awaitable[PostContent]]:
    """`await write(tenant, title=…)` → a post whose files are in the store."""

    async def post(tenant: str, **words: Any) -> PostContent:
        return PostContent.model_validate(
            {
                "title": "How tides work",
                "caption": "The moon pulls, the sea follows.",
                "hashtags": ("tides", "moon"),
                "video": await artifacts.put_file(tenant, film.video, media_type="video/mp4"),
                "thumbnail": await artifacts.put_file(tenant, film.thumbnail, media_type="image/jpeg"),
                "captions": await artifacts.put(tenant, CAPTIONS, media_type="text/vtt"),
                "duration_ms": 1000,
                "width": 180,
                "height": 320,
                "platforms": ("local_feed",),
                **words,
            }
        )

    return post


@pytest.fixture
def listens(settings_for: SettingsFor) -> Listens:
    """`async with listens("publisher") as stranger:` → the service on its own port; the client has no credentials."""

    @asynccontextmanager
    async def listen(service: str, **overrides: Any) -> AsyncIterator[httpx.AsyncClient]:
        settings = settings_for(service, **overrides)
        app = importlib.import_module(f"{service}.main").app(settings)
        async with (
            listening(app, port=settings.port) as address,
            local_client(address) as client,
        ):
            yield client

    return listen


@pytest.fixture
async def publisher(listens: Listens) -> AsyncIterator[httpx.AsyncClient]:
    """The publisher, listening; the client has no credentials."""
    async with listens("publisher") as client:
        yield client


@pytest.fixture
async def airlock(listens: Listens) -> AsyncIterator[httpx.AsyncClient]:
    """Compliance, listening; the client has no credentials."""
    async with listens("compliance") as client:
        yield client


@pytest.fixture
def orders(orders: Orders) -> Orders:
    """As ever; but leave that ran out, as it may on a busy machine, is asked for again."""
    orders.again_on = frozenset({"leave_is_over"})
    return orders


@pytest.fixture
def held(orders: Orders) -> Callable[..., Awaitable[PublishInput]]:
    """`await held(tenant, post)` → the post waits at the airlock; nobody has decided."""

    async def hold(tenant: str, post: PostContent) -> PublishInput:
        content = post.model_dump(mode="json")
        gate = GateInput(gate="publish", title=post.title[:100], content=content, requested_by="author")
        answer = await orders.order(OpenGate, gate, tenant=tenant)
        assert answer.outcome is Outcome.DONE, answer.problem
        opened = GateOpened.model_validate(answer.output)
        return PublishInput(item_id=opened.item_id, policy_version=opened.verdict.policy_version, post=content)

    return hold


@pytest.fixture
def decided(people: People, airlock: httpx.AsyncClient) -> Callable[..., Awaitable[None]]:
    """`await decided(tenant, item_id)` → a reviewer approved the item."""

    async def decide(tenant: str, item_id: UUID) -> None:
        reviewer = await people.join(tenant, "reviewer")
        answer = await airlock.post(
            f"/v1/airlock/items/{item_id}/decision", json={"decision": "approved"}, headers=reviewer.headers
        )
        assert answer.status_code == 200, answer.text

    return decide


@pytest.fixture
def approve(
    held: Callable[..., Awaitable[PublishInput]], decided: Callable[..., Awaitable[None]]
) -> Callable[..., Awaitable[PublishInput]]:
    """`await approve(tenant, post)` → what the publisher is ordered once a person said yes to exactly this post."""

    async def open_and_decide(tenant: str, post: PostContent) -> PublishInput:
        order = await held(tenant, post)
        await decided(tenant, order.item_id)
        return order

    return open_and_decide


@pytest.fixture
def told(rows: Rows, tenant: str) -> Callable[[], tuple[list[PostPublished], list[AuditEntry]]]:
    """`told()` → what the publisher told the others and what it put on record, in the tenant of this test."""
    query = "select body from publisher.outbox where subject = %s and tenant_id = %s order by seq"

    def read() -> tuple[list[PostPublished], list[AuditEntry]]:
        events = [PostPublished.model_validate_json(body) for (body,) in rows(query, PostPublished.subject, tenant)]
        entries = [AuditEntry.model_validate_json(body) for (body,) in rows(query, AUDIT_SUBJECT, tenant)]
        return events, entries

    return read


@pytest.fixture
async def work(settings_for: SettingsFor) -> AsyncIterator[Work]:
    """The publisher's database as its own code sees it."""
    url = settings_for("publisher").database_url.get_secret_value()
    opened = Work(Pool(url, service="publisher"), service="publisher", tables=tables)
    yield opened
    await opened.close()


@pytest.fixture
async def local_feed(settings_for: Callable[..., Settings], work: Work) -> AsyncIterator[LocalFeed]:
    """The local feed; it can be looked at while the publisher listens."""
    settings = settings_for("publisher")
    async with http.client(base_url=settings.own_address) as stranger:
        yield LocalFeed(work, stranger=stranger, edge_url=settings.edge_url)


@pytest.fixture
def trap() -> Iterator[Callable[[str], None]]:
    """`trap("publisher.finished")` → the next time execution gets there, it dies of an error. Once."""
    set_traps: list[str] = []

    def set_trap(name: str) -> None:
        def spring() -> None:
            testing_points.disarm(name)
            raise RuntimeError(f"killed at {name}")

        testing_points.arm(name, spring)
        set_traps.append(name)

    yield set_trap
    for name in set_traps:
        testing_points.disarm(name)


@pytest.fixture
def run_id() -> UUID:
    """A run of its own."""
    return uuid4()
