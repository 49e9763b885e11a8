"""Voices: OpenAI's `/audio/speech` and ElevenLabs' `/v1/text-to-speech`, spoken for real by espeak-ng."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import orjson
from common.errors import Invalid
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from vendors.speech.espeak import EspeakSpeaker
from vendors.speech.port import SpokenText
from vendors.speech.waveform import wav_bytes

from sandbox import openai_videos
from sandbox.kit.faults import FaultKind
from sandbox.kit.site import Site, planted

SPEECH_MODELS = ("tts-1", "tts-1-hd", "gpt-4o-mini-tts")
OPENAI_VOICES = ("alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse")
MODELS = {"eleven_multilingual_v2": 10_000, "eleven_flash_v2_5": 40_000, "eleven_v3": 5_000}
"""Model → how many characters it takes at once."""
VOICE = "JBFqnCBsd6RMkjVDRZzb"
"""The one voice there is."""
CONCURRENT = 5
_WAV_HEAD = 44
_OPENAI_FIELDS = frozenset({"model", "input", "voice", "response_format", "speed", "instructions", "stream_format"})
_SETTINGS = frozenset({"stability", "similarity_boost", "style", "speed", "use_speaker_boost"})
_FIELDS = frozenset(
    [
        "text",
        "model_id",
        "voice_settings",
        "language_code",
        "seed",
        "previous_text",
        "next_text",
        "previous_request_ids",
        "next_request_ids",
        "pronunciation_dictionary_locators",
        "apply_text_normalization",
    ]
)
_RATES = {"pcm_16000": 16_000, "pcm_22050": 22_050, "pcm_24000": 24_000}


def router(site: Site) -> APIRouter:
    """The routes of both."""
    routes = APIRouter(tags=["voices"])
    speaker = EspeakSpeaker(timeout_seconds=60, at_once=CONCURRENT)
    site.closes.append(speaker.close)
    speaking = 0

    @routes.post(f"{openai_videos.PREFIX}/audio/speech")
    async def say(request: Request) -> Response:
        body = await _json(request) or {}
        if problem := _openai_complaint(site, request, body):
            return problem
        speed = min(2.0, max(0.5, float(body.get("speed", 1.0))))
        try:
            spoken = await speaker.speak(str(body.get("input")), language="en", pace=speed)
        except Invalid as error:
            return openai_videos.refusal(400, error.detail, param="input", code="invalid_value")
        site.note("speech.made", vendor="openai", characters=len(str(body["input"])))
        wav = wav_bytes(spoken, sample_rate=24_000)
        if body.get("response_format") == "pcm":
            return Response(wav[_WAV_HEAD:], media_type="audio/pcm")
        return Response(wav, media_type="audio/wav")

    @routes.post("/elevenlabs/v1/text-to-speech/{voice}/with-timestamps")
    async def say_with_times(request: Request, voice: str, output_format: str = "mp3_44100_128") -> Response:
        nonlocal speaking
        body = await _json(request)
        if problem := _complaint(site, request, voice, output_format, body):
            return problem
        if speaking >= CONCURRENT:
            return _refusal(429, "concurrent_limit_exceeded", "Too many requests at once.")
        speaking += 1
        try:
            text = str((body or {}).get("text"))
            pace = float(((body or {}).get("voice_settings") or {}).get("speed", 1.0))
            spoken = await speaker.speak(text, language="en", pace=pace)
        except Invalid as error:
            return _refusal(400, "invalid_text", error.detail)
        finally:
            speaking -= 1
        site.note("speech.made", vendor="elevenlabs", characters=len(text))
        wav = wav_bytes(spoken, sample_rate=_RATES[output_format])
        times = None if any(one.kind is FaultKind.BAD_FILM for one in planted(request)) else _alignment(text, spoken)
        answer = {"audio_base64": base64.b64encode(wav[_WAV_HEAD:]).decode(), "alignment": times}
        billed = {"character-cost": str(len(text)), "request-id": uuid4().hex, "current-concurrent-requests": "1"}
        return JSONResponse(answer | {"normalized_alignment": times}, headers=billed)

    @routes.get("/elevenlabs/v1/models")
    async def models() -> list[dict[str, Any]]:
        return [
            {"model_id": name, "can_do_text_to_speech": True, "maximum_text_length_per_request": most}
            for name, most in MODELS.items()
        ]

    return routes


def _openai_complaint(site: Site, request: Request, body: dict[str, Any]) -> Response | None:
    if not site.is_bearer(request):
        return openai_videos.refusal(401, "Incorrect API key provided.", code="invalid_api_key")
    speed = body.get("speed", 1.0)
    wrong = {
        "unknown": set(body) - _OPENAI_FIELDS,
        "model": body.get("model") not in SPEECH_MODELS,
        "voice": body.get("voice") not in OPENAI_VOICES,
        "input": not isinstance(body.get("input"), str) or len(body["input"]) > 4096,
        "speed": not isinstance(speed, int | float) or not 0.25 <= speed <= 4.0,
        # The others are for players; here what is said has to be measured.
        "response_format": body.get("response_format", "wav") not in {"pcm", "wav"},
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            return openai_videos.refusal(400, f"Invalid value for '{name}'.", param=name, code="invalid_value")
    return None


def _complaint(site: Site, request: Request, voice: str, output: str, body: dict[str, Any] | None) -> Response | None:
    """What is wrong with a request, in the vendor's four ways of saying so."""
    if request.headers.get("xi-api-key") != site.key:
        return _refusal(401, "invalid_api_key", "Invalid API key.")
    if voice != VOICE:
        # The older envelope, which is still met.
        said = {"detail": {"status": "voice_not_found", "message": f"A voice with id {voice} was not found."}}
        return JSONResponse(said, status_code=404)
    if body is None or not isinstance(body.get("text"), str):
        missing = {"loc": ["body", "text"], "msg": "Field required", "type": "missing"}
        return JSONResponse({"detail": [missing]}, status_code=422)
    if output not in _RATES:
        return JSONResponse({"detail": "output_format_not_allowed"}, status_code=403)
    return _setting_complaint(body)


