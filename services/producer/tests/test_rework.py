"""Doing single things again: what no order names keeps its voice, its shot and its clip."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from common.contracts.ideation import Idea
from common.contracts.message import Outcome
from common.contracts.production import (
    BeatKind,
    Clip,
    ClipInput,
    MakeClip,
    PlanProduction,
    PostCopy,
    ProductionInput,
    ProductionOutput,
    Shot,
)
from common.contracts.rework import Rework, ReworkStage
from common.contracts.scripts import FinishedScript, TakenScript, TakeScript, TakeScriptInput
from producer.rewriting import orders_in, scenes_named
from testkit.orders import Orders
from testkit.plugin import Serving
from testkit.stack import Stack
from testkit.workshop import Rows

IDEA = Idea(
    id="1", title="Why tides rise", hook="The sea breathes twice a day.", angle="plain",
    summary="The moon pulls the sea.", points=("The moon really pulls the sea.", "The earth turns beneath it."),
    why="Short.",
)  # fmt: skip
ORDER = ProductionInput(idea=IDEA, brief="How tides work", target_seconds=12)
NOTE = UUID("00000000-0000-7000-8000-000000000001")


@dataclass
class Floor:
    """The running producer with a film it has planned."""

    orders: Orders
    rows: Rows
    tenant: str
    plan: ProductionOutput

    async def film(self, shot: Shot) -> Clip:
        """Order one clip."""
        finished = await self.orders.order(MakeClip, ClipInput(shot=shot), tenant=self.tenant)
        assert finished.outcome is Outcome.DONE, finished.problem
        return Clip.model_validate(finished.output)

    async def redo(
        self, *orders: Rework, clips: tuple[Clip, ...] = (), post: PostCopy | None = None, **scope: Any
    ) -> ProductionOutput:
        """Order the plan again with some things to be done again."""
        order = ORDER.model_copy(update={"rework": orders, "previous": self.plan, "clips": clips, "post": post})
        finished = await self.orders.order(PlanProduction, order, tenant=self.tenant, **scope)
        assert finished.outcome is Outcome.DONE, finished.problem
        return ProductionOutput.model_validate(finished.output)


@pytest_asyncio.fixture(scope="module")
async def planned(serving: Serving, stack: Stack) -> AsyncIterator[tuple[str, ProductionOutput]]:
    """The running producer: the tenant of a film that it has planned, and the plan."""
    tenant = f"t-{uuid4().hex[:12]}"
    giver = Orders(stack.environment("orchestrator")["GREENLIGHT_NATS_URL"])
    async with serving("producer", render_scale=0.1):
        await giver.start()
        finished = await giver.order(PlanProduction, ORDER, tenant=tenant)
        await giver.stop()
        assert finished.outcome is Outcome.DONE, finished.problem
        yield tenant, ProductionOutput.model_validate(finished.output)


@pytest.fixture
def floor(planned: tuple[str, ProductionOutput], orders: Orders, rows: Rows) -> Floor:
    """The producer with that film; whatever is done again is done of the same plan."""
    tenant, plan = planned
    return Floor(orders, rows, tenant, plan)


def a(stage: ReworkStage, instruction: str, scene: int | None = 1) -> Rework:
    return Rework(scene=scene, stage=stage, instruction=instruction, note_ids=(NOTE,))


def bare(shot: Shot) -> Shot:
    return shot.model_copy(update={"filmed": None})


async def test_a_sentence_that_tells_another_thing_is_shown_in_another_template(floor: Floor) -> None:
    again = await floor.redo(a(ReworkStage.SCRIPT, "Say 'Heat leads to steam.'"))
    beat, shot = again.script.beats[1], again.shots[1]
    assert (beat.kind, shot.layout) == (BeatKind.DIAGRAM, "diagram")
    assert beat.diagram is not None
    assert beat.diagram.nodes == ("Heat", "Steam")
    others = [(shot.layout, shot.beat.kind) for shot in again.shots if shot.index != 1]
    assert others == [(shot.layout, shot.beat.kind) for shot in floor.plan.shots if shot.index != 1]


async def test_another_sentence_changes_one_scene_and_nothing_else(floor: Floor) -> None:
    clips = tuple([await floor.film(shot) for shot in floor.plan.shots])
    step = uuid4()
    wanted = "The moon pulls hard at all the seas there are."
    again = await floor.redo(a(ReworkStage.SCRIPT, f"Say '{wanted}'"), clips=clips, step=step)
    assert again.script.beats[1].narration == wanted
    assert " ".join(word.text for word in again.shots[1].speech.words) == wanted
    assert [bare(shot) for place, shot in enumerate(again.shots) if place != 1] == [
        shot for place, shot in enumerate(floor.plan.shots) if place != 1
    ]
    assert [shot.filmed for shot in again.shots] == [None if clip.index == 1 else clip for clip in clips]
    pace = floor.plan.shots[1].speech.pace
    asked = floor.rows("select key from producer.calls where step_id = %s order by key", step)
    assert asked == [("rewrite:0:1",), (f"voice:1:{pace:.2f}",)]
    [remark] = again.remarks
    assert (remark.done, remark.note_ids) == (True, (NOTE,))
    assert wanted not in remark.said
    total = sum(shot.frames for shot in again.shots) - again.transition_frames * (len(again.shots) - 1)
    assert again.duration_ms == round(total * 1000 / 30)
    shot = again.shots[1]
    assert shot.voice_start_ms + shot.speech.duration_ms <= shot.frames * 1000 / 30


async def test_a_shot_that_was_filmed_is_not_filmed_again(floor: Floor) -> None:
    clip = await floor.film(floor.plan.shots[0])
    assert clip.still is not None
    finished = await floor.orders.order(
        MakeClip, ClipInput(shot=floor.plan.shots[0].model_copy(update={"filmed": clip})), tenant=floor.tenant
    )
    assert (Clip.model_validate(finished.output), list(finished.artifacts)) == (clip, [])
    # Bytes that are gone are made again, and are the same.
    lost = clip.model_copy(update={"video": clip.video.model_copy(update={"sha256": "f" * 64})})
    assert await floor.film(floor.plan.shots[0].model_copy(update={"filmed": lost})) == clip


async def test_another_picture_keeps_the_words_the_voice_and_the_length(floor: Floor) -> None:
    again = await floor.redo(a(ReworkStage.CLIP, "Show a clock instead"))
    before, after = floor.plan.shots[1], again.shots[1]
    assert after.layout != before.layout
    same = {"layout": before.layout, "seed": before.seed}
    assert bare(after).model_copy(update=same) == before
    assert (again.music, again.script, again.document) == (floor.plan.music, floor.plan.script, floor.plan.document)


async def test_words_on_the_picture_change_without_being_spoken_again(floor: Floor) -> None:
    again = await floor.redo(a(ReworkStage.CLIP, "The headline should read 'The great pull'"))
    assert again.shots[1].beat.headline == "The great pull"
    assert again.shots[1].speech == floor.plan.shots[1].speech


async def test_a_slower_voice_and_a_longer_hold(floor: Floor) -> None:
    slower = await floor.redo(a(ReworkStage.VOICE, "Too fast"))
    assert slower.shots[1].speech.duration_ms > floor.plan.shots[1].speech.duration_ms
    assert slower.shots[1].speech.pace < floor.plan.shots[1].speech.pace
    longer = await floor.redo(a(ReworkStage.CUT, "Hold this longer"))
    assert longer.shots[1].frames == floor.plan.shots[1].frames + 18
    assert longer.duration_ms == floor.plan.duration_ms + 600
    shorter = await floor.redo(a(ReworkStage.CUT, "Shorter"))
    kept = shorter.shots[1]
    assert kept.voice_start_ms + kept.speech.duration_ms <= kept.frames * 1000 / 30


async def test_film_wide_notes_change_music_and_post_alone(floor: Floor) -> None:
    again = await floor.redo(
        a(ReworkStage.SOUND, "Other music", scene=None), a(ReworkStage.CAPTION, "Remove #AIgenerated", scene=None)
    )
    assert again.music != floor.plan.music
    assert [bare(shot) for shot in again.shots] == list(floor.plan.shots)
    assert [remark.stage.value for remark in again.remarks] == ["sound", "caption"]


async def test_what_an_editor_made_of_the_post_is_kept_when_another_picture_is_asked_for(
    floor: Floor,
) -> None:
    mended = PostCopy(title="Tides, plainly", caption="An editor's own words.", hashtags=("#tides",))
    again = await floor.redo(a(ReworkStage.CLIP, "Something else", 1), post=mended)
    assert again.script.post == mended
    assert again.script.beats == floor.plan.script.beats
    assert again.document != floor.plan.document


@pytest.mark.parametrize(
    "order",
    [
        a(ReworkStage.SCRIPT, "More energy"), a(ReworkStage.VOICE, "Sing it"), a(ReworkStage.SOUND, "Louder", None),
        a(ReworkStage.CUT, "A star wipe"), a(ReworkStage.CLIP, "x", 99), a(ReworkStage.CAPTION, "Nicer", None),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_said_and_changes_nothing(floor: Floor, order: Rework) -> None:
    again = await floor.redo(order)
    [remark] = again.remarks
    assert (remark.done, remark.scene, remark.stage) == (False, order.scene, order.stage)
    assert remark.said.endswith(".")
    assert [bare(shot) for shot in again.shots] == list(floor.plan.shots)
    assert (again.music, again.script) == (floor.plan.music, floor.plan.script)


def unheard(plan: ProductionOutput) -> ProductionOutput:
    """The plan, whether or not its voices were spoken for it."""
    shots = [
        shot.model_copy(update={"speech": shot.speech.model_copy(update={"reused": False})}) for shot in plan.shots
    ]
    return plan.model_copy(update={"shots": tuple(shots)})


async def test_the_same_order_gives_the_same_plan_and_a_retry_asks_nobody_again(floor: Floor) -> None:
    scope: dict[str, Any] = {"run": uuid4(), "step": uuid4()}
    order = a(ReworkStage.SCRIPT, "Shorter", scene=None)
    first = await floor.redo(order, **scope)
    asked = floor.rows("select key, attempt from producer.calls where step_id = %s order by key", scope["step"])
    assert await floor.redo(order, **scope, attempt=2) == first
    assert floor.rows("select key, attempt from producer.calls where step_id = %s order by key", scope["step"]) == asked
    assert unheard(await floor.redo(order)) == unheard(first)


SAID = ("Honey never really spoils.", "It is too dry to live in because it holds little water.", "So keep the jar.")
BROUGHT = FinishedScript.model_validate({"title": "Honey", "scenes": [{"text": text} for text in SAID]})


async def taken(floor: Floor, **scope: Any) -> TakenScript:
    """The finished script as the producer takes it, or takes it again."""
    sent = {name: scope.pop(name) for name in ("feedback", "rework", "previous") if name in scope}
    order = TakeScriptInput(script=BROUGHT, brief="Honey", **sent)
    finished = await floor.orders.order(TakeScript, order, tenant=floor.tenant, **scope)
    assert finished.outcome is Outcome.DONE, finished.problem
    return TakenScript.model_validate(finished.output)


def told(script: TakenScript) -> list[str]:
    return [beat.narration for beat in script.script.beats]


async def test_a_comment_on_a_script_changes_the_scenes_it_names_and_no_other(floor: Floor) -> None:
    first = await taken(floor)
    assert (told(first), first.remarks) == (list(SAID), ())
    step, feedback = uuid4(), "Scene 1 without 'really'. The last scene should say 'Keep the jar shut.'"
    again = await taken(floor, feedback=feedback, previous=first.script, step=step)
    assert told(again) == ["Honey never spoils.", SAID[1], "Keep the jar shut."]
    assert again.narration == " ".join(told(again))
    assert [(remark.scene, remark.done) for remark in again.remarks] == [(0, True), (2, True)]
    assert again.script.beats[1] == first.script.beats[1]
    asked = floor.rows("select key, attempt from producer.calls where step_id = %s order by key", step)
    assert [key for key, _ in asked] == ["revise:0:0", "revise:1:2"]
    # Whoever is asked again after a crash in the middle gives what was said then, and asks no model twice.
    assert await taken(floor, feedback=feedback, previous=first.script, step=step, attempt=2) == again
    assert floor.rows("select key, attempt from producer.calls where step_id = %s order by key", step) == asked


async def test_a_note_on_a_script_is_answered_and_its_comment_is_not_done_besides(floor: Floor) -> None:
    first = await taken(floor)
    again = await taken(floor, feedback="Shorter", rework=(a(ReworkStage.SCRIPT, "Shorter"),), previous=first.script)
    assert told(again) == [SAID[0], "It is too dry to live in.", SAID[2]]
    assert [(remark.note_ids, remark.done) for remark in again.remarks] == [((NOTE,), True)]


@pytest.mark.parametrize(
    ("rework", "says"),
    [
        (a(ReworkStage.SCRIPT, "More energy"), "does not understand"),
        (a(ReworkStage.SCRIPT, "Say 'Bees know.'", None), "Which scene"),
        (a(ReworkStage.SCRIPT, "Shorter", 7), "The script has 3 scenes; there is no scene 8."),
        (a(ReworkStage.VOICE, "Slower"), "no film yet"),
        (a(ReworkStage.SCRIPT, "Replace 'it' with '" + "bees hum and " * 30 + "rest'"), "600 characters"),
    ],
)
async def test_what_cannot_be_done_to_a_script_is_said_and_it_stays(floor: Floor, rework: Rework, says: str) -> None:
    first = await taken(floor)
    again = await taken(floor, rework=(rework,), previous=first.script)
    [remark] = again.remarks
    assert again.script == first.script
    assert not remark.done
    assert says in remark.said


async def test_a_film_of_a_brought_script_is_sent_back_by_a_comment_and_says_what_became_of_it(floor: Floor) -> None:
    script = (await taken(floor)).script
    mended = script.post.model_copy(update={"caption": "An editor's own words."})
    order = ORDER.model_copy(
        update={"script": script, "feedback": "The ending should say 'Keep the jar shut.'", "post": mended}
    )
    finished = await floor.orders.order(PlanProduction, order, tenant=floor.tenant)
    plan = ProductionOutput.model_validate(finished.output)
    assert [beat.narration for beat in plan.script.beats] == [*SAID[:2], "Keep the jar shut."]
    assert plan.script.post == mended
    assert [(remark.scene, remark.done) for remark in plan.remarks] == [(2, True)]


def test_a_comment_names_scenes_in_words_and_what_it_quotes_names_none() -> None:
    assert scenes_named("Scenes 2 and 3, and the opening", count=4) == [0, 1, 2]
    assert scenes_named("Say 'scene 2' in the last sentence", count=4) == [3]
    assert scenes_named("Szene 12 kürzer", count=4) == [11]
    assert orders_in(" ", count=3) == ()
    [whole] = orders_in("Shorter. Without jokes.", count=3)
    assert (whole.scene, whole.stage) == (None, ReworkStage.SCRIPT)
    assert orders_in("Another title, please", count=3)[0].stage is ReworkStage.CAPTION
    both = orders_in("Make scene 1 shorter. Scene 2 is dull. Say it differently.", count=3)
    assert [(one.scene, one.instruction) for one in both] == [
        (0, "Make scene 1 shorter."), (1, "Scene 2 is dull. Say it differently."),
    ]  # fmt: skip
