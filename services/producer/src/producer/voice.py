"""The voice of a film: each beat spoken, and its time taken from what was really heard."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from common.bus.step import Step
from common.compute import ComputePool
from common.contracts.production import Speech
from common.contracts.values import ArtifactRecord, ArtifactType, Downgrade, Value
from vendors.speech.port import Speaker
from vendors.speech.waveform import wav_bytes


class Line(Value):
    """What is asked of the voice."""

    text: str
    language: str
    pace: float


class Spoken(Value):
    """A beat's speech as it is recorded."""

    speech: Speech
    language_supported: bool


async def speak_all(
    lines: Sequence[tuple[int, Line]], step: Step, *, speaker: Speaker, compute: ComputePool
) -> list[Speech]:
    """Each line's speech, in order, spoken side by side; what an earlier attempt recorded is not spoken again.

    A line comes with the place of its beat in the script.
    """

    async def speak(place: int, line: Line) -> Spoken:
        async def ask() -> Spoken:
            spoken = await speaker.speak(line.text, language=line.language, pace=line.pace)
            wav = await compute(wav_bytes, spoken)
            audio = await step.artifacts.put(step.tenant, wav, media_type="audio/wav")
            speech = Speech(
                audio=audio, duration_ms=spoken.duration_ms, words=spoken.words, voice=spoken.voice, pace=line.pace
            )
            return Spoken(speech=speech, language_supported=spoken.language_supported)

        key = f"voice:{place}:{line.pace:.2f}"
        return await step.call(speaker.name, key, ask, returns=Spoken, kind="vendor", request=line)

    spoken = await asyncio.gather(*(speak(place, line) for place, line in lines))
    if not all(one.language_supported for one in spoken):
        detail = f"The voice does not speak {lines[0][1].language!r}; it reads the words as if they were English."
        step.degrade(Downgrade(code="voice_language", detail=detail, stage="production"))
    return [one.speech for one in spoken]


def announce_voice(step: Step, speech: Speech, *, place: int, speaker: Speaker) -> None:
    """Say that a beat's speech is an artifact of this run."""
    step.announce(
        ArtifactRecord(
            ref=speech.audio,
            type=ArtifactType.VOICE,
            name=f"voice-{place + 1:02}.wav",
            made_by=f"producer/{speech.voice}",
            origin=speaker.origin,
        )
    )
