"""What the producer does when ordered: plan a film with its script, voice and music; film a shot."""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from common.bus.step import Done, Pending, Step
from common.compute import ComputePool
from common.contracts.production import (
    Clip,
    ClipInput,
    Format,
    ProductionInput,
    ProductionOutput,
    Script,
    Shot,
    Speech,
)
from common.contracts.rework import Reworked
from common.contracts.uploads import Brought
from common.contracts.values import ArtifactRecord, ArtifactType, Origin, Value
from common.errors import GreenlightError
from vendors.speech.port import Speaker
from vendors.text_model import WRITE_SCRIPT, TextModel, TextRequest, Written
from vendors.text_model.asking import ask
from vendors.text_model.staging import restaged

from producer.branding import card_ms, palette_for, told_ms
from producer.filming import Crew, fall_back, film_by_vendor
from producer.keeping import Band, keep_script
from producer.letters import drawn_texts, letters_left_out
from producer.planning import FilmPlan, Timing, fit_script, follow_script, lay_out
from producer.prompts import clip_request
from producer.rework import redo
from producer.rewriting import Desk, orders_in
from producer.scripts.revising import revise
from producer.shapes import draw_further
from producer.shelf import Shelf, are_there, drawn_by, key_of
from producer.stills import keep_still
from producer.storyboard.layouts import choose_layouts
from producer.storyboard.render import film_shot
from producer.uploads.brought import find_brought
from producer.uploads.footage import film_brought
from producer.voice import Line, announce_voice, for_one_film, speak_all

STORYBOARD = "storyboard"


async def plan_production(
    input: ProductionInput,
    step: Step,
    *,
    writer: TextModel,
    speaker: Speaker,
    compute: ComputePool,
    picture: Format,
    scratch: Path,
    shelf: Shelf,
) -> ProductionOutput:
    """The plan of a film whose length is measured, not guessed: the script is spoken before the shots are timed.

    With `rework` it is the `previous` plan with just that done again; every other shot is the same, and filmed already.
    Raises `UploadUnknown` before anything is written when the brief names music or footage that is not there.
    """
    speaker = for_one_film(speaker)
    band = Band(step, compute, scratch)
    if input.rework and input.previous is not None:
        redone = await redo(
            input, input.previous, step, writer=writer, speaker=speaker, compute=compute, band=band, shelf=shelf
        )
        _admit_left_out(redone.script, step)
        return redone
    brought = await find_brought(input, step)
    written, remarks = await _script(input, step, writer=writer)
    timing = Timing(fps=picture.fps)
    script, target_ms = written.value, told_ms(input, timing)

    async def speak(places: range | tuple[int, ...], pace: float) -> list[Speech]:
        lines = [
            (turn, Line(text=script.beats[place].narration, language=script.language, pace=pace))
            for turn, place in enumerate(places)
        ]
        return await speak_all(lines, step, speaker=speaker, compute=compute, shelf=shelf)

    measured = await speak(range(len(script.beats)), 1.0)
    lengths = [one.duration_ms for one in measured]
    if input.script is None:
        plan = fit_script(script, lengths, target_ms=target_ms, timing=timing)
    else:
        plan = follow_script(lengths, [beat.seconds for beat in script.beats], timing=timing)
    speeches = [measured[index] for index in plan.kept]
    if plan.pace != 1.0:
        speeches = await speak(plan.kept, plan.pace)
        lengths = [one.duration_ms for one in speeches]
        plan = lay_out(
            lengths, target_ms=target_ms, timing=timing, kept=plan.kept, dropped=plan.dropped, pace=plan.pace
        )
    step.progress(0.7, "voice spoken")
    for index, speech in enumerate(speeches):
        announce_voice(step, speech, place=index, speaker=speaker)
    kept = script.model_copy(update={"beats": tuple(script.beats[index] for index in plan.kept)})
    _admit_left_out(kept, step)
    seed = _seed(input)
    about = f"{kept.title} {input.brief}"
    overlap = timing.transition_frames if len(plan.kept) > 1 else 0
    total_ms = plan.total_ms + card_ms(input.brand, overlap=overlap, fps=timing.fps)
    bed = await band.play(brought.music, about=about, total_ms=total_ms, seed=seed)
    document = await keep_script(kept, step, model=written.model, origin=written.origin)
    shots = brought.laid_into(_shots(kept, speeches, plan, input, picture), step)
    return ProductionOutput(
        script=kept,
        shots=shots,
        transition_frames=overlap,
        music=bed,
        duration_ms=plan.total_ms,
        palette=shots[0].palette,
        document=document,
        seed=seed,
        remarks=remarks,
        brand=input.brand,
        credits=brought.credits,
        brought_music=brought.music,
    )


async def _script(
    input: ProductionInput, step: Step, *, writer: TextModel
) -> tuple[Written[Script], tuple[Reworked, ...]]:
    """What is to be spoken: the writer's script, or the finished one, other only where a reviewer asks for it.

    With what became of what they asked for; a script that is written anew has no such remarks.
    """
    if input.script is None:
        written = await ask(step, writer, TextRequest(WRITE_SCRIPT, Script, input), key="script")
        step.progress(0.2, "script written")
        return written, ()
    script = restaged(input.script)
    if input.post is not None:
        script = script.model_copy(update={"post": input.post})
    orders = orders_in(input.feedback or "", count=len(script.beats))
    revised = await revise(script, orders, Desk(step, writer, input.brief))
    step.origin = revised.origin or Origin.UPLOAD
    step.progress(0.2, "script taken as it is" if revised.script == script else "script written anew, as asked for")
    taken = Written(value=revised.script, origin=step.origin, model=revised.model or "brought")
    return taken, revised.remarks


