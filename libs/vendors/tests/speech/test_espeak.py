"""espeak-ng keeps the port's promise, and its child processes cannot hurt us."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import espeakng_loader
import pytest
from common.contracts.values import Origin
from common.errors import VendorRefused, VendorUnavailable
from testkit.ports.speech import SpeakerPromises
from vendors.speech import espeak_process
from vendors.speech.espeak import EspeakSettings, EspeakSpeaker
from vendors.speech.languages import known_voices, voice_for

# Some seconds of work for the child, so that a test can interrupt it.
LONG = "antidisestablishmentarianism " * 170


@pytest.fixture
async def speaker() -> AsyncIterator[EspeakSpeaker]:
    async with EspeakSpeaker() as speaker:
        yield speaker


class TestEspeakSpeaker(SpeakerPromises):
    """The whole suite of the port, on the real library."""


def children() -> set[int]:
    """Processes this one has started and not yet reaped."""
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


async def new_child(known: set[int]) -> int:
    """Wait until a child is there that was not there before."""
    async with asyncio.timeout(5):
        while not (found := children() - known):  # noqa: ASYNC110 -- the kernel has no event to wait on.
            await asyncio.sleep(0)
    return found.pop()


def freeze(pid: int) -> None:
    """Stop a process where it stands, so that it neither finishes nor dies by itself."""
    os.kill(pid, signal.SIGSTOP)


async def test_it_says_what_it_is(speaker: EspeakSpeaker) -> None:
    assert speaker.origin is Origin.OFFLINE
    assert (await speaker.speak("Hello.", language="en")).voice == "espeak-ng/en-us"


async def test_a_killed_child_costs_its_own_text_only(speaker: EspeakSpeaker) -> None:
    known = children()
    speaking = asyncio.create_task(speaker.speak(LONG, language="en"))
    os.kill(await new_child(known), signal.SIGKILL)
    with pytest.raises(VendorUnavailable, match="-9"):
        await speaking
    assert (await speaker.speak("And on we go.", language="en")).duration_ms > 300
    assert children() == known


async def test_a_child_that_hangs_is_ended_at_the_time_limit() -> None:
    known = children()
    async with EspeakSpeaker(timeout_seconds=0.3) as speaker:
        speaking = asyncio.create_task(speaker.speak(LONG, language="en"))
        freeze(await new_child(known))
        with pytest.raises(VendorUnavailable, match=r"0\.3 s"):
            await speaking
    assert children() == known


async def test_a_cancelled_text_leaves_no_child_behind(speaker: EspeakSpeaker) -> None:
    known = children()
    speaking = asyncio.create_task(speaker.speak(LONG, language="en"))
    freeze(await new_child(known))
    speaking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await speaking
    assert children() == known
    assert (await speaker.speak("Still here.", language="en")).words


async def test_closing_ends_what_is_being_said_and_refuses_the_rest() -> None:
    known = children()
    speaker = EspeakSpeaker()
    speaking = asyncio.create_task(speaker.speak(LONG, language="en"))
    freeze(await new_child(known))
    await speaker.close()
    with pytest.raises(VendorUnavailable):
        await speaking
    with pytest.raises(VendorUnavailable, match="closed"):
        await speaker.speak("Too late.", language="en")
    await speaker.close()
    assert children() == known


def test_a_child_limits_its_own_life() -> None:
    """A service that is killed cannot end its children, so they end by themselves."""
    request = {
        "library": espeakng_loader.get_library_path(),
        "data": espeakng_loader.get_data_path(),
        "voice": "en-us",
        "words_per_minute": 80,
        "pitch": 42,
        "range": 55,
        "text": LONG * 500,
        "timeout_seconds": 0.2,
    }
    command = [sys.executable, "-I", "-S", espeak_process.__file__]
    ended = subprocess.run(
        command, input=json.dumps(request).encode() + b"\n", capture_output=True, check=False, timeout=20
    )
    assert ended.returncode == -signal.SIGALRM


async def test_a_long_data_path_works(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100) / "espeak-ng-data"
    deep.parent.mkdir(parents=True)
    deep.symlink_to(espeakng_loader.get_data_path(), target_is_directory=True)
    async with EspeakSpeaker(data_path=deep) as speaker:
        assert (await speaker.speak("Deep down.", language="en")).duration_ms > 300


async def test_missing_data_is_said_plainly(tmp_path: Path) -> None:
    async with EspeakSpeaker(data_path=tmp_path / "nothing") as speaker:
        with pytest.raises(VendorRefused, match="nothing"):
            await speaker.speak("Hello.", language="en")


@pytest.mark.parametrize(
    ("language", "voice"),
    [("en", "en-us"), ("EN_gb", "en"), ("de-AT", "de"), ("pt-BR", "pt-br"), ("zh-Hans-CN", "cmn"), ("no", "nb")],
)
def test_a_tag_finds_the_nearest_voice(language: str, voice: str) -> None:
    assert voice_for(language) == (voice, True)


async def test_japanese_is_read_as_far_as_it_can_be_and_timed_by_its_phrases(speaker: EspeakSpeaker) -> None:
    spoken = await speaker.speak("しおのみちひきはなぜおこるのでしょうか。", language="ja-JP")
    assert (spoken.voice, spoken.language_supported) == ("espeak-ng/ja", False)
    assert len(spoken.words) > 2
    starts = [word.start_ms for word in spoken.words]
    assert starts == sorted(set(starts)), "each has a mark of its own"
    assert spoken.duration_ms < 5_000, "it is read, and not spelt"


async def test_every_voice_of_the_table_speaks(speaker: EspeakSpeaker) -> None:
    spoken = await asyncio.gather(*(speaker.speak("1 2", language=_tag(voice)) for voice in sorted(known_voices())))
    assert {one.voice.removeprefix("espeak-ng/") for one in spoken} == known_voices()


def _tag(voice: str) -> str:
    """A language tag that leads to the voice."""
    return {"cmn": "zh", "en": "en-GB", "en-us": "en"}.get(voice, voice)


async def test_the_settings_are_heard() -> None:
    text = "A voice may be slow or quick."
    async with (
        EspeakSpeaker(settings=EspeakSettings(words_per_minute=120)) as slow,
        EspeakSpeaker(settings=EspeakSettings(words_per_minute=200)) as quick,
    ):
        slowly, quickly = await asyncio.gather(slow.speak(text, language="en"), quick.speak(text, language="en"))
    assert slowly.duration_ms > quickly.duration_ms * 1.3


async def test_a_sentence_is_spoken_in_a_fraction_of_its_length(speaker: EspeakSpeaker) -> None:
    began = time.perf_counter()
    spoken = await speaker.speak("Open with the result, and then explain it step by step.", language="en")
    assert (time.perf_counter() - began) * 1000 < spoken.duration_ms
