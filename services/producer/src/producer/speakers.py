"""Whose voice speaks, as the settings say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import assert_never

import httpx
from common import http
from common.contracts.values import Origin
from vendors.speech.elevenlabs import ElevenLabs
from vendors.speech.espeak import EspeakSpeaker
from vendors.speech.festival import FestivalMissing, FestivalSpeaker, program
from vendors.speech.missing import NoVoice
from vendors.speech.openai_speech import OpenAISpeech
from vendors.speech.port import Speaker
from vendors.wire import VendorKeyMissing, VendorOff

from producer.settings import Settings
from producer.voice import StandingBy

_ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class Voices:
    """Who speaks, and what has to be closed at the end."""

    speaker: Speaker
    closes: tuple[Callable[[], Awaitable[None]], ...]


def voices_of(settings: Settings) -> Voices:
    """The voice, with the draft voice standing by where that is allowed."""
    chosen = _chosen(settings)
    if settings.speech == "espeak" or settings.speech_fallback == "none":
        return Voices(chosen, (chosen.close,))
    draft = EspeakSpeaker()
    return Voices(StandingBy(chosen, stand_in=draft), (chosen.close, draft.close))


def _chosen(settings: Settings) -> EspeakSpeaker | FestivalSpeaker | NoVoice | OpenAISpeech | ElevenLabs:
    key = settings.speech_key.get_secret_value()
    origin = Origin.SANDBOX if settings.speech_mode == "sandbox" else Origin.REAL
    price = int(settings.speech_usd_per_1000_characters * 1_000_000)
    match settings.speech:
        case "espeak":
            return EspeakSpeaker()
        case "festival":
            return _festival(settings)
        case "off":
            return NoVoice("speech", reason=VendorOff("Speaking is switched off (GREENLIGHT_SPEECH=off)."))
        case "openai_speech" | "elevenlabs" if not key:
            return NoVoice(settings.speech, reason=VendorKeyMissing("GREENLIGHT_SPEECH_KEY is not set."))
        case "openai_speech":
            return OpenAISpeech(
                _client(settings, authorization=f"Bearer {key}"),
                model=settings.speech_model or "gpt-4o-mini-tts",
                voice=settings.speech_voice or "coral",
                usd_micros_per_thousand=price,
                origin=origin,
            )
        case "elevenlabs":
            return ElevenLabs(
                _client(settings, **{"xi-api-key": key}),
                model=settings.speech_model or "eleven_multilingual_v2",
                voice=settings.speech_voice or "JBFqnCBsd6RMkjVDRZzb",
                usd_micros_per_thousand=price,
                origin=origin,
            )
        case _:
            assert_never(settings.speech)


def _festival(settings: Settings) -> FestivalSpeaker | NoVoice:
    try:
        return FestivalSpeaker(program(), voice=settings.speech_voice)
    except FestivalMissing as error:
        return NoVoice("festival", reason=error)


def _client(settings: Settings, **headers: str) -> httpx.AsyncClient:
    client = http.client(base_url=settings.speech_url, timeout_seconds=_ANSWER_SECONDS)
    client.headers.update(headers)
    return client
