"""The voice of a film: each beat spoken, and its time taken from what was really heard."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any

from common.bus.step import Step
from common.compute import ComputePool
from common.contracts.production import Speech
from common.contracts.values import ArtifactRecord, ArtifactType, Downgrade, Origin, Value
from common.errors import (
    GreenlightError,
    Permanent,
    Transient,
    VendorAuthFailed,
    VendorRateLimited,
    VendorRefused,
    VendorUnavailable,
)
from vendors.speech.port import Speaker, SpokenText
from vendors.speech.waveform import wav_bytes
from vendors.wire import VendorOff

from producer.shelf import Shelf, are_there, key_of, spoken_by

TRIES = 3
"""After so many attempts a voice that is too busy is given up, where another one stands by."""


class Line(Value):
    """What is asked of the voice."""

    text: str
    language: str
    pace: float


class Spoken(Value):
    """A beat's speech as it is recorded."""

    speech: Speech
    language_supported: bool
    cost_usd_micros: int = 0


class StandingBy:
    """A voice with another one that may speak in its place: for all of what is said at once, never for a part of it.

    By itself it is the first voice. `speak_all` asks the other, and admits it.
    """

    def __init__(self, speaker: Speaker, *, stand_in: Speaker) -> None:
        self.name = speaker.name
        self.origin = speaker.origin
        self.speaker = speaker
        self.stand_in = stand_in
        self.given_up = False
        """Whether the other one speaks from now on."""

    @property
    def about(self) -> str:
        """The first voice."""
        return self.speaker.about

    def usd_micros_for(self, text: str) -> int:
        """What the first voice costs."""
        return self.speaker.usd_micros_for(text)

    async def speak(self, text: str, *, language: str, pace: float = 1.0) -> SpokenText:
        """Say it in the first voice."""
        return await self.speaker.speak(text, language=language, pace=pace)

    def origin_of(self, voice: str) -> Origin:
        """Whose voice it is, by its name."""
        return self.stand_in.origin if voice.startswith(f"{self.stand_in.name}/") else self.origin


def for_one_film(speaker: Speaker) -> Speaker:
    """The voice for one film: where another one stands by and has begun to speak, it speaks to the film's end."""
    return StandingBy(speaker.speaker, stand_in=speaker.stand_in) if isinstance(speaker, StandingBy) else speaker


async def speak_all(
    lines: Sequence[tuple[int, Line]], step: Step, *, speaker: Speaker, compute: ComputePool, shelf: Shelf
) -> list[Speech]:
    """Each line's speech, in order, spoken side by side; what an earlier attempt or another run had spoken in the same
    voice is not spoken again.

    A line comes with the place of its beat in the script. Where another voice stands by, it says all of it when the
    first one cannot, and the run is degraded.
    """
    speak = partial(_speak, lines, step, compute=compute, shelf=shelf)
    if not isinstance(speaker, StandingBy):
        return await speak(speaker)
    try:
        if not speaker.given_up:
            return await speak(speaker)
    except (Permanent, Transient) as error:
        if not _may_stand_in(error, step):
            raise
        speaker.given_up = True
        said = f"The voice is {speaker.stand_in.name}, not {speaker.name}: {error.detail}"
        step.degrade(Downgrade(code="voice_stand_in", detail=said[:500], stage="production"))
    return await speak(speaker.stand_in, key="stand_in")


def _may_stand_in(error: GreenlightError, step: Step) -> bool:
    """A no is final; a vendor that is busy is asked three times before."""
    if isinstance(error, VendorUnavailable | VendorRateLimited):
        return step.attempt >= TRIES
    return isinstance(error, VendorRefused | VendorAuthFailed | VendorOff)


async def _speak(
    lines: Sequence[tuple[int, Line]],
    step: Step,
    speaker: Speaker,
    *,
    compute: ComputePool,
    shelf: Shelf,
    key: str = "voice",
) -> list[Speech]:

    async def usable(spoken: Spoken) -> bool:
        return await are_there(step, [spoken.speech.audio])

    async def speak(place: int, line: Line) -> Spoken:
        shelved = key_of(step, "voice", spoken_by(), speaker.about, line.model_dump(mode="json"))
        known = await shelf.find(step, shelved, returns=Spoken, usable=usable)
        if known is not None:
            speech = known.speech.model_copy(update={"reused": True})
            return known.model_copy(update={"speech": speech, "cost_usd_micros": 0})

        async def ask() -> Spoken:
            spoken = await speaker.speak(line.text, language=line.language, pace=line.pace)
            wav = await compute(wav_bytes, spoken)
            audio = await step.artifacts.put(step.tenant, wav, media_type="audio/wav")
            speech = Speech(
                audio=audio, duration_ms=spoken.duration_ms, words=spoken.words, voice=spoken.voice, pace=line.pace
            )
            return Spoken(
                speech=speech, language_supported=spoken.language_supported, cost_usd_micros=spoken.cost_usd_micros
            )

        return await step.call(
            speaker.name,
            f"{key}:{place}:{line.pace:.2f}",
            ask,
            returns=Spoken,
            kind="vendor",
            request=line,
            cost_usd_micros=lambda made: made.cost_usd_micros,
            at_most_usd_micros=speaker.usd_micros_for(line.text) or None,
            save=lambda made: shelf.keep(step, shelved, made),
        )

    spoken = await _all([speak(place, line) for place, line in lines])
    if not all(one.language_supported for one in spoken):
        detail = f"The voice does not speak {lines[0][1].language!r}; it reads the words as it can, which is wrong."
        step.degrade(Downgrade(code="voice_language", detail=detail, stage="production"))
    return [one.speech for one in spoken]


async def _all(asked: Sequence[Coroutine[Any, Any, Spoken]]) -> list[Spoken]:
    """All of it in order, or the first error once nothing is under way any more."""
    ended = await asyncio.gather(*asked, return_exceptions=True)
    for one in ended:
        if isinstance(one, BaseException):
            raise one
    return [one for one in ended if isinstance(one, Spoken)]


def announce_voice(step: Step, speech: Speech, *, place: int, speaker: Speaker) -> None:
    """Say that a beat's speech is an artifact of this run. A step that speaks with a stand-in is not all real."""
    origin = speaker.origin_of(speech.voice) if isinstance(speaker, StandingBy) else speaker.origin
    if step.origin in {None, Origin.REAL}:
        step.origin = origin
    step.announce(
        ArtifactRecord(
            ref=speech.audio,
            type=ArtifactType.VOICE,
            name=f"voice-{place + 1:02}.wav",
            made_by=f"producer/{speech.voice}",
            origin=origin,
        )
    )
