"""Clips that a vendor makes, ordered over the real bus, with the vendor's sandbox behind real HTTP."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from common.artifacts import Artifacts
from common.contracts.message import Finished, Outcome
from common.contracts.production import Beat, BeatKind, Clip, ClipInput, Format, MakeClip, Shot, Speech
from common.contracts.values import ArtifactRef, Problem
from media.palette import choose_palette
from media.probe import probe
from producer.settings import Settings
from pydantic import SecretStr
from sandbox.kit.faults import FaultKind
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from testkit.listening import eventually, listening
from testkit.local import local_client
from testkit.orders import Orders
from testkit.people import People
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.vendors import Sandbox, sandbox
from testkit.workshop import Rows

VIDEOS, HOUR = "/openai/v1/videos", 3600.0
BEAT = Beat(kind=BeatKind.POINT, narration="The Moon pulls the sea toward it.", headline="The Moon pulls")
SPEECH = Speech(
    audio=ArtifactRef(sha256="0" * 64, size=1, media_type="audio/wav"), duration_ms=900, words=(), voice="none"
)


def a_shot(*, frames: int = 36, **changes: Any) -> Shot:
    """A small shot that nobody else orders."""
    shot = Shot(
        index=1,
        total=3,
        beat=BEAT.model_copy(update={"detail": "", "narration": f"{BEAT.narration} {uuid4().hex}"}),
        layout="above:tide",
        palette=choose_palette("How tides work", 3),
        seed=3,
        frames=frames,
        voice_start_ms=0,
        speech=SPEECH,
        format=Format(width=108, height=192),
    )
    return shot.model_copy(update=changes)


@dataclass
class Floor:
    """The running producer, its vendor, and one step that is ordered as the engine would."""

    orders: Orders
    vendors: Sandbox
    rows: Rows
    tenant: str
    stack: Stack
    compliance_url: str

    async def attempt(self, shot: Shot, step: UUID, number: int, **scope: Any) -> Finished:
        """One attempt."""
        return await self.orders.order(
            MakeClip, ClipInput(shot=shot), tenant=self.tenant, step=step, attempt=number, **scope
        )

    async def film(self, shot: Shot, *, step: UUID | None = None, since: int = 1, tries: int = 60) -> Finished:
        """Attempts, until one does not wait any more; what may be tried again is tried three times."""
        step, failures = step or uuid4(), 0
        for number in range(since, since + tries):
            finished = await self.attempt(shot, step, number)
            if finished.outcome is Outcome.PENDING:
                continue
            failures += 1
            retryable = finished.problem is not None and finished.problem.retryable
            if not retryable or failures == 3:
                return finished
        raise AssertionError("it waits for ever")

    def ordered(self) -> int:
        """How many clips the vendor was made to make."""
        return len(self.vendors.effects("video.created"))


Floors = Callable[..., AbstractAsyncContextManager[Floor]]


@pytest.fixture
def floor_of(
    *, orders: Orders, vendors_box: Sandbox, tenant: str, rows: Rows, stack: Stack, compliance_url: str
) -> Floor:
    """The same, while no producer runs."""
    return Floor(orders, vendors_box, rows, tenant, stack, compliance_url)


@pytest.fixture
def floors(serving: Serving, floor_of: Floor) -> Floors:
    """`async with floors(clips_fallback="storyboard") as floor:` → a producer with these settings."""

    @asynccontextmanager
    async def opened(*, vendors: Sandbox = floor_of.vendors, **settings: Any) -> AsyncIterator[Floor]:
        vendor = {
            "clips": "openai_videos",
            "clips_mode": "sandbox",
            "clips_url": f"{vendors.url}/openai/v1",
            "clips_key": SecretStr(vendors.key),
            "clips_poll_seconds": 0.05,
            "compliance_url": floor_of.compliance_url,
        }
        async with serving("producer", render_scale=0.1, **(vendor | settings)):
            yield replace(floor_of, vendors=vendors)

    return opened


@pytest.fixture
async def slow() -> AsyncIterator[Sandbox]:
    """A vendor whose jobs end when a test pushes its clock. Any other's may be done before a busy machine looks."""
    async with sandbox(job_seconds=HOUR) as running:
        yield running


