"""Descript's adapter against the sandbox, on real HTTP: a project made, published and fetched, and what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from common import http
from common.contracts.values import Origin
from common.errors import (
    GreenlightError,
    OutcomeUnknown,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from media.probe import probe
from sandbox.descript import PARTIAL
from sandbox.kit.faults import FaultKind
from testkit.listening import eventually
from testkit.ports.clips import names_in
from testkit.vendors import Sandbox
from vendors.videos.descript import Descript
from vendors.videos.port import VideoJob, VideoOrder, VideoProgress, VideoStage
from vendors.wire import VendorOutOfCredit

ORDER = VideoOrder(name="Tides", prompt="Make a video about tides.")
ORDERS = "/descript/v1/jobs/agent"
DescriptWith = Callable[..., Descript]
FINAL = {VideoStage.DONE, VideoStage.FAILED, VideoStage.GONE}


@pytest.fixture
async def descript_with(vendors_box: Sandbox) -> AsyncIterator[DescriptWith]:
    """`descript_with(key=…)` → an adapter for the sandbox."""
    clients: list[httpx.AsyncClient] = []

    def made(*, key: str = vendors_box.key, url: str = f"{vendors_box.url}/descript/v1") -> Descript:
        client = http.client(base_url=url, timeout_seconds=30)
        client.headers["authorization"] = f"Bearer {key}"
        clients.append(client)
        return Descript(client, origin=Origin.SANDBOX)

    yield made
    for client in clients:
        await client.aclose()


async def done(maker: Descript, job: VideoJob) -> VideoProgress:
    """The last of what looks show."""
    seen: VideoProgress = await eventually(lambda: maker.check(job), until=lambda found: found.stage in FINAL)
    return seen


@pytest.mark.feature("A34")
async def test_a_video_is_made_published_and_fetched(
    descript_with: DescriptWith, vendors_box: Sandbox, tmp_path: Path
) -> None:
    maker = descript_with()
    job = await maker.begin(ORDER)
    made = await done(maker, job)
    assert (made.stage, made.credits) == (VideoStage.DONE, 10)
    published = await done(maker, await maker.publish(job.project))
    assert published.stage is VideoStage.DONE
    await maker.fetch(published.link, to=tmp_path / "film.mp4")
    assert (probe(tmp_path / "film.mp4").width, probe(tmp_path / "film.mp4").height) == (1080, 1920)
    assert [one["name"] for one in vendors_box.effects("project.created")] == ["Tides"]
    # The file lies somewhere else: the token stays here.
    assert [one["keyed"] for one in vendors_box.effects("video.fetched")] == [False]


@pytest.mark.feature("A34")
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (400, VendorRefused),
        (401, VendorAuthFailed),
        (402, VendorOutOfCredit),
        (422, VendorRefused),
        (429, VendorRateLimited),
        (503, VendorUnavailable),
    ],
)
async def test_a_no_is_a_no(
    descript_with: DescriptWith, vendors_box: Sandbox, code: int, error: type[GreenlightError]
) -> None:
    vendors_box.plant(FaultKind.STATUS, path=ORDERS, code=code, body='{"error": "no", "message": "Not today."}')
    with pytest.raises(error):
        await descript_with().begin(ORDER)
    assert vendors_box.effects("project.created") == []


async def test_what_was_never_sent_is_no_riddle_and_a_bad_token_is_said(descript_with: DescriptWith) -> None:
    with pytest.raises(VendorUnavailable):
        await descript_with(url="http://127.0.0.1:9").begin(ORDER)
    with pytest.raises(VendorAuthFailed):
        await descript_with(key="another").begin(ORDER)


@pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.BAD_JSON, FaultKind.STATUS_AFTER])
async def test_an_order_nobody_answered_may_have_been_taken(
    descript_with: DescriptWith, vendors_box: Sandbox, kind: FaultKind
) -> None:
    vendors_box.plant(kind, path=ORDERS, code=502)
    with pytest.raises(OutcomeUnknown):
        await descript_with().begin(ORDER)
    assert len(vendors_box.effects("project.created")) == 1


@pytest.mark.feature("A34")
@pytest.mark.parametrize(("reason", "says"), [(PARTIAL, "Only a part of it"), ("render_failed", "render_failed")])
async def test_what_stops_without_success_has_failed(
    descript_with: DescriptWith, vendors_box: Sandbox, reason: str, says: str
) -> None:
    vendors_box.plant(FaultKind.FAILS, path=ORDERS, reason=reason)
    maker = descript_with()
    seen = await done(maker, await maker.begin(ORDER))
    assert seen.stage is VideoStage.FAILED
    assert says in seen.detail


async def test_a_look_that_shows_nothing_is_no_answer_and_nobodys_job_is_gone(
    descript_with: DescriptWith, vendors_box: Sandbox
) -> None:
    maker = descript_with()
    job = await maker.begin(ORDER)
    for kind in (FaultKind.DROP_BEFORE, FaultKind.BAD_JSON, FaultKind.STATUS):
        vendors_box.plant(kind, method="GET")
        with pytest.raises(VendorUnavailable):
            await maker.check(job)
    assert (await maker.check(job.model_copy(update={"id": "nobodys"}))).stage is VideoStage.GONE


async def test_a_file_comes_whole_or_not_at_all_and_not_from_anywhere(
    descript_with: DescriptWith, vendors_box: Sandbox, tmp_path: Path
) -> None:
    maker = descript_with()
    job = await maker.begin(ORDER)
    await done(maker, job)
    link = (await done(maker, await maker.publish(job.project))).link
    vendors_box.plant(FaultKind.TRUNCATE, method="GET", path="/descript/files/*")
    with pytest.raises(VendorUnavailable):
        await maker.fetch(link, to=tmp_path / "film.mp4")
    with pytest.raises(VendorRefused):
        await maker.fetch("http://169.254.169.254/latest", to=tmp_path / "film.mp4")
    assert names_in(tmp_path) == []
