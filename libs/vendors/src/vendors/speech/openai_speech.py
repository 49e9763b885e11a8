"""Any endpoint that speaks OpenAI's `/audio/speech`. It says nothing about when a word is heard; the sound does."""

from __future__ import annotations

import httpx
from common.contracts.values import Origin
from common.errors import VendorRefused

from vendors.speech.alignment import align
from vendors.speech.port import SpokenText, require_pace, require_sayable
from vendors.speech.readable import readable
from vendors.speech.silences import find_pauses, guess_marks
from vendors.wire import send

SAMPLE_RATE = 24_000
"""What `pcm` is: 24 kHz, 16 bits, one channel."""
_BYTES_PER_SAMPLE = 2
_LANGUAGES = frozenset(
    [
        "af",
        "ar",
        "hy",
        "az",
        "be",
        "bs",
        "bg",
        "ca",
        "zh",
        "hr",
        "cs",
        "da",
        "nl",
        "en",
        "et",
        "fi",
        "fr",
        "gl",
        "de",
        "el",
        "he",
        "hi",
        "hu",
        "is",
        "id",
        "it",
        "ja",
        "kn",
        "kk",
        "ko",
        "lv",
        "lt",
        "mk",
        "ms",
        "mr",
        "mi",
        "ne",
        "no",
        "fa",
        "pl",
        "pt",
        "ro",
        "ru",
        "sr",
        "sk",
        "sl",
        "es",
        "sw",
        "sv",
        "tl",
        "ta",
        "th",
        "tr",
        "uk",
        "ur",
        "vi",
        "cy",
    ]
)


class OpenAISpeech:
    """One voice of an endpoint. The base address of `client` ends where `/audio` begins, and it has the key."""

    name = "openai_speech"

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        model: str,
        voice: str,
        usd_micros_per_thousand: int,
        origin: Origin = Origin.REAL,
    ) -> None:
        self.origin = origin
        self._client = client
        self._model = model
        self._voice = voice
        self._price = usd_micros_per_thousand

    def usd_micros_for(self, text: str) -> int:
        """What saying it costs: by its characters."""
        return -(-self._price * len(text) // 1000)

    async def speak(self, text: str, *, language: str, pace: float = 1.0) -> SpokenText:
        """Say the text; see `Speaker`."""
        require_sayable(text)
        require_pace(pace)
        speakable = readable(text).text
        body = {
            "model": self._model,
            "input": speakable,
            "voice": self._voice,
            "response_format": "pcm",
            "speed": pace,
        }
        answer = await send(self._client, "POST", "/audio/speech", vendor=self.name, json=body)
        pcm = answer.content[: len(answer.content) // _BYTES_PER_SAMPLE * _BYTES_PER_SAMPLE]
        kind = answer.headers.get("content-type", "")
        if len(pcm) < SAMPLE_RATE // 100 * _BYTES_PER_SAMPLE or not kind.startswith(("audio/", "application/octet")):
            raise VendorRefused(f"{self.name} answered no speech ({kind or 'of no kind'}, {len(pcm)} bytes).")
        duration_ms = len(pcm) // _BYTES_PER_SAMPLE * 1000 // SAMPLE_RATE
        pauses, begins_ms, ends_ms = find_pauses(pcm, sample_rate=SAMPLE_RATE)
        marks, between = guess_marks(text, pauses, begins_ms=begins_ms)
        return SpokenText(
            pcm=pcm,
            sample_rate=SAMPLE_RATE,
            duration_ms=duration_ms,
            words=align(text, marks, between, duration_ms=min(ends_ms, duration_ms)),
            voice=f"{self.name}/{self._voice}",
            language_supported=language.strip().lower().split("-")[0] in _LANGUAGES,
            cost_usd_micros=self.usd_micros_for(speakable),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
