"""A film's plan with single things done again: what no order names keeps its shot, its voice and its clip."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from common.bus.step import Step
from common.compute import ComputePool
from common.contracts.production import PostCopy, ProductionInput, ProductionOutput, Shot, Speech
from common.contracts.rework import Rework, Reworked, ReworkStage
from common.contracts.values import Origin
from vendors.speech.port import Speaker
from vendors.text_model import BeatPart, RewrittenBeat, TextModel

from producer.branding import card_ms, told_ms
from producer.keeping import Band, keep_script
from producer.planning import Timing, least_frames, place_again
from producer.rewriting import Desk, scenes_named, summed_up
from producer.shelf import Shelf
from producer.storyboard.layouts import other_layout
from producer.voice import Line, announce_voice, speak_all

_Speak = Callable[[Sequence[tuple[int, Line]]], Awaitable[list[Speech]]]
_SLOWER = re.compile(r"\b(?:slow\w*|calmer|too (?:fast|quick)|rushed|hurried|langsamer)\b", re.I)
_FASTER = re.compile(r"\b(?:fast\w*|quick\w*|too slow|drags?|dragging|schneller)\b", re.I)
_TOO = re.compile(r"\btoo (fast|quick|slow|long|short)\b", re.I)
_LOUDNESS = re.compile(r"\b(?:loud\w*|quiet\w*|soft\w*|volume|level|mix|lauter|leiser)\b", re.I)
_LONGER = re.compile(r"\b(?:long(?:er)?|hold|stay\w*|more time|länger|linger\w*)\b", re.I)
_SHORTER = re.compile(r"\b(?:short\w*|sooner|earlier|tighter|less time|kürzer|trim)\b", re.I)
_PACE_STEP, _SLOWEST, _FASTEST = 0.08, 0.7, 1.3
_HOLD_SECONDS = 0.6
_VOICE_ROUNDS = 3
"""What is ordered, the rest in the same voice, and all of it again where that voice gave up in the middle."""
_OTHER_CHANCE = 7919
"""Added to a seed to have another one; a prime, so that no two scenes come to share theirs."""


@dataclass
class _Scene:
    """One scene while it is being changed."""

    shot: Shot
    speak: bool = False
    pace: float = 1.0
    hold: int = 0


@dataclass
class _Draft:
    """The film while it is being changed."""

    before: ProductionOutput
    scenes: list[_Scene]
    seed: int
    compose: bool = False
    post_changed: bool = False
    model: str = ""
    origin: Origin = Origin.OFFLINE
    remarks: list[Reworked] = field(default_factory=list)

    def put_post(self, post: PostCopy) -> None:
        """Other words go with the film."""
        script = self.before.script.model_copy(update={"post": post})
        self.before, self.post_changed = self.before.model_copy(update={"script": script}), True


async def redo(
    input: ProductionInput,
    previous: ProductionOutput,
    step: Step,
    *,
    writer: TextModel,
    speaker: Speaker,
    compute: ComputePool,
    band: Band,
    shelf: Shelf,
) -> ProductionOutput:
    """`previous` with its `rework` done, as far as it can be; `remarks` say what became of each order.

    Shots that are the same afterwards carry their clip in `filmed`. The same input gives the same plan.
    """
    draft = _Draft(
        previous,
        [_Scene(shot.model_copy(update={"filmed": None}), pace=shot.speech.pace) for shot in previous.shots],
        seed=previous.seed if previous.seed is not None else previous.shots[0].seed,
    )
    if input.post is not None and input.post != previous.script.post:
        draft.put_post(input.post)
    desk = Desk(step, writer, input.brief)
    for number, order in enumerate(input.rework):
        done, said = await _follow(order, draft, desk, number=number)
        draft.remarks.append(
            Reworked(scene=order.scene, stage=order.stage, done=done, said=said, note_ids=order.note_ids)
        )
    step.progress(0.3, "notes read")
    speak = partial(speak_all, step=step, speaker=speaker, compute=compute, shelf=shelf)
    target_ms = told_ms(input, Timing(fps=previous.shots[0].format.fps))
    await _speak_again(draft, step, target_ms=target_ms, speaker=speaker, speak=speak)
    return await _finish(draft, input, step, band=band)


async def _follow(order: Rework, draft: _Draft, desk: Desk, *, number: int) -> tuple[bool, str]:
    """Do one order on the draft. → whether anything came of it, and what, in a sentence."""
    if order.stage is ReworkStage.SOUND:
        return _another_bed(order, draft)
    if order.stage is ReworkStage.CAPTION and order.scene is None:
        return await _other_post(order, draft, desk, key=f"rewrite:{number}:post")
    count = len(draft.scenes)
    # A note on the whole film may name its scenes in words.
    named = scenes_named(order.instruction, count=count) if order.scene is None else [order.scene]
    if named and named[-1] >= count:
        return False, f"The film has {count} scenes; there is no scene {named[-1] + 1}."
    places = named or range(count)
    return summed_up(
        [await _change(order, draft, desk, place=place, key=f"rewrite:{number}:{place}") for place in places]
    )


async def _change(order: Rework, draft: _Draft, desk: Desk, *, place: int, key: str) -> tuple[bool, str]:
    scene = draft.scenes[place]
    match order.stage:
        case ReworkStage.SCRIPT | ReworkStage.CAPTION:
            # What is captioned is what is spoken, so other captions are other words.
            rewritten = await _rewrite(order, draft, desk, place=place, key=key, part=BeatPart.SPOKEN)
            scene.speak = scene.speak or rewritten.done
            return rewritten.done, rewritten.said
        case ReworkStage.CLIP:
            rewritten = await _rewrite(order, draft, desk, place=place, key=key, part=BeatPart.SHOWN)
            return (True, rewritten.said) if rewritten.done else _another_picture(order, place, draft)
        case ReworkStage.VOICE:
            return _another_pace(order, scene)
        case _:
            return _another_length(order, scene)


async def _rewrite(order: Rework, draft: _Draft, desk: Desk, *, place: int, key: str, part: BeatPart) -> RewrittenBeat:
    scene = draft.scenes[place]
    written = await desk.beat(
        scene.shot.beat, order.instruction, part=part, language=draft.before.script.language, key=key
    )
    draft.model, draft.origin = written.model, written.origin
    if written.value.done:
        was = scene.shot.beat.kind
        scene.shot = scene.shot.model_copy(update={"beat": written.value.beat})
        if written.value.beat.kind is not was:
            # The old template has no place for what the beat is now.
            layout = other_layout(scene.shot, beside=_beside(draft, place))
            scene.shot = scene.shot.model_copy(update={"layout": layout})
    return written.value


async def _other_post(order: Rework, draft: _Draft, desk: Desk, *, key: str) -> tuple[bool, str]:
    script = draft.before.script
    written = await desk.post(script.post, order.instruction, language=script.language, key=key)
    draft.model, draft.origin = written.model, written.origin
    if written.value.done:
        draft.put_post(written.value.post)
    return written.value.done, written.value.said


def _another_picture(order: Rework, place: int, draft: _Draft) -> tuple[bool, str]:
    scene = draft.scenes[place]
    layout = other_layout(scene.shot, beside=_beside(draft, place), wish=order.instruction)
    update = {"layout": layout, "seed": scene.shot.seed + _OTHER_CHANCE}
    scene.shot = scene.shot.model_copy(update=update)
    return True, "The scene has another picture; the storyboard renderer chooses among its own and follows no details."


def _beside(draft: _Draft, place: int) -> list[str]:
    """The layouts of a scene's neighbours."""
    return [draft.scenes[near].shot.layout for near in (place - 1, place + 1) if 0 <= near < len(draft.scenes)]


