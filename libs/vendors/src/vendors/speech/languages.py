"""Which of espeak-ng's voices reads a language."""

from __future__ import annotations

ENGLISH = "en-us"

# The values are names of voice files: espeak-ng calls British English `en` and does not find it as `en-gb`.
_VOICES = {
    "ar": "ar",
    "bg": "bg",
    "bn": "bn",
    "bs": "bs",
    "ca": "ca",
    "cs": "cs",
    "cy": "cy",
    "da": "da",
    "de": "de",
    "el": "el",
    "en": ENGLISH,
    "en-au": "en",
    "en-gb": "en",
    "en-ie": "en",
    "en-nz": "en",
    "en-za": "en",
    "eo": "eo",
    "es": "es",
    "es-419": "es-419",
    "es-ar": "es-419",
    "es-cl": "es-419",
    "es-co": "es-419",
    "es-mx": "es-419",
    "es-us": "es-419",
    "et": "et",
    "eu": "eu",
    "fa": "fa",
    "fi": "fi",
    "fr": "fr",
    "fr-be": "fr-be",
    "fr-ch": "fr-ch",
    "ga": "ga",
    "gl": "pt",
    "he": "he",
    "hi": "hi",
    "hr": "hr",
    "hu": "hu",
    "hy": "hy",
    "id": "id",
    "is": "is",
    "it": "it",
    "ka": "ka",
    "ko": "ko",
    "lb": "lb",
    "lt": "lt",
    "lv": "lv",
    "mk": "mk",
    "ms": "ms",
    "nb": "nb",
    "ne": "ne",
    "nl": "nl",
    "nn": "nb",
    "no": "nb",
    "pl": "pl",
    "pt": "pt",
    "pt-br": "pt-br",
    "ro": "ro",
    "ru": "ru",
    "sk": "sk",
    "sl": "sl",
    "sq": "sq",
    "sr": "sr",
    "sv": "sv",
    "sw": "sw",
    "ta": "ta",
    "te": "te",
    "tr": "tr",
    "uk": "uk",
    "ur": "ur",
    "vi": "vi",
    "zh": "cmn",
}
_IN_PART = {"ja": "ja"}
"""espeak-ng reads kana and says "Chinese letter" for every kanji. Its English voice would spell kana as well."""


def voice_for(language: str) -> tuple[str, bool]:
    """The voice for a BCP 47 tag, and whether it really reads that language; otherwise it comes closest."""
    subtags = language.strip().replace("_", "-").lower().split("-")
    for length in range(len(subtags), 0, -1):
        if voice := _VOICES.get("-".join(subtags[:length])):
            return voice, True
    return _IN_PART.get(subtags[0], ENGLISH), False


def reads_phrases(voice: str) -> bool:
    """Whether it has to be given phrases with spaces between them: it would make one word of a sentence."""
    return voice in _IN_PART.values()


def known_voices() -> frozenset[str]:
    """Every voice a language can lead to."""
    return frozenset((*_VOICES.values(), *_IN_PART.values()))
