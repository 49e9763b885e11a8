"""Films whose picture Remotion draws, ordered over the real bus: waited for, fetched, checked, and done without it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import av
import numpy as np
import pytest
from common.artifacts import Artifacts
from common.clock import utc_now
from common.contracts.editing import Cut, RenderCut, RenderInput, Timeline
from common.contracts.message import Finished, Outcome
from common.contracts.production import Clip, ProductionOutput
from common.contracts.values import ArtifactRef
from common.service.signatures import WebhookVendor, verify
from editor.remotion.client import render_id
from editor.remotion.errors import RemotionMissing
from editor.remotion.installed import find_installed
from editor.timeline import assemble
from media.fonts import CJK_PACKAGE, installed
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import Response
from testkit.listening import eventually, listening
from testkit.orders import Orders
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.workshop import Rows

Production = Callable[..., tuple[ProductionOutput, list[Clip]]]
VENDOR = WebhookVendor(
    secrets=(SecretStr("shared"),),
    scheme="plain",
    algorithm="sha512",
    header="x-remotion-signature",
    id_field="renderId",
)
MOST_DIFFERENCE = 12.0
"""Mean difference of two engines' pixels on one frame, of 255. Colours, edges and codecs differ; places must not: one
word in another place is 3 more on its page, a picture that is one frame late is 10 more while it moves."""
MOST_OFF = 3
"""Pixels, of 270x480, by which the sides of a caption's box may differ."""


@pytest.fixture
def remotion() -> None:
    """Tests that draw need Node, the built worker and a Chromium."""
    try:
        find_installed()
    except RemotionMissing as error:
        pytest.skip(error.detail)


@dataclass
class Floor:
    """The running editor, whose film it is, and one step that is ordered as the engine would."""

    orders: Orders
    store: Artifacts
    data: Path
    tenant: str
    refs: dict[str, ArtifactRef]
    a_production: Production

    def timeline(self) -> Timeline:
        """Two scenes of 36 frames that share 6: 2.2 seconds."""
        return assemble(*self.a_production(refs=self.refs, scenes=2))

    async def attempt(self, timeline: Timeline, step: UUID, number: int) -> Finished:
        """One attempt."""
        order = RenderInput(timeline=timeline)
        return await self.orders.order(RenderCut, order, tenant=self.tenant, step=step, attempt=number)

    async def film(self, timeline: Timeline, *, step: UUID | None = None, since: int = 1) -> Finished:
        """Attempts, until one does not wait any more; what may be tried again is tried three times."""
        step, failures, number = step or uuid4(), 0, since
        while True:
            finished = await self.attempt(timeline, step, number)
            number += 1
            if finished.outcome is Outcome.PENDING:
                # Nothing is signalled here: it is looked at again as often as the editor wants.
                assert finished.handle is not None
                assert finished.handle.startswith("remotion:")
                continue
            failures += 1
            if finished.problem is None or not finished.problem.retryable or failures == 3:
                return finished

    async def picture(self, cut: Cut) -> np.ndarray[Any, Any]:
        """Every frame of a film."""
        path = await self.store.fetch(self.tenant, cut.video, into=self.data)
        with av.open(str(path)) as container:
            return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


Floors = Callable[..., AbstractAsyncContextManager[Floor]]


@pytest.fixture
def reel(footage: dict[str, Path], a_production: Production) -> tuple[Mapping[str, Path], Production]:
    """What there is to cut."""
    return footage, a_production


@pytest.fixture
def floors(
    serving: Serving, orders: Orders, stack: Stack, tenant: str, reel: tuple[Mapping[str, Path], Production]
) -> Floors:
    """`async with floors(remotion_fallback="ffmpeg") as floor:` → an editor with these settings."""
    footage, a_production = reel

    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[Floor]:
        store = Artifacts((stack.site.data / "artifacts").as_uri())
        refs = {name: await store.put_file(tenant, path, media_type="video/mp4") for name, path in footage.items()}
        chosen = {"renderer": "remotion", "remotion_poll_seconds": 0.5} | settings
        async with serving("editor", **chosen):
            yield Floor(orders, store, stack.site.data, tenant, refs, a_production)

    return opened


def workers() -> list[int]:
    """The workers that are our own children."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    pids = [pid for listed in children for pid in listed.read_text(encoding="ascii").split()]
    return [int(pid) for pid in pids if b"dist/main.js" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def browsers(data: Path) -> list[int]:
    """Every process that a worker's browser is made of: they were told the worker's own scratch folder."""
    mark = f"TMPDIR={data / 'scratch' / 'remotion'}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in environment:
            found.append(int(folder.name))
    return found


@dataclass
class Ear:
    """Listens for the worker's call, as the orchestrator's door does, and keeps what is signed."""

    heard: list[tuple[str, dict[str, Any]]]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request."""
        request = Request(scope, receive)
        body = await request.body()
        verify(VENDOR, request.headers, body, now=utc_now())
        self.heard.append((request.query_params["run_id"], json.loads(body)))
        await Response()(scope, receive, send)


