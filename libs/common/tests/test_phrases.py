"""Lines are parted where a reader expects it, in scripts with spaces and without."""

from __future__ import annotations

from itertools import pairwise

import pytest
from common.phrases import is_east_asian, is_unspaced, phrases, run_together, syllables
from hypothesis import given
from hypothesis import strategies as st

JAPANESE = "潮の満ち引きはなぜ起こるのでしょうか。月の引力（重力）が「海水」を引っ張ります。"
CHINESE = "潮汐是怎么形成的？月亮的引力拉动海水，“海面”升高。"
KOREAN = "조수는 왜 생길까요?"
CLOSING, OPENING = "、。，．・：；？！」』）】〉》”ーぁっゃゅょッャュョ々%％", "「『（【〈《“¥￥"


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        (JAPANESE.partition("月")[0], ("潮の", "満ち引きは", "なぜ", "起こるのでしょうか。")),
        (CHINESE.partition("月")[0], ("潮汐是", "怎么", "形成的？")),
        (KOREAN, ("조수는 ", "왜 ", "생길까요?")),
        ("Two  big\nwords", ("Two ", "big ", "words")),
        ("", ()),
    ],
)
def test_a_line_breaks_at_spaces_and_between_phrases_that_have_none(text: str, parted: tuple[str, ...]) -> None:
    assert phrases(text) == parted
    assert "".join(parted) == " ".join(text.split())


@given(st.text(alphabet=f"潮月海引力のはがをチョコ漢字한국ab1. {CLOSING}{OPENING}", max_size=40))
def test_no_line_begins_with_what_closes_or_ends_with_what_opens(text: str) -> None:
    for parted in (phrases(text), *map(syllables, phrases(text))):
        for before, after in pairwise(parted):
            if not before.endswith(" "):
                assert after[0] not in CLOSING
                assert before[-1] not in OPENING
    assert "".join(phrases(text)) == " ".join(text.split())
    assert all("".join(syllables(piece)) == piece for piece in phrases(text))


def test_what_no_line_holds_is_cut_between_characters_but_never_within_a_sound_or_a_latin_word() -> None:
    assert syllables("チョコレート。") == ("チョ", "コ", "レー", "ト。")
    assert syllables("바닷물을.") == ("바", "닷", "물", "을.")
    assert syllables("unbroken") == ("unbroken",)


def test_words_stand_beside_each_other_as_their_script_is_written() -> None:
    assert run_together(["潮の", "満ち引き", "は"]) == "潮の満ち引きは"
    assert run_together(["two", "words", "AI", "の時代"]) == "two words AIの時代"
    assert run_together(["조수는", "왜"]) == "조수는 왜"
    assert run_together([]) == ""
    assert [is_unspaced(text) for text in ("ab海", "한국", "größe")] == [True, False, False]
    assert [is_east_asian(text) for text in ("ab海", "한국", "größe")] == [True, True, False]
