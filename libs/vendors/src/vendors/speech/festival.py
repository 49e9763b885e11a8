"""Festival's voice, where somebody has installed it: a draft voice like espeak-ng's. It reads English, in ASCII."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import unicodedata
import wave
from pathlib import Path

from common.contracts.values import Origin
from common.errors import VendorRefused, VendorUnavailable

from vendors.speech.alignment import align
from vendors.speech.children import Children
from vendors.speech.port import SpokenText, require_pace, require_sayable
from vendors.speech.readable import readable
from vendors.speech.silences import find_pauses, guess_marks
from vendors.wire import VendorOff

PROGRAM = "text2wave"
_VOICE = re.compile(r"^[A-Za-z][A-Za-z0-9_]{0,63}$")
_DEFAULT = "default"


class FestivalMissing(VendorOff):
    """Festival is not installed here."""


def program() -> str:
    """Where Festival's `text2wave` is. Raises `FestivalMissing`."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise FestivalMissing(f"Festival is not installed here: there is no program {PROGRAM}.")
    return found


class FestivalSpeaker:
    """One voice of Festival's. Each text is spoken by a child process of its own, which `close` ends."""

    name = "festival"
    origin = Origin.OFFLINE

    def __init__(self, path: str, *, voice: str = "", timeout_seconds: float = 60.0, at_once: int = 2) -> None:
        if voice and not _VOICE.match(voice):
            # It becomes part of an expression that Festival evaluates.
            raise ValueError(f"{voice!r} cannot be the name of one of Festival's voices, such as kal_diphone")
        self._path = path
        self._voice = voice
        self._children = Children(self.name, timeout_seconds=timeout_seconds, at_once=at_once)

    @property
    def about(self) -> str:
        """See `Speaker`."""
        return f"{self.name}/{self._voice or _DEFAULT} {self._path}"

    def usd_micros_for(self, text: str) -> int:
        """It costs nothing."""
        return 0

    async def close(self) -> None:
        """End what is being said and refuse the rest; closing twice changes nothing."""
        await self._children.close()

    async def speak(self, text: str, *, language: str, pace: float = 1.0) -> SpokenText:
        """Say the text; see `Speaker`. Letters that ASCII lacks are read without their accents, or not at all."""
        require_sayable(text)
        require_pace(pace)
        said = unicodedata.normalize("NFKD", readable(text).text).encode("ascii", "ignore")
        if not any(chr(one).isalnum() for one in said):
            raise VendorRefused(f"{self.name} found nothing in the text that it can say: it reads Latin letters.")
        pcm, sample_rate = await self._ask(said, pace=pace)
        duration_ms = len(pcm) // 2 * 1000 // sample_rate
        silences, begins_ms, ends_ms = find_pauses(pcm, sample_rate=sample_rate)
        marks, pauses = guess_marks(text, silences, begins_ms=begins_ms)
        return SpokenText(
            pcm=pcm,
            sample_rate=sample_rate,
            duration_ms=duration_ms,
            words=align(text, marks, pauses, duration_ms=min(ends_ms, duration_ms)),
            voice=f"{self.name}/{self._voice or _DEFAULT}",
            language_supported=language.strip().lower().split("-")[0] == "en",
        )

    async def _ask(self, said: bytes, *, pace: float) -> tuple[bytes, int]:
        """The samples and their rate."""
        expressions = [f"(Parameter.set 'Duration_Stretch {1 / pace:.4f})"]
        if self._voice:
            # A voice brings its own pace along, so it is chosen first.
            expressions.insert(0, f"(voice_{self._voice})")
        with tempfile.TemporaryDirectory(prefix="festival-") as folder:
            target = Path(folder) / "speech.wav"
            evaluated = [part for expression in expressions for part in ("-eval", expression)]
            await self._children.run(self._path, *evaluated, "-o", str(target), said=said)
            return await asyncio.to_thread(_read, target)


def _read(path: Path) -> tuple[bytes, int]:
    try:
        with wave.open(str(path), "rb") as file:
            kind = (file.getnchannels(), file.getsampwidth())
            pcm, rate = file.readframes(file.getnframes()), file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise VendorUnavailable("festival gave an answer that cannot be read.") from error
    if kind != (1, 2):
        raise VendorRefused(f"festival spoke in {kind[0]} channels of {kind[1]} bytes; one of two is wanted.")
    if len(pcm) < rate // 100 * 2:
        raise VendorRefused("festival found nothing in the text that it can say.")
    return pcm, rate
