"""What was made before is not made again: counted at the vendors, who are the sandbox behind real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from common.contracts.erasing import RunForgotten
from common.contracts.ideation import Idea
from common.contracts.message import Finished, Outcome
from common.contracts.production import (
    Beat,
    BeatKind,
    Clip,
    ClipInput,
    Format,
    MakeClip,
    PlanProduction,
    ProductionInput,
    ProductionOutput,
    Shot,
    Speech,
)
from common.contracts.values import ArtifactRef
from media.palette import choose_palette
from pydantic import SecretStr
from sandbox.kit.faults import FaultKind
from testkit.listening import eventually
from testkit.orders import Orders
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.vendors import Sandbox
from testkit.workshop import Rows

IDEA = Idea(
    id="1", title="Why tides rise", hook="The sea breathes twice a day.", angle="plain",
    summary="The moon pulls the sea.", points=("The moon pulls the sea.", "The earth turns beneath."), why="Short.",
)  # fmt: skip
ORDER = ProductionInput(idea=IDEA, brief="How tides work", target_seconds=6)
FORMAT = Format(width=108, height=192)


def a_shot(**changes: Any) -> Shot:
    shot = Shot(
        index=1,
        total=3,
        beat=Beat(kind=BeatKind.POINT, narration="The Moon pulls the sea toward it.", headline="The Moon pulls"),
        layout="above:tide",
        palette=choose_palette("How tides work", 3),
        seed=3,
        frames=12,
        voice_start_ms=0,
        speech=Speech(
            audio=ArtifactRef(sha256="0" * 64, size=1, media_type="audio/wav"), duration_ms=300, words=(), voice="none"
        ),
        format=FORMAT,
    )
    return shot.model_copy(update=changes)


@dataclass
class Shop:
    """A producer that films and speaks with vendors."""

    orders: Orders
    vendors: Sandbox
    tenant: str

    async def plan(self, **scope: Any) -> Finished:
        """One film's plan, as one run."""
        finished = await self.orders.order(PlanProduction, ORDER, **({"tenant": self.tenant, "run": uuid4()} | scope))
        assert finished.outcome is Outcome.DONE, finished.problem
        return finished

    async def film(self, shot: Shot, *, since: int = 1, step: UUID | None = None, **scope: Any) -> Finished:
        """One shot, as often asked about as it takes."""
        scope = {"tenant": self.tenant, "run": uuid4(), "step": step or uuid4()} | scope
        for number in range(since, since + 60):
            finished = await self.orders.order(MakeClip, ClipInput(shot=shot), attempt=number, **scope)
            if finished.outcome is not Outcome.PENDING:
                return finished
        raise AssertionError("it waits for ever")

    def made(self) -> tuple[int, int]:
        """How many clips and how many sentences the vendors made."""
        return len(self.vendors.effects("video.created")), len(self.vendors.effects("speech.made"))


Shops = Callable[..., AbstractAsyncContextManager[Shop]]


@pytest.fixture
def shops(serving: Serving, orders: Orders, vendors_box: Sandbox, tenant: str, compliance_url: str) -> Shops:
    """`async with shops(clips="storyboard") as shop:` → a producer with the sandbox's vendors or others."""

    @asynccontextmanager
    async def opened(**other: Any) -> AsyncIterator[Shop]:
        key = SecretStr(vendors_box.key)
        settings = {
            "clips": "openai_videos",
            "clips_mode": "sandbox",
            "clips_url": f"{vendors_box.url}/openai/v1",
            "clips_key": key,
            "clips_poll_seconds": 0.05,
            "compliance_url": compliance_url,
            "speech": "elevenlabs",
            "speech_mode": "sandbox",
            "speech_url": f"{vendors_box.url}/elevenlabs",
            "speech_key": key,
            "render_scale": 0.1,
        }
        async with serving("producer", **(settings | other)):
            yield Shop(orders, vendors_box, tenant)

    return opened


@pytest.fixture
async def shop(shops: Shops) -> AsyncIterator[Shop]:
    async with shops() as shop:
        yield shop


def clip_of(finished: Finished) -> Clip:
    assert finished.outcome is Outcome.DONE, finished.problem
    return Clip.model_validate(finished.output)


def voices_of(finished: Finished) -> list[tuple[str, bool]]:
    """Each scene's voice by its bytes, and whether it is from the cache."""
    shots = ProductionOutput.model_validate(finished.output).shots
    return [(shot.speech.audio.sha256, shot.speech.reused) for shot in shots]


