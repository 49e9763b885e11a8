"""What a viewer is promised of every film, measured on the pixels and the sound of a finished one (docs/film.md)."""

from __future__ import annotations

import re
import wave
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from editor.captions import WORDS_PER_PAGE, lay_out
from media.probe import loudness, probe
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tests.film.conftest import Screening

Numbers = NDArray[np.float64]
Note = Callable[[str, object], None]
"""Writes a measured value into the report that `--junitxml` makes; docs/film.md quotes it."""

READABLE = 4.5
"""WCAG's contrast for text of any size."""
UNIT = 4.0
SAFE_LEFT, SAFE_RIGHT = 64 / UNIT, 920 / UNIT
HEADLINES = (220 / UNIT, 1200 / UNIT)
CAPTIONS = (1262 / UNIT, 1398 / UNIT)
SAMPLES_PER_MS = 48


def blurred(values: Numbers, reach: int) -> Numbers:
    """Return the sum over a square around each pixel."""
    for axis in (0, 1):
        padded = np.insert(np.pad(values, reach)[_inner(1 - axis, reach)].cumsum(axis=axis), 0, 0, axis=axis)
        size = values.shape[axis]
        upper, lower = (np.take(padded, np.arange(size) + at, axis=axis) for at in (2 * reach + 1, 0))
        values = upper - lower
    return values


def _inner(axis: int, reach: int) -> tuple[slice, slice]:
    kept = slice(reach, -reach)
    return (kept, slice(None)) if axis == 0 else (slice(None), kept)


def contrast(luminance: Numbers, letters: Numbers) -> Numbers:
    """Return, for each pixel well inside a letter, its contrast with what lies around the letters there."""
    around = (letters < 0.03).astype(float)
    reach = 4
    ground = blurred(luminance * around, reach) / np.maximum(blurred(around, reach), 1e-9)
    inside = (letters > 0.97) & (blurred(around, reach) > 3)
    high, low = np.maximum(luminance, ground)[inside], np.minimum(luminance, ground)[inside]
    return np.asarray((high + 0.05) / (low + 0.05))


def level_db(sound: Numbers) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


def test_headlines_can_be_read_on_the_finished_film(screening: Screening, record_property: Note) -> None:
    found = []
    for place, shot in enumerate(screening.film.production.shots):
        frames = screening.body(place)
        settled = (frames.start + frames.stop) // 2 if place else frames.stop - 1
        letters = screening.headlines(place)[settled]
        ratios = contrast(screening.luminance(screening.start(place) + settled), letters)
        assert len(ratios) > 100, f"{shot.layout} shows hardly any type"
        found.append(np.percentile(ratios, 5))
        assert found[-1] >= READABLE, shot.layout
    record_property("lowest contrast of a headline", f"{min(found):.1f}")


def test_the_first_frame_is_a_poster(screening: Screening, record_property: Note) -> None:
    """Feeds show the first frame while they load; it must not be empty."""
    letters = screening.headlines(0)
    there = letters[0].sum() / letters[-1].sum()
    record_property("type that is there on the first frame", f"{100 * there:.0f} %")
    assert there >= 0.9
    assert np.percentile(contrast(screening.luminance(0), letters[0]), 5) >= READABLE


def test_captions_can_be_read_on_the_finished_film(screening: Screening, record_property: Note) -> None:
    found = []
    for place in range(len(screening.film.timeline.scenes)):
        first = screening.start(place) + screening.body(place).start
        letters = screening.captions(place, boxes=False)
        pages = lay_out(
            screening.film.timeline.scenes[place].words,
            frames=screening.body(place),
            size=screening.film.timeline.format,
        )
        for page in pages:
            # Late in a page, when its words have faded in and the box on the last one has come to rest.
            frame = page.shown.stop - 2
            ratios = contrast(screening.luminance(first + frame), letters[frame])
            words = " ".join(word.glyphs.text for word in page.words)
            found.append(np.percentile(ratios, 5))
            assert found[-1] >= READABLE, words
    record_property("lowest contrast of a caption page", f"{min(found):.1f}")


def test_all_type_stays_inside_the_safe_box(screening: Screening) -> None:
    for place, shot in enumerate(screening.film.production.shots):
        for cover, (top, bottom) in (
            (screening.headlines(place), HEADLINES),
            (screening.captions(place, boxes=True), CAPTIONS),
        ):
            rows, columns = np.nonzero(cover.max(axis=0) > 0.15)
            assert columns.min() >= SAFE_LEFT - 1, shot.layout
            assert columns.max() <= SAFE_RIGHT + 1, shot.layout
            assert rows.min() >= top - 1, shot.layout
            assert rows.max() <= bottom + 1, shot.layout


def test_something_moves_in_every_second_and_a_half(screening: Screening, record_property: Note) -> None:
    least = 1.0
    small = screening.luma[:, ::2, ::2].astype(int)
    window = int(1.5 * screening.film.cut.fps)
    for start in range(0, len(small) - window, 5):
        later = small[start + 5 : start + window : 5]
        moved = (np.abs(later - small[start]).max(axis=0) > 20).mean()
        assert moved > 0.004, f"hardly anything moves from frame {start} on"
        least = min(least, moved)
    record_property("least part of the picture that moves in 1.5 s", f"{100 * least:.1f} %")


def test_no_frame_is_black(screening: Screening) -> None:
    brightest = np.percentile(screening.luma.reshape(len(screening.luma), -1), 99, axis=1)
    assert brightest.min() > 60
    assert screening.luma.mean(axis=(1, 2)).min() > 18


