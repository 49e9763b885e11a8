"""Planning and filming, ordered over the real bus."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from common.artifacts import Artifacts
from common.contracts.brand import BrandKit, EndWords
from common.contracts.ideation import Idea
from common.contracts.message import Outcome
from common.contracts.production import (
    Clip,
    ClipInput,
    Format,
    MakeClip,
    PlanProduction,
    ProductionInput,
    ProductionOutput,
)
from common.contracts.rework import Rework, ReworkStage
from common.contracts.scenes import Face, Speaker
from common.contracts.scripts import FinishedScript, TakenScript, TakeScript, TakeScriptInput
from common.contracts.values import ArtifactRef
from httpx import Response
from media.probe import probe
from testkit.orders import Orders
from testkit.people import People, Person
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.workshop import Rows

IDEA = Idea(
    id="1", title="Why tides rise", hook="The sea breathes twice a day.", angle="plain",
    summary="The moon pulls the sea.", points=("The moon pulls the sea.", "The earth turns beneath."), why="Short.",
)  # fmt: skip
ORDER = ProductionInput(idea=IDEA, brief="How tides work", target_seconds=6)
RISING = "ทำไมน้ำขึ้น"
THAI = ProductionInput(
    idea=IDEA.model_copy(update={"title": RISING, "hook": RISING, "summary": RISING, "points": ("ดวงจันทร์ดึงทะเล",)}),
    brief=RISING, language="th", target_seconds=6,
)  # fmt: skip
SMALL = {"render_scale": 0.1}


async def planned(orders: Orders, tenant: str, order: ProductionInput = ORDER, **scope: Any) -> ProductionOutput:
    finished = await orders.order(PlanProduction, order, tenant=tenant, **scope)
    assert finished.outcome is Outcome.DONE, finished.problem
    return ProductionOutput.model_validate(finished.output)


async def test_a_plan_is_measured_and_all_it_names_is_stored(
    serving: Serving, orders: Orders, stack: Stack, tenant: str
) -> None:
    async with serving("producer", **SMALL):
        finished = await orders.order(PlanProduction, ORDER, tenant=tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    plan = ProductionOutput.model_validate(finished.output)
    frames = sum(shot.frames for shot in plan.shots) - plan.transition_frames * (len(plan.shots) - 1)
    assert frames * 1000 == pytest.approx(plan.duration_ms * 30, abs=1000)
    assert abs(plan.duration_ms - 6000) <= 1500
    for number, shot in enumerate(plan.shots):
        assert (shot.index, shot.total, shot.format.width) == (number, len(plan.shots), 108)
        assert shot.voice_start_ms + shot.speech.duration_ms <= shot.frames * 1000 / 30 + 1
        assert " ".join(word.text for word in shot.speech.words) == shot.beat.narration
    store = Artifacts((stack.site.data / "artifacts").as_uri())
    named = [plan.music, plan.document, *(shot.speech.audio for shot in plan.shots)]
    for ref in named:
        assert ref is not None
        assert len(await store.get(tenant, ref)) == ref.size
    announced = {record.ref.sha256: record.type.value for record in finished.artifacts}
    assert sorted(announced.values()) == sorted(["music", "script", *["voice"] * len(plan.shots)])
    assert (finished.origin, finished.cost_usd_micros, finished.downgrades) == ("offline", 0, ())


@pytest.mark.feature("F85")
async def test_a_finished_script_is_spoken_whole_and_no_writer_is_asked(
    serving: Serving, orders: Orders, stack: Stack, rows: Rows, tenant: str
) -> None:
    texts = ("Honey never spoils.", "It is too dry for anything to live in it, and sour, and sweet.", "Open a jar.")
    scenes = [{"text": text, "seconds": seconds} for text, seconds in zip(texts, (2.5, 1, 3.5), strict=True)]
    finished = FinishedScript.model_validate({"title": "Honey", "scenes": scenes})
    async with serving("producer", **SMALL):
        taking = await orders.order(TakeScript, TakeScriptInput(script=finished, brief="Honey"), tenant=tenant)
        taken = TakenScript.model_validate(taking.output)
        order = ProductionInput(idea=taken.idea, brief="Honey", script=taken.script, target_seconds=3)
        plan = await planned(orders, tenant, order)
        lecture = FinishedScript.model_validate({"scenes": [{"text": "word " * 100}] * 12})
        refused = await orders.order(TakeScript, TakeScriptInput(script=lecture, brief="Honey"), tenant=tenant)
    assert (taking.outcome, taking.origin) == (Outcome.DONE, "upload")
    assert tuple(beat.narration for beat in plan.script.beats) == texts
    assert [shot.frames for shot in plan.shots][::2] == [75 + plan.transition_frames, 105]
    assert plan.shots[1].speech.pace == 1.0
    assert plan.shots[1].frames * 1000 / 30 > plan.shots[1].speech.duration_ms > 1000
    assert (refused.outcome, refused.problem.code if refused.problem else "") == (Outcome.REFUSED, "script_too_long")


@pytest.mark.feature("M26")
async def test_a_retry_speaks_and_writes_nothing_again(
    serving: Serving, orders: Orders, rows: Rows, tenant: str
) -> None:
    scope: dict[str, Any] = {"run": uuid4(), "step": uuid4()}
    async with serving("producer", **SMALL):
        first = await planned(orders, tenant, **scope)
        asked = rows("select key, attempt from producer.calls where tenant_id = %s order by key", tenant)
        second = await planned(orders, tenant, **scope, attempt=2)
    assert second == first
    assert rows("select key, attempt from producer.calls where tenant_id = %s order by key", tenant) == asked
    assert {attempt for _, attempt in asked} == {1}


async def test_a_plan_wears_its_brand_within_the_length_asked_for(
    serving: Serving, orders: Orders, stack: Stack, tenant: str
) -> None:
    kit = BrandKit(
        name="coast", colours=("#0b3d91", "#ff6b35"), face=Face.ANTON, end_card=EndWords(title="Blue Coast", seconds=2)
    )
    named = Speaker(name="Ana Ruiz", role="Oceanographer")
    order = ORDER.model_copy(update={"brand": kit, "speaker": named, "target_seconds": 8})
    async with serving("producer", **SMALL):
        plan = await planned(orders, tenant, order)
        redone = await planned(
            orders,
            tenant,
            order.model_copy(
                update={
                    "previous": plan,
                    "rework": (Rework(scene=0, stage=ReworkStage.CLIP, instruction="Another picture"),),
                }
            ),
        )
    assert plan.brand == redone.brand == kit
    assert {shot.palette.first for shot in plan.shots} == {"#0b3d91"}
    assert {shot.face for shot in plan.shots} == {Face.ANTON}
    assert [shot.speaker for shot in plan.shots] == [named] + [None] * (len(plan.shots) - 1)
    assert {one.shots[0].layout.partition(":")[0] for one in (plan, redone)} == {"poster"}, "room for the name"
    card_ms = 2000 - plan.transition_frames * 1000 // 30
    assert plan.duration_ms + card_ms == pytest.approx(8000, abs=1500)
    bed = await Artifacts((stack.site.data / "artifacts").as_uri()).get(tenant, plan.music)
    with wave.open(io.BytesIO(bed)) as sound:
        assert sound.getnframes() / 48 == pytest.approx(plan.duration_ms + card_ms, abs=2)


async def test_another_idea_is_another_film(serving: Serving, orders: Orders, tenant: str) -> None:
    other = ORDER.model_copy(update={"idea": IDEA.model_copy(update={"title": "Why bees dance"})})
    async with serving("producer", **SMALL):
        one, two = await planned(orders, tenant), await planned(orders, tenant, other)
        again = await planned(orders, tenant)
    assert one.music != two.music
    assert one.shots[0].seed != two.shots[0].seed
    # The same idea in another run looks and sounds the same, to the byte, and is not spoken again.
    assert {shot.speech.reused for shot in again.shots} == {True}
    assert [shot.speech.audio for shot in again.shots] == [shot.speech.audio for shot in one.shots]
    assert again.model_copy(update={"shots": ()}) == one.model_copy(update={"shots": ()})


async def test_a_language_the_voice_cannot_speak_is_admitted(serving: Serving, orders: Orders, tenant: str) -> None:
    async with serving("producer", **SMALL):
        finished = await orders.order(PlanProduction, THAI, tenant=tenant)
    assert finished.outcome is Outcome.DONE, finished.problem
    told = {downgrade.code: downgrade for downgrade in finished.downgrades}
    assert "voice_language" in told
    # Nor has any typeface its letters.
    assert told["letters_left_out"].stage == "production"


@pytest.mark.parametrize("change", [{"target_seconds": 2}, {"target_seconds": 181}, {"idea": None}, {"brief": 7}])
async def test_an_order_that_does_not_fit_is_refused(
    serving: Serving, orders: Orders, tenant: str, change: dict[str, Any]
) -> None:
    async with serving("producer", **SMALL):
        finished = await orders.order(PlanProduction, ORDER.model_dump(mode="json") | change, tenant=tenant)
    assert finished.problem is not None
    assert (finished.outcome, finished.problem.code) == (Outcome.REFUSED, "invalid_input")


async def test_a_clip_has_exactly_its_frames_and_its_bytes_are_its_shots(
    serving: Serving, orders: Orders, stack: Stack, tenant: str, tmp_path: Path
) -> None:
    async with serving("producer", **SMALL):
        plan = await planned(orders, tenant)
        shot = min(plan.shots, key=lambda one: one.frames)
        # Two tenants share nothing, so that it is drawn twice.
        finished = [
            await orders.order(MakeClip, ClipInput(shot=shot), tenant=whose) for whose in (tenant, f"{tenant}-b")
        ]
    clips = [Clip.model_validate(one.output) for one in finished]
    assert clips[0] == clips[1]
    assert (clips[0].index, clips[0].frames) == (shot.index, shot.frames)
    store = Artifacts((stack.site.data / "artifacts").as_uri())
    path = await store.fetch(tenant, clips[0].video, into=tmp_path)
    found = probe(path)
    assert (found.width, found.height, found.frames) == (108, 192, shot.frames)
    made = [(record.type.value, record.origin.value) for record in finished[0].artifacts]
    assert made == [("video_clip", "offline"), ("thumbnail", "offline")]
    assert list((stack.site.data / "scratch").rglob("clip-*")) == []


async def test_a_shot_is_filmed_in_every_shape_its_film_is_wanted_in(
    serving: Serving, orders: Orders, stack: Stack, tenant: str, tmp_path: Path
) -> None:
    square, wide = Format(width=120, height=120), Format(width=192, height=108)
    async with serving("producer", **SMALL):
        plan = await planned(orders, tenant)
        shot = min(plan.shots, key=lambda one: one.frames)
        asked = ClipInput(shot=shot, formats=(Format(), square, wide, Format(width=240, height=240)))
        finished = await orders.order(MakeClip, asked, tenant=tenant)
        clip = Clip.model_validate(finished.output)
        # A clip of an earlier plan is kept, and gets the shape that it does not have yet.
        earlier = shot.model_copy(update={"filmed": clip.model_copy(update={"versions": clip.versions[:1]})})
        again = await orders.order(MakeClip, asked.model_copy(update={"shot": earlier}), tenant=tenant)
    assert [version.format for version in clip.versions] == [square, wide]
    assert Clip.model_validate(again.output) == clip
    assert [record.ref for record in again.artifacts] == [clip.versions[1].video]
    store = Artifacts((stack.site.data / "artifacts").as_uri())
    for version in clip.versions:
        found = probe(await store.fetch(tenant, version.video, into=tmp_path))
        assert (found.width, found.height, found.frames) == (
            version.format.width,
            version.format.height,
            shot.frames,
        )


@pytest.mark.feature("F85")
async def test_a_script_is_read_from_a_file_or_said_to_be_wrong(serving: Serving, people: People, tenant: str) -> None:
    creator, reviewer = await people.join(tenant, "creator"), await people.join(tenant, "reviewer")

    async with serving("producer", **SMALL) as client:

        async def read(data: bytes, name: str, *, by: Person = creator) -> Response:
            headers = by.headers | {"content-type": "application/octet-stream"}
            return await client.post("/v1/scripts/read", params={"name": name}, content=data, headers=headers)

        table = await read(b"text,duration\nHoney never spoils.,4\n", "honey.csv")
        wrong = await read(b"text,duration\nHoney never spoils.,four\n", "honey.csv")
        huge = await read(b"x" * (2 << 20), "honey.txt")
        refused = await read(b"Honey.", "honey.txt", by=reviewer)
    assert table.status_code == 200, table.text
    assert [(scene["text"], scene["seconds"]) for scene in table.json()["script"]["scenes"]] == [
        ("Honey never spoils.", 4.0)
    ]
    problem = wrong.json()
    assert (wrong.status_code, problem["error"], problem["line"]) == (422, "script_unreadable", 2)
    assert problem["detail"] == "Line 2: 'four' is no duration. Write seconds, such as 4.5."
    assert (huge.status_code, refused.status_code) == (413, 403)


async def test_a_script_can_be_tried_without_a_run(serving: Serving, people: People, tenant: str) -> None:
    creator, reviewer = await people.join(tenant, "creator"), await people.join(tenant, "reviewer")
    body = ORDER.model_dump(mode="json")
    async with serving("producer", **SMALL) as client:
        answer = await client.post("/v1/scripts", json=body, headers=creator.headers)
        refused = await client.post("/v1/scripts", json=body, headers=reviewer.headers)
    assert (answer.status_code, refused.status_code) == (200, 403)
    assert answer.json()["origin"] == "offline"
    assert answer.json()["script"]["beats"]


def test_a_reference_is_a_hash() -> None:
    with pytest.raises(ValueError, match="pattern"):
        ArtifactRef(sha256="../../etc/passwd", size=1, media_type="text/plain")
