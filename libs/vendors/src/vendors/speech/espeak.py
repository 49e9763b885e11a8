"""The voice that is always there: espeak-ng from a wheel, robotic and honest about it."""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import espeakng_loader
from common.contracts.values import Origin
from common.errors import VendorRefused, VendorUnavailable
from pydantic import BaseModel, ValidationError

from vendors.speech import espeak_process
from vendors.speech.alignment import Mark, Pause, align
from vendors.speech.children import Children
from vendors.speech.languages import reads_phrases, voice_for
from vendors.speech.port import SpokenText, require_pace, require_sayable
from vendors.speech.readable import readable

_BYTES_PER_SAMPLE = 2


@dataclass(frozen=True)
class EspeakSettings:
    """How the voice sounds. The numbers are those a storyteller would choose: a little low, lively, unhurried."""

    words_per_minute: int = 158
    pitch: int = 42
    range: int = 55


class _Head(BaseModel):
    """What the child says before the samples: either an error, or the marks and pauses in milliseconds."""

    error: str | None = None
    sample_rate: int = 0
    marks: tuple[tuple[int, int], ...] = ()
    pauses: tuple[tuple[int, int], ...] = ()


class EspeakSpeaker:
    """A draft voice that needs no network and no key. Each text is spoken by a child process of its own.

    A child that dies or hangs costs its own text only. A cancelled `speak` leaves no child behind, nor does `close`,
    after which nothing more is spoken.
    """

    name = "espeak-ng"
    origin = Origin.OFFLINE

    def __init__(
        self,
        *,
        settings: EspeakSettings | None = None,
        data_path: Path | None = None,
        timeout_seconds: float = 20.0,
        at_once: int = 2,
    ) -> None:
        self._settings = settings or EspeakSettings()
        self._data_path = data_path or Path(espeakng_loader.get_data_path())
        self._timeout_seconds = timeout_seconds
        self._children = Children(self.name, timeout_seconds=timeout_seconds, at_once=at_once)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End what is being said and refuse the rest; closing twice changes nothing."""
        await self._children.close()

    @property
    def about(self) -> str:
        """See `Speaker`."""
        return f"{self.name} {version('espeakng-loader')} {self._settings}"

    def usd_micros_for(self, text: str) -> int:
        """It costs nothing."""
        return 0

    async def speak(self, text: str, *, language: str, pace: float = 1.0) -> SpokenText:
        """Say the text; see `Speaker`. A language espeak does not read is read as well as it can and marked so."""
        require_sayable(text)
        require_pace(pace)
        voice, supported = voice_for(language)
        speakable = readable(text, parted=reads_phrases(voice))
        request = {
            "library": espeakng_loader.get_library_path(),
            "data": str(self._data_path),
            "voice": voice,
            "words_per_minute": round(self._settings.words_per_minute * pace),
            "pitch": self._settings.pitch,
            "range": self._settings.range,
            "text": speakable.text,
            "timeout_seconds": self._timeout_seconds,
        }
        said = json.dumps(request).encode() + b"\n"
        answer = await self._children.run(sys.executable, "-I", "-S", espeak_process.__file__, said=said)
        head, pcm = _read(answer)
        duration_ms = len(pcm) // _BYTES_PER_SAMPLE * 1000 // head.sample_rate
        words = align(
            text,
            [Mark(position=speakable.written_at(position), at_ms=at_ms) for position, at_ms in head.marks],
            [Pause(start_ms=start, end_ms=end) for start, end in head.pauses],
            duration_ms=duration_ms,
        )
        return SpokenText(
            pcm=pcm,
            sample_rate=head.sample_rate,
            duration_ms=duration_ms,
            words=words,
            voice=f"{self.name}/{voice}",
            language_supported=supported,
        )


def _read(answer: bytes) -> tuple[_Head, bytes]:
    try:
        (length,) = struct.unpack_from(">I", answer)
        head = _Head.model_validate_json(answer[4 : 4 + length])
    except (struct.error, ValidationError) as exc:
        raise VendorUnavailable("espeak-ng gave an answer that cannot be read.") from exc
    if head.error is not None:
        raise VendorRefused(head.error)
    pcm = answer[4 + length :]
    if len(pcm) < head.sample_rate // 100 * _BYTES_PER_SAMPLE:
        raise VendorRefused("espeak-ng found nothing in the text that it can say.")
    return head, pcm