def test_every_word_is_captioned_once_in_order_at_most_four_at_a_time(screening: Screening) -> None:
    for place, (scene, shot) in enumerate(
        zip(screening.film.timeline.scenes, screening.film.production.shots, strict=True)
    ):
        pages = lay_out(scene.words, frames=screening.body(place), size=screening.film.timeline.format)
        shown = [word.glyphs.text for page in pages for word in page.words]
        assert shown == shot.beat.narration.split()
        assert all(1 <= len(page.words) <= WORDS_PER_PAGE for page in pages)
        assert all(one.shown.stop <= other.shown.start for one, other in pairwise(pages))


def test_the_box_is_on_a_word_from_the_frame_it_is_spoken_on(screening: Screening, record_property: Note) -> None:
    """Measured on pixels: the light of the box appears beside the word's first letter."""
    late: list[int] = []
    for place, scene in enumerate(screening.film.timeline.scenes):
        frames = screening.body(place)
        first = screening.start(place) + frames.start
        pages = lay_out(scene.words, frames=frames, size=screening.film.timeline.format)
        placed = [word for page in pages for word in page.words]
        for word, box in zip(scene.words, placed, strict=True):
            spoken = round(word.start_ms * screening.film.cut.fps / 1000) - frames.start
            x = round((box.x - box.glyphs.width * box.scale / 2 - 9) / UNIT)
            y = round(1330 / UNIT)
            start = max(0, spoken - 6)
            lit = screening.luma[first + start : first + spoken + 7, y - 1 : y + 2, x].mean(axis=1) > 120
            # A box that stood there on the page before is none of this word's.
            rises = [i for i in range(len(lit)) if lit[i] and (i == 0 or not lit[i - 1])]
            expected = spoken - start
            assert lit[expected + 1], f"no box on {word.text!r}"
            late.append(min((i - expected for i in rises), key=abs))
    record_property("words, and frames between voice and box at most", f"{len(late)}, {max(map(abs, late))}")
    assert max(map(abs, late)) <= 1


def test_subtitles_say_every_word_when_it_is_heard(screening: Screening) -> None:
    text = screening.film.cut.vtt.read_text(encoding="utf-8")
    cues = re.findall(r"(\d\d):(\d\d):(\d\d)\.(\d{3}) --> \S+\n((?:.+\n?)+)", text)
    words = list(screening.words)
    for hours, minutes, seconds, ms, lines in cues:
        said = lines.split()
        starts = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(ms)
        assert abs(starts - words[0].start_ms) <= 1
        assert said == [word.text for word in words[: len(said)]]
        words = words[len(said) :]
    assert words == []


def test_a_film_looks_different_from_scene_to_scene(screening: Screening) -> None:
    looks = [shot.layout.partition(":") for shot in screening.film.production.shots]
    layouts = [layout for layout, _, _ in looks]
    assert len(set(layouts)) >= 3
    assert all(one != other for one, other in pairwise(layouts))
    pictures = [picture for _, _, picture in looks if picture]
    assert all(one != other for one, other in pairwise(pictures))
    moves = screening.film.timeline.transitions
    assert all(one != other for one, other in pairwise(moves))


def test_the_film_has_exactly_the_length_that_was_asked_for(screening: Screening) -> None:
    info = probe(screening.film.cut.video)
    assert (info.frames, len(screening.luma)) == (600, 600)
    assert (info.width, info.height, info.fps) == (270, 480, 30)
    assert info.video_ms == 20_000
    assert abs(info.audio_ms - info.video_ms) <= 34
    assert info.faststart


async def test_the_sound_has_the_loudness_platforms_ask_for(screening: Screening, record_property: Note) -> None:
    measured = await loudness(screening.film.cut.video)
    record_property("loudness and true peak", f"{measured.integrated_lufs} LUFS, {measured.true_peak_dbtp} dBTP")
    assert measured.integrated_lufs == pytest.approx(-14, abs=1)
    assert measured.true_peak_dbtp <= -1


def test_the_music_stays_out_of_the_voice_s_way(screening: Screening, record_property: Note) -> None:
    """In the first moment after a scene's last word the music is heard alone, and still as low as it was under it."""
    spoken = [
        screening.sound[word.start_ms * SAMPLES_PER_MS : word.end_ms * SAMPLES_PER_MS] for word in screening.words
    ]
    voice = level_db(np.concatenate(spoken))
    below = []
    for shot, over in zip(screening.film.production.shots, screening.film.timeline.voice, strict=True):
        end = over.start_ms + shot.speech.words[-1].end_ms
        music = level_db(screening.sound[end * SAMPLES_PER_MS : (end + 40) * SAMPLES_PER_MS])
        below.append(voice - music)
        assert below[-1] >= 12, shot.beat.headline
    record_property("music under the voice at least", f"{min(below):.1f} dB")


def test_speech_begins_and_ends_without_a_click(screening: Screening) -> None:
    for shot in screening.film.production.shots:
        with wave.open(str(screening.film.file(shot.speech.audio))) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768
        assert np.abs(samples[[0, -1]]).max() < 0.005


def test_the_film_does_not_end_in_the_middle_of_something(screening: Screening, record_property: Note) -> None:
    """After the last word there is time to breathe, and the music is gone before the picture is."""
    rest_ms = screening.film.cut.duration_ms - screening.words[-1].end_ms
    end_db = level_db(screening.sound[-100 * SAMPLES_PER_MS :])
    record_property("after the last word, and level at the end", f"{rest_ms} ms, {end_db:.0f} dB")
    assert rest_ms >= 300
    assert end_db < -45