def clip_of(finished: Finished) -> Clip:
    assert finished.outcome is Outcome.DONE, finished.problem
    return Clip.model_validate(finished.output)


def problem_of(finished: Finished) -> Problem:
    assert finished.problem is not None, finished.outcome
    return finished.problem


@pytest.mark.feature("M36")
@pytest.mark.feature("M44")
async def test_a_shot_is_ordered_waited_for_and_laid_over_the_vendors_film(
    floors: Floors, slow: Sandbox, tmp_path: Path
) -> None:
    shot, step = a_shot(), uuid4()
    async with floors(vendors=slow) as floor:
        first = await floor.attempt(shot, step, 1)
        assert first.outcome is Outcome.PENDING
        [job] = floor.vendors.effects("video.created")
        assert first.handle == f"sora:{job['id']}"
        assert (first.cost_usd_micros, [one.name for one in first.artifacts]) == (400_000, ["shot-02-order.json"])
        slow.site.clock.advance(HOUR)
        finished = await floor.film(shot, step=step, since=2)
        clip = clip_of(finished)
        assert floor.ordered() == 1
    assert (clip.provider, clip.frames, clip.index) == ("openai_videos", shot.frames, shot.index)
    assert finished.origin == "sandbox"
    assert finished.cost_usd_micros == 0, "the money was told by the attempt that spent it"
    made = {one.name: one for one in finished.artifacts}
    assert set(made) == {"shot-02-order.json", "shot-02-original.mp4", "shot-02.mp4", "shot-02.jpg"}
    assert {one.origin.value for one in made.values()} == {"sandbox"}
    assert "sora-2" in str(made["shot-02.mp4"].licence)
    store = Artifacts((floor.stack.site.data / "artifacts").as_uri())
    original = probe(await store.fetch(floor.tenant, made["shot-02-original.mp4"].ref, into=tmp_path))
    assert (original.width, original.height, original.audio_codec) == (720, 1280, "aac")
    film = probe(await store.fetch(floor.tenant, clip.video, into=tmp_path))
    assert (film.width, film.height, film.frames, film.fps, film.audio_codec) == (108, 192, 36, 30.0, None)
    order = json.loads(await store.get(floor.tenant, made["shot-02-order.json"].ref))
    assert order["prompt"] == job["prompt"]
    assert shot.beat.narration in order["prompt"]


async def test_a_film_that_is_wanted_wide_is_ordered_wide(floors: Floors, slow: Sandbox) -> None:
    wide, square = Format(width=192, height=108), Format(width=108, height=108)
    step = uuid4()
    async with floors(vendors=slow) as floor:
        order = ClipInput(shot=a_shot(), formats=(wide, square))
        pending = await floor.orders.order(MakeClip, order, tenant=floor.tenant, step=step)
        assert pending.outcome is Outcome.PENDING
        [job] = floor.vendors.effects("video.created")
        [(size,)] = floor.rows("select result #>> '{job,quote,width}' from producer.calls where step_id = %s", step)
        assert size == "1280"
        assert job["prompt"].startswith("Horizontal 16:9 footage")


async def test_a_clip_longer_than_the_vendor_films_is_held(floors: Floors, tmp_path: Path) -> None:
    async with floors() as floor:
        clip = clip_of(await floor.film(a_shot(frames=13 * 30 + 20)))
        assert [one["cost_usd"] for one in floor.vendors.effects("video.created")] == [pytest.approx(1.2)]
    store = Artifacts((floor.stack.site.data / "artifacts").as_uri())
    assert probe(await store.fetch(floor.tenant, clip.video, into=tmp_path)).frames == 410


@pytest.mark.parametrize("kind", [FaultKind.DROP_AFTER, FaultKind.BAD_JSON])
async def test_an_order_whose_answer_was_lost_is_found_and_not_made_again(floors: Floors, kind: FaultKind) -> None:
    async with floors() as floor:
        floor.vendors.plant(kind, method="POST", path=VIDEOS)
        clip = clip_of(await floor.film(a_shot()))
        assert (clip.provider, floor.ordered()) == ("openai_videos", 1)