def _admit_left_out(script: Script, step: Step) -> None:
    for lost in letters_left_out(drawn_texts(script.beats), stage="production"):
        step.degrade(lost)


class MadeClip(Value):
    """A clip as it stands on the shelf, with the artifacts that whoever takes it announces."""

    clip: Clip
    artifacts: tuple[ArtifactRecord, ...]
    origin: Origin | None


async def make_clip(
    input: ClipInput, step: Step, *, compute: ComputePool, scratch: Path, shelf: Shelf, crew: Crew | None = None
) -> Done[Clip] | Pending:
    """One shot: somebody's own footage; or filmed by the `crew`'s vendor or drawn, then in each shape of `formats`.

    A shot that was filmed for an earlier plan is not filmed again, as long as that clip is kept; nor is one that the
    shelf has, and the clip says so. The storyboard gives the same bytes for the same shot. Where it may stand in for a
    vendor, that is a downgrade.
    """
    shot = input.shot

    async def draw(clip: Clip | None = None) -> Clip:
        clip = clip or await _draw(shot, step, compute=compute, scratch=scratch)
        return await draw_further(clip, shot, input.formats, step, compute=compute, scratch=scratch)

    async def bring(brought: Brought) -> Clip:
        return await film_brought(shot, brought, step, compute=compute, scratch=scratch)

    if shot.filmed is not None and shot.filmed.frames == shot.frames and await are_there(step, [shot.filmed.video]):
        drawn = crew is None or shot.filmed.provider == STORYBOARD
        step.origin = Origin.OFFLINE if drawn or crew is None else crew.maker.origin
        step.origin = Origin.UPLOAD if shot.footage is not None else step.origin
        clip = shot.filmed.model_copy(update={"index": shot.index})
        return Done(await draw(clip) if clip.provider == STORYBOARD else clip)
    shelved = partial(_shelved, input, step, shelf)
    if shot.footage is not None:
        return await shelved(partial(bring, shot.footage), "upload")
    if crew is None:
        return await shelved(draw, STORYBOARD)
    film = partial(
        film_by_vendor, shot, step, crew=crew, compute=compute, scratch=scratch, shelf=shelf, formats=input.formats
    )
    try:
        return await shelved(film, *crew.facts(clip_request(shot, input.formats)))
    except GreenlightError as error:
        if not crew.goes_on_without(error, step):
            raise
        fall_back(shot, error, step, crew)
        return await shelved(draw, STORYBOARD)


async def _shelved(
    input: ClipInput, step: Step, shelf: Shelf, make: Callable[[], Awaitable[Clip | Pending]], *by: object
) -> Done[Clip] | Pending:
    """What was made of the same order `by` the same before; else what `make` makes, which is kept."""
    order = input.model_dump(mode="json", exclude={"shot": {"filmed": True, "speech": {"reused"}}})
    key = key_of(step, "clip", drawn_by(), *by, order)

    async def usable(made: MadeClip) -> bool:
        return await are_there(step, [record.ref for record in made.artifacts])

    known = await shelf.find(step, key, returns=MadeClip, usable=usable)
    if known is not None:
        step.made += known.artifacts
        step.origin = known.origin
        step.progress(1.0, "made before: from the cache")
        return Done(known.clip.model_copy(update={"reused": True}))
    before = len(step.made)
    clip = await make()
    if isinstance(clip, Pending):
        return clip
    return Done(
        clip, shelf.keep(step, key, MadeClip(clip=clip, artifacts=tuple(step.made[before:]), origin=step.origin))
    )


async def _draw(shot: Shot, step: Step, *, compute: ComputePool, scratch: Path) -> Clip:
    """The shot as the storyboard renderer draws it."""
    made_by = f"producer/{STORYBOARD}"
    with tempfile.TemporaryDirectory(dir=scratch, prefix="clip-") as folder:
        work = Path(folder)
        target = work / "clip.mp4"
        await film_shot(shot, to=target, work=work, compute=compute, progress=step.progress)
        video = await step.keep(
            target,
            type=ArtifactType.VIDEO_CLIP,
            name=f"shot-{shot.index + 1:02}.mp4",
            media_type="video/mp4",
            made_by=made_by,
            origin=Origin.OFFLINE,
        )
        still = await keep_still(target, shot, step, made_by=made_by, origin=Origin.OFFLINE)
    step.origin = Origin.OFFLINE
    return Clip(index=shot.index, video=video, frames=shot.frames, provider=STORYBOARD, still=still)


def _shots(
    script: Script, speeches: list[Speech], plan: FilmPlan, input: ProductionInput, picture: Format
) -> tuple[Shot, ...]:
    seed = _seed(input)
    palette = palette_for(input.brand, f"{script.title} {input.brief}", seed)
    layouts = choose_layouts(script.beats, seed=seed, named=input.speaker is not None)
    return tuple(
        Shot(
            index=index,
            total=len(script.beats),
            beat=beat,
            layout=layout,
            language=script.language,
            palette=palette,
            face=input.brand.face if input.brand else None,
            seed=seed + index,
            frames=timing.frames,
            voice_start_ms=timing.voice_start_ms,
            speech=speech,
            format=picture,
            speaker=input.speaker if index == 0 else None,
        )
        for index, (beat, layout, timing, speech) in enumerate(
            zip(script.beats, layouts, plan.shots, speeches, strict=True)
        )
    )


def _seed(input: ProductionInput) -> int:
    """Chance that belongs to the idea: the same idea looks and sounds the same, another one does not."""
    return zlib.crc32(f"{input.idea.title}\n{input.brief}\n{input.feedback or ''}".encode())