def _another_pace(order: Rework, scene: _Scene) -> tuple[bool, str]:
    direction = _direction(order.instruction, more=_FASTER, less=_SLOWER, too={"fast", "quick"})
    if direction == 0:
        return False, "The draft voice can only speak slower or faster; how it says a word cannot be changed."
    pace = round(min(_FASTEST, max(_SLOWEST, scene.pace + direction * _PACE_STEP)), 2)
    if pace == scene.pace:
        return False, "The voice is at its limit; it would not be understood any more."
    scene.pace, scene.speak = pace, True
    return True, f"The sentence is spoken {'faster' if direction > 0 else 'slower'}."


def _another_length(order: Rework, scene: _Scene) -> tuple[bool, str]:
    direction = _direction(order.instruction, more=_LONGER, less=_SHORTER, too={"long"})
    if direction == 0:
        return False, "A scene can be held longer or shorter; the cut itself follows the kind of the scene."
    scene.hold += direction * round(_HOLD_SECONDS * scene.shot.format.fps)
    return True, f"The scene is held {'longer' if direction > 0 else 'shorter, as far as its sentence allows'}."


def _another_bed(order: Rework, draft: _Draft) -> tuple[bool, str]:
    if _LOUDNESS.search(order.instruction):
        return False, "Levels are set by measuring, to one loudness for all films; the mix has no knob for this."
    if draft.before.brought_music is not None:
        return False, "The music is what the brief brought along; start a film with other music, or with none."
    draft.seed, draft.compose = draft.seed + _OTHER_CHANCE, True
    return True, "The music was composed anew, in the same mood."