async def test_two_jobs_that_could_be_it_are_for_a_person(floors: Floors) -> None:
    shot, step = a_shot(), uuid4()
    async with floors(clips_fallback="storyboard") as floor:
        clip_of(await floor.film(shot.model_copy(update={"seed": 4})))
        # Another step has that job, so of the two that are listed now, one is left: it is no riddle.
        floor.vendors.plant(FaultKind.DROP_AFTER, method="POST", path=VIDEOS)
        clip_of(await floor.film(shot.model_copy(update={"seed": 5})))
        assert floor.ordered() == 2
        await _order_elsewhere(floor, floor.vendors.effects("video.created")[0]["prompt"])
        floor.vendors.plant(FaultKind.DROP_AFTER, method="POST", path=VIDEOS)
        for number in (1, 2, 3):
            problem = problem_of(await floor.attempt(shot, step, number))
            assert (problem.code, problem.retryable) == ("clip_outcome_unknown", False)
            assert "2 jobs that could be it" in problem.detail
        assert floor.ordered() == 4


async def _order_elsewhere(floor: Floor, prompt: str) -> None:
    """Somebody else with our key orders the same."""
    form = {"prompt": prompt, "model": "sora-2", "seconds": "4", "size": "720x1280"}
    async with httpx.AsyncClient(headers={"authorization": f"Bearer {floor.vendors.key}"}) as client:
        answer = await client.post(
            f"{floor.vendors.url}{VIDEOS}", files={name: (None, value) for name, value in form.items()}
        )
    assert answer.status_code == 200


async def test_an_order_that_is_not_listed_is_for_a_person_until_it_is(floors: Floors) -> None:
    shot, step = a_shot(), uuid4()
    async with floors() as floor:
        floor.vendors.plant(FaultKind.DROP_AFTER, method="POST", path=VIDEOS)
        floor.vendors.plant(
            FaultKind.STATUS, method="GET", path=VIDEOS, code=200, body='{"object":"list","data":[],"has_more":false}'
        )
        problem = problem_of(await floor.attempt(shot, step, 1))
        assert (problem.code, problem.retryable) == ("clip_outcome_unknown", False)
        clip_of(await floor.film(shot, step=step, since=2))
        assert floor.ordered() == 1


