"""What every `Speaker` promises."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from common.errors import Invalid
from vendors.speech.port import TEXT_LIMIT, NothingToSay, Speaker, SpokenText, TextTooLong

PLAIN = "In the end of the day we open with the result, and then we stop."
TRICKY = (
    pytest.param("Hello.", id="one word"),
    pytest.param("a", id="one letter"),
    pytest.param("7", id="one digit"),
    pytest.param("In 2026 it cost 3,000 $ and 20% of U.S. sales, e.g. AI-made films.", id="numbers"),
    pytest.param(
        "Don\u2019t say \u201cwe\u2019ll\u201d \u2014 say \u2018it\u2019s\u2019\u2026", id="typographic quotes"
    ),
    pytest.param("Gr\u00f6\u00dfe \u00fcber na\u00efve caf\u00e9s, \u017c\u00f3\u0142w!", id="umlauts"),
    pytest.param("Tides \U0001f30a rise \U0001f468\u200d\U0001f469\u200d\U0001f467 and fall \u2192 twice", id="emoji"),
    pytest.param("\u2014 start with a dash, end with one \u2014", id="lone punctuation"),
    pytest.param("bell\x07 null\x00 escape\x1b after all of them", id="control characters"),
    pytest.param("  spaces\t tabs\r\n\n and a paragraph\u00a0too  ", id="white space"),
    pytest.param("half a \ud83d surrogate", id="lone surrogate"),
    pytest.param("R&D <b>bold</b> &amp; [[h@'loU]] {x} \\n", id="mark-up"),
    pytest.param("word " * 400, id="long"),
    pytest.param("a" * 300, id="one endless word"),
)


class SpeakerPromises:
    """Subclass it as `Test…` with a fixture `speaker`. The adapter must read English."""

    @pytest.mark.parametrize("text", TRICKY)
    async def test_every_written_word_is_timed_once_and_in_order(self, speaker: Speaker, text: str) -> None:
        spoken = await speaker.speak(text, language="en")
        assert [word.text for word in spoken.words] == text.split()
        edges = [edge for word in spoken.words for edge in (word.start_ms, word.end_ms)]
        assert edges == sorted(edges)
        assert edges[0] >= 0
        assert edges[-1] <= spoken.duration_ms

    async def test_the_sound_is_as_long_as_it_says_and_is_not_silence(self, speaker: Speaker) -> None:
        spoken = await speaker.speak(PLAIN, language="en")
        samples = _samples(spoken)
        assert abs(len(samples) * 1000 / spoken.sample_rate - spoken.duration_ms) <= 1
        assert np.sqrt(np.mean(samples**2)) > 0.01
        assert np.abs(samples).max() <= 1.0

    async def test_words_last_while_something_is_heard(self, speaker: Speaker) -> None:
        spoken = await speaker.speak(PLAIN, language="en")
        samples = _samples(spoken)
        for word in spoken.words:
            heard = samples[word.start_ms * spoken.sample_rate // 1000 : word.end_ms * spoken.sample_rate // 1000]
            assert word.end_ms - word.start_ms >= 20, word
            assert np.abs(heard).max() > 0.01, word

    async def test_a_pace_changes_the_length_in_its_direction(self, speaker: Speaker) -> None:
        slow, plain, fast = [await speaker.speak(PLAIN, language="en", pace=pace) for pace in (0.88, 1.0, 1.12)]
        assert fast.duration_ms < plain.duration_ms < slow.duration_ms
        assert [word.text for word in fast.words] == PLAIN.split()

    async def test_the_voice_is_named_after_its_adapter(self, speaker: Speaker) -> None:
        spoken = await speaker.speak("Hello.", language="en-US")
        assert spoken.voice.startswith(f"{speaker.name}/")
        assert spoken.language_supported

    async def test_an_unknown_language_is_read_all_the_same_and_marked(self, speaker: Speaker) -> None:
        spoken = await speaker.speak("Hello there.", language="tlh")
        assert not spoken.language_supported
        assert len(spoken.words) == 2

    async def test_two_texts_at_once_do_not_mix(self, speaker: Speaker) -> None:
        texts = [f"Sentence number {number} of many." for number in range(1, 6)]
        spoken = await asyncio.gather(*(speaker.speak(text, language="en") for text in texts))
        assert [[word.text for word in one.words] for one in spoken] == [text.split() for text in texts]

    @pytest.mark.parametrize("text", ["", "   \n", "\u2026 \u2014 !", "\U0001f30a", "\x00\x07"])
    async def test_a_text_without_a_word_is_refused(self, speaker: Speaker, text: str) -> None:
        with pytest.raises(NothingToSay):
            await speaker.speak(text, language="en")

    async def test_a_text_beyond_the_limit_is_refused(self, speaker: Speaker) -> None:
        with pytest.raises(TextTooLong):
            await speaker.speak("a" * (TEXT_LIMIT + 1), language="en")

    @pytest.mark.parametrize("pace", [0.0, -1.0, 5.0, float("nan")])
    async def test_a_pace_nobody_could_follow_is_refused(self, speaker: Speaker, pace: float) -> None:
        with pytest.raises(Invalid):
            await speaker.speak("Hello.", language="en", pace=pace)


def _samples(spoken: SpokenText) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The sound between -1 and 1."""
    return np.frombuffer(spoken.pcm, dtype="<i2").astype(np.float64) / 32_768
