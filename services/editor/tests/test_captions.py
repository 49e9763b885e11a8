"""Captions: how words are parted into pages, where they stand, and when they light up."""

from __future__ import annotations

from itertools import pairwise

import pytest
from common.contracts.production import Format, Palette, Word
from common.contracts.scenes import CaptionStyle
from editor.captions import Glyphs, Page, Placed, box_of, caption_document, lay_out, paginate, setting_of
from hypothesis import given
from hypothesis import strategies as st
from media.fonts import INTER_BOLD

SIZE = Format(width=1080, height=1920, fps=30)


def spoken(text: str, *, each_ms: int = 300, start_ms: int = 0, pause_after: str = "") -> list[Word]:
    words, at = [], start_ms
    for part in text.split():
        words.append(Word(text=part, start_ms=at, end_ms=at + each_ms))
        at += each_ms + (300 if part == pause_after else 0)
    return words


def texts(pages: tuple[Page, ...]) -> list[str]:
    return [" ".join(word.glyphs.text for word in page.words) for page in pages]


def pages_of(words: list[Word], *, frames: range = range(600)) -> tuple[Page, ...]:
    return lay_out(words, frames=frames, size=SIZE)


def test_a_page_ends_with_a_phrase_and_with_a_breath() -> None:
    assert texts(pages_of(spoken("Step one. Cut it: now go"))) == ["Step one.", "Cut it:", "now go"]
    assert texts(pages_of(spoken("so we wait and go", pause_after="wait"))) == ["so we wait", "and go"]
    assert texts(pages_of(spoken('He said "no!" and left'))) == ['He said "no!"', "and left"]


def test_no_word_is_left_over_when_a_phrase_needs_two_pages() -> None:
    assert texts(pages_of(spoken("it is up to us"))) in (["it is up", "to us"], ["it is", "up to us"])


def test_pages_of_a_script_without_spaces_are_phrases_that_fit() -> None:
    setting = setting_of(SIZE, CaptionStyle())
    said = spoken("潮の 満ち引きは なぜ 起こるのでしょうか。 月の 引力")
    # The face may not be installed here; each of its letters is as wide as it is high.
    drawn = [(word, Glyphs(font=INTER_BOLD, text=word.text, width=len(word.text) * setting.em)) for word in said]
    pages = [[glyphs.text for _, glyphs in page] for page in paginate(drawn, setting=setting)]
    assert pages == [["潮の", "満ち引きは", "なぜ"], ["起こるのでしょうか。"], ["月の", "引力"]]


def test_the_box_of_a_word_is_tight_where_a_full_width_mark_is_half_empty() -> None:
    setting = setting_of(SIZE, CaptionStyle())

    def box(text: str) -> tuple[float, float]:
        glyphs = Glyphs(font=INTER_BOLD, text=text, width=len(text) * setting.em)
        around, _ = box_of(Placed(glyphs=glyphs, x=500, scale=1.0, spoken=range(9)), setting=setting)
        return 500 - around.left, around.right - 500

    left, right = box("引力")
    assert left == right
    assert box("引力、") == (left + setting.em / 2, right)
    assert box("「引力。") == (left + setting.em / 2, right + setting.em / 2)
    assert box("引力!") == (left + setting.em / 2, right + setting.em / 2)


def test_a_word_lights_up_on_the_frame_on_which_it_is_heard() -> None:
    words = spoken("Tides rise twice", each_ms=310, start_ms=200)
    (page,) = pages_of(words)
    assert [word.spoken.start for word in page.words] == [round(word.start_ms * 30 / 1000) for word in words]
    assert all(earlier.spoken.stop == later.spoken.start for earlier, later in pairwise(page.words))


def test_only_what_falls_into_the_body_is_shown() -> None:
    words = spoken("before. inside. after.", each_ms=1000)
    pages = pages_of(words, frames=range(30, 60))
    assert texts(pages) == ["inside."]
    assert pages[0].shown == range(30)
    assert caption_document(words, frames=range(200, 260), size=SIZE, palette=a_palette()) is None


def test_a_long_word_is_made_smaller_and_stands_alone() -> None:
    pages = pages_of(spoken("a Donaudampfschifffahrtselektrizitätenhauptbetriebswerk b"))
    assert len(pages) == 3
    assert pages[1].words[0].scale < 1
    assert_inside_the_safe_box(pages)


def test_hebrew_reads_from_the_right() -> None:
    (page,) = pages_of(spoken("שלום לכולם היום"))
    assert [word.glyphs.text for word in page.words] == ["שלום", "לכולם", "היום"]
    assert page.words[0].x > page.words[1].x > page.words[2].x
    assert_inside_the_safe_box((page,))


def test_what_no_font_can_write_is_left_out() -> None:
    assert texts(pages_of(spoken("go 🚀 now", each_ms=200))) == ["go now"]


def test_words_cannot_carry_tags() -> None:
    document = caption_document(spoken(r"{\pos(0,0)} \N now"), frames=range(100), size=SIZE, palette=a_palette())
    assert document is not None
    assert "{\\pos(0,0)}" not in document.text()
    assert "\\N" not in document.text()


letters = st.text(st.characters(codec="utf-8"), min_size=1, max_size=24)


@given(
    st.lists(st.tuples(letters, st.integers(0, 900), st.integers(0, 500)), max_size=24),
    st.integers(0, 90),
    st.integers(1, 200),
)
def test_any_words_make_pages_that_fit(parts: list[tuple[str, int, int]], first: int, length: int) -> None:
    words, at = [], 0
    for text, gap, long in parts:
        words.append(Word(text=text, start_ms=at + gap, end_ms=at + gap + long))
        at += gap + long
    frames = range(first, first + length)
    pages = pages_of(words, frames=frames)
    assert_inside_the_safe_box(pages)
    for page in pages:
        assert 1 <= len(page.words) <= 4
        assert 0 <= page.shown.start < page.shown.stop <= length
        assert all(page.shown.start <= word.spoken.start <= word.spoken.stop <= page.shown.stop for word in page.words)
    assert all(earlier.shown.stop <= later.shown.start for earlier, later in pairwise(pages))
    caption_document(words, frames=frames, size=SIZE, palette=a_palette())


@pytest.mark.parametrize("size", [(270, 480), (1080, 1920), (1920, 1080), (1080, 1080)])
def test_the_canvas_has_the_shape_of_the_picture(size: tuple[int, int]) -> None:
    width, height = size
    document = caption_document(
        spoken("hello"), frames=range(30), size=Format(width=width, height=height), palette=a_palette()
    )
    assert document is not None
    assert document.width * height == document.height * width
    assert min(document.width, document.height) == 1080


def a_palette() -> Palette:
    return Palette(name="sea", ground="#031b2e", first="#065a82", second="#1cbfa6", accent="#d9f99d", ink="#031b2e")


def assert_inside_the_safe_box(pages: tuple[Page, ...]) -> None:
    for page in pages:
        for word in page.words:
            half = (word.glyphs.width / 2 + 17) * word.scale
            assert word.x - half >= 64 - 0.5
            assert word.x + half <= 1080 - 160 + 0.5
        ordered = sorted(page.words, key=lambda word: word.x)
        for left, right in pairwise(ordered):
            assert left.x + left.glyphs.width * left.scale / 2 < right.x - right.glyphs.width * right.scale / 2
