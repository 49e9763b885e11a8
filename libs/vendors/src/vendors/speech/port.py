"""What we need from a voice, whoever it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from common.contracts.production import Word
from common.contracts.values import Origin
from common.errors import Invalid

TEXT_LIMIT = 5_000
PACE_LIMITS = (0.5, 2.0)


class NothingToSay(Invalid):
    """The text has no letter and no digit, so no voice could say it."""


class TextTooLong(Invalid):
    """More than `TEXT_LIMIT` characters at once; a scene's narration is far below that."""


@dataclass(frozen=True)
class SpokenText:
    """Speech and the time of each written word.

    Every whitespace-separated token of the text is one word, once, in order, spelled as written. Times never go back,
    never overlap and never pass the end. `language_supported` is false when the voice does not know the language and
    reads the text as if it were another.
    """

    pcm: bytes
    """Signed 16-bit little-endian samples, one channel."""
    sample_rate: int
    duration_ms: int
    words: tuple[Word, ...]
    voice: str
    """Adapter and voice, such as `espeak-ng/en-us`."""
    language_supported: bool
    cost_usd_micros: int = 0
    """What saying it cost."""


class Speaker(Protocol):
    """A voice. Saying the same text twice is harmless; two texts may be asked for at once."""

    @property
    def name(self) -> str:
        """The adapter's name, as people and artifacts' records see it."""

    @property
    def origin(self) -> Origin:
        """Whether a vendor speaks for real, or a stand-in that says so."""

    @property
    def about(self) -> str:
        """What shapes its speech besides the text, language and pace: whose voice it is, of which model, and where."""

    def usd_micros_for(self, text: str) -> int:
        """What saying a text costs at most. Asks nobody."""

    async def speak(self, text: str, *, language: str, pace: float = 1.0) -> SpokenText:
        """Say the whole text in a language (BCP 47 tag), `pace` times as fast as this voice's own speed.

        Raises `NothingToSay` or `TextTooLong` before anything is sent, `VendorUnavailable` when a later try may work,
        `VendorRefused` when it will not.
        """


def require_sayable(text: str) -> None:
    """Raise `NothingToSay` or `TextTooLong`; every adapter asks this first, so all refuse the same texts."""
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(f"The text has {len(text)} characters; at most {TEXT_LIMIT} are spoken at once.")
    if not any(letter.isalnum() for letter in text):
        raise NothingToSay(f"There is no word to say in {text[:80]!r}.")


def require_pace(pace: float) -> None:
    """Raise `Invalid` for a pace no voice should be asked for."""
    slowest, fastest = PACE_LIMITS
    if not slowest <= pace <= fastest:
        raise Invalid(f"A speaking pace of {pace!r} is outside {slowest} to {fastest}.")