async def test_an_unchanged_run_asks_no_vendor_pays_nothing_and_has_the_same_bytes(shop: Shop) -> None:
    plan, clip = await shop.plan(), await shop.film(a_shot())
    before, asked = shop.made(), len(shop.vendors.site.ledger.requests)
    assert before[0] == 1
    assert before[1] > 1
    again, filmed = await shop.plan(), await shop.film(a_shot())
    assert (shop.made(), len(shop.vendors.site.ledger.requests)) == (before, asked), "nobody was asked anything"
    assert (again.cost_usd_micros, filmed.cost_usd_micros) == (0, 0)
    assert plan.cost_usd_micros > 0
    assert [voice for voice, _ in voices_of(again)] == [voice for voice, _ in voices_of(plan)]
    assert ({reused for _, reused in voices_of(plan)}, {reused for _, reused in voices_of(again)}) == ({False}, {True})
    first, second = clip_of(clip), clip_of(filmed)
    assert (second, first.reused) == (first.model_copy(update={"reused": True}), False)
    assert filmed.origin == clip.origin == "sandbox"
    assert {one.name for one in filmed.artifacts} == {one.name for one in clip.artifacts}, "it is announced as its own"


async def test_another_tenant_and_what_is_ordered_otherwise_share_nothing(shop: Shop) -> None:
    await shop.plan()
    clip_of(await shop.film(a_shot()))
    clips, voices = shop.made()
    theirs = await shop.plan(tenant=f"{shop.tenant}-b")
    clip_of(await shop.film(a_shot(), tenant=f"{shop.tenant}-b"))
    assert shop.made() == (clips + 1, voices * 2)
    assert {reused for _, reused in voices_of(theirs)} == {False}
    other = Beat(kind=BeatKind.POINT, narration="The sun helps.", headline="The sun")
    clip_of(await shop.film(a_shot(beat=other)))
    assert shop.made()[0] == clips + 2
    # Other type over the same footage is laid anew; the vendor films nothing for it.
    laid = clip_of(await shop.film(a_shot(total=4)))
    assert (laid.reused, shop.made()[0]) == (True, clips + 2)


async def test_another_model_or_voice_is_asked(shops: Shops) -> None:
    async with shops() as shop:
        first = await shop.plan()
        clip_of(await shop.film(a_shot()))
    async with shops(clips_model="sora-2-pro", speech_model="eleven_flash_v2_5") as shop:
        second = await shop.plan()
        assert not clip_of(await shop.film(a_shot())).reused
    assert {reused for _, reused in voices_of(second)} == {False}
    assert (shop.made()[0], second.cost_usd_micros) == (2, first.cost_usd_micros)
    async with shops(speech="espeak") as shop:
        assert {reused for _, reused in voices_of(await shop.plan())} == {False}


async def test_what_is_wanted_twice_at_once_is_ordered_once(shop: Shop) -> None:
    plans = await asyncio.gather(shop.plan(), shop.plan())
    clips = await asyncio.gather(shop.film(a_shot()), shop.film(a_shot()))
    assert [voice for voice, _ in voices_of(plans[0])] == [voice for voice, _ in voices_of(plans[1])]
    assert clip_of(clips[0]).video == clip_of(clips[1]).video
    assert shop.made()[0] == 1
    assert sum(one.cost_usd_micros for one in clips) == 0, "the order was told by the attempt that placed it"
    asked = [one.body_sha256 for one in shop.vendors.site.ledger.requests if "text-to-speech" in one.path]
    assert len(asked) == len(set(asked)) == shop.made()[1], "each sentence is spoken once"
    spent = 200 * sum(one["characters"] for one in shop.vendors.effects("speech.made"))
    assert sum(one.cost_usd_micros for one in plans) == spent


async def test_a_job_that_came_to_nothing_is_nobody_elses(shop: Shop) -> None:
    shop.vendors.plant(FaultKind.FAILS, method="POST", path="/openai/v1/videos", reason="out_of_memory")
    failed = await shop.film(a_shot())
    assert failed.problem is not None
    assert failed.problem.code == "clip_failed"
    assert not clip_of(await shop.film(a_shot())).reused
    assert shop.made()[0] == 2


async def test_what_is_lost_or_forgotten_is_made_anew(shop: Shop, stack: Stack, rows: Rows) -> None:
    run = uuid4()
    clip = clip_of(await shop.film(a_shot(), run=run))
    digest = clip.video.sha256
    (stack.site.data / "artifacts" / shop.tenant / "sha256" / digest[:2] / digest).unlink()
    again = clip_of(await shop.film(a_shot(), run=run))
    # The vendor's file is there still, so that it is only laid under the words again.
    assert (again.video, shop.made()[0]) == (clip.video, 1)
    await shop.orders.tell(RunForgotten(run_id=run), tenant=shop.tenant, run=run)
    left = "select count(*) from producer.made where tenant_id = %s"
    await eventually(lambda: rows(left, shop.tenant) == [(0,)])
    assert not clip_of(await shop.film(a_shot())).reused
    assert shop.made()[0] == 2


async def test_a_drawn_shot_is_drawn_once(shops: Shops) -> None:
    async with shops(clips="storyboard") as shop:
        first, second = [clip_of(await shop.film(a_shot())) for _ in range(2)]
        other = clip_of(await shop.film(a_shot(seed=4)))
    assert second == first.model_copy(update={"reused": True})
    assert not other.reused
