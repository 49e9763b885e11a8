"""WebVTT and SRT: read back, and in order whatever the words are."""

from __future__ import annotations

import re
from itertools import pairwise

from common.contracts.production import Word
from editor.subtitles import CUE_LETTERS, LINE_LETTERS, cues, to_srt, to_vtt
from hypothesis import given
from hypothesis import strategies as st

TIMES = re.compile(r"^(\d\d):(\d\d):(\d\d)[.,](\d{3}) --> (\d\d):(\d\d):(\d\d)[.,](\d{3})$", re.MULTILINE)


def spoken(text: str, *, each_ms: int = 300) -> list[Word]:
    return [
        Word(text=part, start_ms=place * each_ms, end_ms=(place + 1) * each_ms)
        for place, part in enumerate(text.split())
    ]


def spans(file: str) -> list[tuple[int, int]]:
    def ms(hours: str, minutes: str, seconds: str, rest: str) -> int:
        return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)

    return [(ms(*found[:4]), ms(*found[4:])) for found in TIMES.findall(file)]


def test_a_cue_ends_with_its_sentence_and_long_ones_have_two_lines() -> None:
    words = spoken("Tides rise twice a day. The moon pulls the sea and the earth turns beneath it.")
    file = to_vtt(words, duration_ms=6000)
    assert file.startswith("WEBVTT\n")
    blocks = file.strip().split("\n\n")[1:]
    assert [block.split("\n")[2:] for block in blocks] == [
        ["Tides rise twice a day."],
        ["The moon pulls the sea and", "the earth turns beneath it."],
    ]
    assert spans(file) == [(0, 1500), (1500, 5000)]


def test_words_without_spaces_run_together_and_are_twice_as_wide() -> None:
    words = spoken("潮の 満ち引きは なぜ 起こるのでしょうか。 月の 引力が 海水を 引っ張ります。")
    first, second = cues(words, duration_ms=5000)
    assert (first.text, second.text) == ("潮の満ち引きはなぜ\n起こるのでしょうか。", "月の引力が海水を引っ張ります。")
    assert all(2 * len(line) <= LINE_LETTERS for cue in (first, second) for line in cue.text.split("\n"))


def test_markup_is_text() -> None:
    assert "a &lt;b&gt; &amp; c" in to_vtt(spoken("a <b> & c"), duration_ms=5000)
    assert "-->" not in to_vtt(spoken("-->"), duration_ms=5000).split("\n")[-2]


def test_srt_has_the_same_cues() -> None:
    words = spoken("Tides rise twice a day. The moon pulls.")
    assert spans(to_srt(words, duration_ms=6000)) == spans(to_vtt(words, duration_ms=6000))
    assert "00:00:00,000 --> 00:00:01,500" in to_srt(words, duration_ms=6000)


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=20), st.integers(0, 9000), st.integers(0, 700)), max_size=30),
    st.integers(0, 8000),
)
def test_cues_never_overlap_and_never_outlast_the_film(parts: list[tuple[str, int, int]], duration: int) -> None:
    words = [Word(text=text, start_ms=start, end_ms=start + long) for text, start, long in parts]
    made = cues(words, duration_ms=duration)
    assert all(cue.start_ms < cue.end_ms <= duration for cue in made)
    assert all(earlier.end_ms <= later.start_ms for earlier, later in pairwise(made))
    assert all(len(cue.text) <= CUE_LETTERS + LINE_LETTERS for cue in made)
    assert spans(to_vtt(words, duration_ms=duration)) == [(cue.start_ms, cue.end_ms) for cue in made]
