"""Voices of vendors, each over real HTTP against its sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest
from common import http
from common.contracts.production import Word
from common.contracts.values import Origin
from common.errors import VendorAuthFailed, VendorRateLimited, VendorRefused, VendorUnavailable
from sandbox.kit.faults import FaultKind
from sandbox.voices import VOICE
from testkit.ports.speech import SpeakerPromises
from testkit.vendors import Sandbox
from vendors.speech.elevenlabs import ElevenLabs
from vendors.speech.espeak import EspeakSpeaker
from vendors.speech.openai_speech import OpenAISpeech
from vendors.wire import VendorGone, VendorOutOfCredit

TEXT = "The sea breathes, slowly, twice a day. Look at the moon: it pulls."


def openai_voice(box: Sandbox, *, key: str = "", url: str = "") -> OpenAISpeech:
    """A voice of OpenAI's shape."""
    client = http.client(base_url=f"{url or box.url}/openai/v1", timeout_seconds=30)
    client.headers["authorization"] = f"Bearer {key or box.key}"
    return OpenAISpeech(client, model="tts-1", voice="coral", usd_micros_per_thousand=15_000, origin=Origin.SANDBOX)


def eleven_voice(box: Sandbox, *, key: str = "", url: str = "", voice: str = VOICE) -> ElevenLabs:
    """A voice of ElevenLabs."""
    client = http.client(base_url=f"{url or box.url}/elevenlabs", timeout_seconds=30)
    client.headers["xi-api-key"] = key or box.key
    model = "eleven_multilingual_v2"
    return ElevenLabs(client, model=model, voice=voice, usd_micros_per_thousand=200_000, origin=Origin.SANDBOX)


VOICES = {"openai_speech": openai_voice, "elevenlabs": eleven_voice}


class VendorPromises(SpeakerPromises):
    """What vendors of voices promise besides: that what goes wrong is said in our words."""

    make: Any

    @pytest.fixture
    async def speaker(self, vendors_box: Sandbox) -> AsyncIterator[Any]:
        voice = type(self).make(vendors_box)
        yield voice
        await voice.close()

    @pytest.mark.parametrize(
        ("code", "error"),
        [
            (400, VendorRefused),
            (401, VendorAuthFailed),
            (402, VendorOutOfCredit),
            (404, VendorGone),
            (429, VendorRateLimited),
            (500, VendorUnavailable),
        ],
    )
    async def test_a_no_is_said_in_our_words(
        self, speaker: Any, vendors_box: Sandbox, code: int, error: type[Exception]
    ) -> None:
        vendors_box.plant(FaultKind.STATUS, code=code, body='{"detail": {"message": "not today", "code": "no"}}')
        with pytest.raises(error, match="not today"):
            await speaker.speak(TEXT, language="en")
        assert (await speaker.speak(TEXT, language="en")).duration_ms > 1000

    @pytest.mark.parametrize("kind", [FaultKind.BAD_JSON, FaultKind.TRUNCATE, FaultKind.DROP_AFTER])
    async def test_what_is_no_speech_is_no_answer(self, speaker: Any, vendors_box: Sandbox, kind: FaultKind) -> None:
        vendors_box.plant(kind)
        with pytest.raises((VendorUnavailable, VendorRefused)):
            await speaker.speak(TEXT, language="en")

    async def test_a_bad_key_and_a_vendor_that_is_not_there_are_told_apart(self, vendors_box: Sandbox) -> None:
        make = type(self).make
        for voice, error in (
            (make(vendors_box, key="another"), VendorAuthFailed),
            (make(vendors_box, url="http://127.0.0.1:9"), VendorUnavailable),
        ):
            with pytest.raises(error):
                await voice.speak(TEXT, language="en")
            await voice.close()

    async def test_it_costs_what_was_said_at_most(self, speaker: Any) -> None:
        spoken = await speaker.speak(TEXT, language="en")
        assert 0 < spoken.cost_usd_micros <= speaker.usd_micros_for(TEXT)

    async def test_words_are_timed_as_they_are_heard(self, speaker: Any) -> None:
        """The sandbox speaks with espeak-ng, which says when each word is heard."""
        async with EspeakSpeaker() as espeak:
            truth = (await espeak.speak(TEXT, language="en")).words
        found: tuple[Word, ...] = (await speaker.speak(TEXT, language="en")).words
        apart = [abs(one.start_ms - other.start_ms) for one, other in zip(found, truth, strict=True)]
        assert max(apart) <= type(self).off_by_ms, list(zip(apart, truth, strict=True))

    off_by_ms = 0


@pytest.mark.feature("A36")
class TestOpenAISpeech(VendorPromises):
    """It says nothing of times: they are found in the pauses, and between them shared out by how much is said."""

    make = staticmethod(openai_voice)
    off_by_ms = 260


@pytest.mark.feature("A36")
class TestElevenLabs(VendorPromises):
    """It says the time of each character."""

    make = staticmethod(eleven_voice)
    off_by_ms = 5

    async def test_without_times_they_are_found_in_the_sound(self, speaker: Any, vendors_box: Sandbox) -> None:
        vendors_box.plant(FaultKind.BAD_FILM)
        found = (await speaker.speak(TEXT, language="en")).words
        assert [word.text for word in found] == TEXT.split()
        assert all(one.start_ms < other.start_ms for one, other in pairwise(found))

    async def test_a_voice_there_is_not(self, vendors_box: Sandbox) -> None:
        voice = eleven_voice(vendors_box, voice="nobody")
        with pytest.raises(VendorGone, match="was not found"):
            await voice.speak(TEXT, language="en")
        await voice.close()