def calling(url: str) -> dict[str, Any]:
    """The settings by which the worker calls when a render ends."""
    return {"remotion_callback_url": f"{url}/v1/webhooks/remotion", "remotion_webhook_secret": SecretStr("shared")}


@pytest.mark.usefixtures("remotion")
@pytest.mark.feature("M23")
@pytest.mark.feature("M37")
async def test_both_engines_show_the_same_film(floors: Floors, rows: Rows) -> None:
    ear = Ear([])
    async with listening(ear) as url, floors(**calling(url)) as floor:
        timeline = floor.timeline()
        step = uuid4()
        finished = await floor.film(timeline, step=step)
        assert finished.outcome is Outcome.DONE, finished.problem
        drawn = Cut.model_validate(finished.output)
        assert (drawn.renderer, drawn.width, drawn.height, drawn.repaired) == ("remotion", 270, 480, ())
        assert -15 <= drawn.loudness_lufs <= -13
        assert not finished.downgrades
        ordered = "select count(*) from editor.calls where step_id = %s and name = 'remotion'"
        assert rows(ordered, step) == [(1,)], "it was ordered once, however often it was looked at"
        await eventually(lambda: ear.heard)
        [(run, told)] = ear.heard
        assert (told["type"], told["customData"]) == ("success", {"runId": run})
        assert told["renderId"] == render_id(f"{step}.0")
        again = await floor.film(timeline)
        assert again.output == finished.output, "what was drawn before is not ordered again"
        theirs = await floor.picture(drawn)
        pids = browsers(floor.data)
        assert pids, "the worker and its browser stay for the next film"
    await eventually(lambda: not browsers(floor.data))
    async with floors(renderer="ffmpeg") as floor:
        finished = await floor.film(timeline)
        cut = Cut.model_validate(finished.output)
        assert (cut.renderer, cut.duration_ms, cut.captions) == ("ffmpeg", drawn.duration_ms, drawn.captions)
        ours = await floor.picture(cut)
    assert ours.shape == theirs.shape == (66, 480, 270, 3)
    apart = np.abs(ours.astype(np.int16) - theirs).mean(axis=(1, 2, 3))
    assert apart.max() < MOST_DIFFERENCE, f"frame {int(apart.argmax())} differs by {apart.max():.1f}"
    # The box behind the spoken word, in the second scene, whose picture has nothing of its colour.
    boxes = [_boxes(film[36:], (255, 210, 63)) for film in (ours, theirs)]
    assert [box is None for box in boxes[0]] == [box is None for box in boxes[1]]
    both = [(one, other) for one, other in zip(*boxes, strict=True) if one and other]
    assert len(both) > 20
    furthest = max(abs(side - other) for one, two in both for side, other in zip(one, two, strict=True))
    assert furthest <= MOST_OFF


@pytest.mark.usefixtures("remotion")
@pytest.mark.skipif(installed() is None, reason=f"No font for Chinese, Japanese and Korean: apt install {CJK_PACKAGE}")
async def test_both_write_chinese_with_the_same_file_in_the_same_forms(floors: Floors) -> None:
    films = {}
    for renderer in ("remotion", "ffmpeg"):
        async with floors(renderer=renderer) as floor:
            plain = floor.timeline()
            scenes = [
                scene.model_copy(
                    update={"words": tuple(word.model_copy(update={"text": "直海骨"}) for word in scene.words)}
                )
                for scene in plain.scenes
            ]
            chinese = plain.model_copy(update={"language": "zh", "scenes": tuple(scenes)})
            for language in ("zh", "ja") if renderer == "ffmpeg" else ("zh",):
                finished = await floor.film(chinese.model_copy(update={"language": language}))
                assert not finished.downgrades
                films[renderer, language] = (await floor.picture(Cut.model_validate(finished.output))).astype(np.int16)
    ours, theirs, japanese = films["ffmpeg", "zh"], films["remotion", "zh"], films["ffmpeg", "ja"]
    captions = np.s_[40:60, 310:355]
    assert np.abs(ours - theirs).mean(axis=(1, 2, 3)).max() < MOST_DIFFERENCE
    assert np.abs(ours - theirs)[captions].mean() < np.abs(japanese - theirs)[captions].mean()