async def _order_and_die(floor: Floor, shot: Shot, step: UUID, data: Path, **settings: str) -> UUID:
    """Have a producer with these settings take the order, and be killed between order and record. → the message."""
    environment = floor.stack.environment("producer") | {
        "GREENLIGHT_TESTING_POINTS": "clip.ordered",
        "GREENLIGHT_DATA_DIR": str(data),
        "GREENLIGHT_CLIPS_MODE": "sandbox",
        "GREENLIGHT_CLIPS_KEY": floor.vendors.key,
        "GREENLIGHT_HOST": "127.0.0.1",
        "GREENLIGHT_PORT": "0",
        "GREENLIGHT_COMPLIANCE_URL": floor.compliance_url,
        **{f"GREENLIGHT_{name.upper()}": value for name, value in settings.items()},
    }
    command = [sys.executable, "-P", "-m", "embedded.host", "--service", "producer"]
    worker = await asyncio.create_subprocess_exec(
        *command,
        env=os.environ | environment,  # noqa: TID251
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    try:
        message = await floor.orders.give(MakeClip, ClipInput(shot=shot), tenant=floor.tenant, step=step)
        assert await worker.wait() == -9
    finally:
        if worker.returncode is None:
            worker.kill()
    return message


async def test_a_worker_killed_between_order_and_record_orders_once(
    floors: Floors, floor_of: Floor, tmp_path: Path
) -> None:
    shot, step = a_shot(), uuid4()
    vendor = {"clips": "openai_videos", "clips_url": f"{floor_of.vendors.url}/openai/v1"}
    message = await _order_and_die(floor_of, shot, step, tmp_path, **vendor)
    async with floors() as floor:
        finished = await floor.orders.answer(message)
        clip_of(finished if finished.output else await floor.film(shot, step=step, since=2))
        assert floor.ordered() == 1
        told = floor.rows("select key, state from producer.calls where step_id = %s order by key", step)
    assert ("find:1", "done") in told
    assert ("order:1", "done") not in told


async def test_a_worker_killed_in_a_search_harms_nothing(floors: Floors, floor_of: Floor, tmp_path: Path) -> None:
    shot, step = a_shot(), uuid4()
    stock = {"clips": "pixabay", "clips_url": f"{floor_of.vendors.url}/pixabay"}
    message = await _order_and_die(floor_of, shot, step, tmp_path, **stock)
    async with floors(**stock) as floor:
        assert clip_of(await floor.orders.answer(message)).provider == "pixabay"


async def test_openrouter_films_and_what_it_lost_is_for_a_person(floors: Floors) -> None:
    vendors = {"clips": "openrouter_videos", "clips_model": "sandbox/reef-1", "clips_lengths": (4, 6, 8)}
    async with floors(**vendors) as floor:
        path = {"clips_url": f"{floor.vendors.url}/openrouter/api/v1", "clips_webhook": "openrouter"}
    async with floors(**(vendors | path)) as floor:
        shot, step = a_shot(), uuid4()
        pending = await floor.attempt(shot, step, 1)
        assert str(pending.handle).startswith("openrouter:")
        assert clip_of(await floor.film(shot, step=step, since=2)).provider == "openrouter_videos"
        floor.vendors.plant(FaultKind.DROP_AFTER, method="POST", path="/openrouter/api/v1/videos")
        lost = problem_of(await floor.film(a_shot()))
        assert (lost.code, floor.ordered()) == ("clip_outcome_unknown", 2)


SEARCHES = {"pexels": "/pexels/v1/videos/search", "pixabay": "/pixabay/api/videos/"}


@pytest.mark.parametrize("library", SEARCHES)
async def test_stock_footage_names_who_filmed_it(floors: Floors, library: str) -> None:
    async with floors() as floor:
        url = f"{floor.vendors.url}/{library}"
    async with floors(clips=library, clips_url=url) as floor:
        finished = await floor.film(a_shot())
        clip = clip_of(finished)
        [fetched] = floor.vendors.effects("stock.fetched")
        assert fetched == {"id": fetched["id"], "keyed": False}
        assert fetched["id"] in {101, 104}, "it lies, or shows something else"
        assert clip.credit is not None
        assert f"on {library.capitalize()}, " in clip.credit
        licences = {one.name: str(one.licence) for one in finished.artifacts}
        assert clip.credit in licences["shot-02-original.mp4"]
        assert "licence" in licences["shot-02.mp4"]
        clip_of(await floor.film(a_shot(seed=4)))
        assert floor.vendors.asked("GET", SEARCHES[library]) == 1, "what was found is remembered for a day"
        nothing = BEAT.model_copy(update={"headline": "Xylophones"})
        refused = problem_of(await floor.film(a_shot(beat=nothing, layout="above")))
        assert refused.code == "clip_failed"
        floor.vendors.plant(FaultKind.BAD_FILM, path="/stock/files/*")
        bread = BEAT.model_copy(update={"headline": "Bread"})
        assert problem_of(await floor.film(a_shot(beat=bread, layout="above"))).code == "clip_unusable"
    async with floors(clips=library, clips_url=url, clips_key=SecretStr("another")) as floor:
        refused = problem_of(await floor.film(a_shot()))
        assert refused.code in {"vendor_auth_failed", "vendor_refused"}
        assert "another" not in refused.detail


MATRIX: list[tuple[str, dict[str, Any], list[dict[str, Any]], str]] = [
    ("switched off", {"clips": "off"}, [], "vendor_off"),
    ("no key", {"clips_key": SecretStr("")}, [], "vendor_key_missing"),
    ("a bad key", {"clips_key": SecretStr("another")}, [], "vendor_auth_failed"),
    ("not there", {"clips_url": "http://127.0.0.1:9/v1"}, [], "vendor_unavailable"),
    ("busy", {}, [{"kind": FaultKind.STATUS, "code": 503, "times": 9}], "vendor_unavailable"),
    ("too fast", {}, [{"kind": FaultKind.STATUS, "code": 429, "times": 9}], "vendor_rate_limited"),
    ("no credit", {}, [{"kind": FaultKind.STATUS, "code": 402}], "vendor_out_of_credit"),
    ("refused", {}, [{"kind": FaultKind.STATUS, "code": 400}], "vendor_refused"),
    ("moderated", {}, [{"kind": FaultKind.FAILS, "reason": "moderation_blocked"}], "clip_blocked"),
    ("failed", {}, [{"kind": FaultKind.FAILS, "reason": "out_of_memory"}], "clip_failed"),
    ("stuck", {"clips_patience_seconds": 0.5}, [{"kind": FaultKind.STUCK}], "clip_timed_out"),
    ("no film", {}, [{"kind": FaultKind.BAD_FILM}], "clip_unusable"),
]


@pytest.mark.feature("M35")
@pytest.mark.parametrize(("settings", "faults", "code"), [row[1:] for row in MATRIX], ids=[row[0] for row in MATRIX])
async def test_what_fails_says_so_and_only_where_it_is_allowed_something_else_is_shown(
    floors: Floors, settings: dict[str, Any], faults: list[dict[str, Any]], code: str
) -> None:
    async with floors(**settings) as floor:
        _plant(floor, faults)
        finished = await floor.film(a_shot())
        assert (finished.output, problem_of(finished).code) == (None, code)
        assert finished.downgrades == ()
        floor.vendors.site.faults.clear()
    async with floors(clips_fallback="storyboard", **settings) as floor:
        _plant(floor, faults)
        finished = await floor.film(a_shot())
        assert clip_of(finished).provider == "storyboard"
        [downgrade] = finished.downgrades
        assert (downgrade.code, downgrade.stage) == ("clip_drawn", "production")
        assert "Shot 2 is drawn by the storyboard" in downgrade.detail
        assert finished.origin == "offline"


def _plant(floor: Floor, faults: list[dict[str, Any]]) -> None:
    for fault in faults:
        floor.vendors.plant(**({"method": "POST", "path": VIDEOS} | fault))


async def test_a_refusal_that_was_mended_is_forgotten(floors: Floors) -> None:
    shot, step = a_shot(), uuid4()
    async with floors(clips_key=SecretStr("another")) as floor:
        assert problem_of(await floor.attempt(shot, step, 1)).code == "vendor_auth_failed"
    async with floors() as floor:
        clip_of(await floor.film(shot, step=step, since=2))
        assert floor.ordered() == 1


async def test_a_vendor_that_is_away_while_it_films_is_waited_for(floors: Floors, slow: Sandbox) -> None:
    shot, step = a_shot(), uuid4()
    async with floors(vendors=slow) as floor:
        await floor.attempt(shot, step, 1)
        floor.vendors.plant(FaultKind.STATUS, method="GET", path=f"{VIDEOS}/*", code=500, times=3)
        waits = [await floor.attempt(shot, step, number) for number in (2, 3, 4)]
        assert {one.outcome for one in waits} == {Outcome.PENDING}
        slow.site.clock.advance(HOUR)
        clip_of(await floor.film(shot, step=step, since=5))


async def test_what_it_could_cost_must_be_left(floors: Floors) -> None:
    async with floors(clips_fallback="storyboard") as floor:
        finished = await floor.attempt(a_shot(), uuid4(), 1, budget_usd_micros=399_999)
        assert problem_of(finished).code == "over_budget"
        assert floor.ordered() == 0


async def test_our_copy_is_kept_before_the_vendors_is_deleted(floors: Floors) -> None:
    shot, step = a_shot(), uuid4()
    async with floors(clips_delete=True) as floor:
        clip = clip_of(await floor.film(shot, step=step))
        await eventually(lambda: floor.vendors.effects("video.deleted"))
        # As after a crash at the very end: the vendor knows nothing any more, and nothing is asked of it.
        again = clip_of(await floor.film(shot, step=step, since=100))
        assert (again.video, floor.ordered()) == (clip.video, 1)


async def test_a_shot_that_was_filmed_is_not_ordered_again(floors: Floors) -> None:
    async with floors() as floor:
        shot = a_shot()
        clip = clip_of(await floor.film(shot))
        again = await floor.attempt(shot.model_copy(update={"filmed": clip, "index": 0}), uuid4(), 1)
        assert clip_of(again) == clip.model_copy(update={"index": 0})
        assert (again.origin, floor.ordered()) == ("sandbox", 1)


HOUSE = """\
pack: house
version: 1.0.0
description: What this house does not show.
rules:
  - id: house.no_sea
    severity: blocking
    text: The sea is named.
    remedy: Speak of the water.
    phrases: ["sea"]
    scope: {kinds: [prompt]}
tests:
  - {text: "Nothing at all", expect: none}
"""


@pytest.mark.feature("M22")
async def test_a_prompt_that_the_tenants_policy_refuses_is_never_ordered(
    floors: Floors, slow: Sandbox, people: People, rows: Rows
) -> None:
    shot, step, run = a_shot(), uuid4(), uuid4()
    async with floors(vendors=slow) as floor, local_client(floor.compliance_url) as compliance:
        officer = (await people.join(floor.tenant, "compliance_officer")).headers
        await compliance.put("/v1/policies/house", headers=officer, json={"source": HOUSE})
        (await compliance.post("/v1/policies/house/activate", headers=officer, json={})).raise_for_status()
        refused = await floor.attempt(shot, step, 1, run=run)
        problem = problem_of(refused)
        assert (refused.outcome, problem.code, refused.cost_usd_micros) == (Outcome.REFUSED, "content_blocked", 0)
        assert (problem.extra["rules"], problem.extra["remedy"]) == (["house.no_sea"], "Speak of the water.")
        assert "Speak of the water." in problem.detail
        # Nothing was begun: the vendor heard nothing, and no call stands that could ever be counted.
        assert (floor.ordered(), floor.vendors.asked("POST", VIDEOS)) == (0, 0)
        assert rows("select key from producer.calls where step_id = %s", step) == []

        async def recorded() -> list[dict[str, Any]]:
            found = await compliance.get("/v1/audit", headers=officer, params={"run_id": str(run)})
            return [item["entry"] for item in found.raise_for_status().json()["items"]]

        [entry] = await eventually(recorded)
        assert (entry["action"], entry["actor"]) == ("prompt.blocked", "service:producer")
        assert entry["detail"]["rules"] == ["house.no_sea"]
        # The policy is the tenant's own, and the one in force just then.
        other = await floor.orders.order(MakeClip, ClipInput(shot=shot), tenant=f"{floor.tenant}-b", step=uuid4())
        assert (other.outcome, floor.ordered()) == (Outcome.PENDING, 1)
        (await compliance.post("/v1/policies/house/deactivate", headers=officer)).raise_for_status()
        assert (await floor.attempt(shot, step, 2)).outcome is Outcome.PENDING
        slow.site.clock.advance(HOUR)
        clip_of(await floor.film(shot, step=step, since=3))
        assert floor.ordered() == 2


NO_YES = [(200, b"<html>"), (302, b""), (400, b"{}"), (403, b""), (404, b""), (429, b""), (503, b"")]


async def test_no_clear_yes_is_a_no(floors: Floors) -> None:
    shot, step = a_shot(), uuid4()
    async with floors(compliance_url="http://127.0.0.1:9") as floor:
        away = problem_of(await floor.attempt(shot, step, 1))
        assert (away.code, away.retryable) == ("unavailable", True)
    answers = [Response(status_code=code, content=body) for code, body in NO_YES]

    async def answer(_: Request) -> Response:
        return answers.pop(0)

    door = Starlette(routes=[Route("/v1/policies/check", answer, methods=["POST"])])
    async with listening(door) as url, floors(compliance_url=url, clips_fallback="storyboard") as floor:
        for number, (code, _) in enumerate(NO_YES, start=2):
            problem = problem_of(await floor.attempt(shot, step, number))
            waits = code in {200, 302, 429, 503}
            assert (problem.code, problem.retryable) == ("unavailable" if waits else "policy_door_closed", waits), code
        assert floor.vendors.asked("POST", VIDEOS) == 0
    async with floors() as floor:
        clip_of(await floor.film(shot, step=step, since=20))
        assert floor.ordered() == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"environment": "production", "clips_mode": "sandbox"}, "CLIPS_MODE"),
        ({"clips_url": ""}, "needs GREENLIGHT_CLIPS_URL"),
        ({"environment": "production", "speech": "elevenlabs", "speech_mode": "sandbox"}, "SPEECH_MODE"),
        ({"speech": "openai_speech"}, "needs GREENLIGHT_SPEECH_URL"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(stack: Stack, values: dict[str, str], said: str) -> None:
    chosen = {"clips": "openai_videos", "clips_url": "http://localhost/v1", "text_model": "off"} | values
    variables = {f"GREENLIGHT_{name.upper()}": value for name, value in chosen.items()}
    with pytest.raises(ValueError, match=said):
        Settings.from_environment(stack.environment("producer") | variables)
