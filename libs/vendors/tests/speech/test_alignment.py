"""Marks of an engine become times of written words."""

from __future__ import annotations

from common.phrases import phrases
from hypothesis import given, settings
from hypothesis import strategies as st
from vendors.speech.alignment import Mark, Pause, align
from vendors.speech.readable import readable

marks = st.lists(st.builds(Mark, position=st.integers(-2, 90), at_ms=st.integers(0, 6_000)), max_size=20)
pauses = st.lists(
    st.tuples(st.integers(0, 5_000), st.integers(1, 900)).map(lambda span: Pause(span[0], span[0] + span[1])),
    max_size=6,
)


@given(text=st.text(max_size=80), marks=marks, pauses=pauses, duration_ms=st.integers(0, 5_000))
@settings(max_examples=60)
def test_whatever_an_engine_says_words_are_whole_ordered_and_inside(
    text: str, marks: list[Mark], pauses: list[Pause], duration_ms: int
) -> None:
    words = align(text, marks, pauses, duration_ms=duration_ms)
    assert [word.text for word in words] == [phrase.rstrip(" ") for phrase in phrases(text)]
    edges = [edge for word in words for edge in (word.start_ms, word.end_ms)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= duration_ms for edge in edges)


def test_a_script_without_spaces_is_timed_by_its_phrases() -> None:
    syllables = [Mark(position, 200 * position) for position in range(9)]
    words = align("潮汐是怎么形成的？", syllables, [], duration_ms=1_800)
    assert [(word.text, word.start_ms, word.end_ms) for word in words] == [
        ("潮汐是", 0, 600),
        ("怎么", 600, 1_000),
        ("形成的？", 1_000, 1_800),
    ]


def test_words_the_engine_merged_share_the_span_by_their_letters() -> None:
    words = align("in the end", [Mark(0, 0), Mark(7, 300)], [], duration_ms=600)
    assert [(word.text, word.start_ms, word.end_ms) for word in words] == [
        ("in", 0, 129),
        ("the", 129, 300),
        ("end", 300, 600),
    ]


def test_a_word_ends_where_the_pause_after_it_begins() -> None:
    words = align("stop, then go", [Mark(0, 0), Mark(6, 700), Mark(11, 900)], [Pause(400, 700)], duration_ms=1_200)
    assert [(word.start_ms, word.end_ms) for word in words] == [(0, 400), (700, 900), (900, 1_200)]


def test_a_token_read_as_several_words_is_one() -> None:
    words = align("3,000 films", [Mark(0, 0), Mark(2, 250), Mark(6, 900)], [], duration_ms=1_300)
    assert [(word.text, word.start_ms, word.end_ms) for word in words] == [("3,000", 0, 900), ("films", 900, 1_300)]


@given(text=st.text(max_size=200))
def test_every_character_for_the_engine_has_its_place_in_the_written_text(text: str) -> None:
    speakable = readable(text)
    assert len(speakable.origin) == len(speakable.text)
    assert list(speakable.origin) == sorted(speakable.origin)
    assert all(0 <= index < len(text) for index in speakable.origin)
    speakable.text.encode()
    assert "\x00" not in speakable.text


def test_letters_are_kept_and_silent_signs_are_not() -> None:
    assert readable("Größe").text == "Größe"
    assert readable("don’t").text == "don't"
    assert readable("co\u00adop 👋🏽\x07!").text == "coop    !"
