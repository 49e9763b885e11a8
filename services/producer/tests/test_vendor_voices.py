"""Voices of vendors, ordered over the real bus, with the vendor's sandbox behind real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from common.contracts.ideation import Idea
from common.contracts.message import Finished, Outcome
from common.contracts.production import Clip, PlanProduction, ProductionInput, ProductionOutput
from common.contracts.rework import Rework, ReworkStage
from pydantic import SecretStr
from sandbox.kit.faults import FaultKind
from testkit.orders import Orders
from testkit.plugin import Serving
from testkit.vendors import Sandbox

IDEA = Idea(
    id="1", title="Why tides rise", hook="The sea breathes twice a day.", angle="plain",
    summary="The moon pulls the sea.", points=("The moon pulls the sea.", "The earth turns beneath."), why="Short.",
)  # fmt: skip
ORDER = ProductionInput(idea=IDEA, brief="How tides work", target_seconds=6)
PATHS = {"elevenlabs": "/elevenlabs", "openai_speech": "/openai/v1"}
Attempts = Callable[[], Awaitable[Finished]]
Speaking = Callable[..., AbstractAsyncContextManager[None]]


@pytest.fixture
def speaking(serving: Serving, vendors_box: Sandbox) -> Speaking:
    """`async with speaking("elevenlabs", speech_fallback="espeak"):` → a producer that speaks with that vendor."""

    @asynccontextmanager
    async def opened(vendor: str, **settings: Any) -> AsyncIterator[None]:
        chosen = {
            "speech": vendor,
            "speech_mode": "sandbox",
            "speech_url": f"{vendors_box.url}{PATHS[vendor]}",
            "speech_key": SecretStr(vendors_box.key),
            "render_scale": 0.1,
        }
        async with serving("producer", **(chosen | settings)):
            yield

    return opened


def who_speaks(finished: Finished) -> set[str]:
    """The adapters whose voices are heard in a plan."""
    assert finished.outcome is Outcome.DONE, finished.problem
    plan = ProductionOutput.model_validate(finished.output)
    return {shot.speech.voice.partition("/")[0] for shot in plan.shots}


def voices_in(finished: Finished) -> set[tuple[str, str]]:
    """Who speaks in a plan, and whose voice that is; every word of every shot is timed."""
    assert finished.outcome is Outcome.DONE, finished.problem
    plan = ProductionOutput.model_validate(finished.output)
    for shot in plan.shots:
        assert " ".join(word.text for word in shot.speech.words) == shot.beat.narration
    said = {shot.speech.voice for shot in plan.shots}
    kept = {record.made_by: record.origin.value for record in finished.artifacts if record.type == "voice"}
    assert set(kept) == {f"producer/{voice}" for voice in said}
    return {(voice, kept[f"producer/{voice}"]) for voice in said}


@pytest.mark.feature("A36")
@pytest.mark.parametrize("vendor", PATHS)
async def test_a_film_is_spoken_by_the_vendor_once(
    vendor: str, speaking: Speaking, orders: Orders, vendors_box: Sandbox, tenant: str
) -> None:
    scope: dict[str, Any] = {"run": uuid4(), "step": uuid4(), "tenant": tenant}
    async with speaking(vendor):
        first = await orders.order(PlanProduction, ORDER, **scope)
        spoken = vendors_box.effects("speech.made")
        second = await orders.order(PlanProduction, ORDER, **scope, attempt=2)
    [(voice, origin)] = voices_in(first)
    assert (voice.partition("/")[0], origin) == (vendor, "sandbox")
    assert first.cost_usd_micros == sum(200 * one["characters"] for one in spoken) > 0
    assert (second.output, second.cost_usd_micros) == (first.output, 0)
    assert vendors_box.effects("speech.made") == spoken


Row = tuple[dict[str, Any], dict[str, Any] | None, str]
MATRIX: dict[str, Row] = {
    "switched off": ({"speech": "off"}, None, "vendor_off"),
    "no key": ({"speech_key": SecretStr("")}, None, "vendor_key_missing"),
    "a bad key": ({"speech_key": SecretStr("another")}, None, "vendor_auth_failed"),
    "not there": ({"speech_url": "http://127.0.0.1:9"}, None, "vendor_unavailable"),
    "busy": ({}, {"code": 429, "times": 99}, "vendor_rate_limited"),
    "no credit": ({}, {"code": 402, "times": 1}, "vendor_out_of_credit"),
}


@pytest.fixture
def attempts(orders: Orders, tenant: str) -> Attempts:
    """`await attempts()` → how the last of three attempts at most ended, as the engine makes them."""

    async def make() -> Finished:
        step = uuid4()
        for number in (1, 2, 3):
            finished = await orders.order(PlanProduction, ORDER, tenant=tenant, step=step, attempt=number)
            if finished.problem is None or not finished.problem.retryable:
                break
        return finished

    return make


@pytest.mark.feature("M35")
@pytest.mark.parametrize("row", MATRIX.values(), ids=MATRIX)
async def test_what_fails_says_so_and_only_where_it_is_allowed_another_voice_speaks(
    speaking: Speaking, attempts: Attempts, vendors_box: Sandbox, row: Row
) -> None:
    settings, fault, code = row
    async with speaking("elevenlabs", **settings):
        if fault:
            vendors_box.plant(FaultKind.STATUS, **fault)
        finished = await attempts()
        assert finished.problem is not None
        assert (finished.output, finished.problem.code) == (None, code)
        vendors_box.site.faults.clear()
    async with speaking("elevenlabs", speech_fallback="espeak", **settings):
        if fault:
            # The last line only: what was said before it is said again by whoever says the rest.
            vendors_box.plant(FaultKind.STATUS, **({"skip": 1} if fault["times"] == 1 else {}), **fault)
        finished = await attempts()
    [(voice, origin)] = voices_in(finished)
    assert (voice.partition("/")[0], origin) == ("espeak-ng", "offline")
    assert "voice_stand_in" in {one.code for one in finished.downgrades}


async def test_festival_is_asked_only_where_it_is_installed(
    speaking: Speaking, attempts: Attempts, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with speaking("elevenlabs", speech="festival"):
        refused = await attempts()
    assert refused.problem is not None
    assert (refused.output, refused.problem.code) == (None, "festival_missing")
    async with speaking("elevenlabs", speech="festival", speech_fallback="espeak"):
        assert who_speaks(await attempts()) == {"espeak-ng"}


@pytest.mark.feature("M35")
async def test_a_film_has_one_voice_when_its_own_goes_away_and_when_it_comes_back(
    speaking: Speaking, orders: Orders, vendors_box: Sandbox, tenant: str
) -> None:
    async def plan(**redone: Any) -> Finished:
        return await orders.order(PlanProduction, ORDER.model_copy(update=redone), tenant=tenant)

    async def redo(finished: Finished) -> Finished:
        """Say the first scene in other words; all clips are there."""
        before = ProductionOutput.model_validate(finished.output)
        clips = tuple(
            Clip(index=shot.index, video=before.music, frames=shot.frames, provider="storyboard")
            for shot in before.shots
        )
        said = Rework(scene=0, stage=ReworkStage.SCRIPT, instruction=f"Say 'The tide comes back {uuid4().hex[:4]}.'")
        return await plan(rework=(said,), previous=before, clips=clips)

    async with speaking("elevenlabs"):
        first = await plan()
        assert len(ProductionOutput.model_validate(first.output).shots) > 1
        spoken = len(vendors_box.effects("speech.made"))
        same = await redo(first)
        assert len(vendors_box.effects("speech.made")) == spoken + 1
    async with speaking("elevenlabs", speech="off", speech_fallback="espeak"):
        away = await redo(same)
    async with speaking("elevenlabs", speech_fallback="espeak"):
        back = await redo(away)
    assert [who_speaks(one) for one in (first, same, away, back)] == [
        {"elevenlabs"}, {"elevenlabs"}, {"espeak-ng"}, {"elevenlabs"},
    ]  # fmt: skip
    assert "voice_stand_in" in {one.code for one in away.downgrades}
    assert [one.code for one in back.downgrades] == []
    for finished in (away, back):
        shots = ProductionOutput.model_validate(finished.output).shots
        assert shots[0].filmed is None
        # A scene that is only heard in another voice, and fits, is not filmed again.
        assert any(shot.filmed is not None for shot in shots[1:])
