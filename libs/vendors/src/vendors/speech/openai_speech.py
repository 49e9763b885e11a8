"""Any endpoint that speaks OpenAI's `/audio/speech`. It says nothing about when a word is heard; the sound does."""

from __future__ import annotations

from common.errors import VendorRefused

from vendors.speech.endpoint import SpeechEndpoint
from vendors.speech.port import SpokenText, require_pace, require_sayable
from vendors.speech.readable import readable
from vendors.wire import send

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


class OpenAISpeech(SpeechEndpoint):
    """One voice of an endpoint. The base address of `client` ends where `/audio` begins, and it has the key."""

    name = "openai_speech"
    languages = _LANGUAGES

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
        kind = answer.headers.get("content-type", "")
        if not kind.startswith(("audio/", "application/octet")):
            raise VendorRefused(f"{self.name} answered no speech ({kind or 'of no kind'}).")
        return self._measured(text, answer.content, language=language, cost_usd_micros=self.usd_micros_for(speakable))