def _setting_complaint(body: dict[str, Any]) -> Response | None:
    settings = body.get("voice_settings") or {}
    if set(body) - _FIELDS or set(settings) - _SETTINGS or not 0.7 <= settings.get("speed", 1.0) <= 1.2:
        return _refusal(400, "invalid_voice_settings", "A setting is unknown or out of bounds.")
    model = body.get("model_id", "eleven_multilingual_v2")
    if model not in MODELS or len(body["text"]) > MODELS[model]:
        return _refusal(400, "invalid_model", "There is no such model, or the text is too long for it.")
    return None


def _alignment(text: str, spoken: SpokenText) -> dict[str, list[Any]]:
    """Each character's time: a word's characters share its time, and a space lasts until the next word."""
    starts, ends = [], []
    words = iter(spoken.words)
    at, left = 0.0, 0.0
    letters_left = 0
    tokens = iter(text.split())
    for character in text:
        if character.isspace():
            letters_left = 0
            starts.append(at)
            ends.append(at)
            continue
        if letters_left == 0:
            word, letters_left = next(words), len(next(tokens))
            at = word.start_ms / 1000
            left = (word.end_ms - word.start_ms) / 1000 / letters_left
        starts.append(round(at, 4))
        at += left
        ends.append(round(at, 4))
        letters_left -= 1
    return {
        "characters": list(text),
        "character_start_times_seconds": starts,
        "character_end_times_seconds": ends,
    }


def _refusal(status: int, code: str, message: str) -> Response:
    """An error in the envelope of today."""
    kind = "rate_limit_error" if status == 429 else "invalid_request_error"
    detail = {"type": kind, "code": code, "message": message, "status": code, "request_id": uuid4().hex}
    return JSONResponse({"detail": detail}, status_code=status)


async def _json(request: Request) -> dict[str, Any] | None:
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None
