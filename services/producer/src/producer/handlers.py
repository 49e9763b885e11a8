"""What the producer does when ordered: plan a film with its script, voice and music; film a shot."""

from __future__ import annotations

import asyncio
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from common.bus.step import Step
from common.compute import ComputePool
from common.contracts.production import (
    Beat,
    Clip,
    ClipInput,
    Format,
    ProductionInput,
    ProductionOutput,
    Script,
    Shot,
    Speech,
)
from common.contracts.values import ArtifactRecord, ArtifactRef, ArtifactType, Downgrade, Origin, Value
from media.palette import choose_palette
from vendors.speech.port import Speaker
from vendors.speech.waveform import wav_bytes
from vendors.text_model import WRITE_SCRIPT, TextModel, TextRequest, Written
from vendors.text_model.asking import ask

from producer import music
from producer.planning import FilmPlan, Timing, fit_script, lay_out
from producer.storyboard.layouts import choose_layouts
from producer.storyboard.render import film_shot

STORYBOARD = "storyboard"


class Spoken(Value):
    """A beat's speech as it is recorded."""

    speech: Speech
    language_supported: bool


class Line(Value):
    """What is asked of the voice."""

    text: str
    language: str
    pace: float


async def plan_production(
    input: ProductionInput, step: Step, *, writer: TextModel, speaker: Speaker, compute: ComputePool, picture: Format
) -> ProductionOutput:
    """The plan of a film whose length is measured, not guessed: the script is spoken before the shots are timed."""
    request = TextRequest(WRITE_SCRIPT, Script, input)
    written = await ask(step, writer, request, key="script", returns=Written[Script])
    step.progress(0.2, "script written")
    script, target_ms = written.value, input.target_seconds * 1000
    timing = Timing(fps=picture.fps)
    measured = await _speak_all(
        script.beats, step, language=script.language, pace=1.0, speaker=speaker, compute=compute
    )
    plan = fit_script(script, [one.duration_ms for one in measured], target_ms=target_ms, timing=timing)
    beats = [script.beats[index] for index in plan.kept]
    speeches = [measured[index] for index in plan.kept]
    if plan.pace != 1.0:
        speeches = await _speak_all(
            beats, step, language=script.language, pace=plan.pace, speaker=speaker, compute=compute
        )
        lengths = [one.duration_ms for one in speeches]
        plan = lay_out(
            lengths, target_ms=target_ms, timing=timing, kept=plan.kept, dropped=plan.dropped, pace=plan.pace
        )
    step.progress(0.7, "voice spoken")
    for index, speech in enumerate(speeches):
        _announce_voice(step, speech, index, speaker)
    kept = script.model_copy(update={"beats": tuple(beats)})
    bed = await _compose(kept, plan, input, step, compute)
    document = await step.keep(
        kept.model_dump_json(indent=2).encode(),
        type=ArtifactType.SCRIPT,
        name="script.json",
        media_type="application/json",
        made_by=f"producer/{written.model}",
        origin=written.origin,
    )
    shots = _shots(kept, speeches, plan, input, picture)
    return ProductionOutput(
        script=kept,
        shots=shots,
        transition_frames=timing.transition_frames if len(shots) > 1 else 0,
        music=bed,
        duration_ms=plan.total_ms,
        palette=shots[0].palette,
        document=document,
    )


async def make_clip(input: ClipInput, step: Step, *, compute: ComputePool, scratch: Path) -> Clip:
    """One shot, filmed by the storyboard renderer. The same shot gives the same bytes, so a repeat changes nothing."""
    shot = input.shot
    with tempfile.TemporaryDirectory(dir=scratch, prefix="clip-") as folder:
        work = Path(folder)
        target = work / "clip.mp4"
        await film_shot(shot, to=target, work=work, compute=compute, progress=step.progress)
        video = await step.keep(
            target,
            type=ArtifactType.VIDEO_CLIP,
            name=f"shot-{shot.index + 1:02}.mp4",
            media_type="video/mp4",
            made_by=f"producer/{STORYBOARD}",
            origin=Origin.OFFLINE,
        )
    step.origin = Origin.OFFLINE
    return Clip(index=shot.index, video=video, frames=shot.frames, provider=STORYBOARD)


async def _speak_all(
    beats: Sequence[Beat], step: Step, *, language: str, pace: float, speaker: Speaker, compute: ComputePool
) -> list[Speech]:
    """Each beat's speech, in order, spoken side by side; what an earlier attempt recorded is not spoken again."""

    async def speak(index: int, beat: Beat) -> Spoken:
        line = Line(text=beat.narration, language=language, pace=pace)

        async def ask() -> Spoken:
            spoken = await speaker.speak(line.text, language=line.language, pace=line.pace)
            wav = await compute(wav_bytes, spoken)
            audio = await step.artifacts.put(step.tenant, wav, media_type="audio/wav")
            speech = Speech(audio=audio, duration_ms=spoken.duration_ms, words=spoken.words, voice=spoken.voice)
            return Spoken(speech=speech, language_supported=spoken.language_supported)

        key = f"voice:{index}:{pace:.2f}"
        return await step.call(speaker.name, key, ask, returns=Spoken, kind="vendor", request=line)

    spoken = await asyncio.gather(*(speak(index, beat) for index, beat in enumerate(beats)))
    if not all(one.language_supported for one in spoken):
        detail = f"The voice does not speak {language!r}; it reads the words as if they were English."
        step.degrade(Downgrade(code="voice_language", detail=detail, stage="production"))
    return [one.speech for one in spoken]


def _announce_voice(step: Step, speech: Speech, index: int, speaker: Speaker) -> None:
    step.announce(
        ArtifactRecord(
            ref=speech.audio,
            type=ArtifactType.VOICE,
            name=f"voice-{index + 1:02}.wav",
            made_by=f"producer/{speech.voice}",
            origin=speaker.origin,
        )
    )


async def _compose(
    script: Script, plan: FilmPlan, input: ProductionInput, step: Step, compute: ComputePool
) -> ArtifactRef:
    wav = await compute(
        music.compose_wav, plan.total_ms / 1000, music.choose_mood(f"{script.title} {input.brief}"), _seed(input)
    )
    return await step.keep(
        wav,
        type=ArtifactType.MUSIC,
        name="music.wav",
        media_type="audio/wav",
        made_by="producer/synth",
        origin=Origin.OFFLINE,
        licence="Made by Greenlight's own synthesiser; free to use.",
    )


def _shots(
    script: Script, speeches: list[Speech], plan: FilmPlan, input: ProductionInput, picture: Format
) -> tuple[Shot, ...]:
    seed = _seed(input)
    palette = choose_palette(f"{script.title} {input.brief}", seed)
    layouts = choose_layouts(script.beats, seed=seed)
    return tuple(
        Shot(
            index=index,
            total=len(script.beats),
            beat=beat,
            layout=layout,
            palette=palette,
            seed=seed + index,
            frames=timing.frames,
            voice_start_ms=timing.voice_start_ms,
            speech=speech,
            format=picture,
        )
        for index, (beat, layout, timing, speech) in enumerate(
            zip(script.beats, layouts, plan.shots, speeches, strict=True)
        )
    )


def _seed(input: ProductionInput) -> int:
    """Chance that belongs to the idea: the same idea looks and sounds the same, another one does not."""
    return zlib.crc32(f"{input.idea.title}\n{input.brief}\n{input.feedback or ''}".encode())