def _boxes(film: np.ndarray[Any, Any], colour: tuple[int, int, int]) -> list[tuple[int, ...] | None]:
    """Left, top, right and bottom of a colour where captions stand, on each frame that has enough of it."""
    strip = film[:, 310:355].astype(np.int16)
    close = np.abs(strip - np.array(colour)).max(axis=3) < 30
    boxes: list[tuple[int, ...] | None] = []
    for frame in close:
        ys, xs = np.nonzero(frame)
        boxes.append((*map(int, (xs.min(), ys.min(), xs.max(), ys.max())),) if len(xs) > 200 else None)
    return boxes


@pytest.mark.usefixtures("remotion")
async def test_a_worker_that_is_killed_while_it_draws_does_not_cost_the_film(floors: Floors) -> None:
    async with floors() as floor:
        timeline, step = floor.timeline().model_copy(update={"title": uuid4().hex, "language": "de"}), uuid4()
        first = await floor.attempt(timeline, step, 1)
        assert first.outcome is Outcome.PENDING, first.problem
        [worker] = workers()
        # It draws once it has a browser.
        await eventually(lambda: len(browsers(floor.data)) > 1, seconds=60)
        before = browsers(floor.data)
        os.kill(worker, signal.SIGKILL)
        await eventually(lambda: not set(before) & set(browsers(floor.data)), seconds=30)
        finished = await floor.film(timeline, step=step, since=2)
        assert finished.outcome is Outcome.DONE, finished.problem
        assert Cut.model_validate(finished.output).renderer == "remotion"
        [other] = workers()
        assert other != worker


@pytest.mark.usefixtures("remotion")
async def test_a_worker_that_hangs_is_killed_and_a_film_it_stood_still_over_is_drawn_by_the_next(
    floors: Floors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("editor.remotion.worker._LOOK_SECONDS", 0.05)
    monkeypatch.setattr("editor.remotion.worker._SILENT_LOOKS", 2)
    async with floors() as floor:
        timeline, step = floor.timeline().model_copy(update={"language": "fr"}), uuid4()
        assert (await floor.attempt(timeline, step, 1)).outcome is Outcome.PENDING
        [worker] = workers()
        os.kill(worker, signal.SIGSTOP)
        await eventually(lambda: worker not in workers(), seconds=60)
        monkeypatch.setattr("editor.remotion.worker._SILENT_LOOKS", 1_000)
        finished = await floor.film(timeline, step=step, since=2)
        assert finished.outcome is Outcome.DONE, finished.problem


async def test_without_a_browser_it_is_an_error_that_says_what_to_do(floors: Floors) -> None:
    async with floors(remotion_browser="/nowhere/chromium") as floor:
        finished = await floor.film(floor.timeline())
    assert finished.outcome is Outcome.FAILED
    assert finished.problem is not None
    assert (finished.problem.code, finished.problem.retryable) == ("remotion_missing", False)
    assert "greenlight dev remotion" in finished.problem.detail or "/nowhere/chromium" in finished.problem.detail
    assert not finished.downgrades


async def test_where_it_may_be_our_own_engine_goes_on_and_the_run_says_so(floors: Floors) -> None:
    async with floors(remotion_browser="/nowhere/chromium", remotion_fallback="ffmpeg") as floor:
        finished = await floor.film(floor.timeline())
    assert finished.outcome is Outcome.DONE, finished.problem
    assert Cut.model_validate(finished.output).renderer == "ffmpeg"
    [downgrade] = finished.downgrades
    assert (downgrade.code, downgrade.stage) == ("cut_by_ffmpeg", "editing")
    assert "Remotion" in downgrade.detail


async def test_a_worker_elsewhere_that_cannot_be_reached_is_tried_again_and_then_done_without(floors: Floors) -> None:
    away = {"remotion_url": "http://127.0.0.1:9", "remotion_token": SecretStr("t")}
    async with floors(**away) as floor:
        finished = await floor.film(floor.timeline())
        assert finished.problem is not None
        assert (finished.problem.code, finished.problem.retryable) == ("vendor_unavailable", True)
    async with floors(**away, remotion_fallback="ffmpeg") as floor:
        finished = await floor.film(floor.timeline())
        assert finished.outcome is Outcome.DONE, finished.problem
        assert [one.code for one in finished.downgrades] == ["cut_by_ffmpeg"]


async def test_a_film_that_makes_no_sense_is_refused_by_both_alike(floors: Floors) -> None:
    async with floors(remotion_fallback="ffmpeg") as floor:
        wrong = floor.timeline().model_copy(update={"transitions": ("dissolve",)})
        finished = await floor.film(wrong)
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code) == (Outcome.REFUSED, "unknown_transition")
    assert not workers()