def _direction(text: str, *, more: re.Pattern[str], less: re.Pattern[str], too: set[str]) -> int:
    """1 for more, -1 for less, 0 when the text says neither or both. "Too fast" asks for the opposite of fast."""
    if complaint := _TOO.search(text):
        return -1 if complaint[1].lower() in too else 1
    wants = bool(more.search(text)), bool(less.search(text))
    return 0 if wants[0] == wants[1] else 1 if wants[0] else -1


async def _speak_again(draft: _Draft, step: Step, *, target_ms: int, speaker: Speaker, speak: _Speak) -> None:
    """Speak what has other words or another pace, and give those scenes their length."""
    spoken = await _in_one_voice(draft, speak)
    for place, scene in enumerate(draft.scenes):
        shot, count = scene.shot, len(draft.scenes)
        timing = Timing(fps=shot.format.fps)
        if (speech := spoken.get(place)) is not None:
            announce_voice(step, speech, place=place, speaker=speaker)
            frames, start = place_again(
                speech.duration_ms, index=place, count=count, frames=shot.frames, target_ms=target_ms, timing=timing
            )
            shot = shot.model_copy(update={"speech": speech, "frames": frames, "voice_start_ms": start})
        if scene.hold:
            end_ms = shot.voice_start_ms + shot.speech.duration_ms
            least = max(
                least_frames(shot.speech.duration_ms, index=place, count=count, target_ms=target_ms, timing=timing),
                -(-end_ms * shot.format.fps // 1000) + draft.before.transition_frames * (place < count - 1),
            )
            shot = shot.model_copy(update={"frames": max(least, shot.frames + scene.hold)})
        scene.shot = shot
    step.progress(0.7, "voice spoken")


async def _in_one_voice(draft: _Draft, speak: _Speak) -> dict[int, Speech]:
    """What is spoken anew, by scene. Where that is another voice than the film had, all other scenes are, too."""
    spoken: dict[int, Speech] = {}
    ordered = places = [place for place, scene in enumerate(draft.scenes) if scene.speak]
    for _ in range(_VOICE_ROUNDS):
        if not places:
            break
        scenes = [draft.scenes[place] for place in places]
        lines = [
            (place, Line(text=scene.shot.beat.narration, language=draft.before.script.language, pace=scene.pace))
            for place, scene in zip(places, scenes, strict=True)
        ]
        spoken |= dict(zip(places, await speak(lines), strict=True))
        voice = spoken[places[0]].voice
        places = [
            place for place, scene in enumerate(draft.scenes) if spoken.get(place, scene.shot.speech).voice != voice
        ]
    if len(spoken) > len(ordered):
        said = f"The film is spoken by {voice} now, so that it has one voice; other scenes were spoken again for it."
        draft.remarks.append(Reworked(stage=ReworkStage.VOICE, done=True, said=said))
    return spoken


async def _finish(draft: _Draft, input: ProductionInput, step: Step, *, band: Band) -> ProductionOutput:
    before, shots = draft.before, [scene.shot for scene in draft.scenes]
    overlap, fps = before.transition_frames, shots[0].format.fps
    total = sum(shot.frames for shot in shots) - overlap * (len(shots) - 1)
    total_ms = round(total * 1000 / fps)
    script = before.script.model_copy(update={"beats": tuple(shot.beat for shot in shots)})
    bed, document = before.music, before.document
    if draft.compose or total_ms != before.duration_ms:
        about = f"{script.title} {input.brief}"
        bed_ms = total_ms + card_ms(input.brand, overlap=overlap, fps=fps)
        bed = await band.play(before.brought_music, about=about, total_ms=bed_ms, seed=draft.seed)
    if draft.post_changed or script.beats != before.script.beats:
        document = await keep_script(script, step, model=draft.model, origin=draft.origin)
    return before.model_copy(
        update={
            "script": script,
            "shots": tuple(_with_clips(shots, before.shots, input)),
            "music": bed,
            "duration_ms": total_ms,
            "document": document,
            "seed": draft.seed,
            "remarks": tuple(draft.remarks),
        }
    )


def _with_clips(shots: Sequence[Shot], before: Sequence[Shot], input: ProductionInput) -> Sequence[Shot]:
    """The shots, those that look as they did with the clip that was filmed of them: nobody hears a clip."""
    clips = {clip.index: clip for clip in input.clips}
    same = [
        shot.model_copy(update={"speech": earlier.speech, "voice_start_ms": earlier.voice_start_ms, "filmed": None})
        == earlier.model_copy(update={"filmed": None})
        for shot, earlier in zip(shots, before, strict=True)
    ]
    return [
        shot.model_copy(update={"filmed": clips.get(shot.index)}) if is_same else shot
        for shot, is_same in zip(shots, same, strict=True)
    ]
