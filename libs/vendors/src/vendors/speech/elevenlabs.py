"""ElevenLabs: speech with the time of each character, from which each word's follows."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence

import httpx
from common.errors import VendorAuthFailed, VendorUnavailable
from pydantic import BaseModel, ConfigDict, ValidationError

from vendors.speech.alignment import Mark, Pause
from vendors.speech.endpoint import SAMPLE_RATE, SpeechEndpoint
from vendors.speech.port import SpokenText, require_pace, require_sayable
from vendors.speech.readable import readable
from vendors.wire import VendorOutOfCredit, send

SPEEDS = (0.7, 1.2)
"""The paces the vendor speaks; beyond them it speaks at the nearest."""
_PAUSE_MS = 60
"""Shorter silences between words belong to the words."""
WrittenAt = Callable[[int], int]
_LANGUAGES = frozenset(
    [
        "en",
        "ja",
        "zh",
        "de",
        "hi",
        "fr",
        "ko",
        "pt",
        "it",
        "es",
        "id",
        "nl",
        "tr",
        "fil",
        "pl",
        "sv",
        "bg",
        "ro",
        "ar",
        "cs",
        "el",
        "fi",
        "hr",
        "ms",
        "sk",
        "da",
        "ta",
        "uk",
        "ru",
        "hu",
        "no",
        "vi",
    ]
)


class _Alignment(BaseModel):
    characters: list[str]
    character_start_times_seconds: list[float]
    character_end_times_seconds: list[float]


class _Spoken(BaseModel):
    model_config = ConfigDict(extra="ignore")

    audio_base64: str
    alignment: _Alignment | None = None


class ElevenLabs(SpeechEndpoint):
    """One voice. The base address of `client` ends where `/v1` begins, and it has the key."""

    name = "elevenlabs"
    languages = _LANGUAGES

    async def speak(self, text: str, *, language: str, pace: float = 1.0) -> SpokenText:
        """Say the text; see `Speaker`. The billed characters are the vendor's own count."""
        require_sayable(text)
        require_pace(pace)
        speakable = readable(text)
        slowest, fastest = SPEEDS
        # A setting that is left out is the vendor's default, not the voice's own: so all of them are said.
        sound = {"stability": 0.5, "similarity_boost": 0.75, "style": 0.0, "use_speaker_boost": True}
        body = {
            "text": speakable.text,
            "model_id": self._model,
            "voice_settings": sound | {"speed": min(fastest, max(slowest, pace))},
        }
        answer = await self._ask(body)
        try:
            spoken = _Spoken.model_validate_json(answer.content)
            pcm = base64.b64decode(spoken.audio_base64, validate=True)
        except (ValidationError, binascii.Error) as error:
            raise VendorUnavailable(f"{self.name} answered what is not understood.") from error
        return self._measured(
            text,
            pcm,
            language=language,
            cost_usd_micros=self._billed(answer, speakable.text),
            times=_times(spoken.alignment, speakable.written_at),
        )

    async def _ask(self, body: Mapping[str, object]) -> httpx.Response:
        path, query = f"/v1/text-to-speech/{self._voice}/with-timestamps", {"output_format": f"pcm_{SAMPLE_RATE}"}
        try:
            return await send(self._client, "POST", path, vendor=self.name, params=query, json=body)
        except VendorAuthFailed as error:
            # It says with the same number that a key is bad and that the account has nothing left.
            if "quota" in error.detail or "credit" in error.detail:
                raise VendorOutOfCredit(error.detail) from error
            raise

    def _billed(self, answer: httpx.Response, text: str) -> int:
        billed = answer.headers.get("character-cost", "")
        return self._costs(int(billed)) if billed.isdigit() else self.usd_micros_for(text)


def _times(said: _Alignment | None, written_at: WrittenAt) -> tuple[Sequence[Mark], Sequence[Pause]] | None:
    """A mark for each character that begins a word, and the silences between words; None where it said no times."""
    if said is None or len(said.characters) != len(said.character_start_times_seconds):
        return None
    marks: list[Mark] = []
    pauses_between: list[Pause] = []
    position, inside, ended_ms = 0, False, 0
    times = zip(said.characters, said.character_start_times_seconds, said.character_end_times_seconds, strict=False)
    for characters, start, end in times:
        if characters.isspace():
            inside = False
        else:
            at_ms = round(1000 * start)
            if not inside:
                marks.append(Mark(position=written_at(position), at_ms=at_ms))
                if marks[:-1] and at_ms - ended_ms >= _PAUSE_MS:
                    pauses_between.append(Pause(start_ms=ended_ms, end_ms=at_ms))
            inside, ended_ms = True, round(1000 * end)
        position += len(characters)
    return marks, pauses_between
