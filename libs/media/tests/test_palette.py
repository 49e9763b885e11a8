"""Colours suit the brief and keep their promises."""

from __future__ import annotations

import pytest
from common.contracts.production import Palette
from hypothesis import given
from hypothesis import strategies as st
from media.palette import MOODS, Mood, at_most, blend, brand_palette, choose_palette, contrast, luminance


def keeps_its_promises(palette: Palette) -> bool:
    readable = contrast(palette.ink, palette.accent) >= 7 and contrast(palette.accent, palette.ground) >= 7
    return readable and contrast("#ffffff", palette.ground) >= 14


@given(st.text(max_size=80), st.integers())
def test_every_palette_keeps_its_promises(text: str, seed: int) -> None:
    assert keeps_its_promises(choose_palette(text, seed))
    assert choose_palette(text, seed) == choose_palette(text, seed)


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.name)
@pytest.mark.parametrize("seed", range(6))
def test_every_mood_keeps_them_too(mood: Mood, seed: int) -> None:
    palette = choose_palette(mood.stems, seed)
    assert palette.name.startswith(mood.name)
    assert keeps_its_promises(palette)


@pytest.mark.parametrize(
    ("brief", "mood"),
    [
        ("How tides work, 20 seconds", "sea"),
        ("Sauerteigbrot backen", "food"),
        ("Compound interest explained", "money"),
        ("Why volcanoes erupt", "fire"),
        ("What your brain does while you sleep at night", "night"),
        ("Ton premier voyage en ville", "travel"),
    ],
)
def test_the_mood_follows_the_words(brief: str, mood: str) -> None:
    assert choose_palette(brief, 5).name.startswith(mood)


@given(st.lists(st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}"), min_size=1, max_size=4))
def test_a_brands_palette_keeps_them_whatever_its_colours(colours: list[str]) -> None:
    palette = brand_palette("house", colours)
    assert keeps_its_promises(palette)
    assert palette.first == colours[0]


def test_a_brands_accent_stays_its_own_where_its_main_colour_can_be_dark_enough() -> None:
    palette = brand_palette("coast", ["#0b3d91", "#ff6b35", "#f4e9d8"])
    assert (palette.name, palette.first) == ("coast", "#0b3d91")
    assert contrast(palette.accent, "#ff6b35") < 1.1
    assert contrast(brand_palette("one", ["#0b3d91"]).accent, "#0b3d91") > 3


def test_seeds_give_variety_where_words_do_not() -> None:
    assert len({choose_palette("xyzzy", seed).first for seed in range(30)}) > 20


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert luminance("#ffffff") == pytest.approx(1)
    assert blend("#000000", "#ffffff", 0.5) == "#808080"
    assert luminance(at_most("#ffcc00", 0.2)) <= 0.2
