"""Festival's voice. Where it is not installed, a program that takes the same arguments and hums stands in for it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from common.errors import VendorRefused, VendorUnavailable
from testkit.listening import eventually
from testkit.ports.speech import SpeakerPromises
from testkit.processes import children
from vendors.speech.festival import PROGRAM, FestivalMissing, FestivalSpeaker, program

TEXT = "The sea breathes, slowly, twice a day."
HUMS = """\
import re, sys, wave
import numpy as np

arguments, text = sys.argv[1:], sys.stdin.buffer.read().decode("ascii")
asked = " ".join(arguments[at + 1] for at, one in enumerate(arguments) if one == "-eval")
stretch = float(re.search(r"Duration_Stretch ([0-9.]+)", asked)[1])
rate, parts = 16_000, []
for sign in text:
    lasts = int(rate * stretch * (0.2 if sign in ".,;:!?" else 0.05))
    loud = 0.0 if sign in ".,;:!?" else 9_000.0
    parts.append(loud * np.sin(np.arange(lasts) * 0.2))
with wave.open(arguments[arguments.index("-o") + 1], "wb") as file:
    file.setnchannels(1), file.setsampwidth(2), file.setframerate(rate)
    file.writeframes(np.concatenate(parts).astype("<i2").tobytes())
"""
Program = Callable[[str], str]


@pytest.fixture
def program_of(tmp_path: Path) -> Program:
    """`program_of("…")` → the path of a program with this body, in Python."""

    def write(body: str) -> str:
        path = tmp_path / PROGRAM
        path.write_text(f"#!{sys.executable}\n{body}")
        path.chmod(0o755)
        return str(path)

    return write


class TestFestival(SpeakerPromises):
    @pytest.fixture
    async def speaker(self, program_of: Program) -> AsyncIterator[FestivalSpeaker]:
        try:
            path = program()
        except FestivalMissing:
            path = program_of(HUMS)
        voice = FestivalSpeaker(path)
        yield voice
        await voice.close()


async def test_what_ascii_lacks_is_read_without_it_or_refused(program_of: Program) -> None:
    voice = FestivalSpeaker(program_of(HUMS))
    spoken = await voice.speak("Größe, naïve cafés", language="en")
    assert [word.text for word in spoken.words] == ["Größe,", "naïve", "cafés"]
    with pytest.raises(VendorRefused, match="Latin letters"):
        await voice.speak("潮の満ち引き", language="ja")


async def test_a_voice_is_chosen_by_a_name_and_by_nothing_else(program_of: Program, tmp_path: Path) -> None:
    told = tmp_path / "told"
    path = program_of(f"import sys\nopen({str(told)!r}, 'w').write(' '.join(sys.argv[1:]))\n{HUMS}")
    spoken = await FestivalSpeaker(path, voice="kal_diphone").speak(TEXT, language="en", pace=1.25)
    assert (spoken.voice, spoken.language_supported) == ("festival/kal_diphone", True)
    assert told.read_text().startswith("-eval (voice_kal_diphone) -eval (Parameter.set 'Duration_Stretch 0.8000)")
    with pytest.raises(ValueError, match="cannot be the name"):
        FestivalSpeaker(path, voice='x) (system "true"')


@pytest.mark.parametrize(
    ("body", "error", "said"),
    [
        ("import sys; sys.stdin.read(); sys.exit(3)", VendorUnavailable, "status 3"),
        ("import sys; sys.stdin.read()", VendorUnavailable, "cannot be read"),
        (HUMS.replace("setnchannels(1)", "setnchannels(2)"), VendorRefused, "2 channels"),
        (HUMS.replace("np.concatenate(parts)", "np.zeros(9)"), VendorRefused, "nothing in the text"),
        ("import time; time.sleep(60)", VendorUnavailable, "did not finish"),
    ],
)
async def test_what_is_no_speech_is_no_answer(
    program_of: Program, body: str, error: type[Exception], said: str
) -> None:
    voice = FestivalSpeaker(program_of(body), timeout_seconds=1.0 if "sleep" in body else 60.0)
    with pytest.raises(error, match=said):
        await voice.speak(TEXT, language="en")
    assert not children(PROGRAM)


async def test_close_ends_what_is_being_said(program_of: Program) -> None:
    voice = FestivalSpeaker(program_of("import time; time.sleep(60)"))
    saying = asyncio.create_task(voice.speak(TEXT, language="en"))
    await eventually(lambda: children(PROGRAM))
    await voice.close()
    with pytest.raises(VendorUnavailable, match=r"before it had spoken|closed"):
        await saying
    with pytest.raises(VendorUnavailable, match="closed"):
        await voice.speak(TEXT, language="en")
    assert not children(PROGRAM)


def test_without_the_program_it_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FestivalMissing, match="text2wave"):
        program()
